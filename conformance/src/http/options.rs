//! How to talk to the target: time, headers of one's own, proxy, certificates.

use std::path::PathBuf;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

/// How to talk to the target.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// How long one answer may take.
    pub timeout: Duration,
    /// Headers of every request.
    pub headers: Vec<ExtraHeader>,
    /// The proxy to go through; that of the environment where there is none.
    pub proxy: Option<String>,
    /// Certificates (PEM) of authorities to trust besides those of the system.
    pub ca_cert: Vec<PathBuf>,
    /// The certificate and key (PEM, one file) to show to the target.
    pub client_cert: Option<PathBuf>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            headers: Vec::new(),
            proxy: None,
            ca_cert: Vec::new(),
            client_cert: None,
        }
    }
}

/// A header of every request. Its value may be a secret, and is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ExtraHeader {
    /// Its name.
    pub name: HeaderName,
    /// Its value.
    pub value: HeaderValue,
}

impl std::fmt::Debug for ExtraHeader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: …", self.name)
    }
}

impl std::str::FromStr for ExtraHeader {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) =
            text.split_once(':').ok_or_else(|| "write it as in 'X-Forwarded-Proto: https'".to_owned())?;
        let name: HeaderName =
            name.trim().parse().map_err(|_| format!("{:?} is no name of a header", name.trim()))?;
        if let Some(why) = refused(name.as_str()) {
            return Err(format!("{name} may not be set: {why}"));
        }
        let mut value: HeaderValue =
            value.trim().parse().map_err(|_| format!("the value of {name} holds what no header can hold"))?;
        value.set_sensitive(true);
        Ok(Self { name, value })
    }
}

/// Why a header is none of the user's.
fn refused(name: &str) -> Option<&'static str> {
    match name {
        "authorization" => Some("the laws on keys set it; give the key with --api-key"),
        "host" | "content-length" | "transfer-encoding" | "connection" | "keep-alive" | "te" | "trailer"
        | "upgrade" | "expect" => Some("it follows from the request and the connection"),
        "proxy-authorization" | "proxy-connection" => {
            Some("it is between you and the proxy; write it into --proxy")
        }
        "content-type" | "accept" | "accept-encoding" => Some("the run decides what is sent and read"),
        "idempotency-key" => Some("every create would be the first one's replay"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_a_name_and_a_value() {
        let header: ExtraHeader = "X-Env:  staging: blue ".parse().expect("it is one");
        assert_eq!((header.name.as_str(), header.value.as_bytes()), ("x-env", &b"staging: blue"[..]));
        assert_eq!(format!("{header:?}"), "x-env: …");
        for (text, message) in [
            ("X-Env", "write it as in"),
            ("X Env: 1", "is no name of a header"),
            (": 1", "is no name of a header"),
            ("X-Env: a\nb", "holds what no header can hold"),
            ("Authorization: Bearer x", "--api-key"),
            ("HOST: x", "follows from the request"),
            ("content-length: 1", "follows from the request"),
            ("Content-Type: text/plain", "decides what is sent"),
            ("Proxy-Authorization: x", "--proxy"),
            ("Idempotency-Key: x", "replay"),
        ] {
            let error = text.parse::<ExtraHeader>().expect_err(text);
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
