//! What one case set up and several use: rows and responses that need not be had twice.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::exchange::Exchange;
use super::row::{MOST_KEPT, Row};
use super::step::Step;

/// What a set-up comes to.
#[derive(Debug, Clone, Default)]
pub(crate) struct SetupResult {
    /// The rows it created, in order; an owner before what it owns.
    pub(crate) rows: Vec<Row>,
    /// The exchanges that matter, in order.
    pub(crate) exchanges: Vec<Exchange>,
}

impl SetupResult {
    /// Whether it is small enough to be kept until the end of the run.
    pub(super) fn is_light(&self) -> bool {
        self.rows.iter().all(|row| row.size <= MOST_KEPT)
            && self.exchanges.iter().all(|exchange| exchange.bytes.len() <= MOST_KEPT)
    }

    /// The same as seen from a story in which its first step has another number.
    pub(super) fn renumbered(mut self, from: usize, to: usize) -> Self {
        for exchange in &mut self.exchanges {
            exchange.step = exchange.step - from + to;
        }
        self
    }
}

impl From<Row> for SetupResult {
    fn from(row: Row) -> Self {
        Self { rows: vec![row], exchanges: Vec::new() }
    }
}

/// A set-up that was carried out, or why it could not be.
#[derive(Debug, Clone)]
pub(super) enum Done {
    Result {
        result: SetupResult,
        steps: Vec<Step>,
    },
    /// Its answers are too large to be kept: every case carries it out for itself.
    TooLarge,
    Failed(String),
}

/// One set-up's entry; whoever comes while it is being filled waits.
pub(super) type Entry = Rc<Mutex<Option<Done>>>;

/// The set-ups of a run, by their names.
#[derive(Debug, Default)]
pub(crate) struct SetupCache {
    entries: RefCell<HashMap<String, Entry>>,
    exclusive: RefCell<HashMap<String, Arc<Mutex<()>>>>,
}

impl SetupCache {
    pub(super) fn entry(&self, name: &str) -> Entry {
        Rc::clone(self.entries.borrow_mut().entry(name.to_owned()).or_default())
    }

    /// Whether a set-up was carried out, or is about to be.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.borrow().contains_key(name)
    }

    /// Forgets what was carried out: the rows that it built on are gone.
    pub(crate) fn forget(&self) {
        self.entries.borrow_mut().clear();
    }

    /// Waits until nobody else uses a set-up that one case at a time may change.
    pub(super) async fn lock(&self, name: &str) -> OwnedMutexGuard<()> {
        let lock = Arc::clone(self.exclusive.borrow_mut().entry(name.to_owned()).or_default());
        lock.lock_owned().await
    }
}
