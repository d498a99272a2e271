//! Creates and updates.

use std::sync::Arc;

use schemas::{Resource, Scope};
use serde::Serialize;
use serde_json::{Map, Value};

use super::RequestContext;
use super::draft::RowDraft;
use crate::answer::Answer;
use crate::clock::format_ms;
use crate::ids::opaque_id;
use crate::refusal::kind;
use crate::store::{Fields as _, Row, RowState, State, filter_text};

/// A usual row's length.
const ROW_BYTES: usize = 512;

impl RequestContext<'_> {
    /// Makes a row.
    pub(super) fn create(&self, body: Map<String, Value>) -> Result<Answer, Answer> {
        let resource = self.resource(self.prepared.resource)?;
        let mut state = self.workspace.state.write();
        let owner = self.owner(&state)?.map(|row| row.id.to_string());
        let sent = self.sent(body, &state)?;
        if !state.make_room(self.prepared.resource, self.max_rows) {
            let message =
                format!("The workspace holds {} rows, as many as it may; see --max-rows.", self.max_rows);
            return Err(self.refusals.of_kind(kind::LIMIT_REACHED, 400, &message));
        }

        let table = self.table(&state, self.prepared.resource)?;
        let id = opaque_id(self.seed, &self.workspace.name, &resource.name, table.made);
        let display = table.next_display();
        let now = state.latest.saturating_add(1).max(self.now);
        let mut draft = RowDraft::new(&self.prepared.blank);
        let identity = &resource.identity;
        draft.set(&identity.id, id.as_str().into());
        if let Some(field) = &identity.display {
            draft.set(field, display.into());
        }
        for field in resource.created.iter().chain(&resource.updated) {
            draft.set(field, format_ms(now).into());
        }
        let shown = resource.parent.as_ref().and_then(|parent| parent.field.as_deref());
        if let (Some(field), Some(owner)) = (shown, owner) {
            draft.set(field, owner.into());
        }
        draft.apply(resource, sent);
        draft.settle(resource, now);
        self.refuse_taken(resource, &state, &draft, None)?;

        state.tick(self.now);
        self.clear_exclusive(resource, &mut state, &draft, now);
        let key = now;
        let bytes = self.put(&mut state, key, &id, display, RowState::Listed, &draft)?;
        if let Some(table) = state.tables.get_mut(self.prepared.resource) {
            table.made += 1;
        }
        Ok(Answer::json(self.success(), bytes))
    }

    /// Changes the fields that were sent.
    pub(super) fn update(&self, body: Map<String, Value>) -> Result<Answer, Answer> {
        let resource = self.resource(self.prepared.resource)?;
        let mut state = self.workspace.state.write();
        let row = Arc::clone(self.named_row(&state)?);
        if row.state == RowState::Deleted {
            return Err(self.unknown(self.prepared.resource));
        }
        let sent = self.sent(body, &state)?;
        let mut draft = RowDraft::of(row.value(), row.beneath.as_deref());
        let now = state.latest.saturating_add(1).max(self.now);
        draft.apply(resource, sent);
        if let Some(field) = &resource.updated {
            draft.set(field, format_ms(now).into());
        }
        draft.settle(resource, now);
        self.refuse_taken(resource, &state, &draft, Some(row.key))?;

        state.tick(self.now);
        self.clear_exclusive(resource, &mut state, &draft, now);
        let bytes = self.put(&mut state, row.key, &row.id, row.display, row.state, &draft)?;
        Ok(Answer::json(self.success(), bytes))
    }

    /// What of a body is stored: described properties of the resource, references as opaque ids.
    fn sent(&self, body: Map<String, Value>, state: &State) -> Result<Map<String, Value>, Answer> {
        let mut sent = Map::new();
        for (name, value) in body {
            let Some(reference) = self.prepared.accepted.get(&name) else {
                continue;
            };
            let value = whole(value);
            let value = match (reference, filter_text(&value)) {
                (Some(reference), Some(text)) => {
                    let position =
                        self.contract.resources().iter().position(|other| other.name == reference.resource);
                    let position = position.ok_or_else(|| self.lost())?;
                    let row =
                        self.table(state, position)?.find(&text).filter(|row| row.state != RowState::Deleted);
                    let Some(row) = row else {
                        return Err(match &reference.rejection {
                            Some(rejection) => {
                                let message = format!("No such {}.", reference.resource);
                                self.refusals.of(rejection, &message, Some(&name))
                            }
                            None => self.unknown(position),
                        });
                    };
                    Value::String(row.id.to_string())
                }
                _ => value,
            };
            sent.insert(name, value);
        }
        Ok(sent)
    }

    /// Refuses a value that another row holds.
    fn refuse_taken(
        &self,
        resource: &Resource,
        state: &State,
        value: &RowDraft<'_>,
        own: Option<i64>,
    ) -> Result<(), Answer> {
        let table = self.table(state, self.prepared.resource)?;
        for field in resource.fields.values() {
            let Some(unique) = &field.rules.unique else {
                continue;
            };
            if table.holder(&field.name, value).is_some_and(|holder| Some(holder) != own) {
                let message = format!("This {} is already in use.", field.name);
                return Err(self.refusals.of(&unique.rejection, &message, Some(&field.name)));
            }
        }
        Ok(())
    }

    /// Takes a value that only one row may have from the row that has it.
    fn clear_exclusive(&self, resource: &Resource, state: &mut State, value: &RowDraft<'_>, now: i64) {
        for field in resource.fields.values() {
            let Some(exclusive) = &field.rules.exclusive else {
                continue;
            };
            if value.field(&field.name) != Some(&exclusive.value) {
                continue;
            }
            let Value::Bool(held) = exclusive.value else {
                continue;
            };
            let Some(table) = state.tables.get_mut(self.prepared.resource) else {
                continue;
            };
            let owner = resource.parent.as_ref().and_then(|parent| parent.field.as_deref());
            // Owners have few rows; without owners, few rows have the value.
            let (by, text) = match (exclusive.scope, owner) {
                (Scope::Parent, Some(owner)) => {
                    (owner, value.field(owner).and_then(filter_text).map(std::borrow::Cow::into_owned))
                }
                _ => (field.name.as_str(), Some(held.to_string())),
            };
            for row in table.having(by, &text.unwrap_or_default()) {
                let mut other = row.value();
                let same = other.get(&resource.identity.id) == value.field(&resource.identity.id);
                if same || other.get(&field.name) != Some(&exclusive.value) {
                    continue;
                }
                other.insert(field.name.clone(), Value::Bool(!held));
                if let Some(updated) = &resource.updated {
                    other.insert(updated.clone(), format_ms(now).into());
                }
                let bytes = row_text(&other, row.bytes.len());
                let cleared = Row {
                    key: row.key,
                    id: row.id.clone(),
                    display: row.display,
                    state: row.state,
                    bytes,
                    beneath: row.beneath.clone(),
                };
                table.put(cleared, &other);
            }
        }
    }

    fn put(
        &self,
        state: &mut State,
        key: i64,
        id: &str,
        display: u64,
        row_state: RowState,
        draft: &RowDraft<'_>,
    ) -> Result<bytes::Bytes, Answer> {
        let bytes = row_text(draft, ROW_BYTES);
        let beneath = (!draft.beneath.is_empty()).then(|| Box::new(draft.beneath.clone()));
        let row = Row { key, id: id.into(), display, state: row_state, bytes: bytes.clone(), beneath };
        let table = state.tables.get_mut(self.prepared.resource).ok_or_else(|| self.lost())?;
        table.put(row, draft);
        Ok(bytes)
    }
}

/// An object as JSON text, in a buffer of just its size: rows are kept for long. `about` is its likely length.
fn row_text(value: &impl Serialize, about: usize) -> bytes::Bytes {
    let mut buffer = Vec::with_capacity(about.max(ROW_BYTES));
    // Writing to memory does not fail, and the keys of an object are texts.
    let _ = serde_json::to_writer(&mut buffer, value);
    // Copied, not shrunk: an allocator may leave a shrunk buffer where it is, as large as it was.
    bytes::Bytes::copy_from_slice(&buffer)
}

/// `1.0` is the integer 1, and is kept as one.
fn whole(value: Value) -> Value {
    match &value {
        Value::Number(number) => match number.as_f64() {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "whole, and within what a double holds exactly"
            )]
            Some(float)
                if number.is_f64() && float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0 =>
            {
                Value::from(float as i64)
            }
            _ => value,
        },
        _ => value,
    }
}
