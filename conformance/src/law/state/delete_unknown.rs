//! Deleting a row that never was is answered so.

use super::deletion::{deletable, deletion_place};
use crate::contract::Api;
use crate::law::support::unknown_id_of;
use crate::law::{Case, Family, Law};
use crate::scenario::CaseContext;

pub(crate) static LAW: Law = Law {
    id: "delete-unknown",
    family: Family::State,
    says: "deleting a row that never existed is answered with the stated error",
    why: "By an opaque id that no row has.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, delete, standing) in deletable(api, |deletion| deletion.unknown) {
        let mut refusal = resource.unknown_row_of(delete).at_most(standing);
        refusal.place = deletion_place(resource, "unknown");
        let (rows, op, place) = (resource.clone(), delete.clone(), refusal.place.clone());
        let run = async move |cx: &mut CaseContext| {
            let id = unknown_id_of(cx, &rows)?;
            let exchange = cx.send(cx.request_to(&op)?.own(&id)).await?;
            cx.refused(&exchange, &refusal, &format!("deleting an unknown {}", rows.name));
            Ok(())
        };
        let case = Case::new(&LAW, delete, run).standing(standing).place(place);
        cases.push(case.needs(api.makers(resource)));
    }
    cases
}
