//! A row that the run created.

use serde_json::Value;

use super::step::Step;
use crate::contract::Resource;

/// Bytes of an answer that is kept until the end of the run.
pub(super) const MOST_KEPT: usize = 64 << 10;

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
    /// Bytes of that body.
    pub(crate) size: usize,
    /// The opaque id of its owner.
    pub(crate) parent: Option<String>,
    /// The request that created it.
    pub(crate) created_by: Step,
}

impl Row {
    /// The same for keeping until the end of the run: without a value that is too large for that.
    #[must_use]
    pub(crate) fn lightened(self) -> Self {
        if self.size <= MOST_KEPT { self } else { Self { value: Value::Null, size: 0, ..self } }
    }

    /// A property of it.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.value.get(name)
    }

    /// A property of it that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }
}
