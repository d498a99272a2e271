//! A body that is JSON but no object is refused.

use serde_json::{Value, json};

use super::wrong_document::{refusal_of_non_object, takes_json, wrong_documents};
use crate::contract::Api;
use crate::law::{Case, Family, Law, Role};
use crate::scenario::CaseContext;

pub(crate) static LAW: Law = Law {
    id: "refuses-non-object",
    family: Family::Input,
    says: "a body that is JSON but no object is refused",
    why: "An array, a text, a null.",
    role: Role::Refusal,
    ..Law::by_cases(cases)
};

const TEXTS: &[(&str, &str)] = &[("array", "[]"), ("text", "\"a\""), ("null", "null")];

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = wrong_documents(&LAW, api, "body-not-object", TEXTS, "a body that is no object");
    // What would be valid by itself, in an array: whoever unpacks it takes a list for its first item.
    for op in api.operations.iter().filter(|op| takes_json(op) && api.reachable(op)) {
        let Some(refusal) = refusal_of_non_object(api, op, &json!([{}])) else { continue };
        let (standing, place, target) = (refusal.standing(), refusal.place.clone(), op.clone());
        let case = Case::new(&LAW, op, async move |cx: &mut CaseContext| {
            let request = cx.request_for(&target)?;
            let body = request.body().cloned().unwrap_or_default();
            let exchange = cx.send(request.json(vec![Value::Object(body)])).await?;
            let what = format!("a request of {} with a valid body in an array", target.id);
            cx.refused(&exchange, &refusal, &what);
            Ok(())
        });
        cases.push(case.variant("array-of-it").standing(standing).place(place).needs(api.needs_rows(op)));
    }
    cases
}
