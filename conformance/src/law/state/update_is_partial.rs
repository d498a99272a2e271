//! An update changes what is sent and nothing else.

use schemas::Standing;
use serde_json::Value;

use super::changed_row::{Changed, ChangedRow, moved_by_update};
use super::writes::updates;
use crate::contract::{Api, Expected, Operation, Resource};
use crate::judge::difference;
use crate::law::support::kept;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "update-is-partial",
    family: Family::State,
    says: "an update changes what is sent and nothing else",
    why: "One property is sent; the others are compared, unless the update is the whole row.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let case = |(resource, op): (&Resource, &Operation)| {
        let (rows, update) = (resource.clone(), op.clone());
        let run = async move |cx: &mut CaseContext, changed: &ChangedRow| {
            let changed = changed.get(cx).await?;
            compare(cx, &rows, &update, &changed);
            Ok(())
        };
        Case::given(&LAW, op, ChangedRow::of(api, resource, op), run).sends(0)
    };
    updates(api).map(case).collect()
}

fn compare(cx: &mut CaseContext, rows: &Resource, op: &Operation, changed: &Changed) {
    let (row, exchange) = (&changed.created, &changed.update);
    let body = exchange.request.body().cloned().unwrap_or_default();
    for field in body.keys() {
        if !kept(cx, op, exchange, field, &body, Standing::Documented) {
            return;
        }
    }
    if op.writes_whole_rows() {
        return;
    }
    let mut leaving_out = moved_by_update(rows);
    leaving_out.extend(body.keys().map(String::as_str));
    let shown = exchange.json.clone().unwrap_or_default();
    if let Some(field) = difference(rows, &row.value, &shown, &leaving_out) {
        let message = format!("{} changed {field}, which was not sent", op.id);
        let expected = Expected::words(format!("{field} {}", row.get(&field).unwrap_or(&Value::Null)));
        cx.wrong_value(exchange.step, &field, message, expected);
    }
}
