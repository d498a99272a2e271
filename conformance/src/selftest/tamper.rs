//! Changing requests and answers.

use bytes::Bytes;
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use serde_json::Value;

use super::condition::part;
use super::rule::Change;

/// A request on its way.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) operation: Option<String>,
    pub(crate) method: String,
    /// Below the base path.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) raw: Bytes,
    pub(crate) body: Option<Value>,
}

/// An answer on its way.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) raw: Bytes,
    pub(crate) body: Option<Value>,
}

/// Changes a request; `ask` is how it came.
pub(super) fn request(change: &Change, target: &mut Ask, ask: &Ask) {
    if let Some(method) = &change.method {
        target.method.clone_from(method);
    }
    if let Some(path) = &change.path {
        target.path.clone_from(path);
    }
    for (name, value) in &change.query {
        target.query.retain(|(known, _)| known != name);
        if let Some(value) = value {
            target.query.push((name.clone(), value.clone()));
        }
    }
    headers(change, &mut target.headers, 0);
    if change.touches_body() {
        body(change, &mut target.body, &mut target.raw, ask);
    }
}

/// Changes an answer; `ask` is the request as it came, `count` how many answers the rule has met.
pub(super) fn response(change: &Change, reply: &mut Reply, ask: &Ask, count: usize) {
    if let Some(status) = change.status {
        reply.status = status;
    }
    headers(change, &mut reply.headers, count);
    if change.touches_body() {
        body(change, &mut reply.body, &mut reply.raw, ask);
    }
}

/// `$left:100` is so much less a count.
fn headers(change: &Change, headers: &mut HeaderMap, count: usize) {
    for (name, value) in &change.headers {
        let Ok(name) = HeaderName::from_bytes(name.to_ascii_lowercase().as_bytes()) else { continue };
        let left = |value: &String| {
            let of: usize = value.strip_prefix("$left:")?.parse().ok()?;
            Some(of.saturating_sub(count).to_string())
        };
        let value = value.as_ref().map(|value| left(value).unwrap_or_else(|| value.clone()));
        match value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            Some(value) => {
                headers.insert(name, value);
            }
            None => {
                headers.remove(name);
            }
        }
    }
}

fn body(change: &Change, value: &mut Option<Value>, raw: &mut Bytes, ask: &Ask) {
    if let Some(text) = &change.text {
        *value = None;
        *raw = Bytes::from(text.clone());
        return;
    }
    if let Some(whole) = &change.body {
        *value = Some(resolved(whole, None, ask));
    }
    let Some(value) = value else { return };
    for (pointer, wanted) in &change.set {
        let current = value.pointer(pointer).cloned();
        set(value, pointer, &resolved(wanted, current.as_ref(), ask));
    }
    for pointer in &change.remove {
        remove(value, pointer);
    }
    let of_arrays =
        [(&change.reverse, 0), (&change.drop_first, 1), (&change.repeat_first, 2), (&change.drop_last, 3)];
    for (pointer, what) in of_arrays {
        let Some(Value::Array(items)) = pointer.as_ref().and_then(|pointer| value.pointer_mut(pointer))
        else {
            continue;
        };
        match (what, items.first().cloned()) {
            (0, _) => items.reverse(),
            (1, Some(_)) => {
                items.remove(0);
            }
            (2, Some(first)) => items.insert(0, first),
            (3, Some(_)) => {
                items.pop();
            }
            _ => {}
        }
    }
    for (pointer, parts) in &change.omit {
        if let Some(Value::Array(items)) = value.pointer_mut(pointer) {
            let is_meant = |item: &Value| parts.iter().all(|(at, wanted)| part(wanted, item.pointer(at)));
            items.retain(|item| !is_meant(item));
        }
    }
    let mut text = value.to_string();
    for (old, new) in &change.replace {
        text = if old == "#fractions" { without_fractions(&text) } else { text.replace(old, new) };
    }
    *raw = Bytes::from(text);
    if !change.replace.is_empty() {
        *value = serde_json::from_slice(raw).unwrap_or_default();
    }
}

/// `12.412Z"` becomes `12Z"`.
fn without_fractions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(end) = rest.find("Z\"") {
        let (head, tail) = rest.split_at(end);
        let cut = head.rfind('.').filter(|at| {
            head.len() - at <= 10
                && head[at + 1..].bytes().all(|byte| byte.is_ascii_digit())
                && head.len() - at > 1
        });
        out.push_str(cut.map_or(head, |at| &head[..at]));
        out.push_str("Z\"");
        rest = &tail[2..];
    }
    out.push_str(rest);
    out
}

/// `$body:/slug` is a part of the request as it came, `$unique` a text nobody else has, `$upper`, `$lower`, `$trim`,
/// `$later`, `$text` and `$cut:n` change what is there.
fn resolved(wanted: &Value, current: Option<&Value>, ask: &Ask) -> Value {
    let Value::String(word) = wanted else { return wanted.clone() };
    let text = || current.and_then(Value::as_str).unwrap_or_default();
    match word.as_str() {
        "$unique" => Value::String(unique()),
        "$upper" => Value::String(text().to_uppercase()),
        "$lower" => Value::String(text().to_lowercase()),
        "$text" => Value::String(
            current
                .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                .unwrap_or_default(),
        ),
        "$ascii" => {
            Value::String(text().chars().map(|letter| if letter.is_ascii() { letter } else { '?' }).collect())
        }
        "$float" => current.and_then(Value::as_f64).map_or(Value::Null, |number| Value::from(number * 1.5)),
        "$key" => {
            let key =
                ask.headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
            Value::String(key.rsplit(' ').next().unwrap_or_default().to_owned())
        }
        word => match word.strip_prefix("$body:") {
            Some(pointer) => {
                ask.body.as_ref().and_then(|body| body.pointer(pointer)).cloned().unwrap_or_default()
            }
            None => wanted.clone(),
        },
    }
}

/// A text nobody else has.
pub(super) fn unique() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("u{:012x}@planted.example", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// `*` stands for every item of an array.
fn set(target: &mut Value, pointer: &str, value: &Value) {
    if let Some((before, after)) = pointer.split_once("/*") {
        if let Some(Value::Array(items)) = target.pointer_mut(before) {
            for item in items {
                if after.is_empty() {
                    *item = value.clone();
                } else {
                    set(item, after, value);
                }
            }
        }
        return;
    }
    schemas::pointer::set(target, pointer, value.clone());
}

fn remove(target: &mut Value, pointer: &str) {
    if let Some((before, after)) = pointer.split_once("/*") {
        if let Some(Value::Array(items)) = target.pointer_mut(before) {
            for item in items {
                remove(item, after);
            }
        }
        return;
    }
    if let Some((owner, name)) = pointer.rsplit_once('/')
        && let Some(Value::Object(map)) = target.pointer_mut(owner)
    {
        map.shift_remove(name);
    }
}
