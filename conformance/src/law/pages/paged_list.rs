//! The lists that the laws on pages are judged on.

use schemas::{Pagination, ParameterLocation};

use crate::contract::{Api, Operation, Paging, Resource};
use crate::law::support::OwnerWithRows;

/// Where the contract states pages as a whole.
pub(super) const PAGES: &str = "/x-contract/pagination";
/// Where it states their limit.
pub(super) const LIMIT: &str = "/x-contract/pagination/limit";
/// Where it states their cursor.
pub(super) const CURSOR: &str = "/x-contract/pagination/cursor";
/// Where it states their order.
pub(super) const ORDER: &str = "/x-contract/pagination/order";
/// Where it states their envelope.
pub(super) const ENVELOPE: &str = "/x-contract/pagination/envelope";

/// A list with the rule of its pages.
pub(super) struct RuledList<'a, R> {
    pub(super) op: &'a Operation,
    pub(super) resource: &'a Resource,
    pub(super) rule: R,
    /// Where that is stated.
    pub(super) place: String,
}

/// Every list of a contract that takes the parameters of pages by cursor.
pub(super) fn paged_lists(api: &Api) -> Vec<RuledList<'_, Paging>> {
    let Some(rule) = &api.paging else { return Vec::new() };
    let takes_cursor =
        |op: &Operation| op.parameter(ParameterLocation::Query, &rule.cursor.parameter).is_some();
    api.lists()
        .filter(|op| api.reachable(op) && takes_cursor(op))
        .filter_map(|op| {
            Some(RuledList {
                op,
                resource: api.resource_of(op)?,
                rule: rule.clone(),
                place: PAGES.to_owned(),
            })
        })
        .collect()
}

/// Every list of a contract that can be walked over, by whatever says where a page begins.
pub(super) fn walked_lists(api: &Api) -> Vec<RuledList<'_, Pagination>> {
    let mut found = Vec::new();
    for op in api.lists().filter(|op| api.reachable(op)) {
        let (Some(rule), Some(resource)) = (op.pages.clone(), api.resource_of(op)) else { continue };
        let position =
            rule.position().is_some_and(|name| op.parameter(ParameterLocation::Query, name).is_some());
        // Without a size there are too few rows for a second page.
        let sized = rule.limit.as_ref();
        let sized =
            sized.is_some_and(|limit| op.parameter(ParameterLocation::Query, &limit.parameter).is_some());
        if !position || !sized || resource.create.is_none() {
            continue;
        }
        let own = op.role.as_ref().is_some_and(|role| role.pages.is_some());
        let place = if own { format!("{}/x-contract-operation/pages", op.pointer) } else { PAGES.to_owned() };
        found.push(RuledList { op, resource, rule, place });
    }
    found
}

impl<R> RuledList<'_, R> {
    /// The set-up of rows that the list shows.
    pub(super) fn rows(&self, api: &Api) -> OwnerWithRows {
        OwnerWithRows::of(api, self.resource)
    }

    /// What must work for it besides its rows.
    pub(super) fn needs(&self, api: &Api) -> Vec<String> {
        let mut needs = api.needs_rows(self.op);
        needs.push(self.op.id.clone());
        needs
    }
}
