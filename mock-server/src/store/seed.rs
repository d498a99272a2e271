//! From fixtures to tables.

use fixtures::WorkspaceSeed;
use imbl::Vector;
use schemas::{Action, Contract, ParameterLocation, Resource, Standing};
use serde_json::{Map, Value};

use super::row::{NO_OWNER, Row, RowState};
use super::table::{Table, filter_text};
use super::workspace::{State, Workspace};
use crate::clock::parse_ms;
use crate::new_row::{FirstOwner, Turn, first_rows};

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
    State { tables, latest: 0, waits: Vector::new() }
}

/// Tables with a workspace's rows. The fixtures were checked: rows are in order and complete.
pub(crate) fn seeded(contract: &Contract, seed: &WorkspaceSeed) -> State {
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

/// Tables whose rows nobody wrote: each gets the rows that it begins with when it is first asked for.
pub(super) fn waiting(contract: &Contract) -> State {
    let named = |resource: &Resource| resource.standing == Standing::Documented;
    State { waits: contract.resources().iter().map(|resource| !named(resource)).collect(), ..empty(contract) }
}

/// Sees to it that some tables of a workspace have the rows that they begin with.
pub(crate) fn begin(
    contract: &Contract,
    workspace: &Workspace,
    tables: impl Iterator<Item = usize> + Clone,
    seed: u64,
    now: i64,
) {
    let waits = |state: &State| tables.clone().any(|table| state.waits.get(table) == Some(&true));
    if waits(&workspace.state.read()) {
        let mut state = workspace.state.write();
        for table in tables {
            begin_table(contract, &mut state, table, seed, &workspace.name, now);
        }
    }
}

/// Gives a table that waits for them the rows that it begins with, after the tables of its owners.
fn begin_table(contract: &Contract, state: &mut State, index: usize, seed: u64, workspace: &str, now: i64) {
    if !state.waits.get(index).copied().unwrap_or_default() {
        return;
    }
    // Marked before it is done: in a circle of owners somebody has to begin.
    state.waits.set(index, false);
    let Some(resource) = contract.resources().get(index) else { return };
    let parent = resource.parent.as_ref();
    let owner =
        parent.and_then(|parent| contract.resources().iter().position(|one| one.name == parent.resource));
    let owners: Option<Vec<FirstOwner>> = owner.and_then(|owner| {
        begin_table(contract, state, owner, seed, workspace, now);
        let table = state.tables.get(owner)?;
        let id = &contract.resources().get(owner)?.identity.id;
        let rows = table.matching(&[], None).into_iter().rev();
        Some(
            rows.map(|row| FirstOwner { key: row.key, id: row.value().get(id).cloned().unwrap_or_default() })
                .collect(),
        )
    });
    let Some(table) = state.tables.get_mut(index) else { return };
    // What was made before a reset has had its ids; the rows of the beginning have theirs again.
    let turn = Turn { seed, workspace, resource: &resource.name, made: 0, number: 1 };
    let is_shown = parent.is_some_and(|parent| parent.field.is_some());
    let mut latest = now.max(state.latest);
    let rows = first_rows(contract, resource, owners.as_deref(), turn, latest);
    for (position, first) in rows.iter().enumerate() {
        let mut row = row(resource, &first.value, position);
        let created = resource.created.as_ref().and_then(|field| first.value.get(field));
        if created.and_then(Value::as_str).and_then(parse_ms).is_none() {
            row.key = latest;
        }
        while table.has_key(row.key) {
            row.key += 1;
        }
        latest = latest.max(row.key);
        row.owner = first.owner.filter(|_| !is_shown).unwrap_or(NO_OWNER);
        table.put(row, &first.value);
        table.made += 1;
    }
    state.latest = state.latest.max(latest);
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
        id: value.get(&resource.identity.id).and_then(filter_text).unwrap_or_default().into(),
        display: resource.identity.display.as_ref().and_then(number).unwrap_or(position),
        state: RowState::Listed,
        owner: NO_OWNER,
        bytes: serde_json::to_vec(value).unwrap_or_default().into(),
        beneath: None,
    }
}
