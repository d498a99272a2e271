//! A refused write changes nothing.

use super::surest_wrong::surest_wrong;
use crate::contract::{Api, Expected, Operation, Resource};
use crate::generate::Wrong;
use crate::judge::difference;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult, plain_property};

pub(crate) static LAW: Law = Law {
    id: "refused-write-changes-nothing",
    family: Family::Input,
    says: "a refused write changes nothing",
    why: "One property is right and new, another is wrong; afterwards the row reads as before.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for resource in &api.resources {
        let (Some(op), Some(read)) = (&resource.update, &resource.read) else { continue };
        let Some((plain, _)) = plain_property(api, op) else { continue };
        let Some(wrong) = surest_wrong(api, op, &plain) else { continue };
        let (target, rows) = (op.clone(), resource.clone());
        let run = async move |cx: &mut CaseContext| refused_and_read(cx, &rows, &target, &wrong).await;
        let case = Case::new(&LAW, op, run).sends(3).creates(1, resource);
        cases.push(case.needs(api.makers(resource)).needs([read.id.clone()]));
    }
    cases
}

async fn refused_and_read(
    cx: &mut CaseContext,
    resource: &Resource,
    op: &Operation,
    wrong: &Wrong,
) -> CaseResult {
    let row = cx.create_row(resource).await?;
    let mut body = cx.change(op)?.0;
    wrong.apply(&mut body);
    let refused = cx.send(row.change(op, body)).await?;
    if refused.is_success() {
        return Err(CaseError::NotJudged(format!("{} accepts the wrong request", op.id)));
    }
    let after = cx.read(&row).await?;
    cx.require_success(&after)?;
    let expected = Expected::words("the row as it was");
    cx.expecting(after.step, expected.clone());
    let shown = after.json.clone().unwrap_or_default();
    if let Some(field) = difference(resource, &row.value, &shown, &[]) {
        let message = format!("a refused request of {} changed {field}", op.id);
        cx.wrong_value(after.step, &field, message, expected);
    }
    Ok(())
}
