//! Rows named in a path or a body: unknown ones, deleted ones, and names of the wrong form.

use schemas::Action;
use serde_json::{Map, Value};

use crate::atlas::{Atlas, Kin, Op, Slot, reference};
use crate::generate::Extent;
use crate::law::unknown_id_of;
use crate::probe::Call;
use crate::record::recipe::{Recipe, Taken};
use crate::run::{Row, Scene, Stop};

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

pub(super) fn recipes(atlas: &Atlas) -> Vec<Recipe> {
    let mut found = Vec::new();
    for op in atlas.operations.iter().filter(|op| atlas.reachable(op)) {
        for slot in [Slot::Own, Slot::Parent] {
            let kin = if slot == Slot::Own { atlas.kin_of(op) } else { atlas.parent_of(op) };
            if let Some(kin) = kin.filter(|_| op.has_slot(slot)) {
                found.extend(in_path(atlas, op, kin, slot));
            }
        }
        let properties = op.body.iter().flat_map(|body| body.schema.properties());
        for property in properties.filter(|_| op.action() == Action::Create) {
            let named = reference(&property).and_then(|name| atlas.kin(&name));
            if let Some(kin) = named.filter(|kin| kin.create.is_some()) {
                found.extend(in_body(atlas, op, kin, &property.name));
            }
        }
    }
    found
}

fn in_path(atlas: &Atlas, op: &Op, kin: &Kin, slot: Slot) -> Vec<Recipe> {
    let mut found = Vec::new();
    for (how, name, class) in NAMES {
        if how == Name::UnknownNumber && kin.identity.display.is_none() {
            continue;
        }
        if how == Name::Deleted && kin.delete.is_none() {
            continue;
        }
        let (file, class) = match slot {
            Slot::Parent => {
                (format!("{}-{name}", kin.name), format!("the id of the {} is {class}", kin.name))
            }
            Slot::Own | Slot::Free => (format!("id-{name}"), format!("the id is {class}")),
        };
        let (target, rows) = (op.clone(), kin.clone());
        let act = async move |scene: &mut Scene| {
            let id = wrong(scene, &rows, how).await?;
            let call = whole(scene, &target)?;
            scene.send(if slot == Slot::Own { call.own(&id) } else { call.parent(&id) }).await
        };
        let recipe = Recipe::refusal(op, file, class, act);
        found.push(recipe.cost(if how == Name::Deleted { 3 } else { 1 }).naming(atlas));
    }
    if slot == Slot::Parent {
        found.extend(parent_by_number(atlas, op, kin));
    } else if let Some(field) = text_of(kin) {
        let (target, rows) = (op.clone(), kin.clone());
        let class = format!("the {field} of a row in the place of its id");
        let recipe = Recipe::refusal(op, format!("{field}-as-id"), class, async move |scene: &mut Scene| {
            let row = named_by(scene, &rows, &field).await?;
            let text = row.text(&field).unwrap_or_default().to_owned();
            let call = whole(scene, &target)?.own(&text);
            scene.send(call).await
        });
        found.push(recipe.cost(3).naming(atlas));
    }
    found
}

/// The call of an operation with whatever body it takes.
fn whole(scene: &Scene, op: &Op) -> Result<Call, Stop> {
    scene.aim(op)
}

async fn wrong(scene: &mut Scene, kin: &Kin, how: Name) -> Result<String, Stop> {
    match how {
        Name::UnknownId => unknown_id_of(scene, kin),
        Name::UnknownNumber => Ok(UNKNOWN_NUMBER.to_owned()),
        Name::Deleted => {
            let row = scene.make(kin).await?;
            let Some(delete) = &kin.delete else { return Ok(row.id) };
            let deleted = scene.send(Call::of(delete).own(&row.id)).await?;
            scene.must(&deleted)?;
            Ok(row.id)
        }
    }
}

/// A unique text by which people might name a row.
fn text_of(kin: &Kin) -> Option<String> {
    let body = kin.create.as_ref()?.body.as_ref()?;
    let unique = kin.fields.values().filter(|field| field.rules.unique.is_some());
    unique
        .map(|field| field.name.clone())
        .find(|name| body.schema.property(name).is_some_and(|property| property.schema.admits_type("string")))
}

async fn named_by(scene: &mut Scene, kin: &Kin, field: &str) -> Result<Row, Stop> {
    let value = kin.create.as_ref().and_then(|create| scene.value(create, field));
    let value = value.ok_or_else(|| Stop::NotJudged(format!("no value of {field} can be made")))?;
    scene.make_with(kin, None, Map::from_iter([(field.to_owned(), value)])).await
}

/// The owner by its number is as good as by its id.
fn parent_by_number(atlas: &Atlas, op: &Op, kin: &Kin) -> Option<Recipe> {
    let number = kin.identity.display.clone()?;
    let (target, owner) = (op.clone(), kin.clone());
    let class = format!("the {} by {number}", kin.name);
    let recipe = Recipe::new(op, format!("{}-by-number", kin.name), class, async move |scene: &mut Scene| {
        let row = scene.make(&owner).await?;
        let number = row.display.ok_or_else(|| Stop::NotJudged("the new row has no number".to_owned()))?;
        let call = whole(scene, &target)?.parent(&number);
        scene.send(call).await
    });
    Some(recipe.cost(4).naming(atlas))
}

fn in_body(atlas: &Atlas, op: &Op, kin: &Kin, property: &str) -> Vec<Recipe> {
    let mut found = Vec::new();
    for (how, name, class) in NAMES {
        if how == Name::Deleted && kin.delete.is_none() {
            continue;
        }
        let (target, rows, field) = (op.clone(), kin.clone(), property.to_owned());
        let act = async move |scene: &mut Scene| {
            let id = wrong(scene, &rows, how).await?;
            naming(scene, &target, &field, id).await
        };
        let recipe = Recipe::refusal(op, format!("{property}-{name}"), format!("{property} is {class}"), act);
        found.push(recipe.cost(if how == Name::Deleted { 3 } else { 1 }).naming(atlas));
    }
    if kin.identity.display.is_some() {
        let (target, rows, field) = (op.clone(), kin.clone(), property.to_owned());
        let class = format!("{property} is the number of a row");
        let act = async move |scene: &mut Scene| {
            let row = scene.make(&rows).await?;
            let number =
                row.display.ok_or_else(|| Stop::NotJudged("the new row has no number".to_owned()))?;
            naming(scene, &target, &field, number).await
        };
        found.push(Recipe::new(op, format!("{property}-by-number"), class, act).cost(4).naming(atlas));
    }
    found
}

async fn naming(scene: &mut Scene, op: &Op, field: &str, id: String) -> Taken {
    let mut body = scene.body(op, Extent::Minimal)?.0;
    body.insert(field.to_owned(), Value::String(id));
    scene.send(scene.aim_at(op)?.json(body)).await
}
