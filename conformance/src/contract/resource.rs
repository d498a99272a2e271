//! A resource with the operations that act on it.

use std::fmt;
use std::ops::Deref;

use schemas::{Action, Contract, Rejection, Standing};

use super::expectation::Refusal;
use super::operation::Operation;

/// A resource with the operations that act on it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Resource {
    contract: Contract,
    index: usize,
    /// Makes a row.
    pub(crate) create: Option<Operation>,
    /// Reads a row.
    pub(crate) read: Option<Operation>,
    /// Changes a row.
    pub(crate) update: Option<Operation>,
    /// Deletes a row.
    pub(crate) delete: Option<Operation>,
    /// List rows.
    pub(crate) lists: Vec<Operation>,
}

impl Resource {
    pub(crate) fn new(contract: &Contract, index: usize, operations: &[Operation]) -> Self {
        let name = &contract.resources()[index].name;
        let all =
            |action: Action| operations.iter().filter(move |op| op.acts() == Some((name, action))).cloned();
        Self {
            create: all(Action::Create).next(),
            read: all(Action::Read).next(),
            update: all(Action::Update).next(),
            delete: all(Action::Delete).next(),
            lists: all(Action::List).collect(),
            contract: contract.clone(),
            index,
        }
    }

    /// One of its rows, in words: `an order`.
    pub(crate) fn one(&self) -> String {
        let article = if self.name.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
        format!("{article} {}", self.name)
    }

    /// The opaque id of a row.
    pub(crate) fn id_of(&self, row: &serde_json::Value) -> Option<String> {
        row.get(&self.identity.id).and_then(serde_json::Value::as_str).map(str::to_owned)
    }

    /// The number of a row, as it stands in a path.
    pub(crate) fn display_of(&self, row: &serde_json::Value) -> Option<String> {
        let number = row.get(self.identity.display.as_ref()?)?.as_u64()?;
        Some(number.to_string())
    }

    /// The pointer of what the contract says of the resource's rows.
    pub(crate) fn rules_pointer(&self) -> String {
        schemas::pointer::join(&self.pointer, "x-contract-resource")
    }

    /// How a read of an unknown row is answered.
    pub(crate) fn unknown_row(&self) -> Refusal {
        match &self.not_found {
            Some(rejection) => Refusal::new(rejection.clone(), format!("{}/not_found", self.rules_pointer())),
            None => Refusal::new(Rejection::of_status(404, Standing::Inferred), self.pointer.clone()),
        }
    }

    /// The same as an operation answers it: the code is no surer than what the operation says of such a status, while that
    /// there is no such row is a statement on the resource.
    pub(crate) fn unknown_row_of(&self, op: &Operation) -> Refusal {
        let mut refusal = self.unknown_row();
        let standing = op.standing_of(refusal.status());
        refusal.rejection.code_standing = refusal.rejection.code_standing.weakest(standing);
        refusal
    }

    /// Requests that one row costs: its create, and its delete where there is one.
    pub(crate) fn requests_per_row(&self) -> usize {
        1 + usize::from(self.delete.is_some())
    }

    /// Lists of all rows first, then those under a parent.
    pub(crate) fn lists_by_parent(&self, under_parent: bool) -> impl Iterator<Item = &Operation> {
        self.lists.iter().filter(move |op| op.has_slot(super::operation::PathSlot::Parent) == under_parent)
    }
}

impl Deref for Resource {
    type Target = schemas::Resource;

    fn deref(&self) -> &schemas::Resource {
        &self.contract.resources()[self.index]
    }
}

impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
