//! A row the run made.

use serde_json::Value;

use super::step::Step;
use crate::atlas::Kin;

/// A row the run made.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) kin: Kin,
    /// The opaque id.
    pub(crate) id: String,
    /// The number, where rows have one.
    pub(crate) display: Option<String>,
    /// What the create answered.
    pub(crate) value: Value,
    /// The opaque id of its owner.
    pub(crate) parent: Option<String>,
    /// How it was made.
    pub(crate) made: Step,
}

impl Row {
    /// A property of it.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.value.get(name)
    }

    /// A property of it that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }
}
