//! Resources that a run can work with.

use crate::contract::{Api, Operation, Resource};

/// The resources whose rows can be created, each with the operation that creates them.
pub(crate) fn creatable(api: &Api) -> impl Iterator<Item = (&Resource, &Operation)> {
    api.resources
        .iter()
        .filter_map(|resource| Some((resource, resource.create.as_ref().filter(|op| api.reachable(op))?)))
}
