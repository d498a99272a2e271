//! Whether a target may be tried at all.

use std::net::IpAddr;

use reqwest::Url;

use super::config::RunConfig;

/// Why a target is not tried.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Not a URL a client can use.
    #[error(
        "the URL {url} cannot be used: {why}\n  help: give the base URL of the API, such as http://127.0.0.1:4010/api/v1"
    )]
    Url {
        /// As given.
        url: String,
        /// Why not.
        why: String,
    },
    /// Not on this machine or in a private network, and not named.
    #[error(
        "{host} is neither this machine nor a private address, and a run creates and deletes rows\n  help: say --allow-host {host} if that is meant"
    )]
    Host {
        /// The host.
        host: String,
    },
    /// A key with outbound side effects.
    #[error(
        "a key that acts on the real world was given\n  help: use a test key, or say --allow-live if that is meant"
    )]
    Live,
    /// No key.
    #[error("no key was given, and the contract wants one\n  help: give --api-key or set PIVOTAL_API_KEY")]
    NoKey,
}

/// Checks what a run is told against what is safe; gives the URL without a slash at the end.
pub fn check_target(
    config: &RunConfig,
    allowed_hosts: &[String],
    allow_live: bool,
) -> Result<String, TargetError> {
    let wrong = |why: &str| TargetError::Url { url: shown(&config.url), why: why.to_owned() };
    let url = Url::parse(&config.url).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("only http and https are spoken"));
    }
    let Some(host) = url.host_str().map(str::to_owned) else { return Err(wrong("it names no host")) };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("a user or password does not belong in it"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("a query or fragment does not belong in it"));
    }
    if !is_local(&url) && !allowed_hosts.iter().any(|allowed| same_host(allowed, &host)) {
        return Err(TargetError::Host { host });
    }
    let needed = config.contract.operations().iter().any(|operation| !operation.open);
    if needed && config.secrets.own.iter().all(String::is_empty) {
        return Err(TargetError::NoKey);
    }
    let prefixes =
        config.contract.rules().authentication.as_ref().and_then(|rules| rules.key_prefixes.as_ref());
    if let Some(prefixes) = prefixes.filter(|_| !allow_live) {
        let live = |key: &String| key.starts_with(&prefixes.live) && !key.starts_with(&prefixes.test);
        if config.secrets.own.iter().chain(&config.secrets.other).any(live) {
            return Err(TargetError::Live);
        }
    }
    Ok(config.url.trim_end_matches('/').to_owned())
}

/// A URL without what may be secret in it: a user and password, a query.
fn shown(url: &str) -> String {
    let (plain, query) = url.split_once('?').map_or((url, ""), |(plain, _)| (plain, "?…"));
    let (scheme, rest) = plain.split_once("://").map_or(("", plain), |(scheme, rest)| (scheme, rest));
    let end = rest.find('/').unwrap_or(rest.len());
    let host = rest[..end].rsplit_once('@').map_or(rest, |(user, _)| &rest[user.len()..]);
    let (colon, user) = (if scheme.is_empty() { "" } else { "://" }, if host == rest { "" } else { "…" });
    format!("{scheme}{colon}{user}{host}{query}")
}

/// Whether a host is the one that was allowed, whole: no part of a name stands for another.
fn same_host(allowed: &str, host: &str) -> bool {
    let bare = |name: &str| {
        let name = name.trim().trim_start_matches('[').trim_end_matches(']');
        name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
    };
    bare(allowed) == bare(host)
}

/// Whether a URL is of this machine or a private network.
pub(crate) fn is_local(url: &Url) -> bool {
    match host(url) {
        Some(Host::Address(address)) => is_near(address),
        // A name without a dot is one of this machine or of a network of containers.
        Some(Host::Name(name)) => {
            matches!(name.rsplit_once('.'), None | Some((_, "localhost" | "local" | "internal")))
        }
        None => false,
    }
}

/// Whether a URL is of this machine.
pub(crate) fn is_this_machine(url: &Url) -> bool {
    match host(url) {
        Some(Host::Address(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Name(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

enum Host {
    Address(IpAddr),
    Name(String),
}

/// The host as it will be called: an IPv4 address in the clothes of an IPv6 one is the IPv4 address, and the dot at the
/// end of a name says nothing.
fn host(url: &Url) -> Option<Host> {
    let host = url.host_str()?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Some(Host::Address(address.to_canonical()));
    }
    let name = bare.strip_suffix('.').unwrap_or(bare).to_ascii_lowercase();
    (!name.is_empty()).then_some(Host::Name(name))
}

fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
        IpAddr::V6(ip) => {
            ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_password_and_query() {
        for (url, expected) in [
            ("http://u:p@127.0.0.1/v1", "http://…@127.0.0.1/v1"),
            ("http://127.0.0.1/v1?api_key=k@x", "http://127.0.0.1/v1?…"),
            ("http://127.0.0.1/a@b", "http://127.0.0.1/a@b"),
            ("u:p@host", "…@host"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(shown(url), expected);
        }
    }

    #[test]
    fn only_this_machine_and_private_networks_are_local() {
        for (url, local, here) in [
            ("http://127.0.0.1:4010/api/v1", true, true),
            ("http://127.8.9.1", true, true),
            ("http://localhost:4010", true, true),
            ("http://LOCALHOST.:4010", true, true),
            ("http://api.localhost", true, true),
            ("http://0.0.0.0:4010", true, true),
            ("http://2130706433", true, true),
            ("http://0x7f.1", true, true),
            ("http://[::1]:4010", true, true),
            ("http://[::]", true, true),
            ("http://[::ffff:127.0.0.1]", true, true),
            ("http://[::ffff:10.1.2.3]", true, false),
            ("http://[fe80::1]", true, false),
            ("http://[fd00::1]", true, false),
            ("http://10.1.2.3", true, false),
            ("http://172.31.0.1", true, false),
            ("http://192.168.1.1", true, false),
            ("http://169.254.1.1", true, false),
            ("http://mock:4010", true, false),
            ("http://staging.internal", true, false),
            ("http://printer.local", true, false),
            ("https://my.pivotal.app/api/v1", false, false),
            ("http://8.8.8.8", false, false),
            ("http://172.32.0.1", false, false),
            ("http://[::ffff:8.8.8.8]", false, false),
            ("http://[2001:4860:4860::8888]", false, false),
            ("http://localhost.example.com", false, false),
            ("http://localhost.evil.com", false, false),
            ("http://127.0.0.1.evil.com", false, false),
            ("http://evil.com/localhost", false, false),
            ("http://evil.com#localhost", false, false),
            ("http://notlocalhost.dev", false, false),
        ] {
            let url = Url::parse(url).expect(url);
            assert_eq!((is_local(&url), is_this_machine(&url)), (local, here), "{url}");
        }
    }
}
