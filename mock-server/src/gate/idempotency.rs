//! Repeats of a request that was answered already.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

/// One key in one workspace at one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Scope {
    workspace: Arc<str>,
    endpoint: Box<str>,
    key: Box<[u8]>,
}

#[derive(Debug, Clone)]
struct Kept {
    request: [u8; 32],
    status: StatusCode,
    body: Bytes,
    until: i64,
}

#[derive(Debug)]
enum Entry {
    InFlight,
    Done(Kept),
}

/// What is known of a key when a request with it begins.
#[derive(Debug)]
pub(crate) enum Begun {
    /// Nothing: the request goes on, holding the claim.
    Fresh(Claim),
    /// An answer is kept; compare the body.
    Answered(Replay),
    /// The first request is being worked on.
    InFlight,
    /// As many answers are kept as may be.
    Full,
}

/// An answer that was kept.
#[derive(Debug)]
pub(crate) struct Replay(Kept);

impl Replay {
    /// The kept answer, if the body is the same.
    pub(crate) fn of(self, body: &[u8]) -> Option<(StatusCode, Bytes)> {
        (self.0.request == hash(body)).then_some((self.0.status, self.0.body))
    }
}

/// Answers by key.
#[derive(Debug, Default)]
pub(crate) struct Idempotency {
    entries: Arc<Mutex<HashMap<Scope, Entry>>>,
}

impl Idempotency {
    /// Begins a request with a key. `now` and the retention are in milliseconds.
    pub(crate) fn begin(
        &self,
        workspace: &Arc<str>,
        endpoint: &str,
        key: &[u8],
        now: i64,
        most: usize,
    ) -> Begun {
        let scope = Scope { workspace: Arc::clone(workspace), endpoint: endpoint.into(), key: key.into() };
        let mut entries = self.entries.lock();
        match entries.get(&scope) {
            Some(Entry::InFlight) => return Begun::InFlight,
            Some(Entry::Done(kept)) if kept.until > now => return Begun::Answered(Replay(kept.clone())),
            Some(Entry::Done(_)) | None => {}
        }
        if entries.len() >= most {
            entries.retain(|_, entry| !matches!(entry, Entry::Done(kept) if kept.until <= now));
            if entries.len() >= most {
                return Begun::Full;
            }
        }
        entries.insert(scope.clone(), Entry::InFlight);
        Begun::Fresh(Claim { entries: Arc::clone(&self.entries), scope: Some(scope) })
    }

    /// Forgets what a workspace's keys were answered; without a name, all.
    pub(crate) fn forget(&self, workspace: Option<&str>) {
        self.entries.lock().retain(|scope, entry| {
            matches!(entry, Entry::InFlight) || workspace.is_some_and(|name| *scope.workspace != *name)
        });
    }
}

/// The right to answer a key first. Dropped without an answer, the key is free again.
#[derive(Debug)]
pub(crate) struct Claim {
    entries: Arc<Mutex<HashMap<Scope, Entry>>>,
    scope: Option<Scope>,
}

impl Claim {
    /// Keeps a success.
    pub(crate) fn keep(mut self, request: &[u8], status: StatusCode, body: Bytes, until: i64) {
        if let Some(scope) = self.scope.take() {
            let kept = Kept { request: hash(request), status, body, until };
            self.entries.lock().insert(scope, Entry::Done(kept));
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(scope) = self.scope.take() {
            self.entries.lock().remove(&scope);
        }
    }
}

fn hash(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(store: &Idempotency, now: i64) -> Begun {
        store.begin(&"w".into(), "/things", b"k", now, 2)
    }

    #[test]
    fn a_key_is_in_flight_until_its_claim_ends() {
        let store = Idempotency::default();
        let Begun::Fresh(claim) = begin(&store, 0) else { panic!("a new key") };
        assert!(matches!(begin(&store, 0), Begun::InFlight));
        drop(claim);
        assert!(matches!(begin(&store, 0), Begun::Fresh(_)), "a failure is not kept");
    }

    #[test]
    fn an_answer_is_kept_for_the_same_body_until_it_expires() {
        let store = Idempotency::default();
        let Begun::Fresh(claim) = begin(&store, 0) else { panic!("a new key") };
        claim.keep(b"body", StatusCode::CREATED, Bytes::from_static(b"row"), 10);
        let Begun::Answered(replay) = begin(&store, 9) else { panic!("kept") };
        assert_eq!(replay.of(b"body"), Some((StatusCode::CREATED, Bytes::from_static(b"row"))));
        let Begun::Answered(replay) = begin(&store, 9) else { panic!("kept") };
        assert_eq!(replay.of(b"other"), None);
        assert!(matches!(begin(&store, 10), Begun::Fresh(_)));
    }

    #[test]
    fn over_the_bound_nothing_kept_is_dropped_but_what_expired() {
        let store = Idempotency::default();
        for key in [b"a", b"b"] {
            let Begun::Fresh(claim) = store.begin(&"w".into(), "/things", key, 0, 2) else {
                panic!("a new key")
            };
            claim.keep(b"", StatusCode::OK, Bytes::new(), 10);
        }
        assert!(matches!(store.begin(&"w".into(), "/things", b"c", 9, 2), Begun::Full));
        assert!(matches!(store.begin(&"w".into(), "/things", b"c", 10, 2), Begun::Fresh(_)));
    }
}
