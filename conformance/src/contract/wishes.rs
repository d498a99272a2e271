//! What the user of a run wishes of operations and path parameters.

use super::glob::matches;

/// What the user of a run wishes of operations and path parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Patterns of operations to call although they may change what the run did not make.
    pub call: Vec<String>,
    /// Patterns of operations to leave out.
    pub skip: Vec<String>,
    /// Values of path parameters, by name.
    pub values: Vec<(String, String)>,
}

impl Wishes {
    /// Whether an operation is to be called in any case.
    pub(crate) fn calls(&self, operation: &str) -> bool {
        self.call.iter().any(|pattern| matches(pattern, operation))
    }

    /// Whether an operation is to be left out.
    pub(crate) fn skips(&self, operation: &str) -> bool {
        self.skip.iter().any(|pattern| matches(pattern, operation))
    }

    /// The value of a path parameter; the last one counts.
    pub(crate) fn value(&self, parameter: &str) -> Option<&str> {
        self.values.iter().rev().find(|(name, _)| name == parameter).map(|(_, value)| value.as_str())
    }
}
