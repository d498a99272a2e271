//! Places in files.

use std::fmt;
use std::sync::Arc;

/// A place in a file: line and column counted from one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Location {
    /// The file's name as it was given.
    pub file: Arc<str>,
    /// Line, from one.
    pub line: usize,
    /// Column, from one.
    pub column: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
