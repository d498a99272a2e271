//! The rows of a workspace, as a whole and one by one.

use http::StatusCode;
use schemas::{Problem, Resource, advice};
use serde_json::{Map, Value, json};

use super::Control;
use super::call::Call;
use super::told::{Refusal, created, ok};
use crate::answer::Answer;
use crate::play::delete_row;
use crate::state::{Reading, export, position};
use crate::store::{Row, RowState, State, Workspace};

impl Control<'_> {
    pub(super) fn get_state(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let state = self.one_workspace(call)?.state.read().clone();
        Ok(ok(&json!(export(self.contract, &state))))
    }

    pub(super) fn put_state(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let workspace = self.one_workspace(call)?;
        let before = workspace.state.read().clone();
        let state = self.reading(&workspace).import(&call.body, &before).map_err(broken)?;
        let told = self.counted(&state);
        workspace.replace(state);
        // What was answered under a key speaks of rows that are not there any more.
        self.idempotency.forget(Some(&workspace.name));
        Ok(ok(&told))
    }

    pub(super) fn add_row(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (workspace, index, resource) = self.table_of(call)?;
        let mut state = workspace.state.write();
        let mut document = export(self.contract, &state);
        let rows = document.entry(resource.name.clone()).or_default();
        let place = rows.len();
        rows.push(call.body.clone());
        let imported = self.reading(&workspace).import(&json!(document), &state);
        let fresh = imported.map_err(|problems| of_row(problems, &resource.name, place))?;
        let known = |row: &&Row| state.tables.get(index).is_none_or(|table| table.find(&row.id).is_none());
        let Some(added) = fresh.tables.get(index).and_then(|table| table.rows().find(known)) else {
            let help = "Write another id; a row that was deleted keeps its own.";
            return Err(Refusal::wrong("", "a row of that id is there already", help));
        };
        let value = added.value();
        put(&mut state, index, added, &value);
        if let (Some(table), Some(made)) = (state.tables.get_mut(index), fresh.tables.get(index)) {
            table.made = made.made;
        }
        Ok(created(&Value::Object(value)))
    }

    pub(super) fn put_row(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (workspace, index, resource) = self.table_of(call)?;
        let id = call.path("id");
        let mut state = workspace.state.write();
        let mut document = export(self.contract, &state);
        let rows = document.entry(resource.name.clone()).or_default();
        let sent = call.body.as_object().cloned().unwrap_or_default();
        let place = if let Some(place) = position(resource, rows, id) {
            if let Some(row) = rows.get_mut(place).and_then(Value::as_object_mut) {
                row.extend(sent);
            }
            place
        } else {
            rows.push(Value::Object(brought_back(&state, index, resource, id, sent)));
            rows.len() - 1
        };
        let wanted = rows.get(place).and_then(|row| row.get(&resource.identity.id)).cloned();
        let imported = self.reading(&workspace).import(&json!(document), &state);
        let fresh = imported.map_err(|problems| of_row(problems, &resource.name, place))?;
        let name = wanted
            .as_ref()
            .map_or(id.to_owned(), |id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        let Some(row) = fresh.tables.get(index).and_then(|table| table.find(&name).cloned()) else {
            return Err(no_row(resource, id));
        };
        let value = row.value();
        let moved =
            state.tables.get(index).and_then(|table| table.find(&name)).is_some_and(|old| old.key != row.key);
        if moved {
            // Its place among the others is another one now.
            *state = fresh;
        } else {
            put(&mut state, index, &row, &value);
        }
        Ok(ok(&Value::Object(value)))
    }

    pub(super) fn delete_row(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (workspace, index, resource) = self.table_of(call)?;
        let id = call.path("id");
        let mut state = workspace.state.write();
        let row = state.tables.get(index).and_then(|table| table.find(id)).cloned();
        let row = row.filter(|row| row.state != RowState::Deleted).ok_or_else(|| no_row(resource, id))?;
        delete_row(self.contract, &mut state, index, &row);
        Ok(ok(&json!({"deleted": &*row.id})))
    }

    /// How many rows there are.
    pub(super) fn counted(&self, state: &State) -> Value {
        let counts = export(self.contract, state).into_iter().map(|(name, rows)| (name, json!(rows.len())));
        json!({"rows": counts.collect::<Map<_, _>>()})
    }

    fn table_of(&self, call: &Call<'_>) -> Result<(std::sync::Arc<Workspace>, usize, &Resource), Refusal> {
        let workspace = self.one_workspace(call)?;
        let name = call.path("resource");
        let resources = self.contract.resources();
        let found = resources.iter().enumerate().find(|(_, resource)| resource.name == name);
        let (index, resource) = found.ok_or_else(|| {
            let names = resources.iter().map(|resource| resource.name.as_str());
            Refusal::unknown("resource", format!("the contract has no resource {name}"), advice(name, names))
        })?;
        Ok((workspace, index, resource))
    }

    pub(super) fn reading<'r>(&'r self, workspace: &'r Workspace) -> Reading<'r> {
        Reading {
            contract: self.contract,
            workspace: &workspace.name,
            seed: self.options.seed,
            now: workspace.clock.now_ms(self.options.clock),
            max_rows: self.options.limits.rows,
        }
    }
}

/// A row that is to be under an id: what it was before it was deleted, and over it what was sent.
fn brought_back(
    state: &State,
    index: usize,
    resource: &Resource,
    id: &str,
    sent: Map<String, Value>,
) -> Map<String, Value> {
    let deleted = state.tables.get(index).and_then(|table| table.find(id));
    let mut row = deleted.map(|row| row.value()).unwrap_or_default();
    row.extend(sent);
    row.entry(resource.identity.id.clone()).or_insert_with(|| json!(id));
    row
}

fn put(state: &mut State, index: usize, row: &Row, value: &Map<String, Value>) {
    state.latest = state.latest.max(row.key);
    if let Some(table) = state.tables.get_mut(index) {
        table.put(row.copy(RowState::Listed), value);
    }
}

/// Rows that break the contract.
pub(super) fn broken(problems: Vec<Problem>) -> Refusal {
    Refusal::of("rows_invalid", problems).with_status(StatusCode::UNPROCESSABLE_ENTITY)
}

/// The problems of one row, with places in it.
fn of_row(mut problems: Vec<Problem>, resource: &str, place: usize) -> Refusal {
    let prefix = format!("/{}/{place}", schemas::pointer::escape(resource));
    for problem in &mut problems {
        if let Some(rest) = problem.pointer.strip_prefix(&prefix) {
            problem.pointer = rest.to_owned();
        }
    }
    broken(problems)
}

fn no_row(resource: &Resource, id: &str) -> Refusal {
    Refusal::unknown(
        "id",
        format!("there is no {} {id}", resource.name),
        "GET /__mock/state shows those there are.",
    )
}
