//! Who may use the endpoints under `/__mock`: callers of this machine and of the server's own page, no page of another
//! origin.
//!
//! A browser runs pages of anybody on the machine of whoever develops. Such a page can send requests here without being
//! able to read the answers, and it can read them as well once it has pointed a name of its own at this machine. So the
//! name that a request calls the server by must be one that the server goes by, and a change must not come from elsewhere.

use std::net::IpAddr;

use http::header::{CONTENT_TYPE, HOST, HeaderName, ORIGIN};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, Method};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Why a request is refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Denied {
    pub(crate) code: &'static str,
    /// What is wrong and what to do.
    pub(crate) message: String,
}

/// The names a server goes by.
#[derive(Debug)]
pub(crate) struct Access {
    address: IpAddr,
    names: Vec<String>,
}

impl Access {
    /// For a server that listens on an address. `names` are those it goes by besides its address and `localhost`.
    pub(crate) fn new(address: IpAddr, names: &[String]) -> Self {
        Self { address, names: names.iter().map(|name| plain(name)).collect() }
    }

    /// Why a request may not use these endpoints; `None` when it may.
    pub(crate) fn denied(&self, head: &Parts) -> Option<Denied> {
        self.foreign_host(head).or_else(|| {
            let changes = !matches!(head.method, Method::GET | Method::HEAD | Method::OPTIONS);
            changes.then(|| foreign_origin(head)).flatten()
        })
    }

    fn foreign_host(&self, head: &Parts) -> Option<Denied> {
        // HTTP/2 and targets with a scheme name the host in the target; every name that is given counts.
        let target = head.uri.authority().map(Authority::as_str);
        let headers = head.headers.get_all(HOST).iter().map(|value| value.to_str().unwrap_or("?"));
        let foreign = target.into_iter().chain(headers).find(|given| !self.is_own(given))?;
        let name = host(foreign).unwrap_or_default();
        Some(Denied {
            code: "host_not_allowed",
            message: format!(
                "This server does not go by the name `{name}`. Call it by its address or as localhost, or start it with \
                 --allow-host NAME."
            ),
        })
    }

    fn is_own(&self, given: &str) -> bool {
        let Some(name) = host(given) else {
            return false;
        };
        let literal = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(&name);
        if let Ok(address) = literal.parse::<IpAddr>() {
            let address = address.to_canonical();
            // Nobody can point an address elsewhere, as a name can be: on all addresses, any of them will do.
            return address.is_loopback()
                || self.address.is_unspecified()
                || address == self.address.to_canonical()
                || self.names.contains(&name);
        }
        name == "localhost" || name.ends_with(".localhost") || self.names.contains(&name)
    }
}

/// Why a change is refused that may come from a page of another origin.
fn foreign_origin(head: &Parts) -> Option<Denied> {
    let headers = &head.headers;
    let denied = |message: &str| Some(Denied { code: "origin_not_allowed", message: message.to_owned() });
    let only_own = "A page of another origin may not change anything here; send the request from a program, or from a \
                    page of this server.";
    match (headers.get(ORIGIN), headers.get(FETCH_SITE).map(http::HeaderValue::as_bytes)) {
        (Some(origin), _) if !is_own_origin(origin.as_bytes(), head) => denied(only_own),
        (_, Some(site)) if site != b"same-origin" && site != b"none" => denied(only_own),
        (Some(_), _) | (None, Some(b"same-origin")) => None,
        (None, _) if is_browser(headers) && !is_json(headers) => denied(
            "A browser that does not say where the request comes from must send it as application/json.",
        ),
        (None, _) => None,
    }
}

/// Whether an origin is the one that the request goes to. Before a proxy with TLS it has another scheme.
fn is_own_origin(origin: &[u8], head: &Parts) -> bool {
    let called = head.uri.authority().map(|authority| authority.as_str().as_bytes());
    let called = called.or_else(|| head.headers.get(HOST).map(http::HeaderValue::as_bytes));
    let from = origin.strip_prefix(b"http://").or_else(|| origin.strip_prefix(b"https://"));
    from.zip(called).is_some_and(|(from, called)| from.eq_ignore_ascii_case(called))
}

fn is_browser(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| name.as_str().starts_with("sec-fetch-"))
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    schemas::essence(value) == "application/json"
}

/// The name in `name:port`; `None` where it is none.
fn host(given: &str) -> Option<String> {
    let authority: Authority = given.parse().ok()?;
    Some(plain(authority.host()))
}

/// A name as it is compared.
fn plain(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn head(method: &str, target: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request").into_parts().0
    }

    fn code(address: &str, request: &Parts) -> Option<&'static str> {
        let access = Access::new(address.parse().expect("an address"), &["Mock.Test.".to_owned()]);
        access.denied(request).map(|denied| denied.code)
    }

    #[test]
    fn the_server_goes_by_names_of_its_machine() {
        for host in [
            "localhost",
            "localhost:4010",
            "LocalHost.",
            "app.localhost:4010",
            "127.0.0.1:4010",
            "127.9.9.9",
            "[::1]:4010",
            "[::ffff:127.0.0.1]",
            "mock.test:80",
            "10.1.2.3:4010",
        ] {
            assert_eq!(code("10.1.2.3", &head("GET", "/__mock/", &[("host", host)])), None, "{host}");
        }
        for host in
            ["evil.example", "localhost.evil.example", "10.1.2.4", "notlocalhost", "", "a b", "0.0.0.0"]
        {
            let request = head("GET", "/__mock/", &[("host", host)]);
            assert_eq!(code("10.1.2.3", &request), Some("host_not_allowed"), "{host}");
        }
        assert_eq!(code("0.0.0.0", &head("GET", "/__mock/", &[("host", "192.168.7.7:4010")])), None);
        assert_eq!(
            code("::", &head("GET", "/__mock/", &[("host", "evil.example")])),
            Some("host_not_allowed")
        );
        assert_eq!(code("127.0.0.1", &head("GET", "/__mock/", &[])), None, "HTTP/1.0");
    }

    #[test]
    fn every_name_of_a_request_counts() {
        for (target, hosts) in [
            ("http://evil.example/__mock/", &["localhost"][..]),
            ("http://localhost/__mock/", &["evil.example"]),
            ("/__mock/", &["localhost", "evil.example"]),
        ] {
            let hosts: Vec<_> = hosts.iter().map(|host| ("host", *host)).collect();
            assert_eq!(code("127.0.0.1", &head("GET", target, &hosts)), Some("host_not_allowed"), "{target}");
        }
    }

    #[test]
    fn a_change_comes_from_a_program_or_from_the_server_s_own_page() {
        for headers in [
            &[][..],
            &[("content-type", "text/plain")],
            &[("origin", "http://localhost:4010")],
            &[("origin", "https://LOCALHOST:4010"), ("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")],
            &[("sec-fetch-mode", "cors"), ("content-type", "application/json; charset=utf-8")],
            &[("sec-fetch-site", "none"), ("content-type", "application/json")],
        ] {
            let headers = [&[("host", "localhost:4010")], headers].concat();
            assert_eq!(code("127.0.0.1", &head("POST", "/__mock/reset", &headers)), None, "{headers:?}");
        }
        for headers in [
            &[("origin", "http://localhost:3000")][..],
            &[("origin", "http://evil.example"), ("content-type", "application/json")],
            &[("origin", "null")],
            &[("origin", "http://localhost:4010"), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "cross-site"), ("content-type", "application/json")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-mode", "no-cors"), ("content-type", "text/plain")],
        ] {
            let headers = [&[("host", "localhost:4010")], headers].concat();
            for method in ["POST", "PUT", "PATCH", "DELETE"] {
                let request = head(method, "/__mock/reset", &headers);
                assert_eq!(code("127.0.0.1", &request), Some("origin_not_allowed"), "{headers:?}");
            }
            assert_eq!(code("127.0.0.1", &head("GET", "/__mock/", &headers)), None, "{headers:?}");
        }
    }
}
