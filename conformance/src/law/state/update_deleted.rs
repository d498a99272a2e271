//! A deleted or unknown row cannot be updated.

use schemas::Action;

use super::writes::updates;
use crate::contract::{Api, Operation, Resource};
use crate::law::support::{DeletedRow, as_stated_by, unknown_id_of};
use crate::law::{Case, Family, Law};
use crate::scenario::CaseContext;

pub(crate) static LAW: Law = Law {
    id: "update-deleted",
    family: Family::State,
    says: "a deleted or unknown row cannot be updated",
    why: "It is answered as if it had never been.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, update) in updates(api).filter(|(_, update)| update.action() != Action::Upsert) {
        cases.extend(resource.delete.as_ref().map(|delete| deleted(api, resource, update, delete)));
        cases.push(unknown(api, resource, update));
    }
    cases
}

fn deleted(api: &Api, resource: &Resource, update: &Operation, delete: &Operation) -> Case {
    let refusal = as_stated_by(update, resource.unknown_row());
    let (op, told) = (update.clone(), refusal.clone());
    let what = format!("an update of a deleted {}", resource.name);
    let run = async move |cx: &mut CaseContext, deleted: &DeletedRow| {
        let row = deleted.to_write_to(cx).await?.0;
        let request = row.change(&op, cx.change(&op)?.0);
        let exchange = cx.send(request).await?;
        cx.refused(&exchange, &told, &what);
        Ok(())
    };
    let case = Case::given(&LAW, update, DeletedRow::of(api, resource, delete), run).variant("deleted");
    case.standing(refusal.standing()).place(refusal.place)
}

fn unknown(api: &Api, resource: &Resource, update: &Operation) -> Case {
    let refusal = as_stated_by(update, resource.unknown_row());
    let (rows, op, told) = (resource.clone(), update.clone(), refusal.clone());
    let what = format!("an update of an unknown {}", resource.name);
    let run = async move |cx: &mut CaseContext| {
        let id = unknown_id_of(cx, &rows)?;
        let request = cx.request_to(&op)?.own(&id).json(cx.change(&op)?.0);
        let exchange = cx.send(request).await?;
        cx.refused(&exchange, &told, &what);
        Ok(())
    };
    let case = Case::new(&LAW, update, run).variant("unknown").standing(refusal.standing());
    case.place(refusal.place).needs(api.makers(resource))
}
