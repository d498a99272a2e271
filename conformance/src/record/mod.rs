//! Records: the observed behaviour of each operation for each class of input, kept as insta snapshots.

mod format;
mod shelf;

pub use format::{FormatError, Record, is_placeholder};
pub use shelf::{RecordId, ShelfError, load};
