//! Rows named in a path or a body: unknown ones, deleted ones, and names of the wrong form.

use schemas::Action;
use serde_json::{Map, Value};

use crate::contract::{Api, Operation, PathSlot, Resource, id_value, reference};
use crate::generate::Extent;
use crate::http::Request;
use crate::law::unknown_id_of;
use crate::record::recipe::{Recipe, Taken};
use crate::scenario::{CaseContext, CaseError, Row};

/// A number no workspace counts up to.
const UNKNOWN_NUMBER: &str = "999999999";

/// How a row is named wrongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    UnknownId,
    UnknownNumber,
    Deleted,
}

const NAMES: [(Name, &str, &str); 3] = [
    (Name::UnknownId, "unknown", "one that no row has"),
    (Name::UnknownNumber, "unknown-number", "a number that no row has"),
    (Name::Deleted, "deleted", "that of a row that was deleted"),
];

pub(super) fn recipes(api: &Api) -> Vec<Recipe> {
    let mut found = Vec::new();
    for op in api.operations.iter().filter(|op| api.reachable(op)) {
        for slot in [PathSlot::Own, PathSlot::Parent] {
            let resource = if slot == PathSlot::Own { api.resource_of(op) } else { api.parent_of(op) };
            if let Some(resource) = resource.filter(|_| op.has_slot(slot)) {
                found.extend(in_path(api, op, resource, slot));
            }
        }
        let properties = op.body.iter().flat_map(|body| body.schema.properties());
        for property in properties.filter(|_| op.action() == Action::Create) {
            let named = reference(&property).and_then(|name| api.resource(&name));
            if let Some(resource) = named.filter(|resource| resource.create.is_some()) {
                found.extend(in_body(api, op, resource, &property.name));
            }
        }
    }
    found
}

fn in_path(api: &Api, op: &Operation, resource: &Resource, slot: PathSlot) -> Vec<Recipe> {
    let mut found = Vec::new();
    for (how, name, class) in NAMES {
        if how == Name::UnknownNumber && resource.identity.display.is_none() {
            continue;
        }
        if how == Name::Deleted && resource.delete.is_none() {
            continue;
        }
        let (file, class) = match slot {
            PathSlot::Parent => {
                (format!("{}-{name}", resource.name), format!("the id of the {} is {class}", resource.name))
            }
            PathSlot::Own | PathSlot::Ancestor | PathSlot::Free => {
                (format!("id-{name}"), format!("the id is {class}"))
            }
        };
        let (target, rows) = (op.clone(), resource.clone());
        let act = async move |cx: &mut CaseContext| {
            let id = wrong(cx, &rows, how).await?;
            let request = whole(cx, &target)?;
            cx.send(if slot == PathSlot::Own { request.own(&id) } else { request.parent(&id) }).await
        };
        let recipe = Recipe::refusal(op, file, class, act);
        found.push(recipe.cost(if how == Name::Deleted { 3 } else { 1 }).naming(api));
    }
    if slot == PathSlot::Parent {
        found.extend(parent_by_number(api, op, resource));
    } else if let Some(field) = text_of(resource) {
        let (target, rows) = (op.clone(), resource.clone());
        let class = format!("the {field} of a row in the place of its id");
        let recipe =
            Recipe::refusal(op, format!("{field}-as-id"), class, async move |cx: &mut CaseContext| {
                let row = named_by(cx, &rows, &field).await?;
                let text = row.text(&field).unwrap_or_default().to_owned();
                let request = whole(cx, &target)?.own(&text);
                cx.send(request).await
            });
        found.push(recipe.cost(3).naming(api));
    }
    found
}

/// The request of an operation with whatever body it takes.
fn whole(cx: &CaseContext, op: &Operation) -> Result<Request, CaseError> {
    cx.request_for(op)
}

async fn wrong(cx: &mut CaseContext, resource: &Resource, how: Name) -> Result<String, CaseError> {
    match how {
        Name::UnknownId => unknown_id_of(cx, resource),
        Name::UnknownNumber => Ok(UNKNOWN_NUMBER.to_owned()),
        Name::Deleted => {
            let row = cx.create_row(resource).await?;
            let Some(delete) = &resource.delete else { return Ok(row.id) };
            let deleted = cx.send(row.request(delete)).await?;
            cx.require_success(&deleted)?;
            Ok(row.id)
        }
    }
}

/// A unique text by which people might name a row.
fn text_of(resource: &Resource) -> Option<String> {
    let body = resource.create.as_ref()?.body.as_ref()?;
    let unique = resource.fields.values().filter(|field| field.rules.unique.is_some());
    unique
        .map(|field| field.name.clone())
        .find(|name| body.schema.property(name).is_some_and(|property| property.schema.admits_type("string")))
}

async fn named_by(cx: &mut CaseContext, resource: &Resource, field: &str) -> Result<Row, CaseError> {
    let value = resource.create.as_ref().and_then(|create| cx.value(create, field));
    let value = value.ok_or_else(|| CaseError::NotJudged(format!("no value of {field} can be made")))?;
    cx.create_row_with(resource, None, Map::from_iter([(field.to_owned(), value)])).await
}

/// The owner by its number is as good as by its id.
fn parent_by_number(api: &Api, op: &Operation, resource: &Resource) -> Option<Recipe> {
    let number = resource.identity.display.clone()?;
    let (target, owner) = (op.clone(), resource.clone());
    let class = format!("the {} by {number}", resource.name);
    let recipe =
        Recipe::new(op, format!("{}-by-number", resource.name), class, async move |cx: &mut CaseContext| {
            let row = cx.create_row(&owner).await?;
            let number =
                row.display.ok_or_else(|| CaseError::NotJudged("the new row has no number".to_owned()))?;
            let request = whole(cx, &target)?.parent(&number);
            cx.send(request).await
        });
    Some(recipe.cost(4).naming(api))
}

fn in_body(api: &Api, op: &Operation, resource: &Resource, property: &str) -> Vec<Recipe> {
    let mut found = Vec::new();
    for (how, name, class) in NAMES {
        if how == Name::Deleted && resource.delete.is_none() {
            continue;
        }
        let (target, rows, field) = (op.clone(), resource.clone(), property.to_owned());
        let act = async move |cx: &mut CaseContext| {
            let id = wrong(cx, &rows, how).await?;
            naming(cx, &target, &field, &id).await
        };
        let recipe = Recipe::refusal(op, format!("{property}-{name}"), format!("{property} is {class}"), act);
        found.push(recipe.cost(if how == Name::Deleted { 3 } else { 1 }).naming(api));
    }
    if resource.identity.display.is_some() {
        let (target, rows, field) = (op.clone(), resource.clone(), property.to_owned());
        let class = format!("{property} is the number of a row");
        let act = async move |cx: &mut CaseContext| {
            let row = cx.create_row(&rows).await?;
            let number =
                row.display.ok_or_else(|| CaseError::NotJudged("the new row has no number".to_owned()))?;
            naming(cx, &target, &field, &number).await
        };
        found.push(Recipe::new(op, format!("{property}-by-number"), class, act).cost(4).naming(api));
    }
    found
}

async fn naming(cx: &mut CaseContext, op: &Operation, field: &str, id: &str) -> Taken {
    let mut body = cx.body(op, Extent::Minimal)?.0;
    let schema =
        op.body.as_ref().and_then(|body| body.schema.property(field)).map(|property| property.schema);
    body.insert(field.to_owned(), schema.map_or_else(|| Value::from(id), |schema| id_value(&schema, id)));
    cx.send(cx.request_to(op)?.json(body)).await
}
