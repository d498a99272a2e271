//! Repeats of a request that was answered already.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

/// One key at one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Scope {
    endpoint: Box<str>,
    key: Box<[u8]>,
}

/// What is known of the keys of every workspace.
#[derive(Debug, Default)]
struct Answers {
    workspaces: HashMap<Arc<str>, HashMap<Scope, KeyState>>,
    /// Of all workspaces.
    count: usize,
    /// No answer that is kept expires before.
    next_expiry: i64,
}

impl Answers {
    fn remove(&mut self, workspace: &str, scope: &Scope) {
        if let Some(entries) = self.workspaces.get_mut(workspace) {
            self.count -= usize::from(entries.remove(scope).is_some());
            if entries.is_empty() {
                self.workspaces.remove(workspace);
            }
        }
    }

    /// Drops what expired, if there is any.
    fn expire(&mut self, now: i64) {
        if now < self.next_expiry {
            return;
        }
        let (mut count, mut next) = (0, i64::MAX);
        self.workspaces.retain(|_, entries| {
            entries.retain(|_, entry| match entry {
                KeyState::Done(kept) if kept.until <= now => false,
                KeyState::Done(kept) => {
                    next = next.min(kept.until);
                    true
                }
                KeyState::InFlight => true,
            });
            count += entries.len();
            !entries.is_empty()
        });
        (self.count, self.next_expiry) = (count, next);
    }
}

#[derive(Debug, Clone)]
struct StoredAnswer {
    request: [u8; 32],
    status: StatusCode,
    body: Bytes,
    until: i64,
}

#[derive(Debug)]
enum KeyState {
    InFlight,
    Done(StoredAnswer),
}

/// What is known of a key when a request with it begins.
#[derive(Debug)]
pub(crate) enum ClaimResult {
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
pub(crate) struct Replay(StoredAnswer);

impl Replay {
    /// The kept answer, if the body is the same.
    pub(crate) fn of(self, body: &[u8]) -> Option<(StatusCode, Bytes)> {
        (self.0.request == hash(body)).then_some((self.0.status, self.0.body))
    }
}

/// Answers by key.
#[derive(Debug, Default)]
pub(crate) struct IdempotencyStore {
    answers: Arc<Mutex<Answers>>,
}

impl IdempotencyStore {
    /// Begins a request with a key. `now` and the retention are in milliseconds.
    pub(crate) fn claim(
        &self,
        workspace: &Arc<str>,
        endpoint: &str,
        key: &[u8],
        now: i64,
        max: usize,
    ) -> ClaimResult {
        let scope = Scope { endpoint: endpoint.into(), key: key.into() };
        let mut answers = self.answers.lock();
        let known = answers.workspaces.get(workspace).and_then(|entries| entries.get(&scope));
        let is_new = match known {
            Some(KeyState::InFlight) => return ClaimResult::InFlight,
            Some(KeyState::Done(kept)) if kept.until > now => {
                return ClaimResult::Answered(Replay(kept.clone()));
            }
            Some(KeyState::Done(_)) => false,
            None => true,
        };
        if is_new && answers.count >= max {
            answers.expire(now);
            if answers.count >= max {
                return ClaimResult::Full;
            }
        }
        answers.count += usize::from(is_new);
        answers
            .workspaces
            .entry(Arc::clone(workspace))
            .or_default()
            .insert(scope.clone(), KeyState::InFlight);
        ClaimResult::Fresh(Claim {
            answers: Arc::clone(&self.answers),
            workspace: Arc::clone(workspace),
            scope: Some(scope),
        })
    }

    /// Forgets what a workspace's keys were answered; without a name, all.
    pub(crate) fn forget(&self, workspace: Option<&str>) {
        let mut answers = self.answers.lock();
        let forgotten: HashMap<_, _> = match workspace {
            Some(name) => answers.workspaces.remove_entry(name).into_iter().collect(),
            None => std::mem::take(&mut answers.workspaces),
        };
        answers.count -= forgotten.values().map(HashMap::len).sum::<usize>();
        let mut gone = Vec::new();
        for (name, entries) in forgotten {
            let (running, done): (HashMap<_, _>, HashMap<_, _>) =
                entries.into_iter().partition(|(_, entry)| matches!(entry, KeyState::InFlight));
            if !running.is_empty() {
                answers.count += running.len();
                answers.workspaces.insert(name, running);
            }
            gone.push(done);
        }
        // What is forgotten is dropped when nobody waits for the lock any more.
        drop(answers);
        drop(gone);
    }
}

/// The right to answer a key first. Dropped without an answer, the key is free again.
#[derive(Debug)]
pub(crate) struct Claim {
    answers: Arc<Mutex<Answers>>,
    workspace: Arc<str>,
    scope: Option<Scope>,
}

impl Claim {
    /// Keeps a success.
    pub(crate) fn keep(mut self, request: &[u8], status: StatusCode, body: Bytes, until: i64) {
        if let Some(scope) = self.scope.take() {
            let kept = StoredAnswer { request: hash(request), status, body, until };
            let mut answers = self.answers.lock();
            answers.next_expiry = answers.next_expiry.min(until);
            let entries = answers.workspaces.entry(Arc::clone(&self.workspace)).or_default();
            let is_new = entries.insert(scope, KeyState::Done(kept)).is_none();
            answers.count += usize::from(is_new);
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(scope) = self.scope.take() {
            self.answers.lock().remove(&self.workspace, &scope);
        }
    }
}

fn hash(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_key(store: &IdempotencyStore, now: i64) -> ClaimResult {
        store.claim(&"w".into(), "/things", b"k", now, 2)
    }

    #[test]
    fn a_key_is_in_flight_until_its_claim_ends() {
        let store = IdempotencyStore::default();
        let ClaimResult::Fresh(claim) = with_key(&store, 0) else { panic!("a new key") };
        assert!(matches!(with_key(&store, 0), ClaimResult::InFlight));
        drop(claim);
        assert!(matches!(with_key(&store, 0), ClaimResult::Fresh(_)), "a failure is not kept");
    }

    #[test]
    fn an_answer_is_kept_for_the_same_body_until_it_expires() {
        let store = IdempotencyStore::default();
        let ClaimResult::Fresh(claim) = with_key(&store, 0) else { panic!("a new key") };
        claim.keep(b"body", StatusCode::CREATED, Bytes::from_static(b"row"), 10);
        let ClaimResult::Answered(replay) = with_key(&store, 9) else { panic!("kept") };
        assert_eq!(replay.of(b"body"), Some((StatusCode::CREATED, Bytes::from_static(b"row"))));
        let ClaimResult::Answered(replay) = with_key(&store, 9) else { panic!("kept") };
        assert_eq!(replay.of(b"other"), None);
        assert!(matches!(with_key(&store, 10), ClaimResult::Fresh(_)));
    }

    #[test]
    fn over_the_bound_nothing_kept_is_dropped_but_what_expired() {
        let store = IdempotencyStore::default();
        for key in [b"a", b"b"] {
            let ClaimResult::Fresh(claim) = store.claim(&"w".into(), "/things", key, 0, 2) else {
                panic!("a new key")
            };
            claim.keep(b"", StatusCode::OK, Bytes::new(), 10);
        }
        assert!(matches!(store.claim(&"w".into(), "/things", b"c", 9, 2), ClaimResult::Full));
        assert!(matches!(store.claim(&"w".into(), "/things", b"c", 10, 2), ClaimResult::Fresh(_)));
    }

    #[test]
    fn what_a_workspace_forgets_makes_room_and_leaves_the_others() {
        let store = IdempotencyStore::default();
        let with_key = |workspace: &str, key: &[u8]| store.claim(&workspace.into(), "/things", key, 0, 3);
        for (workspace, key) in [("v", b"a"), ("w", b"a")] {
            let ClaimResult::Fresh(claim) = with_key(workspace, key) else { panic!("a new key") };
            claim.keep(b"", StatusCode::OK, Bytes::new(), 10);
        }
        let ClaimResult::Fresh(running) = with_key("v", b"b") else { panic!("a new key") };
        assert!(matches!(with_key("w", b"b"), ClaimResult::Full));
        store.forget(Some("v"));
        assert!(matches!(with_key("v", b"b"), ClaimResult::InFlight), "what runs goes on");
        assert!(matches!(with_key("w", b"a"), ClaimResult::Answered(_)));
        let ClaimResult::Fresh(second) = with_key("v", b"a") else { panic!("it was forgotten") };
        assert!(matches!(with_key("w", b"c"), ClaimResult::Full));
        drop((running, second));
        store.forget(None);
        let answers = store.answers.lock();
        assert_eq!((answers.count, answers.workspaces.len()), (0, 0));
    }
}
