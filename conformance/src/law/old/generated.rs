//! Generated requests: valid bodies by proptest, each shrunk to the smallest that still shows what is wrong.

use proptest::strategy::{BoxedStrategy, Strategy as _, ValueTree};
use schemas::{Action, Standing};
use serde_json::{Map, Value};

use super::input::kept;
use super::law::Law;
use crate::contract::{Api, Operation};
use crate::generate::{Extent, bodies, edges, runner};
use crate::contract::Acceptance;
use crate::judge::Breach;
use super::case::{Case, Phase};
use crate::http::Request;
use crate::scenario::{Outcome, CaseContext, Step, CaseError};

/// How bodies are made, and cases of each sort for each operation.
const SORTS: [(Sort, usize); 2] = [(Sort::Any, 3), (Sort::Edges, 2)];
/// How a body is made.
#[derive(Clone, Copy)]
enum Sort {
    /// Any valid values.
    Any,
    /// Values at their bounds.
    Edges,
}

impl Sort {
    fn bodies(self, api: &Api, op: &Operation) -> Option<BoxedStrategy<Map<String, Value>>> {
        match self {
            Self::Any => bodies(api, op),
            Self::Edges => edges(api, op),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Any => "generated",
            Self::Edges => "edges",
        }
    }
}

/// Bodies in a case; it ends with the first that shows something wrong.
const BODIES: usize = 5;
/// Requests that shrinking one failure may take.
const SHRINKING: usize = 60;

/// Cases with generated bodies, for every operation that makes or changes rows.
pub(crate) fn cases(law: &'static Law, api: &Api, seed: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    let turns = SORTS.into_iter().flat_map(|(sort, count)| (0..count).map(move |index| (index, sort)));
    let mut turns: Vec<(usize, Sort)> = turns.collect();
    turns.sort_by_key(|(index, _)| *index);
    for (index, sort) in turns {
        for op in api.operations.iter().filter(|op| api.reachable(op)) {
            if !matches!(op.action(), Action::Create | Action::Update) || sort.bodies(api, op).is_none() {
                continue;
            }
            let target = op.clone();
            let probe = async move |cx: &mut CaseContext| generated(cx, &target, sort, seed).await;
            let cost = BODIES * if op.action() == Action::Create { 2 } else { 1 };
            cases.push(
                Case::new(law, op, probe)
                    .variant(format!("{}-{index}", sort.name()))
                    .phase(Phase::Generated)
                    .cost(cost)
                    .needs(api.needs_rows(op)),
            );
        }
    }
    cases
}

/// What a trial left: its steps and what was wrong.
struct Shown {
    steps: Vec<Step>,
    breaches: Vec<Breach>,
}

impl Shown {
    /// Which aspect of the law was broken; `None` where it holds.
    fn class(&self, law: &str) -> Option<String> {
        self.breaches.iter().find(|breach| breach.law == law).map(|breach| breach.class.clone())
    }
}

async fn generated(cx: &mut CaseContext, op: &Operation, sort: Sort, seed: u64) -> Outcome {
    let Some(strategy) = sort.bodies(cx.api(), op) else { return Ok(()) };
    let mut runner = runner(seed, &cx.key);
    for _ in 0..BODIES {
        let tree = strategy
            .new_tree(&mut runner)
            .map_err(|why| CaseError::NotJudged(format!("no body was made: {why}")))?;
        let broken = attempt(cx, op, tree.current()).await?;
        let shown = take(cx);
        if broken {
            return shrink(cx, op, tree, shown).await;
        }
        if !shown.breaches.is_empty() {
            (cx.steps, cx.breaches) = (shown.steps, shown.breaches);
            return Ok(());
        }
    }
    Ok(())
}

/// Looks for the smallest body that is answered wrong in the same way: first without the properties that do not matter,
/// then with smaller values of those that do.
async fn shrink(
    cx: &mut CaseContext,
    op: &Operation,
    mut tree: impl ValueTree<Value = Map<String, Value>>,
    mut smallest: Shown,
) -> Outcome {
    let class = smallest.class(cx.law);
    let mut tries = 0;
    let mut matters: Vec<String> = tree.current().keys().cloned().collect();
    for name in matters.clone() {
        let fewer: Vec<String> = matters.iter().filter(|other| **other != name).cloned().collect();
        tries += 1;
        attempt(cx, op, only(tree.current(), &fewer)).await?;
        let shown = take(cx);
        if shown.class(cx.law) == class {
            (smallest, matters) = (shown, fewer);
        }
    }
    let mut last = only(tree.current(), &matters);
    while tries < SHRINKING && tree.simplify() {
        loop {
            let body = only(tree.current(), &matters);
            // A step in a property that does not matter shows nothing: it costs no request.
            let same = body == last;
            let shown = if same {
                None
            } else {
                tries += 1;
                attempt(cx, op, body.clone()).await?;
                Some(take(cx)).filter(|shown| shown.class(cx.law) == class)
            };
            if let Some(shown) = shown {
                (smallest, last) = (shown, body);
                break;
            }
            if same {
                break;
            }
            if tries >= SHRINKING || !tree.complicate() {
                break;
            }
        }
    }
    cx.steps = smallest.steps;
    cx.breaches = smallest.breaches;
    Ok(())
}

/// The properties of a body that matter.
fn only(body: Map<String, Value>, matters: &[String]) -> Map<String, Value> {
    body.into_iter().filter(|(name, _)| matters.contains(name)).collect()
}

/// Sends one body; whether something was wrong with the answer.
async fn attempt(cx: &mut CaseContext, op: &Operation, varied: Map<String, Value>) -> Result<bool, CaseError> {
    let (request, body) = request(cx, op, varied)?;
    let valid = op.body.as_ref().is_some_and(|schema| schema.schema.is_valid(&Value::Object(body.clone())));
    if !valid {
        return Err(CaseError::NotJudged("the generator made a body that the contract refuses".to_owned()));
    }
    let standing = sureness(op, &body);
    let exchange = cx.send(request).await?;
    let acceptance = Acceptance::of(op).at_most(standing);
    if cx.accepted(&exchange, &acceptance, &format!("a generated request of {}", op.id)) {
        for field in body.keys() {
            if !kept(cx, op, &exchange, field, &body, standing) {
                break;
            }
        }
    }
    // What every answer is held to has laws and cases of its own.
    Ok(cx.breaches.iter().any(|breach| breach.law == cx.law))
}

/// The least body with the generated properties in it.
fn request(cx: &CaseContext, op: &Operation, varied: Map<String, Value>) -> Result<(Request, Map<String, Value>), CaseError> {
    let mut body = match op.action() {
        Action::Create => cx.body(op, Extent::Minimal)?.0,
        _ => Map::new(),
    };
    body.extend(varied);
    Ok((cx.request_to(op)?.json(body.clone()), body))
}

/// How sure it is that all of a body may be sent.
fn sureness(op: &Operation, body: &Map<String, Value>) -> Standing {
    let properties = op.body.as_ref().map(|body| body.schema.properties()).unwrap_or_default();
    let sent = properties.iter().filter(|property| body.contains_key(&property.name));
    sent.map(crate::generate::presence).fold(op.success_standing(), Standing::weakest)
}

fn take(cx: &mut CaseContext) -> Shown {
    let (steps, breaches) = cx.take_story();
    Shown { steps, breaches }
}
