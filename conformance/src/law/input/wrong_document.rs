//! Bodies that are wrong as a whole: no JSON, or no object.

use schemas::MediaKind;
use serde_json::Value;

use crate::contract::{Api, Operation, Refusal};
use crate::law::{Case, Law};
use crate::scenario::CaseContext;

/// What a body that is JSON and no object is refused with; `None` where the schema admits it.
pub(super) fn refusal_of_non_object(api: &Api, op: &Operation, value: &Value) -> Option<Refusal> {
    let faults = op.body.as_ref()?.schema.faults(value);
    let fault = faults.first()?;
    let refusal = api.refusal(op, "body-not-object");
    let stated = op.standing_of(refusal.status());
    Some(refusal.at_most(fault.standing).at_most(stated))
}

/// Whether an operation takes JSON: what is wrong as JSON may be right as anything else.
pub(super) fn takes_json(op: &Operation) -> bool {
    op.body.as_ref().is_some_and(|body| body.usual().kind() == MediaKind::Json)
}

/// One case per text and operation that takes a body and does not admit the text.
pub(super) fn wrong_documents(
    law: &'static Law,
    api: &Api,
    kind: &'static str,
    texts: &'static [(&'static str, &'static str)],
    what: &'static str,
) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| takes_json(op) && api.reachable(op)) {
        for (variant, text) in texts {
            let parsed: Option<Value> = serde_json::from_str(text).ok();
            let admits = |value: &Value| op.body.as_ref().is_some_and(|body| body.schema.is_valid(value));
            if parsed.as_ref().is_some_and(admits) {
                continue;
            }
            // What JSON must be is the schema's word; that it must be JSON is a rule of the whole API.
            let stated = parsed.as_ref().and_then(|value| refusal_of_non_object(api, op, value));
            let refusal = stated.unwrap_or_else(|| api.refusal(op, kind));
            let (standing, place, target) = (refusal.standing(), refusal.place.clone(), op.clone());
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let request = cx.request_to(&target)?.raw(text);
                let exchange = cx.send(request).await?;
                cx.refused(&exchange, &refusal, &format!("a request of {} with {what}", target.id));
                Ok(())
            });
            cases.push(case.variant(*variant).standing(standing).place(place).needs(api.needs_rows(op)));
        }
    }
    cases
}
