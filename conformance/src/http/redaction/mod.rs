//! Keeping secrets out of everything that is written.

mod redactor;
mod unescape;

pub(crate) use redactor::{Redactor, SHORTEST};
