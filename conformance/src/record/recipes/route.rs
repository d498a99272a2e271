//! Paths and methods that are none.

use schemas::Method;

use crate::atlas::Atlas;
use crate::probe::{Call, Credential};
use crate::record::recipe::Recipe;
use crate::run::Scene;

/// The folder of records that belong to no operation.
const FOLDER: &str = "no-operation";

pub(super) fn recipes(atlas: &Atlas) -> Vec<Recipe> {
    let mut found = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for op in atlas.operations.iter().filter(|op| atlas.reachable(op)) {
        if seen.contains(&op.path.as_str()) {
            continue;
        }
        seen.push(op.path.as_str());
        let taken = |method: Method| atlas.contract.operation_at(method, op.path.as_str()).is_some();
        let free = [Method::Put, Method::Patch, Method::Delete, Method::Post];
        let Some(method) = free.into_iter().find(|method| !taken(*method)) else { continue };
        let target = op.clone();
        let recipe = Recipe::refusal(
            op,
            "other-method",
            "a method that the path does not take",
            async move |scene: &mut Scene| {
                let path = scene.aim_at(&target)?.target();
                scene.send(Call::at(method.as_str(), path)).await
            },
        );
        found.push(recipe.naming(atlas));
    }
    if let Some(op) = atlas.closed().next() {
        for (credential, name, class) in [
            (Credential::Own, "unknown-path", "a path that is none"),
            (Credential::None, "unknown-path-without-key", "a path that is none, without a key"),
        ] {
            let recipe = Recipe::refusal(op, name, class, async move |scene: &mut Scene| {
                let path = format!("/{}", scene.names.token());
                scene.send(Call::at("GET", path).by(credential)).await
            });
            found.push(recipe.folder(FOLDER));
        }
    }
    found
}
