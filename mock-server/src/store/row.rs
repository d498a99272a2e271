//! One row: its bytes, and what the indexes need to know.

use bytes::Bytes;
use serde_json::{Map, Value};

/// Whether a row is to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowState {
    /// In reads and lists.
    Listed,
    /// In reads only: its owner is deleted.
    Unlisted,
    /// In neither; kept so that deleting it again answers the same.
    Deleted,
}

/// No row has this key.
pub(crate) const NO_OWNER: i64 = i64::MIN;

/// A row. Never changed in place: a write replaces it.
#[derive(Debug)]
pub(crate) struct Row {
    /// Milliseconds of its creation: its place in the table, unique in a workspace.
    pub(crate) key: i64,
    pub(crate) id: Box<str>,
    pub(crate) display: u64,
    pub(crate) state: RowState,
    /// The key of the row that owns it, where rows do not show that; else [`NO_OWNER`].
    pub(crate) owner: i64,
    /// The row as a response shows it.
    pub(crate) bytes: Bytes,
    /// Values beneath derived ones, which come back when what hides them goes.
    pub(crate) beneath: Option<Box<Map<String, Value>>>,
}

impl Row {
    /// The same row in another state.
    pub(crate) fn copy(&self, state: RowState) -> Self {
        Self {
            key: self.key,
            id: self.id.clone(),
            display: self.display,
            state,
            owner: self.owner,
            bytes: self.bytes.clone(),
            beneath: self.beneath.clone(),
        }
    }

    /// The row as a JSON object.
    pub(crate) fn value(&self) -> Map<String, Value> {
        // The bytes are the server's own serialisation of an object.
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }
}

/// Something with fields: a row's value, or one that is being written.
pub(crate) trait Fields {
    /// A field's value; `None` where there is none.
    fn field(&self, name: &str) -> Option<&Value>;
}

impl Fields for Map<String, Value> {
    fn field(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}
