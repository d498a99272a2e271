//! One organisation's rows.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use imbl::Vector;
use parking_lot::RwLock;

use super::clock::WorkspaceClock;
use super::table::Table;

/// Everything a workspace holds; one table a resource, in the contract's order. Cloning shares everything.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) tables: Vector<Table>,
    /// The latest instant that was given out, in milliseconds: time never stands still inside a workspace.
    pub(crate) latest: i64,
    /// For each table, whether it still waits for the rows that it begins with; empty where none does.
    pub(crate) waits: Vector<bool>,
}

impl State {
    /// The instant of a write: now, but always later than the one before.
    pub(crate) fn tick(&mut self, now: i64) -> i64 {
        self.latest = now.max(self.latest + 1);
        self.latest
    }

    /// Makes room for one more row of a table, by forgetting rows that were deleted, of that table first; `false` where as
    /// many rows as there may be are not deleted.
    pub(crate) fn make_room(&mut self, table: usize, max_rows: usize) -> bool {
        let mut rows = self.rows();
        if rows - self.tables.iter().map(Table::deleted).sum::<usize>() >= max_rows {
            return false;
        }
        while rows >= max_rows {
            let own = self.tables.get_mut(table).is_some_and(Table::forget_deleted);
            if !own {
                self.tables.iter_mut().any(Table::forget_deleted);
            }
            rows -= 1;
        }
        true
    }

    /// Rows of all tables, deleted ones included.
    pub(crate) fn rows(&self) -> usize {
        self.tables.iter().map(Table::len).sum()
    }
}

/// A workspace that many connections read and write.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// What ids are made from.
    pub(crate) name: Arc<str>,
    /// The name of the seeded workspace it began as.
    pub(crate) origin: Arc<str>,
    pub(crate) state: RwLock<State>,
    pub(crate) clock: WorkspaceClock,
    /// When it was last asked for, counted in requests.
    pub(super) last_use: AtomicU64,
}
