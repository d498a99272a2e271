//! What a row does not say: its id, its number, its times, its owner, its defaults.

use std::collections::{HashMap, HashSet};

use schemas::{Resource, Schema};
use serde_json::{Map, Value, json};

use super::expand::MADE;
use super::relative::instant;
use super::{Document, Reading};
use crate::clock::{format_ms, parse_ms};
use crate::new_row::{Blank, IdForm, Turn};

/// How far apart rows are created that do not say when.
const APART: i64 = 60_000;

/// What rows are named by, for references to them.
type Names = HashMap<String, Vec<(Value, Option<Value>)>>;

impl Reading<'_> {
    /// Writes into every row what it does not say. `made` counts the ids that were given out, by resource.
    pub(super) fn complete(&self, document: &mut Document, made: &mut [u64]) {
        let mut taken: HashSet<i64> = HashSet::new();
        for (position, resource) in self.contract.resources().iter().enumerate() {
            let Some(rows) = document.get_mut(&resource.name) else { continue };
            self.relative(resource, rows);
            if let Some(made) = made.get_mut(position) {
                self.identify(resource, rows, made);
            }
            taken.extend(rows.iter().filter_map(|row| created(resource, row)));
        }
        let names: Names = document
            .iter()
            .filter_map(|(name, rows)| {
                let identity = &self.contract.resource(name)?.identity;
                let named = |row: &Value| {
                    let display = identity.display.as_ref().and_then(|field| row.get(field).cloned());
                    Some((row.get(&identity.id)?.clone(), display))
                };
                Some((name.clone(), rows.iter().filter_map(named).collect()))
            })
            .collect();
        for resource in self.contract.resources() {
            let Some(rows) = document.get_mut(&resource.name) else { continue };
            let blank = Blank::of(self.contract, resource).row;
            let mut next =
                self.now.saturating_sub(APART.saturating_mul(i64::try_from(rows.len()).unwrap_or(0)));
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                let number = row.shift_remove(MADE).and_then(|number| number.as_u64());
                belong(resource, row, &names, number);
                refer(resource, row, &names);
                next = next.saturating_add(APART);
                stamp(resource, row, next, &mut taken);
                fill(resource, row, &blank, number);
                settle(resource, row);
                order(resource, row);
            }
            if let Some(created) = &resource.created {
                rows.sort_by_cached_key(|row| row.get(created).and_then(Value::as_str).and_then(parse_ms));
            }
        }
    }

    /// Instants that are told by how far they are from now.
    fn relative(&self, resource: &Resource, rows: &mut [Value]) {
        let is_time = |schema: &Schema| schema.keyword("format").and_then(Value::as_str) == Some("date-time");
        let properties = resource.schema.properties();
        let times: Vec<&str> = properties
            .iter()
            .filter(|property| is_time(&property.schema))
            .map(|property| property.name.as_str())
            .collect();
        for row in rows.iter_mut().filter_map(Value::as_object_mut) {
            for name in &times {
                if let Some(Value::String(text)) = row.get_mut(*name)
                    && let Some(told) = instant(text, self.now)
                {
                    *text = told;
                }
            }
        }
    }

    /// Ids and numbers.
    fn identify(&self, resource: &Resource, rows: &mut [Value], made: &mut u64) {
        let identity = &resource.identity;
        let numbers =
            resource.schema.property(&identity.id).is_some_and(|id| !id.schema.admits_type("string"));
        let taken: HashSet<String> =
            rows.iter().filter_map(|row| Some(row.get(&identity.id)?.to_string())).collect();
        // An id that the document holds already is not given out, now or later.
        let form = IdForm::of(resource);
        let (seed, workspace) = (self.seed, self.workspace);
        let id =
            |made: u64| form.make(Turn { seed, workspace, resource: &resource.name, made, number: made + 1 });
        if !numbers && !taken.is_empty() {
            let beyond = *made + taken.len() as u64;
            let last = (*made..beyond).rev().find(|count| taken.contains(&id(*count).to_string()));
            *made = last.map_or(*made, |last| last + 1);
        }
        let highest = |field: &str| rows.iter().filter_map(|row| row.get(field)?.as_u64()).max().unwrap_or(0);
        let mut next_id = highest(&identity.id);
        let mut next_display = identity.display.as_ref().map(|field| highest(field));
        for row in rows.iter_mut().filter_map(Value::as_object_mut) {
            if row.get(&identity.id).is_none_or(Value::is_null) {
                let value = if numbers {
                    next_id += 1;
                    json!(next_id)
                } else {
                    *made += 1;
                    id(*made - 1)
                };
                row.insert(identity.id.clone(), value);
            }
            if let (Some(field), Some(next)) = (&identity.display, &mut next_display)
                && row.get(field).is_none_or(Value::is_null)
            {
                *next += 1;
                row.insert(field.clone(), json!(*next));
            }
        }
    }
}

/// The owner: by its number as well as by its id; the only one there is, or each in turn for rows of a count.
fn belong(resource: &Resource, row: &mut Map<String, Value>, names: &Names, number: Option<u64>) {
    // An owner that is known by the path only is shown in no row.
    let Some(parent) = &resource.parent else { return };
    let Some(field) = &parent.field else { return };
    let Some(owners) = names.get(&parent.resource).filter(|owners| !owners.is_empty()) else { return };
    match row.get(field).filter(|value| !value.is_null()) {
        Some(given) => {
            if let Some(id) = named(owners, given) {
                row.insert(field.clone(), id);
            }
        }
        None if owners.len() == 1 || number.is_some() => {
            let turn = usize::try_from(number.unwrap_or(1) - 1).unwrap_or(0) % owners.len();
            row.insert(field.clone(), owners[turn].0.clone());
        }
        None => {}
    }
}

/// References by number.
fn refer(resource: &Resource, row: &mut Map<String, Value>, names: &Names) {
    for (name, field) in &resource.fields {
        let Some(reference) = &field.rules.references else { continue };
        let (Some(given), Some(known)) = (row.get(name), names.get(&reference.resource)) else { continue };
        if let Some(id) = named(known, given) {
            row.insert(name.clone(), id);
        }
    }
}

/// The id of the row that has a number.
fn named(known: &[(Value, Option<Value>)], given: &Value) -> Option<Value> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let wanted = text(given);
    let found =
        known.iter().find(|(_, display)| display.as_ref().is_some_and(|display| text(display) == wanted));
    found.map(|(id, _)| id.clone())
}

fn created(resource: &Resource, row: &Value) -> Option<i64> {
    row.get(resource.created.as_ref()?)?.as_str().and_then(parse_ms)
}

/// When it was created and changed.
fn stamp(resource: &Resource, row: &mut Map<String, Value>, mut moment: i64, taken: &mut HashSet<i64>) {
    let missing = |row: &Map<String, Value>, field: &str| row.get(field).is_none_or(Value::is_null);
    if let Some(field) = &resource.created
        && missing(row, field)
    {
        while !taken.insert(moment) {
            moment += 1;
        }
        row.insert(field.clone(), json!(format_ms(moment)));
    }
    if let Some(field) = &resource.updated
        && missing(row, field)
    {
        let at = resource.created.as_ref().and_then(|created| row.get(created).cloned());
        row.insert(field.clone(), at.unwrap_or_else(|| json!(format_ms(moment))));
    }
}

/// Everything else that a new row has.
fn fill(resource: &Resource, row: &mut Map<String, Value>, blank: &Map<String, Value>, number: Option<u64>) {
    for (name, value) in blank {
        if row.contains_key(name) {
            continue;
        }
        let made = number.filter(|_| value.is_string()).and_then(|number| {
            let field = resource.fields.get(name)?;
            if field.rules.default.is_some() {
                return None;
            }
            let schema = resource.schema.property(name)?.schema;
            let label = resource.name.replace(['_', '-'], " ");
            let candidates = [
                format!("{label} {number}"),
                format!("{}-{number}", resource.name),
                format!("{}-{number}@mail.example", resource.name),
            ];
            candidates.into_iter().map(Value::from).find(|value| schema.is_valid(value))
        });
        row.insert(name.clone(), made.unwrap_or_else(|| value.clone()));
    }
}

/// Texts as the server keeps them, times that go with a value, and values that follow from others.
fn settle(resource: &Resource, row: &mut Map<String, Value>) {
    for (name, field) in &resource.fields {
        if let Some(Value::String(text)) = row.get_mut(name) {
            *text = field.rules.normalize.iter().fold(text.clone(), |text, rule| rule.to.apply(&text));
        }
        let unset = row.get(name).is_none_or(Value::is_null);
        for when in field.rules.stamp.iter().filter_map(|stamp| stamp.when.as_ref()).filter(|_| unset) {
            let entered = when.enters.as_ref().is_some_and(|value| row.get(&when.field) == Some(value));
            let at = resource.updated.as_ref().or(resource.created.as_ref());
            if let Some(at) = at.filter(|_| entered).and_then(|at| row.get(at).cloned()) {
                row.insert(name.clone(), at);
            }
        }
    }
    for (name, field) in &resource.fields {
        if let Some(derived) = &field.rules.derived
            && row.get(&derived.from) == Some(&derived.equals)
        {
            row.insert(name.clone(), derived.value.clone());
        }
    }
}

/// The properties in the order of the description; those that it does not have, last.
fn order(resource: &Resource, row: &mut Map<String, Value>) {
    let mut ordered = Map::with_capacity(row.len());
    for name in resource.fields.keys() {
        if let Some(value) = row.shift_remove(name) {
            ordered.insert(name.clone(), value);
        }
    }
    ordered.append(row);
    *row = ordered;
}
