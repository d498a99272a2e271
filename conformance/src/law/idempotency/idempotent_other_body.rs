//! The same key with another body is refused.

use schemas::Schema;
use serde_json::{Map, Value};

use super::keyed::{KeyUsed, PLACE, keyed_creates};
use crate::contract::{Api, Operation, Refusal, reference};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "idempotent-other-body",
    family: Family::Idempotency,
    says: "the same key with another body is refused",
    why: "Answering the first body's result would hide the mistake.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    keyed_creates(api)
        .into_iter()
        .map(|create| {
            let place = format!("{PLACE}/reused");
            let refusal = Refusal::new(create.rule.reused.clone(), &place).at_most(create.rule.standing);
            let (standing, op) = (refusal.standing(), create.op.clone());
            let run = async move |cx: &mut CaseContext, used: &KeyUsed| {
                let first = used.get(cx).await?;
                let mut body = first.request.body().cloned().unwrap_or_default();
                body.extend(one_change(cx, &op, &body));
                let second = cx.send(first.request.json(body)).await?;
                cx.refused(&second, &refusal, "the same key with another body");
                Ok(())
            };
            Case::given(&LAW, &create.op, create.done(api), run).standing(standing).place(place)
        })
        .collect()
}

/// One property of a body, changed and still valid.
fn one_change(cx: &CaseContext, op: &Operation, body: &Map<String, Value>) -> Map<String, Value> {
    let schema = op.body.iter().map(|body| &body.schema);
    for property in schema.flat_map(Schema::properties) {
        if reference(&property).is_some() {
            continue;
        }
        let value = cx.value(op, &property.name);
        if let Some(value) = value.filter(|value| body.get(&property.name) != Some(value)) {
            return Map::from_iter([(property.name, value)]);
        }
    }
    Map::new()
}
