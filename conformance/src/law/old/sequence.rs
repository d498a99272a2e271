//! Sequences of steps against a model, shrunk to the fewest that show what is wrong.

use proptest::collection::vec;
use proptest::prelude::Strategy;
use proptest::strategy::{BoxedStrategy, Just, Union, ValueTree};
use schemas::{Scope, Standing, Unique};
use serde_json::{Map, Value};

use super::id;
use super::input::kept as kept_as_sent;
use super::reading::{as_of, made};
use super::law::{Family, Law, probed};
use crate::contract::{Api, Resource};
use crate::generate::{bodies, runner};
use crate::contract::{Acceptance, Refusal};
use crate::judge::{Breach, difference};
use super::case::{Case, Phase};
use crate::http::Request;
use crate::scenario::{Outcome, Row, CaseContext, Step, CaseError};

/// Sequences for each resource.
const SEQUENCES: usize = 3;
/// Steps of a sequence.
const STEPS: std::ops::RangeInclusive<usize> = 4..=10;
/// Shorter sequences that are tried once one fails.
const SHRINKING: usize = 24;

/// The family.
pub(crate) const LAWS: &[Law] = &[probed(
    id::MODEL,
    Family::State,
    "whatever the order of creates, reads, updates, deletes and lists, answers agree with what was done before",
    "A simple model goes along with a generated sequence; a sequence that fails is shortened.",
    cases,
)];

/// One step; rows are named by a number that is taken modulo those there are, so that a shorter sequence still makes sense.
#[derive(Debug, Clone, PartialEq)]
enum Move {
    Create,
    /// With the unique value of a row that is there, or was.
    CreateTaken {
        at: usize,
    },
    Read {
        at: usize,
        by_number: bool,
    },
    /// With some valid properties; with the plainest one where nothing can be generated.
    Update {
        at: usize,
        body: Map<String, Value>,
    },
    Delete {
        at: usize,
    },
    List,
}

/// A row as it should be.
struct Kept {
    row: Row,
    value: Value,
    alive: bool,
}

fn cases(law: &'static Law, api: &Api, seed: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in made(api) {
        let Some(read) = &resource.read else { continue };
        for index in 0..SEQUENCES {
            // One has its turn with the other laws, the rest with what budget is left.
            let phase = if cases.is_empty() { Phase::Laws } else { Phase::Generated };
            let rows = resource.clone();
            let case =
                Case::new(law, create, async move |cx: &mut CaseContext| sequence(cx, &rows, seed).await);
            let others = resource.update.iter().chain(&resource.delete).map(|op| op.id.clone());
            let case = case.variant(format!("sequence-{index}")).phase(phase).cost(STEPS.end() + 4).alone();
            cases.push(case.needs(api.makers(resource)).needs([read.id.clone()]).needs(others));
        }
    }
    cases
}

/// Sequences that begin with a row, for without one there is nothing to do.
fn strategy(api: &Api, resource: &Resource) -> BoxedStrategy<Vec<Move>> {
    let at = || 0_usize..4;
    let mut moves: Vec<(u32, BoxedStrategy<Move>)> = vec![
        (2, Just(Move::Create).boxed()),
        (3, (at(), proptest::bool::ANY).prop_map(|(at, by_number)| Move::Read { at, by_number }).boxed()),
    ];
    if let Some(update) = &resource.update {
        let body = bodies(api, update).unwrap_or_else(|| Just(Map::new()).boxed());
        moves.push((3, (at(), body).prop_map(|(at, body)| Move::Update { at, body }).boxed()));
    }
    if unique(resource).is_some() {
        moves.push((1, at().prop_map(|at| Move::CreateTaken { at }).boxed()));
    }
    if resource.delete.is_some() {
        moves.push((2, at().prop_map(|at| Move::Delete { at }).boxed()));
    }
    if !resource.lists.is_empty() {
        moves.push((1, Just(Move::List).boxed()));
    }
    vec(Union::new_weighted(moves), STEPS).boxed()
}

async fn sequence(cx: &mut CaseContext, resource: &Resource, seed: u64) -> Outcome {
    let mut tree = strategy(cx.api(), resource)
        .new_tree(&mut runner(seed, &cx.key))
        .map_err(|why| CaseError::NotJudged(format!("no sequence was made: {why}")))?;
    play(cx, resource, &tree.current()).await?;
    let mut smallest = cx.take_story();
    let Some(class) = class_of(&smallest, cx.law) else {
        (cx.steps, cx.breaches) = smallest;
        return Ok(());
    };
    let mut tries = 0;
    let mut going = tree.simplify();
    while going && tries < SHRINKING {
        tries += 1;
        play(cx, resource, &tree.current()).await?;
        let shown = cx.take_story();
        going = if class_of(&shown, cx.law).as_ref() == Some(&class) {
            smallest = shown;
            tree.simplify()
        } else {
            tree.complicate()
        };
    }
    (cx.steps, cx.breaches) = smallest;
    Ok(())
}

fn class_of(shown: &(Vec<Step>, Vec<Breach>), law: &str) -> Option<String> {
    shown.1.iter().find(|breach| breach.law == law).map(|breach| breach.class.clone())
}

/// Plays a sequence until it is through or something is wrong.
async fn play(cx: &mut CaseContext, resource: &Resource, moves: &[Move]) -> Outcome {
    let mut kept: Vec<Kept> = Vec::new();
    for step in std::iter::once(&Move::Create).chain(moves) {
        let before = cx.breaches.len();
        one(cx, resource, step, &mut kept).await?;
        if cx.breaches.len() > before {
            break;
        }
    }
    Ok(())
}

async fn one(cx: &mut CaseContext, resource: &Resource, step: &Move, kept: &mut Vec<Kept>) -> Outcome {
    let count = kept.len().max(1);
    match step {
        Move::Create => {
            let fields = fresh_unique(cx, resource);
            let row = cx.create_row_with(resource, None, fields).await?;
            kept.push(Kept { value: row.value.clone(), row, alive: true });
            Ok(())
        }
        Move::CreateTaken { at } => create_taken(cx, resource, &kept[at % count]).await,
        Move::Read { at, by_number } => read(cx, resource, &kept[at % count], *by_number).await,
        Move::Update { at, body } => update(cx, resource, &mut kept[at % count], body).await,
        Move::Delete { at } => delete(cx, resource, &mut kept[at % count]).await,
        Move::List => list(cx, resource, kept).await,
    }
}

/// The property no two rows may share that a create can set.
fn unique(resource: &Resource) -> Option<(&str, &Unique)> {
    let body = resource.create.as_ref()?.body.as_ref()?;
    resource.fields.values().find_map(|field| {
        let unique = field.rules.unique.as_ref()?;
        body.schema.property(&field.name).map(|_| (field.name.as_str(), unique))
    })
}

/// A value of its own for what no two rows may share, so that another create can take it.
fn fresh_unique(cx: &CaseContext, resource: &Resource) -> Map<String, Value> {
    let made = unique(resource)
        .zip(resource.create.as_ref())
        .and_then(|((field, _), create)| cx.value(create, field).map(|value| (field.to_owned(), value)));
    Map::from_iter(made)
}

/// A create with the unique value of a row that is there is refused. Of one that was, nobody says.
async fn create_taken(cx: &mut CaseContext, resource: &Resource, kept: &Kept) -> Outcome {
    let Some((field, rule)) = unique(resource) else { return Ok(()) };
    let Some(value) = kept.value.get(field).filter(|value| kept.alive && value.is_string()) else {
        return Ok(());
    };
    let request = cx.create_request(resource, None, Map::from_iter([(field.to_owned(), value.clone())]))?;
    let exchange = cx.send(request).await?;
    let place = resource.fields[field].pointer.clone();
    let refusal = Refusal::new(rule.rejection.clone(), place).at_most(rule.standing).blaming(field);
    let scope = if rule.scope == Scope::Parent { " under the same owner" } else { "" };
    cx.refused(&exchange, &refusal, &format!("a create with a taken {field}{scope}"));
    Ok(())
}

async fn read(cx: &mut CaseContext, resource: &Resource, kept: &Kept, by_number: bool) -> Outcome {
    let id = kept.row.display.clone().filter(|_| by_number).unwrap_or_else(|| kept.row.id.clone());
    let exchange = cx.read(resource, &id).await?;
    if !kept.alive {
        let Some(standing) = resource.deletion.read_gone else { return Ok(()) };
        let refusal = resource.unknown_row().at_most(standing);
        cx.refused(&exchange, &refusal, &format!("a read of a deleted {}", resource.name));
        return Ok(());
    }
    let Some(op) = resource.read.as_ref() else { return Ok(()) };
    if cx.accepted(&exchange, &Acceptance::of(op), &format!("a read of {}", resource.one())) {
        let shown = exchange.json.clone().unwrap_or_default();
        if let Some(field) = difference(resource, &kept.value, &shown, &[]) {
            let wanted = kept.value.get(&field).cloned().unwrap_or_default();
            let message = format!("{} reads with another {field} than was last answered", resource.one());
            cx.broke_at(
                exchange.step,
                &field,
                Standing::Documented,
                message,
                Expected::words(format!("{field} {wanted}")),
            );
        }
    }
    Ok(())
}

async fn update(cx: &mut CaseContext, resource: &Resource, kept: &mut Kept, varied: &Map<String, Value>) -> Outcome {
    let Some(op) = resource.update.clone() else { return Ok(()) };
    let body = if varied.is_empty() { cx.change(&op)?.0 } else { varied.clone() };
    let exchange = cx.send(Request::of(&op).own(&kept.row.id).json(body.clone())).await?;
    if !kept.alive {
        let refusal = as_of(&op, resource.unknown_row());
        cx.refused(&exchange, &refusal, &format!("an update of a deleted {}", resource.name));
        return Ok(());
    }
    cx.require_success(&exchange)?;
    let shown = exchange.json.clone().unwrap_or_default();
    let mut moves_along = dependent(resource);
    moves_along.extend(body.keys().map(String::as_str));
    if let Some(field) = difference(resource, &kept.value, &shown, &moves_along) {
        let wanted = kept.value.get(&field).cloned().unwrap_or_default();
        let message = format!("{} changed {field}, which was not sent", op.id);
        let expect = Expected::words(format!("{field} {wanted}"));
        cx.broke_at(exchange.step, &field, Standing::Documented, message, expect);
    }
    for field in body.keys() {
        if !kept_as_sent(cx, &op, &exchange, field, &body, Standing::Documented) {
            break;
        }
    }
    kept.value = shown;
    Ok(())
}

/// Properties that an update may move without naming them.
fn dependent(resource: &Resource) -> Vec<&str> {
    let rules = resource.fields.values().filter(|field| {
        let rules = &field.rules;
        rules.derived.is_some()
            || rules.exclusive.is_some()
            || rules.server_set.is_some()
            || !rules.stamp.is_empty()
    });
    let decides = resource.fields.values().filter_map(|field| field.rules.derived.as_ref());
    rules
        .map(|field| field.name.as_str())
        .chain(decides.map(|rule| rule.from.as_str()))
        .chain(resource.updated.as_deref())
        .collect()
}

async fn delete(cx: &mut CaseContext, resource: &Resource, kept: &mut Kept) -> Outcome {
    let Some(op) = resource.delete.clone() else { return Ok(()) };
    let exchange = cx.send(Request::of(&op).own(&kept.row.id)).await?;
    if kept.alive {
        cx.require_success(&exchange)?;
    } else if let Some(standing) = resource.deletion.repeatable {
        cx.accepted(
            &exchange,
            &Acceptance::of(&op).at_most(standing),
            &format!("deleting {} again", resource.one()),
        );
    }
    kept.alive = false;
    Ok(())
}

async fn list(cx: &mut CaseContext, resource: &Resource, kept: &[Kept]) -> Outcome {
    let Some(op) = resource.lists.first().cloned() else { return Ok(()) };
    let rows: Vec<&Row> = kept.iter().map(|kept| &kept.row).collect();
    let request = cx.request_to(&op)?;
    let found = cx.find(request, &rows).await?;
    let place = cx.place.clone();
    for kept in kept {
        let listed = found.ids.contains(&kept.row.id);
        if kept.alive && !listed && found.whole {
            let message = format!("{} leaves out {} that is there", op.id, resource.one());
            cx.broke(
                found.step,
                "absent",
                Standing::Documented,
                &place,
                message,
                Expected::words("every row that is there"),
            );
            break;
        }
        if let (false, true, Some(standing)) = (kept.alive, listed, resource.deletion.unlisted) {
            let message = format!("{} shows a deleted {}", op.id, resource.name);
            cx.broke(found.step, "listed", standing, &place, message, Expected::words("no deleted row"));
            break;
        }
    }
    Ok(())
}
