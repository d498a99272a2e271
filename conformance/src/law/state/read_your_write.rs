//! What was created is read by either of its ids.

use schemas::Standing;
use serde_json::Value;

use crate::contract::{Acceptance, Api, Expected, Operation, Resource};
use crate::judge::difference;
use crate::law::support::{creatable, kept};
use crate::law::{Case, Explains, Family, Law};
use crate::scenario::{CaseContext, CaseResult, ReadonlyRow, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "read-your-write",
    family: Family::State,
    says: "what was created is read by either of its ids",
    why: "The read is compared with what the create answered; instants by meaning, not by text.",
    explains: &[Explains::on_resource("row-by-either-id")],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let readable = creatable(api).filter_map(|(resource, _)| Some((resource, resource.read.as_ref()?)));
    let case = |(resource, op): (&Resource, &Operation)| {
        let (rows, read) = (resource.clone(), op.clone());
        let place = resource.rules_pointer();
        let run =
            async move |cx: &mut CaseContext, row: &ReadonlyRow| read_by_both(cx, row, &rows, &read).await;
        let case = Case::given(&LAW, op, ReadonlyRow::of(api, resource), run);
        case.place(place).sends(2).needs([op.id.clone()])
    };
    readable.map(case).collect()
}

async fn read_by_both(
    cx: &mut CaseContext,
    row: &ReadonlyRow,
    rows: &Resource,
    read: &Operation,
) -> CaseResult {
    let row = row.get(cx).await?;
    let ids = [Some(row.id.clone()), row.display.clone()];
    let names = [Some(rows.identity.id.clone()), rows.identity.display.clone()];
    for (id, name) in ids.into_iter().zip(names).filter_map(|(id, name)| Some((id?, name?))) {
        let exchange = cx.read_by(&row, &id).await?;
        let acceptance = Acceptance::of(read).at(cx.place.clone());
        if !cx.accepted(&exchange, &acceptance, &format!("reading a new {} by {name}", rows.name)) {
            return Ok(());
        }
        let shown = exchange.json.clone().unwrap_or_default();
        // A create that does not show the row is held to what was sent.
        if let Some(create) = rows.create.as_ref().filter(|create| !create.shows_row()) {
            let sent = row.created_by.request.body().cloned().unwrap_or_default();
            for field in sent.keys() {
                if !kept(cx, create, &exchange, field, &sent, Standing::Documented) {
                    return Ok(());
                }
            }
        }
        if let Some(field) = difference(rows, &row.value, &shown, &[]) {
            let message =
                format!("a new {} read by {name} has another {field} than its create answered", rows.name);
            let expected = Expected::words(format!("{field} {}", row.get(&field).unwrap_or(&Value::Null)));
            cx.wrong_value(exchange.step, &field, message, expected);
            return Ok(());
        }
    }
    Ok(())
}
