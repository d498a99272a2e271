//! Filters of lists.

use schemas::{Parameter, ParameterLocation};
use serde_json::{Map, Value};

use super::corner::{Corner, Fence};
use crate::contract::{Api, Operation, Resource};
use crate::record::literal::slug_of;
use crate::record::recipe::{Recipe, Taken};
use crate::scenario::{CaseContext, CaseError};

pub(super) fn recipes(api: &Api) -> Vec<Recipe> {
    let mut found = Vec::new();
    for list in api.lists().filter(|op| api.reachable(op)) {
        let resource = api
            .resource_of(list)
            .filter(|resource| resource.create.as_ref().is_some_and(|op| api.reachable(op)));
        let Some((resource, fence)) =
            resource.and_then(|resource| Some((resource, Fence::of(api, list, resource)?)))
        else {
            continue;
        };
        for parameter in list.parameters_in(ParameterLocation::Query) {
            found.extend(of(api, list, resource, &fence, parameter));
        }
    }
    found
}

fn of(api: &Api, list: &Operation, resource: &Resource, fence: &Fence, parameter: &Parameter) -> Vec<Recipe> {
    let Some(field) = parameter.filter.as_ref().and_then(|filter| resource.fields.get(&filter.field)) else {
        return Vec::new();
    };
    if let (true, Fence::Filter { resource: owner, .. }) = (fence.is_of(&parameter.name), fence) {
        return by_number(api, list, resource, owner, &parameter.name).into_iter().collect();
    }
    if fence.is_of(&parameter.name) {
        return Vec::new();
    }
    let members = members(resource, &field.name);
    let derived = field.rules.derived.as_ref();
    let default = field.rules.default.as_ref().map(|default| &default.value);
    let plain = || members.iter().filter(|member| derived.is_none_or(|rule| rule.value != **member));
    let Some(wanted) = plain().find(|member| Some(*member) != default).cloned() else { return Vec::new() };
    let Some(other) = plain().find(|member| **member != wanted).cloned() else { return Vec::new() };
    let name = &parameter.name;
    let mut asks = vec![Ask {
        file: format!("{name}-{}", slug_of(&wanted)),
        class: format!("only rows whose {name} is {}", shown(&wanted)),
        query: (name.clone(), shown(&wanted)),
        row: Map::from_iter([(field.name.clone(), wanted.clone())]),
        other: Map::from_iter([(field.name.clone(), other.clone())]),
    }];
    asks.push(Ask {
        file: format!("{name}-without-match"),
        class: format!("only rows whose {name} is one that none has"),
        query: (name.clone(), shown(&wanted)),
        row: Map::from_iter([(field.name.clone(), other.clone())]),
        other: Map::from_iter([(field.name.clone(), other.clone())]),
    });
    if let Some(rule) = derived {
        asks.push(Ask {
            file: format!("{name}-{}", slug_of(&rule.value)),
            class: format!(
                "only rows whose {name} is {}, which follows from {}",
                shown(&rule.value),
                rule.from
            ),
            query: (name.clone(), shown(&rule.value)),
            row: Map::from_iter([(rule.from.clone(), rule.equals.clone())]),
            other: Map::from_iter([(field.name.clone(), other)]),
        });
    }
    asks.into_iter()
        .map(|ask| {
            let (target, rows, fence) = (list.clone(), resource.clone(), fence.clone());
            let (file, class) = (ask.file.clone(), ask.class.clone());
            let act = async move |cx: &mut CaseContext| ask.send(cx, &target, &rows, &fence).await;
            Recipe::new(list, file, class, act).cost(7).naming(api)
        })
        .collect()
}

/// A filter with a row that it selects and one that it leaves out.
struct Ask {
    file: String,
    class: String,
    query: (String, String),
    row: Map<String, Value>,
    other: Map<String, Value>,
}

impl Ask {
    async fn send(
        &self,
        cx: &mut CaseContext,
        list: &Operation,
        resource: &Resource,
        fence: &Fence,
    ) -> Taken {
        let corner = Corner::new(cx, list, resource, fence).await?;
        corner.row(cx, resource, self.row.clone()).await?;
        if fence.is_wide() {
            corner.row(cx, resource, self.other.clone()).await?;
        }
        let request = corner.request.clone().query(&self.query.0, &self.query.1);
        cx.send(request).await
    }
}

fn by_number(
    api: &Api,
    list: &Operation,
    resource: &Resource,
    owner: &Resource,
    parameter: &str,
) -> Option<Recipe> {
    owner.identity.display.as_ref()?;
    let (target, rows, owner, name) = (list.clone(), resource.clone(), owner.clone(), parameter.to_owned());
    let class = format!("only rows of a {}, by its number", owner.name);
    let act = async move |cx: &mut CaseContext| {
        let owner = cx.create_row(&owner).await?;
        cx.create_row_with(&rows, Some(&owner), Map::new()).await?;
        let number =
            owner.display.ok_or_else(|| CaseError::NotJudged("the new row has no number".to_owned()))?;
        cx.send(crate::http::Request::of(&target).query(&name, number)).await
    };
    Some(Recipe::new(list, format!("{parameter}-by-number"), class, act).cost(5).naming(api))
}

/// The members of the list of values that a create takes for a property.
fn members(resource: &Resource, field: &str) -> Vec<Value> {
    let property = resource.create.as_ref().and_then(|op| op.body.as_ref()?.schema.property(field));
    let listed =
        property.as_ref().and_then(|property| property.schema.keyword("enum")).and_then(Value::as_array);
    listed.into_iter().flatten().filter(|member| !member.is_null()).cloned().collect()
}

/// Values that a parameter other than those of pages must not have: file name, words, parameter and value.
pub(super) fn wrong_values(api: &Api, list: &Operation) -> Vec<(String, String, String, String)> {
    let paging = api.paging.as_ref();
    let paged =
        |name: &str| paging.is_some_and(|rule| rule.limit.parameter == name || rule.cursor.parameter == name);
    let mut found = Vec::new();
    for parameter in list.parameters_in(ParameterLocation::Query).filter(|parameter| !paged(&parameter.name))
    {
        let texts = ["no_such_value", "not-in-the-format", "-1", "0.5"];
        let wrong = texts.into_iter().find(|text| !parameter.schema.is_valid(&parameter.decode(&[text])));
        if let Some(text) = wrong {
            let name = &parameter.name;
            found.push((format!("{name}-wrong"), format!("{name} is {text}"), name.clone(), text.to_owned()));
        }
    }
    found
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
