//! Requests with exactly one thing wrong, and what they are told.

use schemas::FaultKind;
use serde_json::Value;

use super::id;
use super::law::Law;
use crate::contract::{Api, Operation};
use crate::generate::{Change, Extent, Namer, Valid, Wrong, wrongs};
use crate::contract::Refusal;
use super::case::Case;
use crate::scenario::CaseContext;

/// The kind of breach each law of this sort is about.
pub(crate) fn kind_of(law: &str) -> Option<FaultKind> {
    Some(match law {
        id::REFUSES_MISSING => FaultKind::Missing,
        id::REFUSES_NULL => FaultKind::Null,
        id::REFUSES_TYPE => FaultKind::Type,
        id::REFUSES_SMALL => FaultKind::TooSmall,
        id::REFUSES_BIG => FaultKind::TooBig,
        id::REFUSES_FORMAT => FaultKind::Format,
        id::REFUSES_ENUM => FaultKind::Enum,
        id::REFUSES_OTHER => FaultKind::Other,
        _ => return None,
    })
}

/// What a wrong body is told: no surer than the breach itself and the operation's own word on such answers.
pub(crate) fn told(api: &Api, op: &Operation, wrong: &Wrong) -> Refusal {
    let mut refusal = api.refusal(op, wrong.kinds.first().copied().unwrap_or(FaultKind::Other).rejection());
    for kind in wrong.kinds.iter().skip(1) {
        refusal = refusal.or_codes_of(&api.refusal(op, kind.rejection()));
    }
    if is_enumerated(api, wrong) {
        refusal = refusal.or_codes_of(&api.refusal(op, FaultKind::Enum.rejection()));
    }
    let stated = op.standing_of(refusal.status());
    refusal.place.clone_from(&wrong.place);
    refusal.at_most(wrong.standing).at_most(stated).blaming(&wrong.blamed)
}

/// Whether the value belongs to a list: one of another type is no member either, and may be told so.
fn is_enumerated(api: &Api, wrong: &Wrong) -> bool {
    let schema = wrong.place.rsplit_once('/').map(|(schema, _)| schema);
    schema.is_some_and(|schema| api.contract.document().get(&format!("{schema}/enum")).is_some())
}

/// What is wrong, for people.
pub(crate) fn described(op: &Operation, wrong: &Wrong) -> String {
    let name = &wrong.blamed;
    let what = match (&wrong.change, wrong.kinds.first()) {
        (Change::Remove, _) => format!("without {name}"),
        (Change::Set(_), Some(FaultKind::Null)) => format!("with {name} null"),
        (Change::Set(_), Some(FaultKind::Type)) => format!("with {name} of another type"),
        (Change::Set(_), Some(FaultKind::TooSmall)) => format!("with {name} under its bound"),
        (Change::Set(_), Some(FaultKind::TooBig)) => format!("with {name} over its bound"),
        (Change::Set(_), Some(FaultKind::Format)) => format!("with {name} in no valid form"),
        (Change::Set(_), Some(FaultKind::Enum)) => format!("with {name} that is no member"),
        (Change::Set(_), _) => format!("with a wrong {name}"),
    };
    format!("a request of {} {what}", op.id)
}

/// Everything that can be wrong with an operation's body, told from a body with texts that are never sent.
pub(crate) fn all_wrongs(api: &Api, op: &Operation) -> Vec<Wrong> {
    let Some(body) = &op.body else { return Vec::new() };
    let names = Namer::new("x", &op.id, 0);
    let row = |_: &str| Some("x".to_owned());
    let valid = Valid { api, op, names: &names, row: &row };
    valid.body(Extent::Minimal).map(|(map, _)| wrongs(&body.schema, &map)).unwrap_or_default()
}

/// One case per property that can be wrong in the law's way.
pub(crate) fn body_cases(law: &'static Law, api: &Api, seed: u64) -> Vec<Case> {
    let Some(kind) = kind_of(law.id) else { return Vec::new() };
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| op.body.is_some() && api.reachable(op)) {
        for wrong in all_wrongs(api, op).into_iter().filter(|wrong| wrong.kinds.first() == Some(&kind)) {
            let refusal = told(api, op, &wrong);
            let (standing, place) = (refusal.standing(), wrong.place.clone());
            let variant = format!("{}-{}", wrong.field, wrong.label);
            let what = described(op, &wrong);
            let target = op.clone();
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let request = cx.request_to(&target)?;
                let mut body = cx.body(&target, Extent::Minimal)?.0;
                wrong.change.apply(&mut body, &wrong.field);
                if target.body.as_ref().is_some_and(|own| own.schema.is_valid(&Value::Object(body.clone()))) {
                    return Err(crate::scenario::CaseError::NotJudged("the body is valid after all".to_owned()));
                }
                let exchange = cx.send(request.json(body)).await?;
                cx.refused(&exchange, &refusal, &what);
                Ok(())
            });
            cases.push(case.variant(variant).standing(standing).place(place).needs(api.needs_rows(op)));
        }
    }
    cases.extend(super::generated_wrong::cases(law, api, kind, seed));
    cases
}

/// Query parameters whose value can be wrong; those of pages are looked at by the laws of pages.
pub(crate) fn query_cases(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let paging = api.rules().pagination.as_ref();
    let paged =
        |name: &str| paging.is_some_and(|rule| rule.limit.parameter == name || rule.cursor.parameter == name);
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| api.reachable(op)) {
        for parameter in
            op.parameters_in(schemas::ParameterLocation::Query).filter(|parameter| !paged(&parameter.name))
        {
            let texts = ["no_such_value", "not-in-the-format", "-1", "0.5"];
            for text in texts {
                let faults = parameter.schema.faults(&parameter.decode(&[text]));
                let Some(fault) = faults.first() else { continue };
                let refusal = api.refusal(op, fault.kind.rejection());
                let stated = op.standing_of(refusal.status());
                let refusal = refusal.at_most(fault.standing).at_most(stated).blaming(&parameter.name);
                let (standing, place, name) =
                    (refusal.standing(), fault.place.clone(), parameter.name.clone());
                let target = op.clone();
                let what = format!("{} with {name}={text}", op.id);
                let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                    let request = cx.request_for(&target)?.query(&name, text);
                    let exchange = cx.send(request).await?;
                    cx.refused(&exchange, &refusal, &what);
                    Ok(())
                });
                let variant = format!("{}-{text}", parameter.name);
                cases.push(case.variant(variant).standing(standing).place(place).needs(api.needs_rows(op)));
                break;
            }
        }
    }
    cases
}

/// A body that is no JSON, or none at all where one is wanted.
pub(crate) fn unparsable(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    text_cases(
        law,
        api,
        "body-unparsable",
        &[("cut-short", "{\"a\": "), ("no-json", "name=a")],
        "a body that is not JSON",
    )
}

/// A body that is JSON but no object.
pub(crate) fn non_object(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = text_cases(
        law,
        api,
        "body-not-object",
        &[("array", "[]"), ("text", "\"a\""), ("null", "null")],
        "a body that is no object",
    );
    // What would be valid by itself, in an array: whoever unpacks it takes a list for its first item.
    for op in api.operations.iter().filter(|op| op.body.is_some() && api.reachable(op)) {
        let Some(refusal) = not_an_object(api, op, &serde_json::json!([{}])) else { continue };
        let (standing, place, target) = (refusal.standing(), refusal.place.clone(), op.clone());
        let case = Case::new(law, op, async move |cx: &mut CaseContext| {
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

/// What a body that is JSON and no object is told; `None` where the schema admits it.
fn not_an_object(api: &Api, op: &Operation, value: &Value) -> Option<Refusal> {
    let faults = op.body.as_ref()?.schema.faults(value);
    let fault = faults.first()?;
    let refusal = api.refusal(op, "body-not-object");
    let stated = op.standing_of(refusal.status());
    Some(refusal.at_most(fault.standing).at_most(stated))
}

fn text_cases(
    law: &'static Law,
    api: &Api,
    kind: &'static str,
    texts: &'static [(&'static str, &'static str)],
    what: &'static str,
) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| op.body.is_some() && api.reachable(op)) {
        for (variant, text) in texts {
            let parsed: Option<Value> = serde_json::from_str(text).ok();
            if parsed
                .as_ref()
                .is_some_and(|value| op.body.as_ref().is_some_and(|body| body.schema.is_valid(value)))
            {
                continue;
            }
            // What JSON must be is the schema's word; that it must be JSON is a rule of the whole API.
            let stated = parsed.as_ref().and_then(|value| not_an_object(api, op, value));
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
