//! Every workspace: the seeded ones, and private copies made on first use.

use std::collections::HashMap;
use std::sync::Arc;

use fixtures::Fixtures;
use parking_lot::RwLock;
use schemas::Contract;

use super::seed;
use super::workspace::{State, Workspace};

/// The name of the one workspace of a server without fixtures.
const ONLY: &str = "default";

/// Why a workspace could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpenError {
    /// As many private copies as there may be.
    TooMany,
}

/// Every workspace by name.
#[derive(Debug)]
pub(crate) struct Workspaces {
    seeds: HashMap<Arc<str>, State>,
    open: RwLock<HashMap<Arc<str>, Arc<Workspace>>>,
    most_copies: usize,
}

impl Workspaces {
    pub(crate) fn new(contract: &Contract, fixtures: &Fixtures, most_copies: usize) -> Self {
        let mut seeds: HashMap<Arc<str>, State> = fixtures
            .workspaces
            .iter()
            .map(|(name, seed)| (Arc::from(name.as_str()), seed::seeded(contract, seed)))
            .collect();
        if seeds.is_empty() {
            seeds.insert(ONLY.into(), seed::empty(contract));
        }
        let open =
            seeds.iter().map(|(name, state)| (Arc::clone(name), workspace(name, name, state))).collect();
        Self { seeds, open: RwLock::new(open), most_copies }
    }

    /// A seeded workspace; for a server without fixtures, its only one.
    pub(crate) fn seeded(&self, name: Option<&str>) -> Option<Arc<Workspace>> {
        self.open.read().get(name.unwrap_or(ONLY)).cloned()
    }

    /// A private copy of a seeded workspace, made now if it is not there yet.
    pub(crate) fn copy(&self, name: &str, of: &str) -> Result<Arc<Workspace>, OpenError> {
        if let Some(known) = self.open.read().get(name) {
            return Ok(Arc::clone(known));
        }
        let mut open = self.open.write();
        if let Some(known) = open.get(name) {
            return Ok(Arc::clone(known));
        }
        if open.len() >= self.seeds.len() + self.most_copies {
            return Err(OpenError::TooMany);
        }
        let Some((origin, state)) = self.seeds.get_key_value(of) else {
            return Err(OpenError::TooMany);
        };
        let made = workspace(&Arc::from(name), origin, state);
        open.insert(Arc::from(name), Arc::clone(&made));
        Ok(made)
    }

    /// Puts a workspace back to its seed; `false` when there is none of that name.
    pub(crate) fn reset(&self, name: &str) -> bool {
        let Some(workspace) = self.open.read().get(name).cloned() else {
            return false;
        };
        let Some(seed) = self.seeds.get(&workspace.origin) else {
            return false;
        };
        let mut state = workspace.state.write();
        let latest = state.latest;
        let made: Vec<u64> = state.tables.iter().map(|table| table.made).collect();
        *state = seed.clone();
        // Time and ids go on, so that nothing made before the reset is made again.
        state.latest = latest;
        for (table, made) in state.tables.iter_mut().zip(made) {
            table.made = made;
        }
        true
    }

    /// Puts every workspace back to its seed.
    pub(crate) fn reset_all(&self) {
        let names: Vec<Arc<str>> = self.open.read().keys().cloned().collect();
        for name in names {
            self.reset(&name);
        }
    }

    /// Names and sizes, for inspection.
    pub(crate) fn sizes(&self) -> Vec<(Arc<str>, usize)> {
        let mut sizes: Vec<(Arc<str>, usize)> = self
            .open
            .read()
            .iter()
            .map(|(name, workspace)| (Arc::clone(name), workspace.state.read().rows()))
            .collect();
        sizes.sort();
        sizes
    }
}

fn workspace(name: &Arc<str>, origin: &Arc<str>, state: &State) -> Arc<Workspace> {
    Arc::new(Workspace {
        name: Arc::clone(name),
        origin: Arc::clone(origin),
        state: RwLock::new(state.clone()),
    })
}
