//! A law that had to be judged and was not.

use serde::{Deserialize, Serialize};

/// A law that had to be judged and was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnjudgedLaw {
    /// The law.
    pub law: String,
    /// The pattern that asks for it.
    pub pattern: String,
    /// Why it was not judged.
    pub reason: String,
}
