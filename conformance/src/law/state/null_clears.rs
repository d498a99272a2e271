//! Null clears a property that may be null.

use schemas::Standing;
use serde_json::{Map, Value};

use super::writes::updates;
use crate::contract::{Acceptance, Api, Expected, Operation, Resource};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseResult, ExclusiveRow, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "null-clears",
    family: Family::State,
    says: "null clears a property that may be null",
    why: "Refusing it is no more than a note where nobody promised.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, op) in updates(api) {
        let names = nullable(resource, op);
        if names.is_empty() {
            continue;
        }
        let update = op.clone();
        let run = async move |cx: &mut CaseContext, row: &ExclusiveRow| clear(cx, row, &update, &names).await;
        let case = Case::given(&LAW, op, ExclusiveRow::of(api, resource), run).sends(2);
        cases.push(case.standing(Standing::Assumed).needs([op.id.clone()]));
    }
    cases
}

/// The properties of an update that may be null.
fn nullable(resource: &Resource, op: &Operation) -> Vec<String> {
    let is_ours =
        |name: &str| resource.fields.get(name).is_some_and(|field| field.rules.server_set.is_none());
    let properties = op.body.iter().flat_map(|body| body.schema.properties());
    properties
        .filter(|property| property.is_nullable() && is_ours(&property.name))
        .map(|property| property.name)
        .collect()
}

async fn clear(cx: &mut CaseContext, row: &ExclusiveRow, op: &Operation, names: &[String]) -> CaseResult {
    let row = row.get(cx).await?;
    let sent: Map<String, Value> =
        names.iter().filter_map(|name| Some((name.clone(), cx.value(op, name)?))).collect();
    let filled = cx.send(cx.update_request(op, &row, sent)?).await?;
    cx.require_success(&filled)?;
    let nulls: Map<String, Value> = names.iter().map(|name| (name.clone(), Value::Null)).collect();
    let exchange = cx.send(cx.update_request(op, &row, nulls)?).await?;
    let acceptance = Acceptance::of(op).at_most(Standing::Assumed).at(cx.place.clone());
    if !cx.accepted(&exchange, &acceptance, &format!("a request of {} with nulls", op.id)) {
        return Ok(());
    }
    let is_set = |name: &&String| {
        let shown = exchange.property(name);
        shown.is_some_and(|shown| !shown.is_null())
    };
    if let Some(name) = names.iter().find(is_set) {
        let expected = Expected::words(format!("{name} null"));
        cx.wrong_value(exchange.step, name, format!("null does not clear {name}"), expected)
            .standing(Standing::Assumed);
    }
    Ok(())
}
