//! A row that the run created.

use serde_json::{Map, Value};

use super::step::Step;
use crate::contract::{Operation, Resource};
use crate::http::Request;

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
    /// What the path of its create named: its owner, the owner's owner, and so on outwards.
    pub(crate) owners: Vec<String>,
    /// The request that created it.
    pub(crate) created_by: Step,
}

impl Row {
    /// The same for keeping until the end of the run: without a value that is too large for that.
    #[must_use]
    pub(crate) fn lightened(self) -> Self {
        if self.size <= MOST_KEPT { self } else { Self { value: Value::Null, size: 0, ..self } }
    }

    /// A request of an operation on it.
    pub(crate) fn request(&self, op: &Operation) -> Request {
        Request::of(op).owned_by(&self.owners).own(&self.id)
    }

    /// A request that changes it. Where the body names the row as well, it names this one.
    pub(crate) fn change(&self, op: &Operation, mut body: Map<String, Value>) -> Request {
        let key = &self.resource.identity.id;
        let takes = op.body.as_ref().is_some_and(|stated| stated.schema.property(key).is_some());
        if let (Some(named), Some(own), true) = (body.get_mut(key), self.get(key), takes) {
            named.clone_from(own);
        }
        self.request(op).json(body)
    }

    /// A request of an operation on the rows that it owns.
    pub(crate) fn request_under(&self, op: &Operation) -> Request {
        Request::of(op).owned_by(&self.path())
    }

    /// Its id, and those of its owners outwards.
    pub(crate) fn path(&self) -> Vec<String> {
        std::iter::once(&self.id).chain(&self.owners).cloned().collect()
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
