//! An answer.

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

use super::redaction::Redactor;
use super::shorten::{LONGEST_WHOLE, beginning, shortened};

/// An answer, whole.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
    /// The body, where it is JSON.
    pub(crate) json: Option<Value>,
}

impl Response {
    pub(crate) fn new(status: u16, headers: HeaderMap, bytes: Bytes) -> Self {
        let json = serde_json::from_slice(&bytes).ok();
        Self { status, headers, bytes, json }
    }

    /// 2xx.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// 5xx; 501 is the right word for a method nobody knows.
    pub(crate) fn is_server_error(&self) -> bool {
        self.status >= 500 && self.status != 501
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// A header as a whole number.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.header(name)?.trim().parse().ok()
    }

    /// The media type without parameters, lower case.
    pub(crate) fn media_type(&self) -> Option<String> {
        let value = self.header("content-type")?;
        Some(schemas::essence(value))
    }

    /// A property of the body, where that is an object.
    pub(crate) fn property(&self, name: &str) -> Option<&Value> {
        self.json.as_ref()?.get(name)
    }

    /// A part of the body.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Value> {
        self.json.as_ref()?.pointer(pointer)
    }

    /// The body for a report: JSON, else the text; shortened, so that a run can keep many of them.
    pub(crate) fn shown(&self, redactor: &Redactor) -> Value {
        match &self.json {
            Some(json) if self.bytes.len() <= LONGEST_WHOLE => json.clone(),
            Some(json) => shortened(json, redactor),
            None if self.bytes.is_empty() => Value::Null,
            None => Value::String(beginning(&self.bytes, redactor)),
        }
    }
}
