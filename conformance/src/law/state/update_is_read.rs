//! What a read returns after an update is what the update returned.

use super::changed_row::ChangedRow;
use super::writes::updates;
use crate::contract::{Api, Expected, Operation, Resource};
use crate::judge::difference;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "update-is-read",
    family: Family::State,
    says: "what a read returns after an update is what the update returned",
    why: "Read by the opaque id.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let case = |(resource, op): (&Resource, &Operation)| {
        let (rows, update) = (resource.clone(), op.clone());
        let run = async move |cx: &mut CaseContext, changed: &ChangedRow| {
            is_read(cx, changed, &rows, &update).await
        };
        let case = Case::given(&LAW, op, ChangedRow::of(api, resource, op), run).sends(0);
        case.needs(resource.read.iter().map(|read| read.id.clone()))
    };
    updates(api).map(case).collect()
}

async fn is_read(cx: &mut CaseContext, changed: &ChangedRow, rows: &Resource, op: &Operation) -> CaseResult {
    let changed = changed.get(cx).await?;
    let read = changed.read.ok_or_else(|| CaseError::NotJudged(format!("nothing reads {}", rows.one())))?;
    cx.require_success(&read)?;
    let expected = Expected::words("what the update returned");
    cx.expecting(read.step, expected.clone());
    let answered = changed.update.json.clone().unwrap_or_default();
    let shown = read.json.clone().unwrap_or_default();
    if let Some(field) = difference(rows, &answered, &shown, &[]) {
        let message = format!("after {} a read shows another {field} than the update returned", op.id);
        cx.wrong_value(read.step, &field, message, expected);
    }
    Ok(())
}
