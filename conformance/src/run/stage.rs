//! Rows that many cases share, so that each need not make its own.

use std::collections::HashMap;
use std::rc::Rc;

use super::row::Row;
use crate::generate::Extent;

/// Rows that many cases share. No case relies on what is in them, only on their being there.
#[derive(Debug, Default)]
pub(crate) struct Stage {
    base: HashMap<String, Rc<Row>>,
    spare: HashMap<String, Rc<Row>>,
    trouble: HashMap<String, String>,
    /// Operations that want more than the contract says, and what they take.
    extents: HashMap<String, Extent>,
}

impl Stage {
    /// The shared row of a resource.
    pub(crate) fn base(&self, resource: &str) -> Option<Rc<Row>> {
        self.base.get(resource).cloned()
    }

    /// The shared row that a deletion may hit.
    pub(crate) fn spare(&self, resource: &str) -> Option<Rc<Row>> {
        self.spare.get(resource).or_else(|| self.base.get(resource)).cloned()
    }

    /// Why there is no row of a resource.
    pub(crate) fn trouble(&self, resource: &str) -> Option<&str> {
        self.trouble.get(resource).map(String::as_str)
    }

    pub(crate) fn set_base(&mut self, row: Rc<Row>) {
        self.trouble.remove(&row.kin.name);
        self.base.insert(row.kin.name.clone(), row);
    }

    pub(crate) fn set_spare(&mut self, row: Rc<Row>) {
        self.spare.insert(row.kin.name.clone(), row);
    }

    pub(crate) fn set_trouble(&mut self, resource: &str, why: String) {
        if !self.base.contains_key(resource) {
            self.trouble.insert(resource.to_owned(), why);
        }
    }

    /// How much an operation wants at the least.
    pub(crate) fn least(&self, operation: &str, asked: Extent) -> Extent {
        match asked {
            Extent::Minimal => self.extents.get(operation).copied().unwrap_or(asked),
            Extent::Full(_) => asked,
        }
    }

    /// An operation wants more than the contract says.
    pub(crate) fn set_least(&mut self, operation: &str, extent: Extent) {
        self.extents.insert(operation.to_owned(), extent);
    }

    /// The shared row with an opaque id.
    pub(crate) fn with_id(&self, id: &str) -> Option<Rc<Row>> {
        self.base
            .values()
            .chain(self.spare.values())
            .find(|row| row.id == id || row.display.as_deref() == Some(id))
            .cloned()
    }

    /// Every shared row, in no order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Rc<Row>> {
        self.base.values().chain(self.spare.values())
    }
}
