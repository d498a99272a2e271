//! The rows that a world begins with where nobody wrote any: those of the described examples, else sampled ones.

use schemas::{Action, Assigned, Contract, Operation, Resource, Sampler, Schema};
use serde_json::{Map, Value};

use super::blank::Blank;
use super::id::{IdForm, Turn};
use super::stamp::StampForm;

/// How many rows are sampled, of each owner where there are owners.
const SAMPLED: usize = 3;
/// How many rows a described example gives at the most.
const MOST: usize = 100;

/// A row, with the key of its owner.
#[derive(Debug, Clone)]
pub(crate) struct FirstRow {
    pub(crate) value: Map<String, Value>,
    pub(crate) owner: Option<i64>,
}

/// A row that may own others.
#[derive(Debug, Clone)]
pub(crate) struct FirstOwner {
    pub(crate) key: i64,
    pub(crate) id: Value,
}

/// The rows that a resource begins with; `owners` are the rows that may own them. `turn` is the first of those made.
pub(crate) fn first_rows(
    contract: &Contract,
    resource: &Resource,
    owners: Option<&[FirstOwner]>,
    turn: Turn<'_>,
    now: i64,
) -> Vec<FirstRow> {
    let field = resource.parent.as_ref().and_then(|parent| parent.field.as_deref());
    let described = described(contract, resource);
    if !described.is_empty() {
        let place = |value: Map<String, Value>| {
            let named = field.and_then(|field| value.get(field));
            let owner = owners.and_then(|owners| {
                let is_named = |owner: &&FirstOwner| Some(&owner.id) == named;
                owners.iter().find(is_named).or_else(|| owners.first())
            });
            FirstRow { value: owned(value, field, owner), owner: owner.map(|owner| owner.key) }
        };
        return described.into_iter().map(place).collect();
    }
    let blank = Blank::of(contract, resource);
    let ids = IdForm::of(resource);
    let Some(Value::Object(whole)) = Sampler::new(&resource.schema).best() else { return Vec::new() };
    let places: Vec<Option<&FirstOwner>> = match owners {
        Some(owners) => owners.iter().take(SAMPLED).flat_map(|owner| [Some(owner); SAMPLED]).collect(),
        None => vec![None; SAMPLED],
    };
    let identity = &resource.identity;
    let mut rows: Vec<FirstRow> = Vec::new();
    for (count, owner) in places.into_iter().enumerate() {
        let mut value = varied(resource, &whole, count);
        let turn = Turn { made: turn.made + count as u64, number: turn.number + count as u64, ..turn };
        let named = value.get(&identity.id).filter(|_| identity.assigned == Assigned::Client);
        if named.is_none_or(|id| rows_have(&rows, &identity.id, id)) {
            value.insert(identity.id.clone(), ids.make(turn));
        }
        if let Some(display) = &identity.display {
            value.insert(display.clone(), (count as u64 + 1).into());
        }
        let at = now.saturating_add(i64::try_from(count).unwrap_or_default());
        for field in resource.created.iter().chain(&resource.updated) {
            if let Some(property) = resource.schema.property(field) {
                value.insert(field.clone(), StampForm::of(&property.schema).write(at));
            }
        }
        for (field, form) in &blank.stamps {
            value.insert(field.clone(), form.write(at));
        }
        let value = Value::Object(owned(value, field, owner));
        if let (Value::Object(value), _) = Sampler::new(&resource.schema).repaired(value) {
            rows.push(FirstRow { value, owner: owner.map(|owner| owner.key) });
        }
    }
    rows
}

fn rows_have(rows: &[FirstRow], field: &str, id: &Value) -> bool {
    rows.iter().any(|row| row.value.get(field) == Some(id))
}

fn owned(
    mut value: Map<String, Value>,
    field: Option<&str>,
    owner: Option<&FirstOwner>,
) -> Map<String, Value> {
    if let (Some(field), Some(owner)) = (field, owner) {
        value.insert(field.to_owned(), owner.id.clone());
    }
    value
}

/// A sampled row as one of several: texts are numbered, members of an enum take turns.
fn varied(resource: &Resource, whole: &Map<String, Value>, count: usize) -> Map<String, Value> {
    let number = count + 1;
    let mut row = whole.clone();
    for property in resource.schema.properties() {
        let Some(value) = row.get(&property.name) else { continue };
        let schema = &property.schema;
        let members = schema.keyword("enum").and_then(Value::as_array);
        let other = match (members, value) {
            (Some(members), _) => members.get(count % members.len().max(1)).cloned(),
            (None, Value::String(text)) if text == "string" && property.name == resource.identity.id => {
                Some(format!("{}-{number}", resource.name).into())
            }
            (None, Value::String(text)) if text == "string" => {
                let word = property.name.replace(['_', '-'], " ");
                Some(format!("{word} {number}").into())
            }
            (None, Value::String(text)) if text == "user@example.com" => {
                Some(format!("user{number}@example.com").into())
            }
            (None, Value::String(text)) if count > 0 && property.name == resource.identity.id => {
                Some(format!("{text}-{number}").into())
            }
            _ => None,
        };
        if let Some(other) = other.filter(|other| schema.is_valid(other)) {
            row.insert(property.name.clone(), other);
        }
    }
    row
}

/// The rows that the examples of the resource's operations show, each id once; else those of its schema.
fn described(contract: &Contract, resource: &Resource) -> Vec<Map<String, Value>> {
    let mut rows: Vec<Map<String, Value>> = Vec::new();
    let mut add = |value: &Value| {
        let Value::Object(row) = value else { return };
        let Some(id) = row.get(&resource.identity.id).filter(|id| id.is_string() || id.is_number()) else {
            return;
        };
        let known = rows.iter().any(|other| other.get(&resource.identity.id) == Some(id));
        if rows.len() < MOST && !known && resource.schema.is_valid(value) {
            rows.push(row.clone());
        }
    };
    for action in [Action::List, Action::Read, Action::Create] {
        let acting =
            contract.operations().iter().filter(|one| one.acts() == Some((resource.name.as_str(), action)));
        for (operation, value) in acting.flat_map(examples) {
            let at = match (&operation.pages, action) {
                (Some(pages), Action::List) => pages.envelope.rows.as_str(),
                (None, Action::List) => "",
                _ => operation.role.as_ref().map_or("", |role| role.row.as_str()),
            };
            match value.pointer(at) {
                Some(Value::Array(items)) if action == Action::List => items.iter().for_each(&mut add),
                Some(value) => add(value),
                None => {}
            }
        }
    }
    if rows.is_empty() {
        let examples = stated(&resource.schema);
        let fits =
            |value: &&Value| value.get(&resource.identity.id).is_some() && resource.schema.is_valid(value);
        rows.extend(examples.iter().filter(fits).filter_map(Value::as_object).cloned());
    }
    rows
}

fn examples(operation: &Operation) -> impl Iterator<Item = (&Operation, &Value)> {
    let responses = operation.responses.iter().filter(|response| response.status.is_success());
    responses.flat_map(move |response| response.examples.iter().map(move |one| (operation, &one.value)))
}

/// The examples that a schema states of itself.
fn stated(schema: &Schema) -> Vec<Value> {
    let listed = schema.keyword("examples").and_then(Value::as_array).cloned().unwrap_or_default();
    schema.keyword("example").cloned().into_iter().chain(listed).collect()
}
