//! What plainly works: creates, reads, deletes, and whatever else takes no special care.

use schemas::{Action, Standing};
use serde_json::{Map, Value};

use crate::atlas::{Atlas, Kin, Op};
use crate::generate::Extent;
use crate::probe::Call;
use crate::record::recipe::{Recipe, Taken};
use crate::run::{Scene, Stop};

/// A property no contract describes.
const NOBODYS: &str = "conformance_unknown_property";

pub(super) fn recipes(atlas: &Atlas) -> Vec<Recipe> {
    let mut found = Vec::new();
    for op in atlas.operations.iter().filter(|op| atlas.reachable(op)) {
        match op.action() {
            Action::Create => found.extend(creates(atlas, op)),
            Action::Read | Action::Delete => found.extend(by_either_id(atlas, op, "a row")),
            Action::Identity | Action::Other => found.extend(plain(atlas, op)),
            Action::List | Action::Update => {}
        }
    }
    found
}

fn plain(atlas: &Atlas, op: &Op) -> Vec<Recipe> {
    if op.body.is_some() {
        return bodies(atlas, op);
    }
    let target = op.clone();
    let plain = Recipe::new(op, "plain", "a plain request", async move |scene: &mut Scene| {
        scene.send(scene.aim(&target)?).await
    });
    vec![plain.naming(atlas)]
}

fn bodies(atlas: &Atlas, op: &Op) -> Vec<Recipe> {
    let least = op.clone();
    let least = Recipe::new(op, "least-body", "the least body", async move |scene: &mut Scene| {
        scene.send(scene.aim(&least)?).await
    });
    let whole = op.clone();
    let whole =
        Recipe::new(op, "whole-body", "a body with every property", async move |scene: &mut Scene| {
            let body = scene.body(&whole, Extent::Full(Standing::Assumed))?.0;
            scene.send(scene.aim_at(&whole)?.json(body)).await
        });
    [least, whole].map(|recipe| recipe.cost(2).naming(atlas)).into()
}

fn creates(atlas: &Atlas, op: &Op) -> Vec<Recipe> {
    let mut found = bodies(atlas, op);
    let Some(kin) = atlas.kin_of(op) else { return found };
    let target = op.clone();
    let class = "a property nobody knows";
    found.push(Recipe::new(op, "unknown-property", class, async move |scene: &mut Scene| {
        let mut body = scene.body(&target, Extent::Minimal)?.0;
        body.insert(NOBODYS.to_owned(), "kept".into());
        scene.send(scene.aim_at(&target)?.json(body)).await
    }));
    let set = server_set(kin, op);
    if !set.is_empty() {
        let target = op.clone();
        let class = "properties that the server sets";
        found.push(Recipe::new(op, "server-set-properties", class, async move |scene: &mut Scene| {
            let mut body = scene.body(&target, Extent::Minimal)?.0;
            body.extend(set.clone());
            scene.send(scene.aim_at(&target)?.json(body)).await
        }));
    }
    found.into_iter().map(|recipe| recipe.cost(2).naming(atlas)).collect()
}

/// Values for the properties that the server sets and the body does not take.
pub(super) fn server_set(kin: &Kin, op: &Op) -> Map<String, Value> {
    let takes = |name: &str| op.body.as_ref().is_some_and(|body| body.schema.property(name).is_some());
    let fields = kin.fields.values().filter(|field| field.rules.server_set.is_some() && !takes(&field.name));
    fields
        .map(|field| {
            let of_time = [&kin.created, &kin.updated].into_iter().flatten().any(|name| *name == field.name);
            let value = match () {
                () if of_time => Value::from("2001-02-03T04:05:06.000Z"),
                () if kin.identity.display.as_ref() == Some(&field.name) => Value::from(1),
                () => Value::from("set-by-client"),
            };
            (field.name.clone(), value)
        })
        .collect()
}

/// One recipe per way of naming the row.
pub(super) fn by_either_id(atlas: &Atlas, op: &Op, what: &str) -> Vec<Recipe> {
    let Some(kin) = atlas.kin_of(op) else { return plain(atlas, op) };
    let mut found = Vec::new();
    for number in [false, true] {
        let Some(name) = (if number { kin.identity.display.as_ref() } else { Some(&kin.identity.id) }) else {
            continue;
        };
        let (target, rows) = (op.clone(), kin.clone());
        let class = format!("{what}, by {name}");
        let file = if number { "by-number" } else { "by-id" };
        let recipe = Recipe::new(op, file, class, async move |scene: &mut Scene| {
            let row = scene.make(&rows).await?;
            let id = if number { row.display.clone() } else { Some(row.id.clone()) };
            of_row(scene, &target, id).await
        });
        found.push(recipe.cost(3).naming(atlas));
    }
    found
}

async fn of_row(scene: &mut Scene, op: &Op, id: Option<String>) -> Taken {
    let id = id.ok_or_else(|| Stop::NotJudged("the new row has no number".to_owned()))?;
    let call = Call::of(op).own(&id);
    let call = if op.action() == Action::Update { call.json(scene.change(op)?.0) } else { call };
    scene.send(call).await
}
