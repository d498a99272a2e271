//! Generated valid requests, by proptest. A failure is shrunk to the smallest body that still shows it.

use proptest::strategy::{BoxedStrategy, Strategy as _, ValueTree};
use schemas::{Action, Standing};
use serde_json::{Map, Value};

use crate::contract::{Acceptance, Api, Aspect, Operation};
use crate::generate::{Extent, bodies, edges, lengths_agree, presence, runner};
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
const RESERVE: usize = 240;

/// The longest text that is told letter by letter, and the most items.
const LONG: usize = 40;
const FEW: usize = 8;

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
            if !(op.action() == Action::Create || op.changes_rows()) || sort.bodies(api, op).is_none() {
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

    /// What is wrong, where it is the matter of the law or the server failed: the latter first. `None` where neither is.
    fn worst(&self, law: &str) -> Option<(&'static str, &Aspect)> {
        let failed = self.breaches.iter().find(|breach| breach.aspect == Aspect::ServerError);
        let breach = failed.or_else(|| self.breaches.iter().find(|breach| breach.law == law))?;
        Some((breach.law, &breach.aspect))
    }

    /// Whether the same is wrong as elsewhere.
    fn is_like(&self, other: &Self, law: &str) -> bool {
        self.worst(law) == other.worst(law)
    }

    /// Says which property is to blame for what is wrong worst, where only one is left.
    fn blame(&mut self, law: &str, body: &Map<String, Value>) {
        let worst = self.worst(law).map(|(law, aspect)| (law, aspect.clone()));
        let (Some((law, aspect)), Some((name, value))) =
            (worst, body.iter().next().filter(|_| body.len() == 1))
        else {
            return;
        };
        for breach in self.breaches.iter_mut().filter(|breach| breach.law == law && breach.aspect == aspect) {
            breach.subject(name);
            if aspect == Aspect::ServerError {
                breach.message = format!("{} to {}", breach.message, in_words(name, value));
            }
        }
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
        try_body(cx, op, tree.current()).await?;
        let shown = Shown::take(cx);
        // A repeat only has to show it again.
        if shown.worst(cx.law).is_some() && !matches!(cx.attempt, Attempt::Repeat(_)) {
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
        if shown.is_like(&smallest, cx.law) {
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
                Some(Shown::take(cx)).filter(|shown| shown.is_like(&smallest, cx.law))
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
    // Which letters they are rarely matters.
    let plain = with_plain_letters(op, &last);
    if plain != last && cx.session.left() > RESERVE {
        try_body(cx, op, plain.clone()).await?;
        let shown = Shown::take(cx);
        if shown.is_like(&smallest, cx.law) {
            (smallest, last) = (shown, plain);
        }
    }
    smallest.blame(cx.law, &last);
    smallest.tell(cx);
    Ok(())
}

/// A body whose texts are as long and of one letter, where they are valid then.
fn with_plain_letters(op: &Operation, body: &Map<String, Value>) -> Map<String, Value> {
    let schema = op.body.as_ref().map(|body| &body.schema);
    let plain = |name: &String, value: &Value| {
        let text = Value::from("a".repeat(value.as_str()?.chars().count()));
        schema?.property(name)?.schema.is_valid(&text).then_some(text)
    };
    let members =
        body.iter().map(|(name, value)| (name.clone(), plain(name, value).unwrap_or_else(|| value.clone())));
    members.collect()
}

/// A property with its value; of a long text its length alone, which is what matters.
fn in_words(name: &str, value: &Value) -> String {
    match value {
        Value::String(text) if text.chars().count() > LONG => {
            format!("a {name} of {} characters", text.chars().count())
        }
        Value::Array(items) if items.len() > FEW => format!("a {name} of {} items", items.len()),
        value => format!("the {name} {value}"),
    }
}

/// The properties of a body that matter.
fn only(body: Map<String, Value>, matters: &[String]) -> Map<String, Value> {
    body.into_iter().filter(|(name, _)| matters.contains(name)).collect()
}

/// Sends one body, and holds the answer to it.
async fn try_body(cx: &mut CaseContext, op: &Operation, varied: Map<String, Value>) -> CaseResult {
    let (request, body) = request_with(cx, op, varied)?;
    let schema = op.body.as_ref().map(|body| &body.schema);
    let whole = Value::Object(body.clone());
    if !schema.is_some_and(|schema| schema.is_valid(&whole) && lengths_agree(schema, &whole)) {
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
    Ok(())
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
    if op.changes_rows() {
        body = cx.update_body(op, body)?;
    }
    Ok((cx.request_to(op)?.json(body.clone()), body))
}

/// How sure it is that all of a body may be sent.
fn standing_of(op: &Operation, body: &Map<String, Value>) -> Standing {
    let properties = op.body.as_ref().map(|body| body.schema.properties()).unwrap_or_default();
    let sent = properties.iter().filter(|property| body.contains_key(&property.name));
    sent.map(presence).fold(op.success_standing(), Standing::weakest)
}
