//! Rows in memory: tables with indexes, workspaces that copy on write.

mod clock;
mod index;
mod row;
mod seed;
mod snapshots;
mod table;
mod workspace;
mod workspaces;

pub(crate) use row::{Fields, NO_OWNER, Row, RowState};
pub(crate) use seed::{begin, seeded};
pub(crate) use snapshots::{Snapshot, Snapshots};
pub(crate) use table::{Page, Table, filter_text};
pub(crate) use workspace::{State, Workspace};
pub(crate) use workspaces::{FreeError, OpenError, Opened, Workspaces};
