//! Values that no two rows may share.

use schemas::{Normalization, Scope};
use serde_json::{Map, Value};

use crate::contract::{Api, Resource};
use crate::record::recipe::{Recipe, Taken};
use crate::scenario::{CaseContext, CaseError, Row};

pub(super) fn recipes(api: &Api) -> Vec<Recipe> {
    let mut found = Vec::new();
    for resource in &api.resources {
        let Some(create) = resource.create.as_ref().filter(|op| api.reachable(op)) else { continue };
        let takes = |op: &crate::contract::Operation, name: &str| {
            op.body.as_ref().is_some_and(|body| body.schema.property(name).is_some())
        };
        for field in resource.fields.values().filter(|field| takes(create, &field.name)) {
            let Some(rule) = &field.rules.unique else { continue };
            found.extend(on_create(api, resource, &field.name, rule.scope));
            if resource.update.as_ref().is_some_and(|op| takes(op, &field.name) && api.reachable(op)) {
                found.extend(on_update(api, resource, &field.name));
            }
        }
    }
    found
}

fn on_create(api: &Api, resource: &Resource, field: &str, scope: Scope) -> Vec<Recipe> {
    let Some(create) = &resource.create else { return Vec::new() };
    let mut found = Vec::new();
    let (rows, name) = (resource.clone(), field.to_owned());
    let class = format!("{field} is taken");
    found.push(Recipe::new(create, format!("{field}-taken"), class, async move |cx: &mut CaseContext| {
        let (_, value) = taking(cx, &rows, &name).await?;
        again(cx, &rows, &name, value).await
    }));
    let changes = resource.fields.get(field).map(|field| field.rules.normalize.clone()).unwrap_or_default();
    for change in changes.into_iter().map(|change| change.to) {
        let (file, words) = otherwise(change);
        for taken in [true, false] {
            let (rows, name) = (resource.clone(), field.to_owned());
            let (file, class) = if taken {
                (format!("{field}-taken-{file}"), format!("{field} is taken, {words}"))
            } else {
                (format!("{field}-{file}"), format!("{field} is new, {words}"))
            };
            found.push(Recipe::new(create, file, class, async move |cx: &mut CaseContext| {
                let value = if taken { taking(cx, &rows, &name).await?.1 } else { fresh(cx, &rows, &name)? };
                again(cx, &rows, &name, written(change, &value)).await
            }));
        }
    }
    if let Some(delete) = resource.delete.clone() {
        let (rows, name) = (resource.clone(), field.to_owned());
        let class = format!("{field} is that of a row that was deleted");
        let file = format!("{field}-of-a-deleted-row");
        found.push(Recipe::new(create, file, class, async move |cx: &mut CaseContext| {
            let (row, value) = taking(cx, &rows, &name).await?;
            let deleted = cx.send(row.request(&delete)).await?;
            cx.require_success(&deleted)?;
            again(cx, &rows, &name, value).await
        }));
    }
    let owner = resource.parent.as_ref().and_then(|parent| api.resource(&parent.resource)).cloned();
    if let Some(owner) = owner.filter(|_| scope == Scope::Parent) {
        let (rows, name) = (resource.clone(), field.to_owned());
        let class = format!("{field} is taken under another {}", owner.name);
        let file = format!("{field}-taken-under-another-{}", owner.name);
        found.push(Recipe::new(create, file, class, async move |cx: &mut CaseContext| {
            let (_, value) = taking(cx, &rows, &name).await?;
            let other = cx.create_row(&owner).await?;
            let request = cx.create_request(&rows, Some(&other), Map::from_iter([(name.clone(), value)]))?;
            cx.send(request).await
        }));
    }
    found.into_iter().map(|recipe| recipe.cost(4).naming(api)).collect()
}

fn on_update(api: &Api, resource: &Resource, field: &str) -> Vec<Recipe> {
    let Some(update) = resource.update.clone() else { return Vec::new() };
    let mut found = Vec::new();
    for own in [false, true] {
        let (rows, name, op) = (resource.clone(), field.to_owned(), update.clone());
        let (file, class) = if own {
            (format!("{field}-own-again"), format!("{field} is its own again"))
        } else {
            (format!("{field}-taken"), format!("{field} is taken"))
        };
        found.push(Recipe::new(&update, file, class, async move |cx: &mut CaseContext| {
            let (row, value) = taking(cx, &rows, &name).await?;
            let row = if own { row } else { cx.create_row(&rows).await? };
            let body = Map::from_iter([(name.clone(), value)]);
            cx.send(cx.update_request(&op, &row, body)?).await
        }));
    }
    found.into_iter().map(|recipe| recipe.cost(5).naming(api)).collect()
}

/// How a value is written that the server changes on its way in: for a file name, and in words.
fn otherwise(change: Normalization) -> (&'static str, &'static str) {
    match change {
        Normalization::Lowercase => ("in-upper-case", "in upper case"),
        Normalization::Trim => ("with-spaces", "with spaces around it"),
    }
}

fn written(change: Normalization, value: &Value) -> Value {
    let Some(text) = value.as_str() else { return value.clone() };
    Value::String(match change {
        Normalization::Lowercase => text.to_uppercase(),
        Normalization::Trim => format!(" {text} "),
    })
}

fn fresh(cx: &CaseContext, resource: &Resource, field: &str) -> Result<Value, CaseError> {
    let value = resource.create.as_ref().and_then(|create| cx.value(create, field));
    value.ok_or_else(|| CaseError::NotJudged(format!("no value of {field} can be made")))
}

/// A row that takes a fresh value.
async fn taking(cx: &mut CaseContext, resource: &Resource, field: &str) -> Result<(Row, Value), CaseError> {
    let value = fresh(cx, resource, field)?;
    let row = cx.create_row_with(resource, None, Map::from_iter([(field.to_owned(), value.clone())])).await?;
    Ok((row, value))
}

/// A create with a value that a row has or had.
async fn again(cx: &mut CaseContext, resource: &Resource, field: &str, value: Value) -> Taken {
    let request = cx.create_request(resource, None, Map::from_iter([(field.to_owned(), value)]))?;
    cx.send(request).await
}
