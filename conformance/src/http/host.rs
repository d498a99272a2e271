//! Where a host is.

use std::net::IpAddr;

use reqwest::Url;

/// Whether a host is the one that was allowed, whole: no part of a name stands for another.
pub(crate) fn same_host(allowed: &str, host: &str) -> bool {
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
