//! Changes that plainly work.

use schemas::Standing;
use serde_json::{Map, Value};

use super::create::{by_either_id, server_set};
use crate::atlas::{Atlas, Kin, Op};
use crate::generate::Extent;
use crate::probe::Call;
use crate::record::recipe::Recipe;
use crate::run::{Scene, Stop};

pub(super) fn recipes(atlas: &Atlas) -> Vec<Recipe> {
    let kins = atlas.kins.iter().filter(|kin| kin.create.is_some());
    kins.filter_map(|kin| Some((kin, kin.update.as_ref().filter(|op| atlas.reachable(op))?)))
        .flat_map(|(kin, op)| of(atlas, kin, op))
        .collect()
}

fn of(atlas: &Atlas, kin: &Kin, op: &Op) -> Vec<Recipe> {
    let mut found = by_either_id(atlas, op, "one property changes");
    let changes: [(&str, &str, Change); 5] = [
        ("whole-body", "every property changes", Change::Whole),
        ("empty-body", "nothing changes", Change::Nothing),
        ("all-null", "every property that may be null becomes null", Change::Clear),
        ("unknown-property", "a property nobody knows", Change::Unknown),
        ("server-set-properties", "properties that the server sets", Change::ServerSet),
    ];
    for (name, class, change) in changes {
        let (target, rows) = (op.clone(), kin.clone());
        let recipe = Recipe::new(op, name, class, async move |scene: &mut Scene| {
            let body = change.body(scene, &rows, &target)?;
            let fields = if change == Change::Clear { full(scene, &rows)? } else { Map::new() };
            let row = scene.make_with(&rows, None, fields).await?;
            scene.send(Call::of(&target).own(&row.id).json(body)).await
        });
        found.push(recipe.cost(3).naming(atlas));
    }
    found
}

/// Every property a create takes, with a value.
fn full(scene: &Scene, kin: &Kin) -> Result<Map<String, Value>, Stop> {
    let create =
        kin.create.as_ref().ok_or_else(|| Stop::NotJudged(format!("nothing makes a {}", kin.name)))?;
    scene.body(create, Extent::Full(Standing::Assumed)).map(|(body, _)| body)
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
    fn body(self, scene: &Scene, kin: &Kin, op: &Op) -> Result<Map<String, Value>, Stop> {
        let none = |what: &str| Stop::NotJudged(format!("{} takes no property {what}", op.id));
        match self {
            Self::Whole => Ok(scene.body(op, Extent::Full(Standing::Assumed))?.0),
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
                let set = server_set(kin, op);
                if set.is_empty() { Err(none("that the server sets")) } else { Ok(set) }
            }
        }
    }
}
