//! A deleted row is gone from lists.

use super::deletion::{deletable, deletion_place, require_absent};
use crate::contract::Api;
use crate::law::support::DeletedRow;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "delete-unlisted",
    family: Family::State,
    says: "a deleted row is gone from lists",
    why: "From every list of its kind.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, delete, standing) in deletable(api, |deletion| deletion.unlisted) {
        for list in resource.lists.iter().filter(|list| api.reachable(list)) {
            let (rows, target) = (resource.clone(), list.clone());
            let run = async move |cx: &mut CaseContext, deleted: &DeletedRow| {
                let (row, _) = deleted.get(cx).await?;
                let request = cx.request_to(&target)?;
                let message = format!("{} shows a deleted {}", target.id, rows.name);
                require_absent(cx, request, &row, standing, &message).await
            };
            let case = Case::given(&LAW, list, DeletedRow::of(api, resource, delete), run).alone();
            let case = case.standing(standing).place(deletion_place(resource, "unlisted"));
            cases.push(case.needs([list.id.clone()]));
        }
    }
    cases
}
