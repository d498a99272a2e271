//! What was asked and answered, for whoever wants to look: the last requests, without secrets.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::clock::format_ms;

/// How much of a body is kept, in bytes.
const MOST_BODY: usize = 16 << 10;

/// One request and its answer.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    pub(crate) method: http::Method,
    pub(crate) target: Box<str>,
    /// The operation's id, where one was found.
    pub(crate) operation: Option<Arc<str>>,
    /// The workspace, where the key opened one.
    pub(crate) workspace: Option<Arc<str>>,
    pub(crate) body: Bytes,
    pub(crate) status: u16,
    pub(crate) reason: Option<Box<str>>,
    pub(crate) answer: Bytes,
    pub(crate) micros: u64,
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Entry>,
    seen: u64,
}

/// The last requests.
#[derive(Debug)]
pub(crate) struct Journal {
    most: usize,
    kept: Mutex<Kept>,
}

impl Journal {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, kept: Mutex::default() }
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.most > 0
    }

    pub(crate) fn add(&self, mut entry: Entry) {
        cut(&mut entry.body);
        cut(&mut entry.answer);
        let mut kept = self.kept.lock();
        kept.seen += 1;
        if kept.entries.len() >= self.most {
            kept.entries.pop_front();
        }
        kept.entries.push_back(entry);
    }

    pub(crate) fn clear(&self) {
        *self.kept.lock() = Kept::default();
    }

    /// The requests of a workspace, or all, oldest first.
    pub(crate) fn show(&self, workspace: Option<&str>) -> Value {
        let kept = self.kept.lock();
        let shown = kept
            .entries
            .iter()
            .filter(|entry| workspace.is_none_or(|name| entry.workspace.as_deref() == Some(name)));
        let requests: Vec<Value> = shown.map(entry).collect();
        json!({"seen": kept.seen, "dropped": kept.seen.saturating_sub(kept.entries.len() as u64), "requests": requests})
    }
}

/// A long body is copied short, so that the journal does not hold on to the whole.
fn cut(body: &mut Bytes) {
    if body.len() > MOST_BODY {
        *body = Bytes::copy_from_slice(&body[..MOST_BODY]);
    }
}

fn entry(entry: &Entry) -> Value {
    json!({
        "at": format_ms(entry.at),
        "method": entry.method.as_str(),
        "target": &*entry.target,
        "operation": entry.operation.as_deref(),
        "workspace": entry.workspace.as_deref(),
        "body": text(&entry.body),
        "status": entry.status,
        "reason": entry.reason.as_deref(),
        "answer": text(&entry.answer),
        "micros": entry.micros,
    })
}

fn text(body: &Bytes) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}
