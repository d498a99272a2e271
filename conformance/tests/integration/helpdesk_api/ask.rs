//! What was asked, taken apart.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use wiremock::Request;

/// A request, in the parts that matter.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) method: String,
    /// The path behind the base, by its segments.
    pub(super) path: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    /// The header that holds a key.
    pub(super) authorization: Option<String>,
    /// The key of a request that is to count once.
    pub(super) once: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Ask {
    pub(super) fn of(request: &Request) -> Self {
        let header = |name: &str| {
            request.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let path = request.url.path().strip_prefix("/desk/v2/").unwrap_or("nowhere");
        Self {
            method: request.method.as_str().to_owned(),
            path: path
                .split('/')
                .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
                .collect(),
            query: request.url.query_pairs().into_owned().collect(),
            authorization: header("authorization"),
            once: header("once-key"),
            body: request.body.clone(),
        }
    }

    /// The path by its segments, with `*` for what names a row.
    pub(super) fn route(&self) -> String {
        let parts: Vec<&str> = self
            .path
            .iter()
            .enumerate()
            .map(|(index, part)| if index % 2 == 1 { "*" } else { part.as_str() })
            .collect();
        parts.join("/")
    }

    /// Whether it is of this method and route.
    pub(super) fn is(&self, method: &str, route: &str) -> bool {
        self.method == method && self.route() == route
    }

    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The same without a parameter.
    pub(super) fn without_param(mut self, name: &str) -> Self {
        self.query.retain(|(known, _)| known != name);
        self
    }

    /// The body, null where it is no JSON.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(super) fn field(&self, name: &str) -> Value {
        self.json().get(name).cloned().unwrap_or_default()
    }

    /// The same with another body.
    pub(super) fn with_body(mut self, change: impl FnOnce(&mut Map<String, Value>)) -> Self {
        if let Value::Object(mut body) = self.json() {
            change(&mut body);
            self.body = Value::Object(body).to_string().into_bytes();
        }
        self
    }

    /// The same with a property of its body set.
    pub(super) fn with(self, name: &str, value: impl Into<Value>) -> Self {
        self.with_body(|body| {
            body.insert(name.to_owned(), value.into());
        })
    }

    /// The same without a property of its body.
    pub(super) fn without(self, name: &str) -> Self {
        self.with_body(|body| {
            body.shift_remove(name);
        })
    }

    /// The same, claiming to hold another key.
    pub(super) fn by(mut self, key: &str) -> Self {
        self.authorization = Some(format!("Bearer {key}"));
        self
    }
}
