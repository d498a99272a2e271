//! What was created is listed, as it reads.

use crate::contract::{Api, Aspect, Expected, Operation, Resource};
use crate::judge::difference;
use crate::law::support::creatable;
use crate::law::{Case, Explains, Family, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult, ReadonlyRow, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "created-is-listed",
    family: Family::State,
    says: "what was created is listed, as it reads",
    why: "In every list of its kind.",
    explains: &[
        Explains::on_resource("every-row-is-listed"),
        Explains::on_resource("filter-selects-exactly"),
        Explains::on_resource("filters-combine"),
        Explains::on_resource("filter-before-page"),
        Explains::on_resource("rows-stay-with-parent"),
        Explains::on_resource("walk-meets-each-row-once"),
    ],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, _) in creatable(api) {
        for list in resource.lists.iter().filter(|list| api.reachable(list)) {
            let (rows, op) = (resource.clone(), list.clone());
            let run =
                async move |cx: &mut CaseContext, row: &ReadonlyRow| is_listed(cx, row, &rows, &op).await;
            let case = Case::given(&LAW, list, ReadonlyRow::of(api, resource), run);
            cases.push(case.alone().needs([list.id.clone()]));
        }
    }
    cases
}

async fn is_listed(cx: &mut CaseContext, row: &ReadonlyRow, rows: &Resource, list: &Operation) -> CaseResult {
    let row = row.get(cx).await?;
    let request = cx.request_to(list)?;
    let found = cx.find(request, &[&row]).await?;
    let expected = Expected::words(format!("the new {}", rows.name));
    cx.expecting(found.step, expected.clone());
    let Some(shown) = found.rows.first() else {
        if !found.whole {
            return Err(CaseError::NotJudged(format!("{} is too long to be walked", list.id)));
        }
        let message = format!("a new {} is not in {}", rows.name, list.id);
        cx.breach(found.step, Aspect::Absent, message, expected);
        return Ok(());
    };
    if let Some(field) = difference(rows, &row.value, shown, &[]) {
        let message = format!("a new {} is listed with another {field}", rows.name);
        cx.wrong_value(found.step, &field, message, Expected::words(format!("{field} as created")));
    }
    Ok(())
}
