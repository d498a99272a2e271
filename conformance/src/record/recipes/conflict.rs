//! Values that no two rows may share.

use schemas::{Normalization, Scope};
use serde_json::{Map, Value};

use crate::atlas::{Atlas, Kin};
use crate::probe::Call;
use crate::record::recipe::{Recipe, Taken};
use crate::run::{Row, Scene, Stop};

pub(super) fn recipes(atlas: &Atlas) -> Vec<Recipe> {
    let mut found = Vec::new();
    for kin in &atlas.kins {
        let Some(create) = kin.create.as_ref().filter(|op| atlas.reachable(op)) else { continue };
        let takes = |op: &crate::atlas::Op, name: &str| {
            op.body.as_ref().is_some_and(|body| body.schema.property(name).is_some())
        };
        for field in kin.fields.values().filter(|field| takes(create, &field.name)) {
            let Some(rule) = &field.rules.unique else { continue };
            found.extend(on_create(atlas, kin, &field.name, rule.scope));
            if kin.update.as_ref().is_some_and(|op| takes(op, &field.name) && atlas.reachable(op)) {
                found.extend(on_update(atlas, kin, &field.name));
            }
        }
    }
    found
}

fn on_create(atlas: &Atlas, kin: &Kin, field: &str, scope: Scope) -> Vec<Recipe> {
    let Some(create) = &kin.create else { return Vec::new() };
    let mut found = Vec::new();
    let (rows, name) = (kin.clone(), field.to_owned());
    let class = format!("{field} is taken");
    found.push(Recipe::new(create, format!("{field}-taken"), class, async move |scene: &mut Scene| {
        let (_, value) = taking(scene, &rows, &name).await?;
        again(scene, &rows, &name, value).await
    }));
    let changes = kin.fields.get(field).map(|field| field.rules.normalize.clone()).unwrap_or_default();
    for change in changes.into_iter().map(|change| change.to) {
        let (file, words) = otherwise(change);
        for taken in [true, false] {
            let (rows, name) = (kin.clone(), field.to_owned());
            let (file, class) = if taken {
                (format!("{field}-taken-{file}"), format!("{field} is taken, {words}"))
            } else {
                (format!("{field}-{file}"), format!("{field} is new, {words}"))
            };
            found.push(Recipe::new(create, file, class, async move |scene: &mut Scene| {
                let value =
                    if taken { taking(scene, &rows, &name).await?.1 } else { fresh(scene, &rows, &name)? };
                again(scene, &rows, &name, written(change, &value)).await
            }));
        }
    }
    if let Some(delete) = kin.delete.clone() {
        let (rows, name) = (kin.clone(), field.to_owned());
        let class = format!("{field} is that of a row that was deleted");
        let file = format!("{field}-of-a-deleted-row");
        found.push(Recipe::new(create, file, class, async move |scene: &mut Scene| {
            let (row, value) = taking(scene, &rows, &name).await?;
            let deleted = scene.send(Call::of(&delete).own(&row.id)).await?;
            scene.must(&deleted)?;
            again(scene, &rows, &name, value).await
        }));
    }
    let owner = kin.parent.as_ref().and_then(|parent| atlas.kin(&parent.resource)).cloned();
    if let Some(owner) = owner.filter(|_| scope == Scope::Parent) {
        let (rows, name) = (kin.clone(), field.to_owned());
        let class = format!("{field} is taken under another {}", owner.name);
        let file = format!("{field}-taken-under-another-{}", owner.name);
        found.push(Recipe::new(create, file, class, async move |scene: &mut Scene| {
            let (_, value) = taking(scene, &rows, &name).await?;
            let other = scene.make(&owner).await?;
            let call = scene.making(&rows, Some(&other), Map::from_iter([(name.clone(), value)]))?;
            scene.send(call).await
        }));
    }
    found.into_iter().map(|recipe| recipe.cost(4).naming(atlas)).collect()
}

fn on_update(atlas: &Atlas, kin: &Kin, field: &str) -> Vec<Recipe> {
    let Some(update) = kin.update.clone() else { return Vec::new() };
    let mut found = Vec::new();
    for own in [false, true] {
        let (rows, name, op) = (kin.clone(), field.to_owned(), update.clone());
        let (file, class) = if own {
            (format!("{field}-own-again"), format!("{field} is its own again"))
        } else {
            (format!("{field}-taken"), format!("{field} is taken"))
        };
        found.push(Recipe::new(&update, file, class, async move |scene: &mut Scene| {
            let (row, value) = taking(scene, &rows, &name).await?;
            let row = if own { row } else { scene.make(&rows).await? };
            let body = Map::from_iter([(name.clone(), value)]);
            scene.send(Call::of(&op).own(&row.id).json(body)).await
        }));
    }
    found.into_iter().map(|recipe| recipe.cost(5).naming(atlas)).collect()
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

fn fresh(scene: &Scene, kin: &Kin, field: &str) -> Result<Value, Stop> {
    let value = kin.create.as_ref().and_then(|create| scene.value(create, field));
    value.ok_or_else(|| Stop::NotJudged(format!("no value of {field} can be made")))
}

/// A row that takes a fresh value.
async fn taking(scene: &mut Scene, kin: &Kin, field: &str) -> Result<(Row, Value), Stop> {
    let value = fresh(scene, kin, field)?;
    let row = scene.make_with(kin, None, Map::from_iter([(field.to_owned(), value.clone())])).await?;
    Ok((row, value))
}

/// A create with a value that a row has or had.
async fn again(scene: &mut Scene, kin: &Kin, field: &str, value: Value) -> Taken {
    let call = scene.making(kin, None, Map::from_iter([(field.to_owned(), value)]))?;
    scene.send(call).await
}
