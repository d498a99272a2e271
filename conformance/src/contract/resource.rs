//! A resource with the operations that act on it.

use std::fmt;
use std::ops::Deref;

use schemas::{Action, Contract, Property, Rejection, Schema, Standing};
use serde_json::Value;

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
            update: all(Action::Update).chain(all(Action::Replace)).chain(all(Action::Upsert)).next(),
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

    /// The opaque id of a row, as a path writes it.
    pub(crate) fn id_of(&self, row: &Value) -> Option<String> {
        id_text(row.get(&self.identity.id)?)
    }

    /// The schema of its rows' ids.
    pub(crate) fn id_schema(&self) -> Option<Schema> {
        self.schema.property(&self.identity.id).map(|property| property.schema)
    }

    /// The properties of a row that a create wants.
    pub(crate) fn wanted_by_create(&self) -> impl Iterator<Item = Property> {
        let properties =
            self.create.iter().filter_map(|op| op.body.as_ref()).flat_map(|body| body.schema.properties());
        properties.filter(|property| property.required)
    }

    /// The number of a row, as it stands in a path.
    pub(crate) fn display_of(&self, row: &Value) -> Option<String> {
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

    /// Requests that one row costs: its create, its read where the create does not show it, and its delete where there
    /// is one.
    pub(crate) fn requests_per_row(&self) -> usize {
        1 + usize::from(self.reads_what_it_creates()) + usize::from(self.delete.is_some())
    }

    /// Whether a row has to be read to be known, for its create does not show it.
    pub(crate) fn reads_what_it_creates(&self) -> bool {
        self.read.is_some() && self.create.as_ref().is_some_and(|create| !create.shows_row())
    }

    /// Lists of all rows first, then those under a parent.
    pub(crate) fn lists_by_parent(&self, under_parent: bool) -> impl Iterator<Item = &Operation> {
        self.lists.iter().filter(move |op| op.has_slot(super::operation::PathSlot::Parent) == under_parent)
    }
}

/// An id as a path writes it: a text, or a whole number.
pub(crate) fn id_text(id: &Value) -> Option<String> {
    match id {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// An id of a path as a body writes it, where a schema says what it is there: a number where no text is valid.
pub(crate) fn id_value(schema: &Schema, id: &str) -> Value {
    let number =
        || id.parse::<i64>().ok().filter(|_| schema.admits_type("integer") || schema.admits_type("number"));
    match number().filter(|_| !schema.admits_type("string")) {
        Some(number) => Value::from(number),
        None => Value::from(id),
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
