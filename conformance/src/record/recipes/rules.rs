//! Properties that follow from others: derived, stamped, held by one row alone.

use serde_json::{Map, Value};

use crate::contract::{Api, Operation, Resource};
use crate::record::literal::slug_of;
use crate::record::recipe::Recipe;
use crate::scenario::CaseContext;

pub(super) fn recipes(api: &Api) -> Vec<Recipe> {
    let mut found = Vec::new();
    for resource in api.resources.iter().filter(|resource| resource.create.is_some()) {
        for field in resource.fields.values() {
            if let Some(rule) = &field.rules.derived {
                for op in [&resource.create, &resource.update].into_iter().flatten() {
                    found.extend(setting(api, resource, op, &rule.from, &rule.equals));
                }
                found.extend(leaving(api, resource, &field.name, &rule.value));
            }
            for when in field.rules.stamp.iter().filter_map(|stamp| stamp.when.as_ref()) {
                for value in when.enters.iter().chain(&when.leaves) {
                    found.extend(leaving(api, resource, &when.field, value));
                }
            }
            if let Some(rule) = &field.rules.exclusive {
                found.extend(taken_over(api, resource, &field.name, &rule.value));
            }
        }
    }
    found
}

fn takes(op: &Operation, field: &str) -> bool {
    op.body.as_ref().is_some_and(|body| body.schema.property(field).is_some())
}

/// The property that another one follows gets the value that decides.
fn setting(api: &Api, resource: &Resource, op: &Operation, field: &str, value: &Value) -> Option<Recipe> {
    if !takes(op, field) || !api.reachable(op) {
        return None;
    }
    let fields = Map::from_iter([(field.to_owned(), value.clone())]);
    let (target, rows) = (op.clone(), resource.clone());
    let (name, class) = (format!("{field}-{}", slug_of(value)), format!("{field} is {}", shown(value)));
    let recipe = Recipe::new(op, name, class, async move |cx: &mut CaseContext| {
        if target.action() == schemas::Action::Create {
            let request = cx.create_request(&rows, None, fields.clone())?;
            return cx.send(request).await;
        }
        let row = cx.create_row(&rows).await?;
        cx.send(cx.update_request(&target, &row, fields.clone())?).await
    });
    Some(recipe.cost(3).naming(api))
}

/// A value that means something is left for another.
fn leaving(api: &Api, resource: &Resource, field: &str, value: &Value) -> Option<Recipe> {
    let op = resource.update.as_ref().filter(|op| takes(op, field) && api.reachable(op))?;
    let schema = op.body.as_ref()?.schema.property(field)?.schema;
    let other = schema
        .keyword("enum")?
        .as_array()?
        .iter()
        .find(|member| *member != value && !member.is_null())?
        .clone();
    let enter = Map::from_iter([(field.to_owned(), value.clone())]);
    let leave = Map::from_iter([(field.to_owned(), other.clone())]);
    let (target, rows) = (op.clone(), resource.clone());
    let name = format!("{field}-{}-then-{}", slug_of(value), slug_of(&other));
    let class = format!("{field} was {} and is {}", shown(value), shown(&other));
    let recipe = Recipe::new(op, name, class, async move |cx: &mut CaseContext| {
        let row = cx.create_row(&rows).await?;
        let entered = cx.send(cx.update_request(&target, &row, enter.clone())?).await?;
        cx.require_success(&entered)?;
        cx.send(cx.update_request(&target, &row, leave.clone())?).await
    });
    Some(recipe.cost(4).naming(api))
}

/// A value that one row alone may have is given to another one.
fn taken_over(api: &Api, resource: &Resource, field: &str, value: &Value) -> Option<Recipe> {
    let read = resource.read.clone().filter(|op| api.reachable(op))?;
    let owner = api.resource(&resource.parent.as_ref()?.resource)?.clone();
    resource.create.as_ref().filter(|op| takes(op, field))?;
    let fields = Map::from_iter([(field.to_owned(), value.clone())]);
    let rows = resource.clone();
    let name = format!("{field}-taken-over");
    let class = format!("{field} was {}, and then another row's", shown(value));
    let recipe = Recipe::new(&read.clone(), name, class, async move |cx: &mut CaseContext| {
        let owner = cx.create_row(&owner).await?;
        let first = cx.create_row_with(&rows, Some(&owner), fields.clone()).await?;
        cx.create_row_with(&rows, Some(&owner), fields.clone()).await?;
        cx.send(first.request(&read)).await
    });
    Some(recipe.cost(7).naming(api))
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
