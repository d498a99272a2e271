//! Records: the observed behaviour of each operation for each class of input, kept as insta snapshots.

mod comparison;
mod difference;
mod file_name;
mod format;
mod headers;
mod literal;
mod memory;
mod placeholder;
mod recipe;
mod recipes;
mod recorder;
mod recording_session;
mod request;
mod shape;
mod shot;
mod snapshot_store;
mod snapshot_writer;

pub use comparison::{Change, compare};
pub(crate) use difference::{lines, words};
pub use format::{FormatError, Record, is_placeholder};
pub use recorder::{Recording, record};
pub(crate) use snapshot_store::files;
pub use snapshot_store::{RecordId, SnapshotStoreError, load};
pub(crate) use snapshot_writer::{Keeping, SnapshotError, accept, pending_path, remove_pending};
