//! A row to which nothing was sent.

use std::collections::HashSet;

use schemas::{Contract, Resource, Sampler, Schema};
use serde_json::{Map, Value, json};

use super::stamp::StampForm;

/// A row to which nothing was sent: constants, defaults, nulls, and the plainest value where nothing else is stated.
#[derive(Debug, Clone, Default)]
pub(crate) struct Blank {
    pub(crate) row: Map<String, Value>,
    /// Properties with the time of creation that the description does not call so.
    pub(crate) stamps: Vec<(String, StampForm)>,
}

impl Blank {
    /// For the rows of a resource.
    pub(crate) fn of(contract: &Contract, resource: &Resource) -> Self {
        let sent = sent_by_clients(contract, resource);
        let mut blank = Self::default();
        for (field, property) in resource.fields.values().zip(resource.schema.properties()) {
            let named = [Some(&resource.identity.id), resource.created.as_ref(), resource.updated.as_ref()];
            let owner = resource.parent.as_ref().and_then(|parent| parent.field.as_ref());
            let is_set = named.into_iter().chain([owner]).flatten().any(|name| *name == field.name);
            let servers = !sent.contains(&field.name) && !is_set;
            let schema = &property.schema;
            let stated = schema.keyword("const").or_else(|| schema.keyword("default")).cloned();
            let value = match &field.rules.default {
                Some(default) => Some(default.value.clone()),
                None => stated.filter(|value| schema.is_valid(value)),
            };
            let nullable = schema.is_valid(&Value::Null);
            let shown = field.required || servers;
            if value.is_none() && servers && !nullable && StampForm::is_time(schema) {
                blank.stamps.push((field.name.clone(), StampForm::of(schema)));
            }
            let value = value.or_else(|| nullable.then_some(Value::Null));
            if let Some(value) = value.or_else(|| shown.then(|| plain(schema)).flatten()) {
                blank.row.insert(field.name.clone(), value);
            }
        }
        blank
    }
}

/// The plainest value: empty where that will do.
fn plain(schema: &Schema) -> Option<Value> {
    let nothing = [json!([]), json!(false), json!(0)];
    let stated = schema.keyword("example").is_some() || schema.keyword("examples").is_some();
    let types = schema.types();
    let empty = nothing.into_iter().find(|value| {
        let kind = match value {
            Value::Array(_) => "array",
            Value::Bool(_) => "boolean",
            _ => "integer",
        };
        types.contains(&kind) && schema.is_valid(value)
    });
    empty.filter(|value| value.is_array() || !stated).or_else(|| Sampler::new(schema).sample())
}

/// The properties that some body of the resource gives a row.
fn sent_by_clients(contract: &Contract, resource: &Resource) -> HashSet<String> {
    let bodies = contract.operations().iter().filter_map(|operation| {
        let role = operation.role.as_ref().filter(|role| role.resource.as_deref() == Some(&resource.name))?;
        operation.body.as_ref()?.schema.within(&role.body_row)
    });
    bodies.flat_map(|schema| schema.properties()).map(|property| property.name).collect()
}
