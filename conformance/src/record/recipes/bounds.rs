//! Values at the edge of what is valid, and every member of a list.

use std::rc::Rc;

use serde_json::{Map, Value};

use crate::contract::{Api, Operation, Resource};
use crate::generate::{Bound, Extent, bounds};
use crate::record::recipe::{Recipe, Taken};
use crate::scenario::CaseContext;

pub(super) fn recipes(api: &Api) -> Vec<Recipe> {
    let mut found = Vec::new();
    for resource in &api.resources {
        for op in [&resource.create, &resource.update].into_iter().flatten().filter(|op| api.reachable(op)) {
            found.extend(of(api, resource, op));
        }
    }
    found
}

fn of(api: &Api, resource: &Resource, op: &Operation) -> Vec<Recipe> {
    let all = bounds(api, op);
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
            let (target, rows, bounds) = (op.clone(), resource.clone(), Rc::new(bounds));
            let recipe = Recipe::new(op, name, class, async move |cx: &mut CaseContext| {
                at(cx, &target, &rows, &bounds).await
            });
            recipe.cost(3).naming(api)
        })
        .collect()
}

async fn at(cx: &mut CaseContext, op: &Operation, resource: &Resource, bounds: &[Bound]) -> Taken {
    let values: Map<String, Value> =
        bounds.iter().map(|bound| (bound.field.clone(), bound.value(&cx.names.token()))).collect();
    if op.changes_rows() {
        let row = cx.create_row(resource).await?;
        return cx.send(cx.update_request(op, &row, values)?).await;
    }
    let mut body = cx.body(op, Extent::Minimal)?.0;
    body.extend(values);
    cx.send(cx.request_to(op)?.json(body)).await
}
