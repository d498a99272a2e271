//! Rows that many cases name, so that each need not create its own.

use std::collections::HashMap;
use std::rc::Rc;

use super::row::Row;
use crate::generate::Extent;

/// Rows that many cases name. No case relies on what is in them, only on their existence.
#[derive(Debug, Default)]
pub(crate) struct SharedRows {
    base: HashMap<String, Rc<Row>>,
    spare: HashMap<String, Rc<Row>>,
    missing: HashMap<String, String>,
    extents: HashMap<String, Extent>,
}

impl SharedRows {
    /// The shared row of a resource.
    pub(crate) fn base(&self, resource: &str) -> Option<Rc<Row>> {
        self.base.get(resource).cloned()
    }

    /// The shared row that a deletion may hit.
    pub(crate) fn spare(&self, resource: &str) -> Option<Rc<Row>> {
        self.spare.get(resource).or_else(|| self.base.get(resource)).cloned()
    }

    /// Why there is no row of a resource.
    pub(crate) fn why_missing(&self, resource: &str) -> Option<&str> {
        self.missing.get(resource).map(String::as_str)
    }

    pub(crate) fn set_base(&mut self, row: Rc<Row>) {
        let row = Rc::new(Rc::unwrap_or_clone(row).lightened());
        self.missing.remove(&row.resource.name);
        self.base.insert(row.resource.name.clone(), row);
    }

    pub(crate) fn set_spare(&mut self, row: Rc<Row>) {
        let row = Rc::new(Rc::unwrap_or_clone(row).lightened());
        self.spare.insert(row.resource.name.clone(), row);
    }

    pub(crate) fn set_missing(&mut self, resource: &str, why: String) {
        if !self.base.contains_key(resource) {
            self.missing.insert(resource.to_owned(), why);
        }
    }

    /// How full a body an operation wants at the least: more than the contract says, where the target asked for more.
    pub(crate) fn least_extent(&self, operation: &str, asked: Extent) -> Extent {
        match asked {
            Extent::Minimal => self.extents.get(operation).copied().unwrap_or(asked),
            Extent::Full(_) => asked,
        }
    }

    /// An operation wants fuller bodies than the contract says.
    pub(crate) fn set_least_extent(&mut self, operation: &str, extent: Extent) {
        self.extents.insert(operation.to_owned(), extent);
    }

    /// The shared row with an id, opaque or display.
    pub(crate) fn with_id(&self, id: &str) -> Option<Rc<Row>> {
        self.rows().find(|row| row.id == id || row.display.as_deref() == Some(id)).cloned()
    }

    /// Every shared row, in no order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Rc<Row>> {
        self.base.values().chain(self.spare.values())
    }
}
