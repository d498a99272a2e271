//! A law that had to be judged and was not, or not everywhere.

use serde::{Deserialize, Serialize};

/// A law that had to be judged and was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnjudgedLaw {
    /// The law.
    pub law: String,
    /// The operations on which it was not; none where it was judged on no operation at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
    /// The pattern that asks for it.
    pub pattern: String,
    /// Why it was not judged.
    pub reason: String,
}
