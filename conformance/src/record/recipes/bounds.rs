//! Values at the edge of what is valid, and every member of a list.

use std::rc::Rc;

use serde_json::{Map, Value};

use crate::atlas::{Atlas, Kin, Op};
use crate::generate::{Bound, Extent, bounds};
use crate::probe::Call;
use crate::record::recipe::{Recipe, Taken};
use crate::run::Scene;

pub(super) fn recipes(atlas: &Atlas) -> Vec<Recipe> {
    let mut found = Vec::new();
    for kin in &atlas.kins {
        for op in [&kin.create, &kin.update].into_iter().flatten().filter(|op| atlas.reachable(op)) {
            found.extend(of(atlas, kin, op));
        }
    }
    found
}

fn of(atlas: &Atlas, kin: &Kin, op: &Op) -> Vec<Recipe> {
    let all = bounds(atlas, op);
    let of_edges = |edges: &[&str]| -> Vec<Bound> {
        // A value as short as can be may be somebody else's where no two rows share one: no recording could rely on it.
        let usable = |bound: &&Bound| {
            edges.contains(&bound.edge.as_str()) && !(bound.unique && bound.edge == "shortest")
        };
        all.iter().filter(usable).cloned().collect()
    };
    let mut groups = vec![
        (
            "lower-bounds".to_owned(),
            "every value at its lower bound".to_owned(),
            of_edges(&["shortest", "least"]),
        ),
        (
            "upper-bounds".to_owned(),
            "every value at its upper bound".to_owned(),
            of_edges(&["longest", "most", "large"]),
        ),
    ];
    for bound in all.iter().filter(|bound| bound.edge.starts_with("member-")) {
        let member = bound.edge.trim_start_matches("member-");
        groups.push((
            format!("{}-{member}", bound.field),
            format!("{} is {member}", bound.field),
            vec![bound.clone()],
        ));
    }
    groups
        .into_iter()
        .filter(|(_, _, bounds)| !bounds.is_empty())
        .map(|(name, class, bounds)| {
            let (target, rows, bounds) = (op.clone(), kin.clone(), Rc::new(bounds));
            let recipe = Recipe::new(op, name, class, async move |scene: &mut Scene| {
                at(scene, &target, &rows, &bounds).await
            });
            recipe.cost(3).naming(atlas)
        })
        .collect()
}

async fn at(scene: &mut Scene, op: &Op, kin: &Kin, bounds: &[Bound]) -> Taken {
    let values: Map<String, Value> =
        bounds.iter().map(|bound| (bound.field.clone(), bound.value(&scene.names.token()))).collect();
    if op.action() == schemas::Action::Update {
        let row = scene.make(kin).await?;
        return scene.send(Call::of(op).own(&row.id).json(values)).await;
    }
    let mut body = scene.body(op, Extent::Minimal)?.0;
    body.extend(values);
    scene.send(scene.aim_at(op)?.json(body)).await
}
