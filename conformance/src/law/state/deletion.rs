//! What the laws on deletion have in common.

use schemas::{Deletion, Standing};

use crate::contract::{Api, Aspect, Expected, Operation, Resource};
use crate::http::Request;
use crate::law::support::creatable;
use crate::scenario::{CaseContext, CaseResult, Row};

/// Where a contract states something on the deletion of a resource's rows.
pub(super) fn deletion_place(resource: &Resource, name: &str) -> String {
    format!("{}/deletion/{name}", resource.rules_pointer())
}

/// Resources whose rows can be created and deleted, and how sure one statement on that is.
pub(super) fn deletable(
    api: &Api,
    statement: fn(&Deletion) -> Option<Standing>,
) -> impl Iterator<Item = (&Resource, &Operation, Standing)> {
    creatable(api).filter_map(move |(resource, _)| {
        Some((resource, resource.delete.as_ref()?, statement(&resource.deletion)?))
    })
}

/// Every resource whose rows have an owner that can be deleted: the resource, the owner and its delete.
pub(super) fn owned(api: &Api) -> impl Iterator<Item = (&Resource, &Resource, &Operation)> {
    creatable(api).filter_map(|(resource, _)| {
        let owner = api.resource(&resource.parent.as_ref()?.resource)?;
        Some((resource, owner, owner.delete.as_ref()?))
    })
}

/// A list does not show a row.
pub(super) async fn require_absent(
    cx: &mut CaseContext,
    list: Request,
    row: &Row,
    standing: Standing,
    message: &str,
) -> CaseResult {
    let found = cx.find(list, &[row]).await?;
    let expected = Expected::words(format!("no {} {}", row.resource.name, row.id));
    cx.expecting(found.step, expected.clone());
    if !found.ids.is_empty() {
        cx.breach(found.step, Aspect::Listed, message, expected).standing(standing);
    }
    Ok(())
}
