//! Generated wrong requests: a generated valid body with one property made wrong in a generated way.

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use schemas::FaultKind;
use serde_json::{Map, Value, json};

use super::wrongs::wrongs_of_kind;
use crate::contract::{Api, Aspect, Operation, Refusal};
use crate::generate::{Change, Extent, Wrong, bodies, runner};
use crate::law::support::{describe_wrong, refusal_of_wrong};
use crate::law::{Case, Law, Phase};
use crate::scenario::{CaseContext, CaseError, CaseResult};

/// Cases of one kind of wrong, one for each operation in which it can occur.
pub(super) fn generated(law: &'static Law, api: &Api, seed: u64, kind: FaultKind) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| op.body.is_some() && api.reachable(op)) {
        let wrongs = wrongs_of_kind(api, op, kind);
        if wrongs.is_empty() {
            continue;
        }
        let mut random = runner(seed, &format!("{}/{}/generated", law.id, op.id));
        let wrong = wrongs[below(&mut random, wrongs.len())].clone();
        let refusal = refusal_of_wrong(api, op, &wrong);
        let (standing, place, target) = (refusal.standing(), wrong.place.clone(), op.clone());
        let run = async move |cx: &mut CaseContext| try_wrong(cx, &target, &wrong, &refusal, seed).await;
        let case = Case::new(law, op, run).variant("generated").standing(standing).place(place);
        cases.push(case.phase(Phase::Generated).needs(api.needs_rows(op)));
    }
    cases
}

/// A number below a bound that is not zero.
fn below(random: &mut TestRunner, bound: usize) -> usize {
    (0..bound).new_tree(random).map_or(0, |tree| tree.current())
}

/// Tries a generated body with one property made wrong. One that is not refused as it should be is tried again in the
/// smallest body, so that what is reported holds nothing that does not matter.
async fn try_wrong(
    cx: &mut CaseContext,
    op: &Operation,
    wrong: &Wrong,
    refusal: &Refusal,
    seed: u64,
) -> CaseResult {
    let mut random = runner(seed, &cx.key);
    let varied = vary(op, wrong, &mut random);
    let carrier = bodies(cx.api(), op).and_then(|strategy| strategy.new_tree(&mut random).ok());
    let least = cx.body(op, Extent::Minimal)?.0;
    let mut body = least.clone();
    body.extend(carrier.map(|tree| tree.current()).unwrap_or_default());
    if send(cx, op, body, &varied, wrong, refusal).await? {
        return Ok(());
    }
    let grave = |aspect: &Aspect| matches!(aspect, Aspect::Accepted | Aspect::ServerError);
    let grave = cx.story.breaches().iter().any(|breach| grave(&breach.aspect));
    // Smaller: the smallest body, with the generated value and then with the plainest one.
    let whole = cx.story.take();
    if send(cx, op, least.clone(), &varied, wrong, refusal).await? {
        // Refused as it should be: the refusals of the other properties are the matter of other laws.
        if grave {
            cx.story.replace(whole.0, whole.1);
        }
        return Ok(());
    }
    if varied != wrong.change {
        let smaller = cx.story.take();
        if send(cx, op, least, &wrong.change, wrong, refusal).await? {
            cx.story.replace(smaller.0, smaller.1);
        }
    }
    Ok(())
}

/// Sends a body with one thing wrong. Returns whether it is refused as it should be.
async fn send(
    cx: &mut CaseContext,
    op: &Operation,
    mut body: Map<String, Value>,
    change: &Change,
    wrong: &Wrong,
    refusal: &Refusal,
) -> Result<bool, CaseError> {
    wrong.apply_as(change, &mut body);
    let schema = op.body.iter().map(|body| &body.schema);
    if schema.into_iter().any(|schema| schema.is_valid(&Value::Object(body.clone()))) {
        return Err(CaseError::NotJudged("the body is valid after all".to_owned()));
    }
    let exchange = cx.send(cx.request_to(op)?.json(body)).await?;
    Ok(cx.refused(&exchange, refusal, &describe_wrong(op, wrong)))
}

/// Another value that is wrong in the same way, where one can be made.
fn vary(op: &Operation, wrong: &Wrong, random: &mut TestRunner) -> Change {
    if !wrong.inner.is_empty() {
        return wrong.change.clone();
    }
    let (Change::Set(plain), Some(property)) =
        (&wrong.change, op.body.as_ref().and_then(|body| body.schema.property(&wrong.field)))
    else {
        return wrong.change.clone();
    };
    let more = below(random, 60) + 1;
    let value = match (plain, wrong.kinds.first()) {
        (Value::String(text), Some(FaultKind::TooBig)) => json!(format!("{}{text}", "a".repeat(more))),
        (Value::Number(number), Some(FaultKind::TooSmall)) => number
            .as_i64()
            .map_or(plain.clone(), |number| json!(number.saturating_sub(i64::try_from(more).unwrap_or(1)))),
        (Value::Number(number), Some(FaultKind::TooBig)) => number
            .as_i64()
            .map_or(plain.clone(), |number| json!(number.saturating_add(i64::try_from(more).unwrap_or(1)))),
        (Value::String(_), Some(FaultKind::Enum)) => json!(format!("no_such_{more}")),
        (_, Some(FaultKind::Type)) => {
            let others = [
                json!(more),
                json!(format!("{more}")),
                json!(more.is_multiple_of(2)),
                json!([]),
                json!({"a": more}),
            ];
            let start = below(random, others.len());
            let mut turns = others.iter().cycle().skip(start).take(others.len());
            turns
                .find(|value| same_kinds(&property.schema, value, wrong))
                .cloned()
                .unwrap_or_else(|| plain.clone())
        }
        _ => plain.clone(),
    };
    if same_kinds(&property.schema, &value, wrong) { Change::Set(value) } else { wrong.change.clone() }
}

/// Whether a value is wrong in the same way, no more and no less.
fn same_kinds(schema: &schemas::Schema, value: &Value, wrong: &Wrong) -> bool {
    let faults = schema.faults(value);
    !faults.is_empty()
        && faults.iter().all(|fault| fault.instance.is_empty() && wrong.kinds.contains(&kind(fault.kind)))
}

/// Of a property alone, an object that is wanted and not there is a wrong type.
fn kind(kind: FaultKind) -> FaultKind {
    if kind == FaultKind::NotObject { FaultKind::Type } else { kind }
}
