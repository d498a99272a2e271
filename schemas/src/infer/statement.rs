//! What is inferred, one statement each.

use serde_json::Value;

use crate::vocabulary::Standing;

/// One thing that a description implies and does not say.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// JSON pointer of what it is about: an operation, a parameter, a schema, a property.
    pub target: String,
    /// The key that says it, and the keys within, as a JSON pointer: `/x-contract-resource/created`.
    pub key: String,
    /// What stands under that key.
    pub value: Value,
    /// How sure it is; never documented.
    pub standing: Standing,
    /// What it follows from, in words.
    pub reason: String,
}

impl Statement {
    /// JSON pointer of the value in the document.
    pub fn pointer(&self) -> String {
        format!("{}{}", self.target, self.key)
    }
}
