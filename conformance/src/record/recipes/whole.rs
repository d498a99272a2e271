//! All recipes of a contract.

use std::collections::HashSet;

use super::{access, body, bounds, conflict, create, filter, list, naming, repeat, route, rules, update};
use crate::contract::Api;
use crate::record::recipe::Recipe;

/// Every recipe of a contract, operation by operation in the order of the description.
pub(in crate::record) fn recipes(api: &Api) -> Vec<Recipe> {
    let parts: [fn(&Api) -> Vec<Recipe>; 12] = [
        create::recipes,
        update::recipes,
        bounds::recipes,
        rules::recipes,
        list::recipes,
        filter::recipes,
        naming::recipes,
        conflict::recipes,
        repeat::recipes,
        access::recipes,
        body::recipes,
        route::recipes,
    ];
    let mut all: Vec<Recipe> = parts.iter().flat_map(|part| part(api)).collect();
    let place = |recipe: &Recipe| api.operations.iter().position(|op| op.id == recipe.operation);
    all.sort_by_key(place);
    // Two classes that would share a file are one class: the plainer one, which comes first.
    let mut seen = HashSet::new();
    all.retain(|recipe| seen.insert(recipe.id.clone()));
    all
}
