//! Records: the observed behaviour of each operation for each class of input, kept as insta snapshots.

mod comparison;
mod difference;
mod format;
mod headers;
mod keeper;
mod literal;
mod memory;
mod placeholder;
mod recipe;
mod recipes;
mod recorder;
mod request;
mod shape;
mod shelf;

pub use comparison::{Change, compare};
pub(crate) use difference::{lines, words};
pub use format::{FormatError, Record, is_placeholder};
pub(crate) use keeper::{Keeping, accept, pending_path, remove_pending};
pub use recorder::{Recording, record};
pub(crate) use shelf::files;
pub use shelf::{RecordId, ShelfError, load};
