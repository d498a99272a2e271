//! An answer, and what tests ask of it.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// An answer that was held to the contract already.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// Method and path, for messages.
    pub(crate) asked: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{self}: {error}"))
    }

    /// Asserts the status and returns the body.
    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self}");
        self.json()
    }

    /// Asserts a refusal: its status, its code, and the property it blames.
    #[track_caller]
    pub(crate) fn refused<'f>(&self, status: u16, code: &str, field: impl Into<Option<&'f str>>) {
        let error = &self.is(status)["error"];
        assert_eq!((error["code"].as_str(), error["field"].as_str()), (Some(code), field.into()), "{self}");
    }

    /// A header's text.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a plain header"))
    }

    /// A header's number.
    #[track_caller]
    pub(crate) fn number(&self, name: &str) -> i64 {
        let value = self.header(name).unwrap_or_else(|| panic!("{self} has no {name}"));
        value.parse().unwrap_or_else(|_| panic!("{name}: {value} is no number"))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body: String = String::from_utf8_lossy(&self.body).chars().take(600).collect();
        write!(f, "{} answered {} {body}", self.asked, self.status)
    }
}
