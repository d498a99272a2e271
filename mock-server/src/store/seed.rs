//! From fixtures to tables.

use fixtures::WorkspaceSeed;
use imbl::Vector;
use schemas::{Action, Contract, ParameterLocation, Resource};
use serde_json::{Map, Value};

use super::row::{Row, RowState};
use super::table::Table;
use super::workspace::State;
use crate::clock::parse_ms;

/// The fields of a resource that lists select by: filters, and the owner.
pub(super) fn indexed_fields(contract: &Contract, resource: &Resource) -> Vec<String> {
    let lists = contract
        .operations()
        .iter()
        .filter(|operation| operation.acts() == Some((&resource.name, Action::List)));
    let filters = lists.flat_map(|operation| {
        operation.parameters_in(ParameterLocation::Query).filter_map(|parameter| parameter.filter.as_ref())
    });
    let exclusive =
        resource.fields.values().filter(|field| field.rules.exclusive.is_some()).map(|field| &field.name);
    let mut fields: Vec<String> =
        filters.map(|filter| filter.field.clone()).chain(exclusive.cloned()).collect();
    fields.extend(resource.parent.as_ref().and_then(|parent| parent.field.clone()));
    fields.sort();
    fields.dedup();
    fields
}

/// Empty tables.
pub(super) fn empty(contract: &Contract) -> State {
    let tables: Vector<Table> = contract
        .resources()
        .iter()
        .map(|resource| Table::new(resource, &indexed_fields(contract, resource)))
        .collect();
    State { tables, latest: 0 }
}

/// Tables with a workspace's rows. The fixtures were checked: rows are in order and complete.
pub(super) fn seeded(contract: &Contract, seed: &WorkspaceSeed) -> State {
    let mut state = empty(contract);
    for (index, resource) in contract.resources().iter().enumerate() {
        for (position, value) in seed.of(&resource.name).iter().enumerate() {
            let Value::Object(value) = value else { continue };
            let row = row(resource, value, position);
            state.latest = state.latest.max(row.key);
            if let Some(table) = state.tables.get_mut(index) {
                table.put(row, value);
            }
        }
    }
    state
}

fn row(resource: &Resource, value: &Map<String, Value>, position: usize) -> Row {
    let text = |field: &str| value.get(field).and_then(Value::as_str);
    let number = |field: &String| value.get(field).and_then(Value::as_u64);
    let position = position as u64 + 1;
    Row {
        key: resource
            .created
            .as_deref()
            .and_then(text)
            .and_then(parse_ms)
            .unwrap_or_else(|| i64::try_from(position).unwrap_or(i64::MAX)),
        id: text(&resource.identity.id).unwrap_or_default().into(),
        display: resource.identity.display.as_ref().and_then(number).unwrap_or(position),
        state: RowState::Listed,
        bytes: serde_json::to_vec(value).unwrap_or_default().into(),
        beneath: None,
    }
}
