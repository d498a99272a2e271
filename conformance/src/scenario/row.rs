//! A row that the run created.

use serde_json::Value;

use super::step::Step;
use crate::contract::Resource;

/// A row that the run created.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) resource: Resource,
    /// The opaque id.
    pub(crate) id: String,
    /// The number, where rows have one.
    pub(crate) display: Option<String>,
    /// The body that its create answered.
    pub(crate) value: Value,
    /// The opaque id of its owner.
    pub(crate) parent: Option<String>,
    /// The request that created it.
    pub(crate) created_by: Step,
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
