//! Whether what a deleted row owned can be read is as stated.

use super::deletion::{deletion_place, owned};
use super::orphaned_row::OrphanedRow;
use crate::contract::{Acceptance, Api};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "children-readable",
    family: Family::State,
    says: "whether what a deleted row owned can be read is as stated",
    why: "Neither is promised; a difference is reported as a note.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, owner, delete) in owned(api) {
        let stated = owner.deletion.children_readable;
        let (Some(standing), Some(read)) = (stated, &resource.read) else { continue };
        let op = read.clone();
        let what = format!("a read of {} whose {} was deleted", resource.one(), owner.name);
        let run = async move |cx: &mut CaseContext, orphaned: &OrphanedRow| {
            let row = orphaned.get(cx).await?.row;
            let exchange = cx.send(row.request(&op)).await?;
            let acceptance = Acceptance::of(&op).at_most(standing).at(cx.place.clone());
            cx.accepted(&exchange, &acceptance, &what);
            Ok(())
        };
        let case = Case::given(&LAW, read, OrphanedRow::of(api, resource, owner, delete), run);
        let case = case.standing(standing).place(deletion_place(owner, "children_readable"));
        cases.push(case.needs([read.id.clone()]));
    }
    cases
}
