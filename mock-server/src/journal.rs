//! What was asked and answered, for whoever wants to look: the last requests, without secrets.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::clock::format_ms;

/// How much of a body is kept, in bytes.
const MAX_BODY: usize = 16 << 10;

/// One request and its answer.
#[derive(Debug)]
pub(crate) struct JournalEntry {
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

impl JournalEntry {
    /// What keeping it costs, in bytes.
    fn size(&self) -> usize {
        let reason = self.reason.as_ref().map_or(0, |reason| reason.len());
        size_of::<Self>() + self.target.len() + self.body.len() + self.answer.len() + reason
    }
}

#[derive(Debug, Default)]
struct Entries {
    list: VecDeque<Arc<JournalEntry>>,
    bytes: usize,
    seen: u64,
}

/// The last requests.
#[derive(Debug)]
pub(crate) struct RequestJournal {
    max_entries: usize,
    max_bytes: usize,
    kept: Mutex<Entries>,
}

impl RequestJournal {
    pub(crate) fn new(max_entries: usize, max_bytes: usize) -> Self {
        Self { max_entries, max_bytes, kept: Mutex::default() }
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.max_entries > 0
    }

    pub(crate) fn add(&self, mut entry: JournalEntry) {
        // A request's body is a part of what was read from the wire, which would be kept as a whole.
        entry.body = Bytes::copy_from_slice(&entry.body[..entry.body.len().min(MAX_BODY)]);
        if entry.answer.len() > MAX_BODY {
            entry.answer = Bytes::copy_from_slice(&entry.answer[..MAX_BODY]);
        }
        let (size, entry) = (entry.size(), Arc::new(entry));
        let mut gone = Vec::new();
        let mut kept = self.kept.lock();
        kept.seen += 1;
        kept.list.push_back(entry);
        kept.bytes += size;
        while kept.list.len() > self.max_entries || kept.bytes > self.max_bytes {
            let Some(oldest) = kept.list.pop_front() else { break };
            kept.bytes -= oldest.size();
            gone.push(oldest);
        }
        // What goes is dropped when nobody waits for the lock any more.
        drop(kept);
        drop(gone);
    }

    pub(crate) fn clear(&self) {
        let gone = std::mem::take(&mut *self.kept.lock());
        drop(gone);
    }

    /// The requests of a workspace, or all, oldest first.
    pub(crate) fn show(&self, workspace: Option<&str>) -> Value {
        let kept = self.kept.lock();
        let (seen, entries) = (kept.seen, kept.list.iter().cloned().collect::<Vec<_>>());
        drop(kept);
        let dropped = seen.saturating_sub(entries.len() as u64);
        let shown = entries
            .iter()
            .filter(|entry| workspace.is_none_or(|name| entry.workspace.as_deref() == Some(name)));
        let requests: Vec<Value> = shown.map(|one| entry(one)).collect();
        json!({"seen": seen, "dropped": dropped, "requests": requests})
    }
}

fn entry(entry: &JournalEntry) -> Value {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn journal(max_entries: usize, max_bytes: usize, entries: usize, body: usize) -> (usize, Value) {
        let journal = RequestJournal::new(max_entries, max_bytes);
        for number in 0..entries {
            journal.add(JournalEntry {
                at: 0,
                method: http::Method::GET,
                target: format!("/{number}").into(),
                operation: None,
                workspace: None,
                body: vec![b' '; body].into(),
                status: 200,
                reason: None,
                answer: vec![b' '; body].into(),
                micros: 0,
            });
        }
        let bytes = journal.kept.lock().bytes;
        (bytes, journal.show(None))
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let (_, shown) = journal(2, usize::MAX, 5, 10);
        assert_eq!((&shown["seen"], &shown["dropped"]), (&json!(5), &json!(3)));
        assert_eq!(shown["requests"][0]["target"], "/3");
    }

    #[test]
    fn the_oldest_go_when_they_take_too_much() {
        let (bytes, shown) = journal(usize::MAX, 100_000, 50, 1 << 20);
        assert!(bytes <= 100_000);
        let kept = shown["requests"].as_array().expect("a list");
        assert_eq!((kept.len(), &kept[2]["target"]), (3, &json!("/49")));
        let (bytes, shown) = journal(usize::MAX, 1_000, 2, 5_000);
        assert_eq!((bytes, &shown["dropped"]), (0, &json!(2)), "one that is too large alone is not kept");
    }
}
