//! Deleting a row again answers the same.

use super::deletion::{deletable, deletion_place};
use crate::contract::{Acceptance, Api, Aspect, Expected};
use crate::law::support::DeletedRow;
use crate::law::{Case, Family, Law};
use crate::scenario::CaseContext;

pub(crate) static LAW: Law = Law {
    id: "delete-again",
    family: Family::State,
    says: "deleting a row again answers the same",
    why: "Status and body.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, delete, standing) in deletable(api, |deletion| deletion.repeatable) {
        let (rows, op) = (resource.clone(), delete.clone());
        let run = async move |cx: &mut CaseContext, deleted: &DeletedRow| {
            let (row, first) = deleted.to_write_to(cx).await?;
            let second = cx.send(row.request(&op)).await?;
            let acceptance = Acceptance::of(&op).at_most(standing).at(cx.place.clone());
            if cx.accepted(&second, &acceptance, &format!("deleting {} again", rows.one()))
                && first.json != second.json
                && second.json.is_some()
            {
                let message = format!("{} answers another body the second time", op.id);
                cx.breach(second.step, Aspect::Other("body"), message, Expected::words("the same body"))
                    .standing(standing);
            }
            Ok(())
        };
        let case = Case::given(&LAW, delete, DeletedRow::of(api, resource, delete), run);
        cases.push(case.standing(standing).place(deletion_place(resource, "repeatable")));
    }
    cases
}
