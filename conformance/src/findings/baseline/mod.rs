//! What is known to be wrong, why, whose it is and until when.

mod date;
mod file;
mod matching;

pub(crate) use date::{day, today};
pub use file::{Against, Baseline, BaselineError, Known};
pub use matching::BaselineLine;
