//! The rules on values that no two rows may share.

use schemas::{Scope, Unique};
use serde_json::{Map, Value};

use crate::contract::{Api, Operation, Refusal, Resource};
use crate::law::support::{TakenValue, creatable};
use crate::scenario::Row;

/// One property that no two rows may share, which a create takes.
pub(super) struct UniqueRule<'a> {
    pub(super) resource: &'a Resource,
    pub(super) create: &'a Operation,
    pub(super) field: &'a str,
    pub(super) unique: &'a Unique,
    /// Where the contract states it.
    pub(super) place: String,
}

/// Every such property of a contract.
pub(super) fn unique_rules(api: &Api) -> Vec<UniqueRule<'_>> {
    let mut rules = Vec::new();
    for (resource, create) in creatable(api) {
        for field in resource.fields.values() {
            let Some(unique) = &field.rules.unique else { continue };
            if takes(create, &field.name) {
                let place = schemas::pointer::join(&field.pointer, "x-contract-field");
                rules.push(UniqueRule { resource, create, field: &field.name, unique, place });
            }
        }
    }
    rules
}

impl UniqueRule<'_> {
    /// What a taken value is refused with.
    pub(super) fn refusal(&self) -> Refusal {
        Refusal::new(self.unique.rejection.clone(), self.place.clone())
            .at_most(self.unique.standing)
            .blaming(self.field)
    }

    /// The set-up of a row that has a value.
    pub(super) fn taken(&self, api: &Api) -> TakenValue {
        TakenValue::of(api, self.resource, self.create, self.field)
    }

    /// The scope in words, for messages.
    pub(super) fn scope(&self) -> &'static str {
        match self.unique.scope {
            Scope::Workspace => "",
            Scope::Parent => " under the same owner",
        }
    }
}

/// Whether the body of an operation takes a property.
pub(super) fn takes(op: &Operation, field: &str) -> bool {
    op.body.as_ref().is_some_and(|body| body.schema.property(field).is_some())
}

/// A property of a row as a body.
pub(super) fn body_of(row: &Row, field: &str) -> Map<String, Value> {
    Map::from_iter([(field.to_owned(), row.get(field).cloned().unwrap_or_default())])
}
