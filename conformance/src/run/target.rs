//! Whether a target may be tried at all.

use std::fmt;

use reqwest::Url;
use schemas::Problem;

use super::config::RunConfig;
use crate::http::{is_local, same_host};

/// Why a target is not tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetError {
    /// The URL is none that a client can use.
    Url {
        /// As given.
        url: String,
        /// Why not.
        why: String,
    },
    /// The host is not on this machine or in a private network, and it is not allowed by name.
    Host {
        /// The host.
        host: String,
    },
    /// A key has outbound side effects.
    Live,
    /// There is no key.
    NoKey,
}

impl TargetError {
    /// What is wrong and what to do.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Url { url, why } => Problem::say(format!("the URL {url} cannot be used: {why}"))
                .with_help("give the base URL of the API, such as http://127.0.0.1:4010/api/v1"),
            Self::Host { host } => Problem::say(format!(
                "{host} is neither this machine nor a private address, and a run creates and deletes rows"
            ))
            .with_help(format!("give --allow-host {host} if that is meant")),
            Self::Live => Problem::say("a key that acts on the real world was given")
                .with_help("give a test key, or --allow-live if that is meant"),
            Self::NoKey => Problem::say("no key was given, and the contract wants one").with_help(
                "give --api-key or set PIVOTAL_API_KEY; --auth SCHEME=VALUE for one scheme of several",
            ),
        }
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem().fmt(f)
    }
}

impl std::error::Error for TargetError {}

/// Checks the configuration of a run for what is not safe; gives the URL without a slash at the end.
pub fn check_target(
    config: &RunConfig,
    allowed_hosts: &[String],
    allow_live: bool,
) -> Result<String, TargetError> {
    let wrong = |why: &str| TargetError::Url { url: shown(&config.url), why: why.to_owned() };
    let url = Url::parse(&config.url).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("only http and https are supported"));
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
    if needed && config.secrets.own.iter().all(String::is_empty) && config.secrets.schemes.is_empty() {
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
}
