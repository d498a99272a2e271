//! An update of nothing is accepted and changes nothing.

use schemas::Standing;
use serde_json::Map;

use super::changed_row::{ChangedRow, moved_by_update};
use super::writes::updates;
use crate::contract::{Acceptance, Api, Expected, Operation, Resource};
use crate::judge::difference;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseResult, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "update-empty",
    family: Family::State,
    says: "an update of nothing is accepted and changes nothing",
    why: "An empty object.",
    ..Law::by_cases(cases)
};

const STANDING: Standing = Standing::Inferred;

fn cases(api: &Api) -> Vec<Case> {
    let case = |(resource, op): (&Resource, &Operation)| {
        let (rows, update) = (resource.clone(), op.clone());
        let run = async move |cx: &mut CaseContext, changed: &ChangedRow| {
            change_nothing(cx, changed, &rows, &update).await
        };
        Case::given(&LAW, op, ChangedRow::of(api, resource, op), run).standing(STANDING)
    };
    let takes_nothing = |op: &Operation| {
        !op.writes_whole_rows()
            && op
                .body
                .as_ref()
                .is_none_or(|body| body.schema.properties().iter().all(|property| !property.required))
    };
    updates(api).filter(|(_, op)| takes_nothing(op)).map(case).collect()
}

async fn change_nothing(
    cx: &mut CaseContext,
    changed: &ChangedRow,
    rows: &Resource,
    op: &Operation,
) -> CaseResult {
    let changed = changed.get(cx).await?;
    let latest = changed.read.filter(|read| read.is_success()).unwrap_or(changed.update);
    let before = latest.json.clone().unwrap_or_default();
    let exchange = cx.send(changed.created.request(op).json(Map::new())).await?;
    let acceptance = Acceptance::of(op).at_most(STANDING);
    if !cx.accepted(&exchange, &acceptance, &format!("an empty {}", op.id)) {
        return Ok(());
    }
    let shown = exchange.json.clone().unwrap_or_default();
    if let Some(field) = difference(rows, &before, &shown, &moved_by_update(rows)) {
        let message = format!("an empty {} changed {field}", op.id);
        let expected = Expected::words(format!("{field} as it was"));
        cx.wrong_value(exchange.step, &field, message, expected).standing(STANDING);
    }
    Ok(())
}
