//! Generated wrong requests: a generated valid body with one property made wrong in a generated way. One that is not
//! refused as it should is tried again in the least body, so that what is told holds nothing that does not matter.

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use schemas::FaultKind;
use serde_json::{Map, Value, json};

use super::refuse::{all_wrongs, described, told};
use super::law::Law;
use crate::contract::{Api, Operation};
use crate::generate::{Change, Extent, Wrong, bodies, runner};
use crate::contract::Refusal;
use super::case::{Case, Phase};
use crate::scenario::{Outcome, CaseContext, CaseError};

/// Cases of one kind of breach, one for each operation in which it can occur.
pub(super) fn cases(law: &'static Law, api: &Api, kind: FaultKind, seed: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| op.body.is_some() && api.reachable(op)) {
        let wrongs: Vec<Wrong> =
            all_wrongs(api, op).into_iter().filter(|wrong| wrong.kinds.first() == Some(&kind)).collect();
        if wrongs.is_empty() {
            continue;
        }
        let mut random = runner(seed, &format!("{}/{}/generated", law.id, op.id));
        let wrong = wrongs[below(&mut random, wrongs.len())].clone();
        let refusal = told(api, op, &wrong);
        let (standing, place) = (refusal.standing(), wrong.place.clone());
        let target = op.clone();
        let probe = async move |cx: &mut CaseContext| tried(cx, &target, &wrong, &refusal, seed).await;
        cases.push(
            Case::new(law, op, probe)
                .variant("generated")
                .standing(standing)
                .place(place)
                .phase(Phase::Generated)
                .needs(api.needs_rows(op)),
        );
    }
    cases
}

/// A number under a bound that is not zero.
fn below(random: &mut TestRunner, bound: usize) -> usize {
    (0..bound).new_tree(random).map_or(0, |tree| tree.current())
}

async fn tried(cx: &mut CaseContext, op: &Operation, wrong: &Wrong, refusal: &Refusal, seed: u64) -> Outcome {
    let mut random = runner(seed, &cx.key);
    let varied = vary(op, wrong, &mut random);
    let carrier = bodies(cx.api(), op).and_then(|strategy| strategy.new_tree(&mut random).ok());
    let least = cx.body(op, Extent::Minimal)?.0;
    let mut body = least.clone();
    body.extend(carrier.map(|tree| tree.current()).unwrap_or_default());
    if send(cx, op, body, &varied, wrong, refusal).await? {
        return Ok(());
    }
    let accepted = cx.breaches.iter().any(|breach| breach.class == "accepted");
    // Smaller: the least body, with the generated value and then with the plainest one.
    let whole = cx.take_story();
    if send(cx, op, least.clone(), &varied, wrong, refusal).await? {
        // Refused as it should be: what the other properties were told is other laws' matter.
        if accepted {
            (cx.steps, cx.breaches) = whole;
        }
        return Ok(());
    }
    if varied != wrong.change {
        let smaller = cx.take_story();
        if send(cx, op, least, &wrong.change, wrong, refusal).await? {
            (cx.steps, cx.breaches) = smaller;
        }
    }
    Ok(())
}

/// Sends a body with one thing wrong; whether it is refused as it should be.
async fn send(
    cx: &mut CaseContext,
    op: &Operation,
    mut body: Map<String, Value>,
    change: &Change,
    wrong: &Wrong,
    refusal: &Refusal,
) -> Result<bool, CaseError> {
    change.apply(&mut body, &wrong.field);
    let schema = op.body.iter().map(|body| &body.schema);
    if schema.into_iter().any(|schema| schema.is_valid(&Value::Object(body.clone()))) {
        return Err(CaseError::NotJudged("the body is valid after all".to_owned()));
    }
    let exchange = cx.send(cx.request_to(op)?.json(body)).await?;
    Ok(cx.refused(&exchange, refusal, &described(op, wrong)))
}

/// Another value that is wrong in the same way, where one can be made.
fn vary(op: &Operation, wrong: &Wrong, random: &mut TestRunner) -> Change {
    let (Change::Set(plain), Some(property)) =
        (&wrong.change, op.body.as_ref().and_then(|body| body.schema.property(&wrong.field)))
    else {
        return wrong.change.clone();
    };
    let more = below(random, 60) + 1;
    let value = match (plain, wrong.kinds.first()) {
        (Value::String(text), Some(FaultKind::TooBig)) => json!(format!("{}{text}", "a".repeat(more))),
        (Value::Number(number), Some(FaultKind::TooSmall)) => {
            number.as_i64().map_or(plain.clone(), |number| json!(number - i64::try_from(more).unwrap_or(1)))
        }
        (Value::Number(number), Some(FaultKind::TooBig)) => {
            number.as_i64().map_or(plain.clone(), |number| json!(number + i64::try_from(more).unwrap_or(1)))
        }
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
