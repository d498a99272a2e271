//! What was put right on the way.

use crate::rule::Rule;

/// Something odd that was put right on the way: the kind, its pointer as it is written, what, and what to do.
pub(crate) struct Odd {
    pub(crate) rule: Rule,
    pub(crate) pointer: String,
    pub(crate) what: String,
    pub(crate) help: &'static str,
}
