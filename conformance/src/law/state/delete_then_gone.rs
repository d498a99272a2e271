//! A deleted row is gone from reads.

use super::deletion::{deletable, deletion_place};
use crate::contract::Api;
use crate::law::support::DeletedRow;
use crate::law::{Case, Explains, Family, Law, Precedence};
use crate::scenario::{CaseContext, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "delete-then-gone",
    family: Family::State,
    says: "a deleted row is gone from reads",
    why: "By either id.",
    precedence: Precedence::Rule,
    explains: &[
        Explains::on_resource("delete-unlisted"),
        Explains::on_resource("update-deleted"),
        Explains::on_resource("delete-names-the-row"),
        Explains::on_resource("delete-again"),
        Explains::on_resource("unique-after-delete"),
        Explains::on_resource("children-unlisted"),
        Explains::on_resource("list-empty"),
    ],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, delete, standing) in deletable(api, |deletion| deletion.read_gone) {
        let Some(read) = &resource.read else { continue };
        let mut refusal = resource.unknown_row_of(read).at_most(standing);
        refusal.place = deletion_place(resource, "read_gone");
        let (rows, place) = (resource.clone(), refusal.place.clone());
        let run = async move |cx: &mut CaseContext, deleted: &DeletedRow| {
            let (row, _) = deleted.get(cx).await?;
            for id in std::iter::once(&row.id).chain(&row.display) {
                let exchange = cx.read_by(&row, id).await?;
                if !cx.refused(&exchange, &refusal, &format!("a read of a deleted {}", rows.name)) {
                    break;
                }
            }
            Ok(())
        };
        let case = Case::given(&LAW, read, DeletedRow::of(api, resource, delete), run).sends(2);
        cases.push(case.standing(standing).place(place).needs([read.id.clone()]));
    }
    cases
}
