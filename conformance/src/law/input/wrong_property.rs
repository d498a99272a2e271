//! Requests with exactly one wrong property: what the laws on refusals of a property share.

use schemas::FaultKind;
use serde_json::Value;

use super::generated_wrong::generated;
use super::wrongs::wrongs_of_kind;
use crate::contract::Api;
use crate::generate::Extent;
use crate::law::support::{describe_wrong, refusal_of_wrong};
use crate::law::{Case, Law};
use crate::scenario::{CaseContext, CaseError};

/// One case per property that can be wrong in one way, and a generated one per operation.
pub(super) fn wrong_properties(law: &'static Law, api: &Api, seed: u64, kind: FaultKind) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| op.body.is_some() && api.reachable(op)) {
        for wrong in wrongs_of_kind(api, op, kind) {
            let refusal = refusal_of_wrong(api, op, &wrong);
            let (standing, place) = (refusal.standing(), wrong.place.clone());
            let property = wrong.path();
            let variant = format!("{}-{}", wrong.path(), wrong.label);
            let (what, target) = (describe_wrong(op, &wrong), op.clone());
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let request = cx.request_to(&target)?;
                let mut body = cx.body(&target, Extent::Minimal)?.0;
                wrong.apply(&mut body);
                let body = Value::Object(body);
                if target.body.as_ref().is_some_and(|own| own.schema.is_valid(&body)) {
                    return Err(CaseError::NotJudged("the body is valid after all".to_owned()));
                }
                let exchange = cx.send(request.json(body)).await?;
                cx.refused(&exchange, &refusal, &what);
                Ok(())
            });
            cases.push(
                case.variant(variant)
                    .about(property)
                    .standing(standing)
                    .place(place)
                    .needs(api.needs_rows(op)),
            );
        }
    }
    cases.extend(generated(law, api, seed, kind));
    cases
}
