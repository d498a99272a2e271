//! Which requests and answers a rule is for.

use serde_json::Value;

use super::condition::part;
use super::rule::When;
use super::tamper::{Ask, Reply};
use crate::contract::matches;

/// Whether a request is meant.
pub(super) fn request(when: &When, ask: &Ask) -> bool {
    let text =
        |wanted: &Option<String>, value: &str| wanted.as_ref().is_none_or(|pattern| matches(pattern, value));
    let header = |name: &str| ask.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text(&when.operation, ask.operation.as_deref().unwrap_or("none"))
        && text(&when.method, &ask.method)
        && text(&when.id, ask.path.rsplit('/').next().unwrap_or_default())
        && text(&when.raw, &String::from_utf8_lossy(&ask.raw))
        && when.headers.iter().all(|(name, pattern)| matches(pattern, header(name)))
        && when
            .body
            .iter()
            .all(|(pointer, wanted)| part(wanted, ask.body.as_ref().and_then(|body| body.pointer(pointer))))
        && when.query.iter().all(|(name, wanted)| {
            let value = ask
                .query
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| Value::String(value.clone()));
            part(wanted, value.as_ref())
        })
}

/// Whether an answer is meant.
pub(super) fn response(when: &When, reply: &Reply) -> bool {
    let status = when.status.as_ref().is_none_or(|wanted| match wanted {
        Value::Number(number) => number.as_u64() == Some(u64::from(reply.status)),
        Value::String(class) => class.starts_with(&(reply.status / 100).to_string()),
        _ => false,
    });
    status
        && when
            .response
            .iter()
            .all(|(pointer, wanted)| part(wanted, reply.body.as_ref().and_then(|body| body.pointer(pointer))))
}
