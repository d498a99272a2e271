//! Generated valid requests, by proptest. A failure is shrunk to the smallest body that still shows it.

use proptest::strategy::{BoxedStrategy, Strategy as _, ValueTree};
use schemas::{Action, Standing};
use serde_json::{Map, Value};

use crate::contract::{Acceptance, Api, Aspect, Operation};
use crate::generate::{Extent, bodies, edges, presence, runner};
use crate::http::Request;
use crate::judge::Breach;
use crate::law::support::kept;
use crate::law::{Case, Law, Phase};
use crate::scenario::{Attempt, CaseContext, CaseError, CaseResult, Step};

/// How bodies are made, and how many cases of each sort there are for each operation.
const SORTS: [(Sort, usize); 2] = [(Sort::Any, 3), (Sort::Edges, 2)];
/// Bodies in a case; it ends with the first that shows something wrong.
const BODIES: usize = 5;
/// Requests that shrinking one failure may take.
const SHRINKING: usize = 60;
/// Requests that shrinking leaves to the cases that are still to come and to the repeats of what was found.
const RESERVE: usize = 300;

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

/// Cases with generated bodies, for every operation that creates or updates rows.
pub(super) fn generated(law: &'static Law, api: &Api) -> Vec<Case> {
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
            let run = async move |cx: &mut CaseContext| try_bodies(cx, &target, sort).await;
            let case = Case::new(law, op, run).sends(BODIES);
            let created = api.resource_of(op).filter(|_| op.action() == Action::Create);
            let case = match created {
                Some(resource) => case.creates(BODIES, resource),
                None => case,
            };
            cases.push(
                case.variant(format!("{}-{index}", sort.name()))
                    .phase(Phase::Generated)
                    .needs(api.needs_rows(op)),
            );
        }
    }
    cases
}

/// What one body showed: the steps and what was wrong.
struct Shown {
    steps: Vec<Step>,
    breaches: Vec<Breach>,
}

impl Shown {
    /// Takes what the story shows out of it.
    fn take(cx: &mut CaseContext) -> Self {
        let (steps, breaches) = cx.story.take();
        Self { steps, breaches }
    }

    /// Which aspect of the law was broken; `None` where it holds.
    fn aspect(&self, law: &str) -> Option<&Aspect> {
        self.breaches.iter().find(|breach| breach.law == law).map(|breach| &breach.aspect)
    }

    fn tell(self, cx: &mut CaseContext) {
        cx.story.replace(self.steps, self.breaches);
    }
}

async fn try_bodies(cx: &mut CaseContext, op: &Operation, sort: Sort) -> CaseResult {
    let Some(strategy) = sort.bodies(cx.api(), op) else { return Ok(()) };
    let mut runner = runner(cx.state.seed, &cx.key);
    for _ in 0..BODIES {
        let tree = strategy
            .new_tree(&mut runner)
            .map_err(|why| CaseError::NotJudged(format!("no body was made: {why}")))?;
        let broken = try_body(cx, op, tree.current()).await?;
        let shown = Shown::take(cx);
        // A repeat only has to show it again.
        if broken && !matches!(cx.attempt, Attempt::Repeat(_)) {
            return shrink(cx, op, tree, shown).await;
        }
        if !shown.breaches.is_empty() {
            shown.tell(cx);
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
) -> CaseResult {
    let aspect = smallest.aspect(cx.law).cloned();
    let mut tries = 0;
    let mut matters: Vec<String> = tree.current().keys().cloned().collect();
    for name in matters.clone() {
        if cx.session.left() <= RESERVE {
            break;
        }
        let fewer: Vec<String> = matters.iter().filter(|other| **other != name).cloned().collect();
        tries += 1;
        try_body(cx, op, only(tree.current(), &fewer)).await?;
        let shown = Shown::take(cx);
        if shown.aspect(cx.law) == aspect.as_ref() {
            (smallest, matters) = (shown, fewer);
        }
    }
    let mut last = only(tree.current(), &matters);
    while tries < SHRINKING && cx.session.left() > RESERVE && tree.simplify() {
        loop {
            let body = only(tree.current(), &matters);
            // A step in a property that does not matter shows nothing: it costs no request.
            let same = body == last;
            let shown = if same {
                None
            } else {
                tries += 1;
                try_body(cx, op, body.clone()).await?;
                Some(Shown::take(cx)).filter(|shown| shown.aspect(cx.law) == aspect.as_ref())
            };
            if let Some(shown) = shown {
                (smallest, last) = (shown, body);
                break;
            }
            if same || tries >= SHRINKING || cx.session.left() <= RESERVE || !tree.complicate() {
                break;
            }
        }
    }
    smallest.tell(cx);
    Ok(())
}

/// The properties of a body that matter.
fn only(body: Map<String, Value>, matters: &[String]) -> Map<String, Value> {
    body.into_iter().filter(|(name, _)| matters.contains(name)).collect()
}

/// Sends one body. Returns whether something was wrong with the answer.
async fn try_body(
    cx: &mut CaseContext,
    op: &Operation,
    varied: Map<String, Value>,
) -> Result<bool, CaseError> {
    let (request, body) = request_with(cx, op, varied)?;
    let schema = op.body.as_ref().map(|body| &body.schema);
    if !schema.is_some_and(|schema| schema.is_valid(&Value::Object(body.clone()))) {
        return Err(CaseError::NotJudged("the generator made a body that the contract refuses".to_owned()));
    }
    let standing = standing_of(op, &body);
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
    Ok(cx.story.breaches().iter().any(|breach| breach.law == cx.law))
}

/// A request of the smallest body with the generated properties in it, and that body.
fn request_with(
    cx: &CaseContext,
    op: &Operation,
    varied: Map<String, Value>,
) -> Result<(Request, Map<String, Value>), CaseError> {
    let mut body = match op.action() {
        Action::Create => cx.body(op, Extent::Minimal)?.0,
        _ => Map::new(),
    };
    body.extend(varied);
    Ok((cx.request_to(op)?.json(body.clone()), body))
}

/// How sure it is that all of a body may be sent.
fn standing_of(op: &Operation, body: &Map<String, Value>) -> Standing {
    let properties = op.body.as_ref().map(|body| body.schema.properties()).unwrap_or_default();
    let sent = properties.iter().filter(|property| body.contains_key(&property.name));
    sent.map(presence).fold(op.success_standing(), Standing::weakest)
}
