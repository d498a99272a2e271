//! Rows of workspaces as they were at some moment, kept under names.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use parking_lot::Mutex;

use super::workspace::State;

/// How many a workspace may have, and all together.
const MOST: (usize, usize) = (100, 5_000);

/// One of them. It shares every row that was not changed since.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) state: State,
    /// When it was taken, in milliseconds since 1970.
    pub(crate) at: i64,
    /// What the rows are rows of: another description may have others.
    pub(crate) shape: u64,
}

/// Every snapshot, by workspace and name.
#[derive(Debug, Default)]
pub(crate) struct Snapshots(Mutex<HashMap<Arc<str>, BTreeMap<String, Snapshot>>>);

impl Snapshots {
    /// Keeps one, in place of one of that name; `false` where there are as many as there may be.
    pub(crate) fn keep(&self, workspace: &Arc<str>, name: &str, snapshot: Snapshot) -> bool {
        let mut all = self.0.lock();
        let total: usize = all.values().map(BTreeMap::len).sum();
        let own = all.entry(Arc::clone(workspace)).or_default();
        if !own.contains_key(name) && (own.len() >= MOST.0 || total >= MOST.1) {
            return false;
        }
        let old = own.insert(name.to_owned(), snapshot);
        drop(all);
        drop(old);
        true
    }

    pub(crate) fn find(&self, workspace: &str, name: &str) -> Option<Snapshot> {
        self.0.lock().get(workspace)?.get(name).cloned()
    }

    /// Those of a workspace, by name.
    pub(crate) fn list(&self, workspace: &str) -> Vec<(String, Snapshot)> {
        let all = self.0.lock();
        let own = all.get(workspace).into_iter().flatten();
        own.map(|(name, snapshot)| (name.clone(), snapshot.clone())).collect()
    }

    /// Removes one; `false` where there is none.
    pub(crate) fn remove(&self, workspace: &str, name: &str) -> bool {
        let removed = self.0.lock().get_mut(workspace).and_then(|own| own.remove(name));
        removed.is_some()
    }

    /// Removes those of a workspace.
    pub(crate) fn forget(&self, workspace: &str) {
        let gone = self.0.lock().remove(workspace);
        drop(gone);
    }
}

#[cfg(test)]
mod tests {
    use imbl::Vector;

    use super::*;

    #[test]
    fn a_workspace_has_as_many_as_it_may() {
        let snapshots = Snapshots::default();
        let one = || Snapshot {
            state: State { tables: Vector::new(), latest: 0, waits: Vector::new() },
            at: 0,
            shape: 0,
        };
        let name: Arc<str> = "a".into();
        assert!((0..MOST.0).all(|number| snapshots.keep(&name, &number.to_string(), one())));
        assert!(!snapshots.keep(&name, "more", one()));
        assert!(snapshots.keep(&name, "7", one()), "in place of another");
        assert!(snapshots.remove("a", "7") && !snapshots.remove("a", "7"));
        assert!(snapshots.keep(&name, "more", one()));
        snapshots.forget("a");
        assert!(snapshots.list("a").is_empty());
    }
}
