//! Properties that follow from others: derived, stamped, held by one row alone.

use serde_json::{Map, Value};

use crate::atlas::{Atlas, Kin, Op};
use crate::probe::Call;
use crate::record::literal::slug_of;
use crate::record::recipe::Recipe;
use crate::run::Scene;

pub(super) fn recipes(atlas: &Atlas) -> Vec<Recipe> {
    let mut found = Vec::new();
    for kin in atlas.kins.iter().filter(|kin| kin.create.is_some()) {
        for field in kin.fields.values() {
            if let Some(rule) = &field.rules.derived {
                for op in [&kin.create, &kin.update].into_iter().flatten() {
                    found.extend(setting(atlas, kin, op, &rule.from, &rule.equals));
                }
                found.extend(leaving(atlas, kin, &field.name, &rule.value));
            }
            for when in field.rules.stamp.iter().filter_map(|stamp| stamp.when.as_ref()) {
                for value in when.enters.iter().chain(&when.leaves) {
                    found.extend(leaving(atlas, kin, &when.field, value));
                }
            }
            if let Some(rule) = &field.rules.exclusive {
                found.extend(taken_over(atlas, kin, &field.name, &rule.value));
            }
        }
    }
    found
}

fn takes(op: &Op, field: &str) -> bool {
    op.body.as_ref().is_some_and(|body| body.schema.property(field).is_some())
}

/// The property that another one follows gets the value that decides.
fn setting(atlas: &Atlas, kin: &Kin, op: &Op, field: &str, value: &Value) -> Option<Recipe> {
    if !takes(op, field) || !atlas.reachable(op) {
        return None;
    }
    let fields = Map::from_iter([(field.to_owned(), value.clone())]);
    let (target, rows) = (op.clone(), kin.clone());
    let (name, class) = (format!("{field}-{}", slug_of(value)), format!("{field} is {}", shown(value)));
    let recipe = Recipe::new(op, name, class, async move |scene: &mut Scene| {
        if target.action() == schemas::Action::Create {
            let call = scene.making(&rows, None, fields.clone())?;
            return scene.send(call).await;
        }
        let row = scene.make(&rows).await?;
        scene.send(Call::of(&target).own(&row.id).json(fields.clone())).await
    });
    Some(recipe.cost(3).naming(atlas))
}

/// A value that means something is left for another.
fn leaving(atlas: &Atlas, kin: &Kin, field: &str, value: &Value) -> Option<Recipe> {
    let op = kin.update.as_ref().filter(|op| takes(op, field) && atlas.reachable(op))?;
    let schema = op.body.as_ref()?.schema.property(field)?.schema;
    let other = schema
        .keyword("enum")?
        .as_array()?
        .iter()
        .find(|member| *member != value && !member.is_null())?
        .clone();
    let enter = Map::from_iter([(field.to_owned(), value.clone())]);
    let leave = Map::from_iter([(field.to_owned(), other.clone())]);
    let (target, rows) = (op.clone(), kin.clone());
    let name = format!("{field}-{}-then-{}", slug_of(value), slug_of(&other));
    let class = format!("{field} was {} and is {}", shown(value), shown(&other));
    let recipe = Recipe::new(op, name, class, async move |scene: &mut Scene| {
        let row = scene.make(&rows).await?;
        let entered = scene.send(Call::of(&target).own(&row.id).json(enter.clone())).await?;
        scene.must(&entered)?;
        scene.send(Call::of(&target).own(&row.id).json(leave.clone())).await
    });
    Some(recipe.cost(4).naming(atlas))
}

/// A value that one row alone may have is given to another one.
fn taken_over(atlas: &Atlas, kin: &Kin, field: &str, value: &Value) -> Option<Recipe> {
    let read = kin.read.clone().filter(|op| atlas.reachable(op))?;
    let owner = atlas.kin(&kin.parent.as_ref()?.resource)?.clone();
    kin.create.as_ref().filter(|op| takes(op, field))?;
    let fields = Map::from_iter([(field.to_owned(), value.clone())]);
    let rows = kin.clone();
    let name = format!("{field}-taken-over");
    let class = format!("{field} was {}, and then another row's", shown(value));
    let recipe = Recipe::new(&read.clone(), name, class, async move |scene: &mut Scene| {
        let owner = scene.make(&owner).await?;
        let first = scene.make_with(&rows, Some(&owner), fields.clone()).await?;
        scene.make_with(&rows, Some(&owner), fields.clone()).await?;
        scene.send(Call::of(&read).own(&first.id)).await
    });
    Some(recipe.cost(7).naming(atlas))
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
