//! A whole number that is no floating-point number is refused or kept as it is.

use schemas::{Action, Standing};
use serde_json::{Map, Value, json};

use crate::contract::{Api, Expected, Operation, reference};
use crate::generate::{Extent, presence};
use crate::law::support::creatable;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseResult};

pub(crate) static LAW: Law = Law {
    id: "large-integer-exact",
    family: Family::Input,
    says: "a whole number of more digits than a floating-point number holds is refused or kept as it is",
    why: "Many parsers of JSON round it without a word. Documented where the contract states 64 bits; else nobody promised.",
    ..Law::by_cases(cases)
};

/// The first whole number that a floating-point number of 64 bits does not hold.
const UNSAFE: u64 = 9_007_199_254_740_993;

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in creatable(api) {
        for op in [Some(create), resource.update.as_ref()].into_iter().flatten() {
            let Some(body) = &op.body else { continue };
            for property in body.schema.properties() {
                let field = resource.fields.get(&property.name);
                let is_kept = field.is_some_and(|field| field.rules.server_set.is_none());
                let takes =
                    property.schema.admits_type("integer") && property.schema.is_valid(&json!(UNSAFE));
                if !is_kept || !takes || reference(&property).is_some() {
                    continue;
                }
                let in_64_bits = property.schema.keyword("format").is_some_and(|format| format == "int64");
                let sure = if in_64_bits { presence(&property) } else { Standing::Assumed };
                let (target, name) = (op.clone(), property.name.clone());
                let run = async move |cx: &mut CaseContext| try_it(cx, &target, &name, sure).await;
                let case = Case::new(&LAW, op, run).about(&property.name).variant(&property.name);
                let case = case.standing(sure).place(property.schema.place_of("type"));
                let creates = usize::from(op.action() == Action::Create);
                let case = case.creates(creates, resource);
                cases.push(case.needs(api.needs_rows(op)).needs([op.id.clone()]));
            }
        }
    }
    cases
}

async fn try_it(cx: &mut CaseContext, op: &Operation, field: &str, sure: Standing) -> CaseResult {
    let mut body = if op.action() == Action::Update { Map::new() } else { cx.body(op, Extent::Minimal)?.0 };
    body.insert(field.to_owned(), json!(UNSAFE));
    let exchange = cx.send(cx.request_to(op)?.json(body)).await?;
    cx.expecting(exchange.step, Expected::words(format!("a refusal, or {field} {UNSAFE}")));
    let shown = exchange.property(field).filter(|_| exchange.is_success()).and_then(Value::as_number);
    if let Some(shown) = shown.filter(|shown| shown.to_string() != UNSAFE.to_string()) {
        let message = format!("{field} {UNSAFE} was sent to {} and became {shown}", op.id);
        let expected = Expected::words(format!("{field} {UNSAFE}"));
        cx.wrong_value(exchange.step, field, message, expected).standing(sure);
    }
    Ok(())
}
