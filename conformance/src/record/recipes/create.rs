//! What plainly works: creates, reads, deletes, and whatever else takes no special care.

use schemas::{Action, Standing};
use serde_json::{Map, Value};

use crate::contract::{Api, Operation, Resource};
use crate::generate::Extent;
use crate::http::Request;
use crate::record::recipe::{Recipe, Taken};
use crate::scenario::{CaseContext, CaseError};

/// A property no contract describes.
const NOBODYS: &str = "conformance_unknown_property";

pub(super) fn recipes(api: &Api) -> Vec<Recipe> {
    let mut found = Vec::new();
    for op in api.operations.iter().filter(|op| api.reachable(op)) {
        match op.action() {
            Action::Create => found.extend(creates(api, op)),
            Action::Read | Action::Delete => found.extend(by_either_id(api, op, "a row")),
            Action::Identity | Action::Other => found.extend(plain(api, op)),
            Action::List | Action::Update | Action::Replace | Action::Upsert => {}
        }
    }
    found
}

fn plain(api: &Api, op: &Operation) -> Vec<Recipe> {
    if op.body.is_some() {
        return bodies(api, op);
    }
    let target = op.clone();
    let plain = Recipe::new(op, "plain", "a plain request", async move |cx: &mut CaseContext| {
        cx.send(cx.request_for(&target)?).await
    });
    vec![plain.naming(api)]
}

fn bodies(api: &Api, op: &Operation) -> Vec<Recipe> {
    let least = op.clone();
    let least = Recipe::new(op, "least-body", "the least body", async move |cx: &mut CaseContext| {
        cx.send(cx.request_for(&least)?).await
    });
    let whole = op.clone();
    let whole =
        Recipe::new(op, "whole-body", "a body with every property", async move |cx: &mut CaseContext| {
            let body = cx.body(&whole, Extent::Full(Standing::Assumed))?.0;
            cx.send(cx.request_to(&whole)?.json(body)).await
        });
    [least, whole].map(|recipe| recipe.cost(2).naming(api)).into()
}

fn creates(api: &Api, op: &Operation) -> Vec<Recipe> {
    let mut found = bodies(api, op);
    let Some(resource) = api.resource_of(op) else { return found };
    let target = op.clone();
    let class = "a property nobody knows";
    found.push(Recipe::new(op, "unknown-property", class, async move |cx: &mut CaseContext| {
        let mut body = cx.body(&target, Extent::Minimal)?.0;
        body.insert(NOBODYS.to_owned(), "kept".into());
        cx.send(cx.request_to(&target)?.json(body)).await
    }));
    let set = server_set(resource, op);
    if !set.is_empty() {
        let target = op.clone();
        let class = "properties that the server sets";
        found.push(Recipe::new(op, "server-set-properties", class, async move |cx: &mut CaseContext| {
            let mut body = cx.body(&target, Extent::Minimal)?.0;
            body.extend(set.clone());
            cx.send(cx.request_to(&target)?.json(body)).await
        }));
    }
    found.into_iter().map(|recipe| recipe.cost(2).naming(api)).collect()
}

/// Values for the properties that the server sets and the body does not take.
pub(super) fn server_set(resource: &Resource, op: &Operation) -> Map<String, Value> {
    let takes = |name: &str| op.body.as_ref().is_some_and(|body| body.schema.property(name).is_some());
    let fields =
        resource.fields.values().filter(|field| field.rules.server_set.is_some() && !takes(&field.name));
    fields
        .map(|field| {
            let of_time =
                [&resource.created, &resource.updated].into_iter().flatten().any(|name| *name == field.name);
            let value = match () {
                () if of_time => Value::from("2001-02-03T04:05:06.000Z"),
                () if resource.identity.display.as_ref() == Some(&field.name) => Value::from(1),
                () => Value::from("set-by-client"),
            };
            (field.name.clone(), value)
        })
        .collect()
}

/// One recipe per way of naming the row.
pub(super) fn by_either_id(api: &Api, op: &Operation, what: &str) -> Vec<Recipe> {
    let Some(resource) = api.resource_of(op) else { return plain(api, op) };
    let mut found = Vec::new();
    for number in [false, true] {
        let Some(name) =
            (if number { resource.identity.display.as_ref() } else { Some(&resource.identity.id) })
        else {
            continue;
        };
        let (target, rows) = (op.clone(), resource.clone());
        let class = format!("{what}, by {name}");
        let file = if number { "by-number" } else { "by-id" };
        let recipe = Recipe::new(op, file, class, async move |cx: &mut CaseContext| {
            let row = cx.create_row(&rows).await?;
            let id = if number { row.display.clone() } else { Some(row.id.clone()) };
            of_row(cx, &target, id).await
        });
        found.push(recipe.cost(3).naming(api));
    }
    found
}

async fn of_row(cx: &mut CaseContext, op: &Operation, id: Option<String>) -> Taken {
    let id = id.ok_or_else(|| CaseError::NotJudged("the new row has no number".to_owned()))?;
    let request = Request::of(op).own(&id);
    let request = if op.changes_rows() { request.json(cx.change(op)?.0) } else { request };
    cx.send(request).await
}
