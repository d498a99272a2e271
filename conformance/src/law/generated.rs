//! Generated requests: valid bodies by proptest, each shrunk to the smallest that still shows what is wrong.

use proptest::strategy::{BoxedStrategy, Strategy as _, ValueTree};
use schemas::{Action, Standing};
use serde_json::{Map, Value};

use super::input::kept;
use super::statement::Law;
use crate::atlas::{Atlas, Op};
use crate::generate::{Extent, bodies, edges, runner};
use crate::judge::{Acceptance, Breach};
use crate::plan::{Case, Phase};
use crate::probe::Call;
use crate::run::{Outcome, Scene, Step, Stop};

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
    fn bodies(self, atlas: &Atlas, op: &Op) -> Option<BoxedStrategy<Map<String, Value>>> {
        match self {
            Self::Any => bodies(atlas, op),
            Self::Edges => edges(atlas, op),
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
pub(crate) fn cases(law: &'static Law, atlas: &Atlas, seed: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    let turns = SORTS.into_iter().flat_map(|(sort, count)| (0..count).map(move |index| (index, sort)));
    let mut turns: Vec<(usize, Sort)> = turns.collect();
    turns.sort_by_key(|(index, _)| *index);
    for (index, sort) in turns {
        for op in atlas.operations.iter().filter(|op| atlas.reachable(op)) {
            if !matches!(op.action(), Action::Create | Action::Update) || sort.bodies(atlas, op).is_none() {
                continue;
            }
            let target = op.clone();
            let probe = async move |scene: &mut Scene| generated(scene, &target, sort, seed).await;
            let cost = BODIES * if op.action() == Action::Create { 2 } else { 1 };
            cases.push(
                Case::new(law, op, probe)
                    .variant(format!("{}-{index}", sort.name()))
                    .phase(Phase::Generated)
                    .cost(cost)
                    .needs(atlas.needs_rows(op)),
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

async fn generated(scene: &mut Scene, op: &Op, sort: Sort, seed: u64) -> Outcome {
    let Some(strategy) = sort.bodies(scene.atlas(), op) else { return Ok(()) };
    let mut runner = runner(seed, &scene.key);
    for _ in 0..BODIES {
        let tree = strategy
            .new_tree(&mut runner)
            .map_err(|why| Stop::NotJudged(format!("no body was made: {why}")))?;
        let broken = attempt(scene, op, tree.current()).await?;
        let shown = take(scene);
        if broken {
            return shrink(scene, op, tree, shown).await;
        }
        if !shown.breaches.is_empty() {
            (scene.steps, scene.breaches) = (shown.steps, shown.breaches);
            return Ok(());
        }
    }
    Ok(())
}

/// Looks for the smallest body that is answered wrong in the same way: first without the properties that do not matter,
/// then with smaller values of those that do.
async fn shrink(
    scene: &mut Scene,
    op: &Op,
    mut tree: impl ValueTree<Value = Map<String, Value>>,
    mut smallest: Shown,
) -> Outcome {
    let class = smallest.class(scene.law);
    let mut tries = 0;
    let mut matters: Vec<String> = tree.current().keys().cloned().collect();
    for name in matters.clone() {
        let fewer: Vec<String> = matters.iter().filter(|other| **other != name).cloned().collect();
        tries += 1;
        attempt(scene, op, only(tree.current(), &fewer)).await?;
        let shown = take(scene);
        if shown.class(scene.law) == class {
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
                attempt(scene, op, body.clone()).await?;
                Some(take(scene)).filter(|shown| shown.class(scene.law) == class)
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
    scene.steps = smallest.steps;
    scene.breaches = smallest.breaches;
    Ok(())
}

/// The properties of a body that matter.
fn only(body: Map<String, Value>, matters: &[String]) -> Map<String, Value> {
    body.into_iter().filter(|(name, _)| matters.contains(name)).collect()
}

/// Sends one body; whether something was wrong with the answer.
async fn attempt(scene: &mut Scene, op: &Op, varied: Map<String, Value>) -> Result<bool, Stop> {
    let (call, body) = call(scene, op, varied)?;
    let valid = op.body.as_ref().is_some_and(|schema| schema.schema.is_valid(&Value::Object(body.clone())));
    if !valid {
        return Err(Stop::NotJudged("the generator made a body that the contract refuses".to_owned()));
    }
    let standing = sureness(op, &body);
    let exchange = scene.send(call).await?;
    let acceptance = Acceptance::of(op).at_most(standing);
    if scene.accepted(&exchange, &acceptance, &format!("a generated request of {}", op.id)) {
        for field in body.keys() {
            if !kept(scene, op, &exchange, field, &body, standing) {
                break;
            }
        }
    }
    // What every answer is held to has laws and cases of its own.
    Ok(scene.breaches.iter().any(|breach| breach.law == scene.law))
}

/// The least body with the generated properties in it.
fn call(scene: &Scene, op: &Op, varied: Map<String, Value>) -> Result<(Call, Map<String, Value>), Stop> {
    let mut body = match op.action() {
        Action::Create => scene.body(op, Extent::Minimal)?.0,
        _ => Map::new(),
    };
    body.extend(varied);
    Ok((scene.aim_at(op)?.json(body.clone()), body))
}

/// How sure it is that all of a body may be sent.
fn sureness(op: &Op, body: &Map<String, Value>) -> Standing {
    let properties = op.body.as_ref().map(|body| body.schema.properties()).unwrap_or_default();
    let sent = properties.iter().filter(|property| body.contains_key(&property.name));
    sent.map(crate::generate::presence).fold(op.success_standing(), Standing::weakest)
}

fn take(scene: &mut Scene) -> Shown {
    let (steps, breaches) = scene.take_story();
    Shown { steps, breaches }
}
