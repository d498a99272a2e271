//! Changes that plainly work.

use schemas::Standing;
use serde_json::{Map, Value};

use super::create::{by_either_id, server_set};
use crate::contract::{Api, Operation, Resource};
use crate::generate::Extent;
use crate::record::recipe::Recipe;
use crate::scenario::{CaseContext, CaseError};

pub(super) fn recipes(api: &Api) -> Vec<Recipe> {
    let resources = api.resources.iter().filter(|resource| resource.create.is_some());
    resources
        .filter_map(|resource| Some((resource, resource.update.as_ref().filter(|op| api.reachable(op))?)))
        .flat_map(|(resource, op)| of(api, resource, op))
        .collect()
}

fn of(api: &Api, resource: &Resource, op: &Operation) -> Vec<Recipe> {
    let mut found = by_either_id(api, op, "one property changes");
    let changes: [(&str, &str, Change); 5] = [
        ("whole-body", "every property changes", Change::Whole),
        ("empty-body", "nothing changes", Change::Nothing),
        ("all-null", "every property that may be null becomes null", Change::Clear),
        ("unknown-property", "a property nobody knows", Change::Unknown),
        ("server-set-properties", "properties that the server sets", Change::ServerSet),
    ];
    for (name, class, change) in changes {
        let (target, rows) = (op.clone(), resource.clone());
        let recipe = Recipe::new(op, name, class, async move |cx: &mut CaseContext| {
            let body = change.body(cx, &rows, &target)?;
            let fields = if change == Change::Clear { full(cx, &rows)? } else { Map::new() };
            let row = cx.create_row_with(&rows, None, fields).await?;
            cx.send(cx.update_request(&target, &row, body)?).await
        });
        found.push(recipe.cost(3).naming(api));
    }
    found
}

/// Every property a create takes, with a value.
fn full(cx: &CaseContext, resource: &Resource) -> Result<Map<String, Value>, CaseError> {
    let create = resource
        .create
        .as_ref()
        .ok_or_else(|| CaseError::NotJudged(format!("nothing makes a {}", resource.name)))?;
    cx.body(create, Extent::Full(Standing::Assumed)).map(|(body, _)| body)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Whole,
    Nothing,
    Clear,
    Unknown,
    ServerSet,
}

impl Change {
    fn body(
        self,
        cx: &CaseContext,
        resource: &Resource,
        op: &Operation,
    ) -> Result<Map<String, Value>, CaseError> {
        let none = |what: &str| CaseError::NotJudged(format!("{} takes no property {what}", op.id));
        match self {
            Self::Whole => Ok(cx.body(op, Extent::Full(Standing::Assumed))?.0),
            Self::Nothing => Ok(Map::new()),
            Self::Clear => {
                let properties = op.body.iter().flat_map(|body| body.schema.properties());
                let nulls = properties
                    .filter(schemas::Property::is_nullable)
                    .map(|property| (property.name, Value::Null));
                let nulls: Map<String, Value> = nulls.collect();
                if nulls.is_empty() { Err(none("that may be null")) } else { Ok(nulls) }
            }
            Self::Unknown => Ok(Map::from_iter([("conformance_unknown_property".to_owned(), "kept".into())])),
            Self::ServerSet => {
                let set = server_set(resource, op);
                if set.is_empty() { Err(none("that the server sets")) } else { Ok(set) }
            }
        }
    }
}
