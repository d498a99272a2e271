//! Filters of lists.

use schemas::{Parameter, ParameterLocation};
use serde_json::{Map, Value};

use super::corner::{Corner, Fence};
use crate::atlas::{Atlas, Kin, Op};
use crate::record::literal::slug_of;
use crate::record::recipe::{Recipe, Taken};
use crate::run::{Scene, Stop};

pub(super) fn recipes(atlas: &Atlas) -> Vec<Recipe> {
    let mut found = Vec::new();
    for list in atlas.lists().filter(|op| atlas.reachable(op)) {
        let kin = atlas.kin_of(list).filter(|kin| kin.create.as_ref().is_some_and(|op| atlas.reachable(op)));
        let Some((kin, fence)) = kin.and_then(|kin| Some((kin, Fence::of(atlas, list, kin)?))) else {
            continue;
        };
        for parameter in list.parameters_in(ParameterLocation::Query) {
            found.extend(of(atlas, list, kin, &fence, parameter));
        }
    }
    found
}

fn of(atlas: &Atlas, list: &Op, kin: &Kin, fence: &Fence, parameter: &Parameter) -> Vec<Recipe> {
    let Some(field) = parameter.filter.as_ref().and_then(|filter| kin.fields.get(&filter.field)) else {
        return Vec::new();
    };
    if let (true, Fence::Filter { kin: owner, .. }) = (fence.is_of(&parameter.name), fence) {
        return by_number(atlas, list, kin, owner, &parameter.name).into_iter().collect();
    }
    if fence.is_of(&parameter.name) {
        return Vec::new();
    }
    let members = members(kin, &field.name);
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
            let (target, rows, fence) = (list.clone(), kin.clone(), fence.clone());
            let (file, class) = (ask.file.clone(), ask.class.clone());
            let act = async move |scene: &mut Scene| ask.send(scene, &target, &rows, &fence).await;
            Recipe::new(list, file, class, act).cost(7).naming(atlas)
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
    async fn send(&self, scene: &mut Scene, list: &Op, kin: &Kin, fence: &Fence) -> Taken {
        let corner = Corner::new(scene, list, kin, fence).await?;
        corner.row(scene, kin, self.row.clone()).await?;
        if fence.is_wide() {
            corner.row(scene, kin, self.other.clone()).await?;
        }
        let call = corner.call.clone().query(&self.query.0, &self.query.1);
        scene.send(call).await
    }
}

fn by_number(atlas: &Atlas, list: &Op, kin: &Kin, owner: &Kin, parameter: &str) -> Option<Recipe> {
    owner.identity.display.as_ref()?;
    let (target, rows, owner, name) = (list.clone(), kin.clone(), owner.clone(), parameter.to_owned());
    let class = format!("only rows of a {}, by its number", owner.name);
    let act = async move |scene: &mut Scene| {
        let owner = scene.make(&owner).await?;
        scene.make_with(&rows, Some(&owner), Map::new()).await?;
        let number = owner.display.ok_or_else(|| Stop::NotJudged("the new row has no number".to_owned()))?;
        scene.send(crate::probe::Call::of(&target).query(&name, number)).await
    };
    Some(Recipe::new(list, format!("{parameter}-by-number"), class, act).cost(5).naming(atlas))
}

/// The members of the list of values that a create takes for a property.
fn members(kin: &Kin, field: &str) -> Vec<Value> {
    let property = kin.create.as_ref().and_then(|op| op.body.as_ref()?.schema.property(field));
    let listed =
        property.as_ref().and_then(|property| property.schema.keyword("enum")).and_then(Value::as_array);
    listed.into_iter().flatten().filter(|member| !member.is_null()).cloned().collect()
}

/// Values that a parameter other than those of pages must not have: file name, words, parameter and value.
pub(super) fn wrong_values(atlas: &Atlas, list: &Op) -> Vec<(String, String, String, String)> {
    let paging = atlas.rules().pagination.as_ref();
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
