//! What has no written form.

use std::fmt;

/// Why a value cannot be written: the end of a sentence about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwritable(pub(super) String);

impl Unwritable {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unwritable {}
