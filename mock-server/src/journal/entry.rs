//! One request and its answer, and how they are shown: without secrets.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use percent_encoding::percent_decode_str;
use schemas::Contract;
use serde_json::{Map, Value, json};

use crate::clock::format_ms;
use crate::request::query;

/// How much of a body is kept, in bytes.
pub(super) const MAX_BODY: usize = 64 << 10;

/// Headers whose values are secrets, whatever the description says.
const SECRET: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "set-cookie", "mock-control-token", "x-api-key"];
/// Parts of names of headers whose values are secrets.
const SECRET_PARTS: [&str; 5] = ["api-key", "apikey", "token", "secret", "password"];

/// One request and its answer.
#[derive(Debug)]
pub(crate) struct JournalEntry {
    /// Counts from 1; given by the journal.
    pub(crate) id: u64,
    /// Milliseconds since 1970, by the machine's clock.
    pub(crate) at: i64,
    pub(crate) method: http::Method,
    pub(crate) target: Box<str>,
    /// The operation's id, where one was found.
    pub(crate) operation: Option<Arc<str>>,
    /// The workspace, where the key opened one.
    pub(crate) workspace: Option<Arc<str>>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Bytes of the body as it was sent.
    pub(crate) body_size: usize,
    pub(crate) status: u16,
    pub(crate) reason: Option<Box<str>>,
    /// What answered: the state, an example, a fault, a refusal.
    pub(crate) rule: Cow<'static, str>,
    /// The answer was forced, by a fault or by the request.
    pub(crate) forced: bool,
    /// What was not known of the request and ignored.
    pub(crate) ignored: Vec<String>,
    pub(crate) answer_headers: HeaderMap,
    pub(crate) answer: Bytes,
    /// Bytes of the answer's body as it was sent.
    pub(crate) answer_size: usize,
    pub(crate) micros: u64,
}

impl JournalEntry {
    /// What keeping it costs, in bytes.
    pub(super) fn size(&self) -> usize {
        let reason = self.reason.as_ref().map_or(0, |reason| reason.len());
        let header =
            |(name, value): (&HeaderName, &http::HeaderValue)| name.as_str().len() + value.len() + 48;
        let headers: usize = self.headers.iter().chain(&self.answer_headers).map(header).sum();
        size_of::<Self>() + self.target.len() + self.body.len() + self.answer.len() + reason + headers
    }

    /// Keeps no more of the bodies than is shown.
    pub(super) fn cut(&mut self) {
        (self.body_size, self.answer_size) = (self.body.len(), self.answer.len());
        // A request's body is a part of what was read from the wire, which would be kept as a whole.
        self.body = Bytes::copy_from_slice(&self.body[..self.body.len().min(MAX_BODY)]);
        if self.answer.len() > MAX_BODY {
            self.answer = Bytes::copy_from_slice(&self.answer[..MAX_BODY]);
        }
    }

    /// Its path, without the query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// In full.
    pub(crate) fn show(&self, secrets: &Secrets) -> Value {
        let sent = query(self.target.split_once('?').map(|(_, query)| query));
        let mut parameters = Map::new();
        for (name, value) in sent {
            match parameters.get_mut(&name) {
                Some(Value::Array(values)) => values.push(json!(value)),
                Some(first) => *first = json!([first, value]),
                None => {
                    parameters.insert(name, json!(value));
                }
            }
        }
        json!({
            "id": self.id,
            "at": format_ms(self.at),
            "method": self.method.as_str(),
            "target": &*self.target,
            "path": self.path(),
            "query": parameters,
            "operation": self.operation.as_deref(),
            "workspace": self.workspace.as_deref(),
            "headers": secrets.shown(&self.headers),
            "body": text(&self.body),
            "body_size": self.body_size,
            "status": self.status,
            "reason": self.reason.as_deref(),
            "rule": &*self.rule,
            "forced": self.forced,
            "ignored": &self.ignored,
            "answer_headers": secrets.shown(&self.answer_headers),
            "answer": text(&self.answer),
            "answer_size": self.answer_size,
            "truncated": self.body_size > self.body.len() || self.answer_size > self.answer.len(),
            "micros": self.micros,
        })
    }
}

fn text(body: &Bytes) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}

/// What is not to be shown: the values of some headers and query parameters, and keys wherever they stand.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    /// Headers and query parameters that the description names for keys, in lower case.
    names: Vec<String>,
    /// How keys begin.
    prefix: Option<String>,
}

impl Secrets {
    /// `names` are headers and query parameters that carry keys.
    pub(crate) fn new(names: impl IntoIterator<Item = String>, prefix: Option<String>) -> Self {
        let names = names.into_iter().map(|name| name.to_ascii_lowercase()).collect();
        Self { names, prefix: prefix.filter(|prefix| !prefix.is_empty()) }
    }

    /// What a description names for keys.
    pub(crate) fn of(contract: &Contract) -> Self {
        let schemes = contract.document().get("/components/securitySchemes").and_then(Value::as_object);
        let names = schemes.into_iter().flatten().filter_map(|(_, scheme)| {
            let is_key = scheme.get("type").and_then(Value::as_str) == Some("apiKey");
            Some(scheme.get("name")?.as_str()?.to_owned()).filter(|_| is_key)
        });
        let rules = contract.rules().authentication.as_ref();
        let prefix = rules.and_then(|rules| rules.key_prefixes.as_ref()).map(|known| known.live.clone());
        Self::new(names, prefix)
    }

    fn is_secret(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        SECRET.contains(&name.as_str())
            || self.names.contains(&name)
            || SECRET_PARTS.iter().any(|part| name.contains(part))
    }

    /// Headers by name, with secrets masked.
    pub(crate) fn shown(&self, headers: &HeaderMap) -> Value {
        let mut shown = Map::new();
        for name in headers.keys() {
            let values: Vec<String> = headers
                .get_all(name)
                .iter()
                .map(|value| {
                    let text = String::from_utf8_lossy(value.as_bytes());
                    if self.is_secret(name.as_str()) { masked(&text) } else { self.without_keys(&text) }
                })
                .collect();
            shown.insert(name.as_str().to_owned(), json!(values.join(", ")));
        }
        Value::Object(shown)
    }

    /// A target without the keys that should not stand in it.
    pub(crate) fn target(&self, target: &str) -> String {
        let Some((path, query)) = target.split_once('?') else { return self.without_keys(target) };
        let pairs: Vec<Cow<'_, str>> = query
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, _)) if self.is_secret(&percent_decode_str(name).decode_utf8_lossy()) => {
                    Cow::Owned(format!("{name}=…"))
                }
                _ => Cow::Borrowed(pair),
            })
            .collect();
        self.without_keys(&format!("{path}?{}", pairs.join("&")))
    }

    /// A text in which no key is repeated.
    fn without_keys(&self, text: &str) -> String {
        // Decoded, for a key may be written with escapes.
        let decoded = percent_decode_str(text).decode_utf8_lossy();
        let Some(prefix) = self.prefix.as_deref().filter(|prefix| decoded.contains(prefix)) else {
            return text.to_owned();
        };
        let mut shown = String::with_capacity(decoded.len());
        for (index, part) in decoded.split(prefix).enumerate() {
            if index == 0 {
                shown.push_str(part);
                continue;
            }
            let end = part.find(['&', '/', '?', '#', ' ', ',']).unwrap_or(part.len());
            shown.push_str(prefix);
            shown.push('…');
            shown.push_str(&part[end..]);
        }
        shown
    }
}

/// The word before a secret stays: `Bearer …`.
fn masked(value: &str) -> String {
    match value.split_once(' ') {
        Some((scheme, _)) if scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) => format!("{scheme} …"),
        _ => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let secrets = Secrets::new(["X-Card".to_owned()], Some("key_".to_owned()));
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer key_abc"),
            ("x-card", "4711"),
            ("x-csrf-token", "t"),
            ("referer", "http://a/?k=key_abc&x=1"),
            ("accept", "a/b"),
        ] {
            headers.insert(HeaderName::from_static(name), value.parse().expect("a header"));
        }
        assert_eq!(
            secrets.shown(&headers),
            json!({"authorization": "Bearer …", "x-card": "…", "x-csrf-token": "…",
                "referer": "http://a/?k=key_…&x=1", "accept": "a/b"})
        );
        assert_eq!(secrets.target("/a?x-card=4711&b=1"), "/a?x-card=…&b=1");
        assert_eq!(secrets.target("/a/key%5fabc/b"), "/a/key_…/b");
        assert_eq!(secrets.target("/a?b=%20c"), "/a?b=%20c");
    }
}
