//! What a deleted row owned is off every list.

use schemas::Standing;

use super::deletion::{deletion_place, owned, require_absent};
use super::orphaned_row::{Orphaned, OrphanedRow};
use crate::contract::{Api, Aspect, Expected, Operation, PathSlot};
use crate::http::Request;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseResult, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "children-unlisted",
    family: Family::State,
    says: "what a deleted row owned is off every list",
    why: "Lists under the owner may be gone with it.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, owner, delete) in owned(api) {
        let Some(standing) = owner.deletion.children_unlisted else { continue };
        for list in resource.lists.iter().filter(|list| api.reachable(list)) {
            let target = list.clone();
            let message = format!("{} shows {} whose {} was deleted", list.id, resource.one(), owner.name);
            let run = async move |cx: &mut CaseContext, orphaned: &OrphanedRow| {
                let orphaned = orphaned.get(cx).await?;
                if target.has_slot(PathSlot::Parent) {
                    return not_under_owner(cx, &target, &orphaned, standing, &message).await;
                }
                require_absent(cx, Request::of(&target), &orphaned.row, standing, &message).await
            };
            let setup = OrphanedRow::of(api, resource, owner, delete);
            let case = Case::given(&LAW, list, setup, run).alone().standing(standing);
            cases.push(case.place(deletion_place(owner, "children_unlisted")).needs([list.id.clone()]));
        }
    }
    cases
}

/// The list may be gone with its owner.
async fn not_under_owner(
    cx: &mut CaseContext,
    list: &Operation,
    orphaned: &Orphaned,
    standing: Standing,
    message: &str,
) -> CaseResult {
    let exchange = cx.send(orphaned.owner.request_under(list)).await?;
    let shows = exchange.is_success()
        && exchange.json.as_ref().is_some_and(|page| page.to_string().contains(&orphaned.row.id));
    let expected = Expected::words("404, or no rows");
    cx.expecting(exchange.step, expected.clone());
    if shows {
        cx.breach(exchange.step, Aspect::Listed, message, expected).standing(standing);
    }
    Ok(())
}
