//! A delete answers with the ids of the deleted row.

use super::deletion::deletable;
use crate::contract::{Api, Expected};
use crate::law::support::DeletedRow;
use crate::law::{Case, Family, Law, Precedence};
use crate::scenario::{CaseContext, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "delete-names-the-row",
    family: Family::State,
    says: "a delete answers with the ids of the deleted row",
    why: "Both of them.",
    precedence: Precedence::Rule,
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, delete, _) in deletable(api, |deletion| deletion.read_gone.or(deletion.unlisted)) {
        let (rows, op) = (resource.clone(), delete.clone());
        let run = async move |cx: &mut CaseContext, deleted: &DeletedRow| {
            let (row, exchange) = deleted.get(cx).await?;
            for name in std::iter::once(&rows.identity.id).chain(&rows.identity.display) {
                let shown = exchange.property(name);
                if shown.zip(row.get(name)).is_some_and(|(shown, known)| shown != known) {
                    let message = format!("{} answers with another {name}", op.id);
                    let expected = Expected::words(format!("{name} of the deleted row"));
                    cx.wrong_value(exchange.step, name, message, expected);
                }
            }
            Ok(())
        };
        cases.push(Case::given(&LAW, delete, DeletedRow::of(api, resource, delete), run).sends(0));
    }
    cases
}
