//! How many changes there are.

use serde::{Deserialize, Serialize};

/// How many changes there are of each verdict, those that are accepted apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Breaking ones.
    pub breaking: usize,
    /// Unclear ones.
    pub unclear: usize,
    /// Allowed ones.
    pub allowed: usize,
    /// Breaking or unclear ones that are accepted.
    pub accepted: usize,
}
