//! Creates and updates.

use std::sync::Arc;

use schemas::{Assigned, Resource, Sampler, Scope};
use serde::Serialize;
use serde_json::{Map, Value};

use super::RequestContext;
use super::draft::RowDraft;
use crate::answer::Answer;
use crate::clock::format_ms;
use crate::new_row::Turn;
use crate::refusal::kind;
use crate::store::{Fields as _, NO_OWNER, Row, RowState, State, Table, filter_text};

/// A usual row's length.
const ROW_BYTES: usize = 512;

/// A row that a write is about to put.
struct Place {
    key: i64,
    display: u64,
    state: RowState,
    /// The key of its owner, where rows do not show that.
    owner: i64,
}

/// How often another id is tried where one is taken.
const TRIES: u64 = 50;

impl RequestContext<'_> {
    /// Makes a row.
    pub(super) fn create(&self, body: Map<String, Value>) -> Result<Answer, Answer> {
        let mut state = self.workspace.state.write();
        let owner = self.owner(&state)?.cloned();
        self.make(&mut state, owner.as_deref(), body, None)
    }

    /// Makes a row; `named` is the id that the path gives it.
    fn make(
        &self,
        state: &mut State,
        owner: Option<&Row>,
        body: Map<String, Value>,
        named: Option<Value>,
    ) -> Result<Answer, Answer> {
        let resource = self.resource(self.prepared.resource)?;
        let mut sent = self.sent(body, state)?;
        if !state.make_room(self.prepared.resource, self.max_rows) {
            let message =
                format!("The workspace holds {} rows, as many as it may; see --max-rows.", self.max_rows);
            return Err(self.refusals.of_kind(kind::LIMIT_REACHED, 400, &message));
        }
        let table = self.table(state, self.prepared.resource)?;
        let display = table.next_display();
        let now = state.latest.saturating_add(1).max(self.now);
        let mut draft = RowDraft::new(&self.prepared.blank.row);
        let identity = &resource.identity;
        let given = named.or_else(|| given_id(resource, table, &mut sent));
        draft.set(&identity.id, given.unwrap_or_else(|| self.next_id(resource, table)));
        if let Some(field) = &identity.display {
            draft.set(field, display.into());
        }
        self.stamp_new(&mut draft, now);
        let shown = resource.parent.as_ref().and_then(|parent| parent.field.as_deref());
        if let (Some(field), Some(owner)) = (shown, owner) {
            draft.set(field, self.owner_id(resource, owner));
        }
        draft.apply(resource, sent);
        draft.settle(resource, now);
        self.mend(resource, &mut draft);
        let hidden = owner.filter(|_| shown.is_none()).map_or(NO_OWNER, |owner| owner.key);
        let place = Place { key: now, display, state: RowState::Listed, owner: hidden };
        self.refuse_taken(resource, state, &draft, None)?;
        self.refuse_taken_id(resource, state, &draft, &place)?;

        state.tick(self.now);
        self.clear_exclusive(resource, state, &draft, now);
        let row = self.put(state, &place, &draft)?;
        if let Some(table) = state.tables.get_mut(self.prepared.resource) {
            table.made += 1;
        }
        let answer = self.row_answer(&row, self.prepared.created_status);
        Ok(if self.prepared.located {
            let location = self.location(&row.id);
            answer.with_header("Location", &location)
        } else {
            answer
        })
    }

    /// Changes the fields that were sent.
    pub(super) fn update(&self, body: Map<String, Value>) -> Result<Answer, Answer> {
        let mut state = self.workspace.state.write();
        let row = self.written_row(&state, &body)?;
        let draft = RowDraft::of(row.value(), row.beneath.as_deref());
        self.change(&mut state, &row, draft, body)
    }

    /// Makes of a row what was sent: what is left out is as in a new row.
    pub(super) fn replace(&self, body: Map<String, Value>) -> Result<Answer, Answer> {
        let mut state = self.workspace.state.write();
        let row = self.written_row(&state, &body)?;
        self.put_whole(&mut state, &row, body)
    }

    /// The same, and makes the row where there is none.
    pub(super) fn upsert(&self, mut body: Map<String, Value>) -> Result<Answer, Answer> {
        let resource = self.resource(self.prepared.resource)?;
        let mut state = self.workspace.state.write();
        let owner = self.owner(&state)?.cloned();
        let known = self.known_row(&state, owner.as_ref(), self.row_name())?.cloned();
        let Some(row) = known.filter(|row| row.state != RowState::Deleted) else {
            // The path says what the row is called, whatever the body says.
            body.shift_remove(&resource.identity.id);
            let id = self.named_id(resource);
            return self.make(&mut state, owner.as_deref(), body, Some(id));
        };
        body.shift_remove(&resource.identity.id);
        self.put_whole(&mut state, &row, body)
    }

    fn put_whole(&self, state: &mut State, row: &Row, body: Map<String, Value>) -> Result<Answer, Answer> {
        let mut value = self.prepared.blank.row.clone();
        let mut old = row.value();
        for (field, hidden) in row.beneath.iter().flat_map(|beneath| beneath.iter()) {
            old.insert(field.clone(), hidden.clone());
        }
        // What no body gives is the server's, and stays.
        value.extend(old.into_iter().filter(|(name, _)| self.is_servers(name)));
        self.change(state, row, RowDraft::of(value, None), body)
    }

    fn is_servers(&self, name: &str) -> bool {
        let of =
            |identity: &schemas::Identity| identity.id == name || identity.display.as_deref() == Some(name);
        let resource = self.contract.resources().get(self.prepared.resource);
        let owner = resource.and_then(|resource| resource.parent.as_ref()?.field.as_deref());
        !self.prepared.accepted.contains_key(name)
            || owner == Some(name)
            || resource.is_some_and(|resource| of(&resource.identity))
    }

    /// The row that a write is for: the one that the path names, else the one that the body names.
    fn written_row(&self, state: &State, body: &Map<String, Value>) -> Result<Arc<Row>, Answer> {
        let row = if self.prepared.row.is_some() {
            Arc::clone(self.named_row(state)?)
        } else {
            let resource = self.resource(self.prepared.resource)?;
            let name = body.get(&resource.identity.id).and_then(filter_text).unwrap_or_default();
            let owner = self.owner(state)?;
            let known = self.known_row(state, owner, &name)?;
            Arc::clone(known.ok_or_else(|| self.unknown(self.prepared.resource))?)
        };
        if row.state == RowState::Deleted {
            return Err(self.unknown(self.prepared.resource));
        }
        Ok(row)
    }

    fn change(
        &self,
        state: &mut State,
        row: &Row,
        mut draft: RowDraft<'_>,
        body: Map<String, Value>,
    ) -> Result<Answer, Answer> {
        let resource = self.resource(self.prepared.resource)?;
        let mut sent = self.sent(body, state)?;
        if resource.identity.assigned == Assigned::Server {
            sent.shift_remove(&resource.identity.id);
        }
        let now = state.latest.saturating_add(1).max(self.now);
        draft.apply(resource, sent);
        if let Some((field, form)) = &self.prepared.updated {
            draft.set(field, form.write(now));
        }
        draft.settle(resource, now);
        self.mend(resource, &mut draft);
        let place = Place { key: row.key, display: row.display, state: row.state, owner: row.owner };
        self.refuse_taken(resource, state, &draft, Some(row.key))?;
        if resource.identity.assigned == Assigned::Client {
            self.refuse_taken_id(resource, state, &draft, &place)?;
        }

        state.tick(self.now);
        self.clear_exclusive(resource, state, &draft, now);
        let row = self.put(state, &place, &draft)?;
        Ok(self.row_answer(&row, self.success()))
    }

    /// The id that the path gives, as a value.
    fn named_id(&self, resource: &Resource) -> Value {
        let text = self.row_name();
        let id = resource.schema.property(&resource.identity.id).map(|property| property.schema);
        let number = text.parse::<i64>().ok().map(Value::from);
        let fits = |value: &Value| id.as_ref().is_none_or(|schema| schema.is_valid(value));
        let name = Value::from(text);
        if fits(&name) { name } else { number.filter(fits).unwrap_or(name) }
    }

    fn next_id(&self, resource: &Resource, table: &Table) -> Value {
        let turn = |count: u64| Turn {
            seed: self.seed,
            workspace: &self.workspace.name,
            resource: &resource.name,
            made: table.made + count,
            number: table.next_number() + count,
        };
        let mut ids = (0..TRIES).map(|count| self.prepared.ids.make(turn(count)));
        let free = |id: &Value| filter_text(id).is_none_or(|text| table.find(&text).is_none());
        ids.find(free).unwrap_or_else(|| self.prepared.ids.make(turn(TRIES)))
    }

    fn stamp_new(&self, draft: &mut RowDraft<'_>, now: i64) {
        for (field, form) in self.prepared.created.iter().chain(&self.prepared.updated) {
            draft.set(field, form.write(now));
        }
        for (field, form) in &self.prepared.blank.stamps {
            draft.set(field, form.write(now));
        }
    }

    /// The id of an owner as rows of a resource show it.
    fn owner_id(&self, resource: &Resource, owner: &Row) -> Value {
        let parent = resource.parent.as_ref().and_then(|parent| self.contract.resource(&parent.resource));
        let id = parent.and_then(|parent| owner.value().get(&parent.identity.id).cloned());
        id.unwrap_or_else(|| Value::from(&*owner.id))
    }

    /// Puts right what a body admits and a row does not.
    fn mend(&self, resource: &Resource, draft: &mut RowDraft<'_>) {
        if !self.prepared.loose {
            return;
        }
        let Ok(value) = serde_json::to_value(&*draft) else { return };
        if resource.schema.is_valid(&value) {
            return;
        }
        if let (Value::Object(mended), _) = Sampler::new(&resource.schema).repaired(value) {
            *draft = RowDraft::of(mended, None);
        }
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
                    self.id_value(position, row)
                }
                _ => value,
            };
            sent.insert(name, value);
        }
        Ok(sent)
    }

    /// The id of a row as a value.
    fn id_value(&self, resource: usize, row: &Row) -> Value {
        let is_text = self.contract.resources().get(resource).is_none_or(|resource| {
            resource.schema.property(&resource.identity.id).is_none_or(|id| id.schema.admits_type("string"))
        });
        let number = || row.id.parse::<i64>().ok().map(Value::from);
        if is_text { None } else { number() }.unwrap_or_else(|| Value::from(&*row.id))
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

    /// Refuses an id that another row of the same owner has.
    fn refuse_taken_id(
        &self,
        resource: &Resource,
        state: &State,
        draft: &RowDraft<'_>,
        place: &Place,
    ) -> Result<(), Answer> {
        let name = &resource.identity.id;
        let Some(id) = draft.field(name).and_then(filter_text) else { return Ok(()) };
        let field = resource.parent.as_ref().and_then(|parent| parent.field.as_deref());
        let holder = self.table(state, self.prepared.resource)?.find_if(&id, |row| {
            let same_owner = match field {
                Some(field) => row.value().get(field) == draft.field(field),
                None => row.owner == place.owner,
            };
            same_owner && row.key != place.key && row.state != RowState::Deleted
        });
        if holder.is_none() {
            return Ok(());
        }
        let message = format!("This {name} is already in use.");
        let stated = resource.fields.get(name).and_then(|field| field.rules.unique.as_ref());
        Err(match stated {
            Some(unique) => self.refusals.of(&unique.rejection, &message, Some(name)),
            None => self.refusals.of_kind(kind::VALUE_TAKEN, 409, &message),
        })
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
                    owner: row.owner,
                    bytes,
                    beneath: row.beneath.clone(),
                };
                table.put(cleared, &other);
            }
        }
    }

    fn put(&self, state: &mut State, place: &Place, draft: &RowDraft<'_>) -> Result<Arc<Row>, Answer> {
        let resource = self.resource(self.prepared.resource)?;
        let id = draft.field(&resource.identity.id).and_then(filter_text).unwrap_or_default();
        let row = Row {
            key: place.key,
            id: id.into(),
            display: place.display,
            state: place.state,
            owner: place.owner,
            bytes: row_text(draft, ROW_BYTES),
            beneath: (!draft.beneath.is_empty()).then(|| Box::new(draft.beneath.clone())),
        };
        let table = state.tables.get_mut(self.prepared.resource).ok_or_else(|| self.lost())?;
        Ok(table.put(row, draft))
    }
}

/// The id that a client gives, taken out of what it sent where the server gives another.
fn given_id(resource: &Resource, table: &Table, sent: &mut Map<String, Value>) -> Option<Value> {
    let identity = &resource.identity;
    let name = &identity.id;
    let given = sent.shift_remove(name);
    if identity.assigned == Assigned::Client {
        // It stays among what is sent, to be written as everything else.
        let given = given.filter(|given| !given.is_null())?;
        sent.insert(name.clone(), given.clone());
        return Some(given);
    }
    let is_servers = resource.fields.get(name).is_some_and(|field| field.rules.server_set.is_some());
    let text = given.as_ref().and_then(filter_text)?;
    let is_free = table.find(&text).is_none();
    let says = !text.is_empty() && text != "0";
    let usable = !is_servers && is_free && says;
    given.clone().filter(|_| usable)
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
