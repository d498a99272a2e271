//! Paths and methods that are none.

use crate::contract::Api;
use crate::http::{Credential, Request};
use crate::record::recipe::Recipe;
use crate::scenario::CaseContext;

/// The folder of records that belong to no operation.
const FOLDER: &str = "no-operation";

pub(super) fn recipes(api: &Api) -> Vec<Recipe> {
    let mut found = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for op in api.operations.iter().filter(|op| api.reachable(op)) {
        if seen.contains(&op.path.as_str()) {
            continue;
        }
        seen.push(op.path.as_str());
        let Some(method) = api.other_method(op) else { continue };
        let target = op.clone();
        let recipe = Recipe::refusal(
            op,
            "other-method",
            "a method that the path does not take",
            async move |cx: &mut CaseContext| {
                let path = cx.request_to(&target)?.target();
                cx.send(Request::at(method, path)).await
            },
        );
        found.push(recipe.naming(api));
    }
    if let Some(op) = api.closed().next() {
        for (credential, name, class) in [
            (Credential::Own, "unknown-path", "a path that is none"),
            (Credential::None, "unknown-path-without-key", "a path that is none, without a key"),
        ] {
            let recipe = Recipe::refusal(op, name, class, async move |cx: &mut CaseContext| {
                let path = format!("/{}", cx.names.token());
                cx.send(Request::at("GET", path).by(credential)).await
            });
            found.push(recipe.folder(FOLDER));
        }
    }
    found
}
