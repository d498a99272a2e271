//! Sequences of steps against a model, shrunk to the fewest that show what is wrong.

use proptest::collection::vec;
use proptest::prelude::Strategy;
use proptest::strategy::{BoxedStrategy, Just, Union, ValueTree};
use schemas::{Scope, Standing, Unique};
use serde_json::{Map, Value};

use super::id;
use super::input::kept as kept_as_sent;
use super::reading::{as_of, made};
use super::statement::{Family, Law, probed};
use crate::atlas::{Atlas, Kin};
use crate::generate::{bodies, runner};
use crate::judge::{Acceptance, Breach, Expect, Refusal, difference};
use crate::plan::{Case, Phase};
use crate::probe::Call;
use crate::run::{Outcome, Row, Scene, Step, Stop};

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

fn cases(law: &'static Law, atlas: &Atlas, seed: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, create) in made(atlas) {
        let Some(read) = &kin.read else { continue };
        for index in 0..SEQUENCES {
            // One has its turn with the other laws, the rest with what budget is left.
            let phase = if cases.is_empty() { Phase::Laws } else { Phase::Generated };
            let rows = kin.clone();
            let case =
                Case::new(law, create, async move |scene: &mut Scene| sequence(scene, &rows, seed).await);
            let others = kin.update.iter().chain(&kin.delete).map(|op| op.id.clone());
            let case = case.variant(format!("sequence-{index}")).phase(phase).cost(STEPS.end() + 4).alone();
            cases.push(case.needs(atlas.makers(kin)).needs([read.id.clone()]).needs(others));
        }
    }
    cases
}

/// Sequences that begin with a row, for without one there is nothing to do.
fn strategy(atlas: &Atlas, kin: &Kin) -> BoxedStrategy<Vec<Move>> {
    let at = || 0_usize..4;
    let mut moves: Vec<(u32, BoxedStrategy<Move>)> = vec![
        (2, Just(Move::Create).boxed()),
        (3, (at(), proptest::bool::ANY).prop_map(|(at, by_number)| Move::Read { at, by_number }).boxed()),
    ];
    if let Some(update) = &kin.update {
        let body = bodies(atlas, update).unwrap_or_else(|| Just(Map::new()).boxed());
        moves.push((3, (at(), body).prop_map(|(at, body)| Move::Update { at, body }).boxed()));
    }
    if unique(kin).is_some() {
        moves.push((1, at().prop_map(|at| Move::CreateTaken { at }).boxed()));
    }
    if kin.delete.is_some() {
        moves.push((2, at().prop_map(|at| Move::Delete { at }).boxed()));
    }
    if !kin.lists.is_empty() {
        moves.push((1, Just(Move::List).boxed()));
    }
    vec(Union::new_weighted(moves), STEPS).boxed()
}

async fn sequence(scene: &mut Scene, kin: &Kin, seed: u64) -> Outcome {
    let mut tree = strategy(scene.atlas(), kin)
        .new_tree(&mut runner(seed, &scene.key))
        .map_err(|why| Stop::NotJudged(format!("no sequence was made: {why}")))?;
    play(scene, kin, &tree.current()).await?;
    let mut smallest = scene.take_story();
    let Some(class) = class_of(&smallest, scene.law) else {
        (scene.steps, scene.breaches) = smallest;
        return Ok(());
    };
    let mut tries = 0;
    let mut going = tree.simplify();
    while going && tries < SHRINKING {
        tries += 1;
        play(scene, kin, &tree.current()).await?;
        let shown = scene.take_story();
        going = if class_of(&shown, scene.law).as_ref() == Some(&class) {
            smallest = shown;
            tree.simplify()
        } else {
            tree.complicate()
        };
    }
    (scene.steps, scene.breaches) = smallest;
    Ok(())
}

fn class_of(shown: &(Vec<Step>, Vec<Breach>), law: &str) -> Option<String> {
    shown.1.iter().find(|breach| breach.law == law).map(|breach| breach.class.clone())
}

/// Plays a sequence until it is through or something is wrong.
async fn play(scene: &mut Scene, kin: &Kin, moves: &[Move]) -> Outcome {
    let mut kept: Vec<Kept> = Vec::new();
    for step in std::iter::once(&Move::Create).chain(moves) {
        let before = scene.breaches.len();
        one(scene, kin, step, &mut kept).await?;
        if scene.breaches.len() > before {
            break;
        }
    }
    Ok(())
}

async fn one(scene: &mut Scene, kin: &Kin, step: &Move, kept: &mut Vec<Kept>) -> Outcome {
    let count = kept.len().max(1);
    match step {
        Move::Create => {
            let fields = fresh_unique(scene, kin);
            let row = scene.make_with(kin, None, fields).await?;
            kept.push(Kept { value: row.value.clone(), row, alive: true });
            Ok(())
        }
        Move::CreateTaken { at } => create_taken(scene, kin, &kept[at % count]).await,
        Move::Read { at, by_number } => read(scene, kin, &kept[at % count], *by_number).await,
        Move::Update { at, body } => update(scene, kin, &mut kept[at % count], body).await,
        Move::Delete { at } => delete(scene, kin, &mut kept[at % count]).await,
        Move::List => list(scene, kin, kept).await,
    }
}

/// The property no two rows may share that a create can set.
fn unique(kin: &Kin) -> Option<(&str, &Unique)> {
    let body = kin.create.as_ref()?.body.as_ref()?;
    kin.fields.values().find_map(|field| {
        let unique = field.rules.unique.as_ref()?;
        body.schema.property(&field.name).map(|_| (field.name.as_str(), unique))
    })
}

/// A value of its own for what no two rows may share, so that another create can take it.
fn fresh_unique(scene: &Scene, kin: &Kin) -> Map<String, Value> {
    let made = unique(kin)
        .zip(kin.create.as_ref())
        .and_then(|((field, _), create)| scene.value(create, field).map(|value| (field.to_owned(), value)));
    Map::from_iter(made)
}

/// A create with the unique value of a row that is there is refused. Of one that was, nobody says.
async fn create_taken(scene: &mut Scene, kin: &Kin, kept: &Kept) -> Outcome {
    let Some((field, rule)) = unique(kin) else { return Ok(()) };
    let Some(value) = kept.value.get(field).filter(|value| kept.alive && value.is_string()) else {
        return Ok(());
    };
    let call = scene.making(kin, None, Map::from_iter([(field.to_owned(), value.clone())]))?;
    let exchange = scene.send(call).await?;
    let place = kin.fields[field].pointer.clone();
    let refusal = Refusal::new(rule.rejection.clone(), place).at_most(rule.standing).blaming(field);
    let scope = if rule.scope == Scope::Parent { " under the same owner" } else { "" };
    scene.refused(&exchange, &refusal, &format!("a create with a taken {field}{scope}"));
    Ok(())
}

async fn read(scene: &mut Scene, kin: &Kin, kept: &Kept, by_number: bool) -> Outcome {
    let id = kept.row.display.clone().filter(|_| by_number).unwrap_or_else(|| kept.row.id.clone());
    let exchange = scene.read(kin, &id).await?;
    if !kept.alive {
        let Some(standing) = kin.deletion.read_gone else { return Ok(()) };
        let refusal = kin.unknown_row().at_most(standing);
        scene.refused(&exchange, &refusal, &format!("a read of a deleted {}", kin.name));
        return Ok(());
    }
    let Some(op) = kin.read.as_ref() else { return Ok(()) };
    if scene.accepted(&exchange, &Acceptance::of(op), &format!("a read of {}", kin.one())) {
        let shown = exchange.json.clone().unwrap_or_default();
        if let Some(field) = difference(kin, &kept.value, &shown, &[]) {
            let wanted = kept.value.get(&field).cloned().unwrap_or_default();
            let message = format!("{} reads with another {field} than was last answered", kin.one());
            scene.broke_at(
                exchange.step,
                &field,
                Standing::Documented,
                message,
                Expect::words(format!("{field} {wanted}")),
            );
        }
    }
    Ok(())
}

async fn update(scene: &mut Scene, kin: &Kin, kept: &mut Kept, varied: &Map<String, Value>) -> Outcome {
    let Some(op) = kin.update.clone() else { return Ok(()) };
    let body = if varied.is_empty() { scene.change(&op)?.0 } else { varied.clone() };
    let exchange = scene.send(Call::of(&op).own(&kept.row.id).json(body.clone())).await?;
    if !kept.alive {
        let refusal = as_of(&op, kin.unknown_row());
        scene.refused(&exchange, &refusal, &format!("an update of a deleted {}", kin.name));
        return Ok(());
    }
    scene.must(&exchange)?;
    let shown = exchange.json.clone().unwrap_or_default();
    let mut moves_along = dependent(kin);
    moves_along.extend(body.keys().map(String::as_str));
    if let Some(field) = difference(kin, &kept.value, &shown, &moves_along) {
        let wanted = kept.value.get(&field).cloned().unwrap_or_default();
        let message = format!("{} changed {field}, which was not sent", op.id);
        let expect = Expect::words(format!("{field} {wanted}"));
        scene.broke_at(exchange.step, &field, Standing::Documented, message, expect);
    }
    for field in body.keys() {
        if !kept_as_sent(scene, &op, &exchange, field, &body, Standing::Documented) {
            break;
        }
    }
    kept.value = shown;
    Ok(())
}

/// Properties that an update may move without naming them.
fn dependent(kin: &Kin) -> Vec<&str> {
    let rules = kin.fields.values().filter(|field| {
        let rules = &field.rules;
        rules.derived.is_some()
            || rules.exclusive.is_some()
            || rules.server_set.is_some()
            || !rules.stamp.is_empty()
    });
    let decides = kin.fields.values().filter_map(|field| field.rules.derived.as_ref());
    rules
        .map(|field| field.name.as_str())
        .chain(decides.map(|rule| rule.from.as_str()))
        .chain(kin.updated.as_deref())
        .collect()
}

async fn delete(scene: &mut Scene, kin: &Kin, kept: &mut Kept) -> Outcome {
    let Some(op) = kin.delete.clone() else { return Ok(()) };
    let exchange = scene.send(Call::of(&op).own(&kept.row.id)).await?;
    if kept.alive {
        scene.must(&exchange)?;
    } else if let Some(standing) = kin.deletion.repeatable {
        scene.accepted(
            &exchange,
            &Acceptance::of(&op).at_most(standing),
            &format!("deleting {} again", kin.one()),
        );
    }
    kept.alive = false;
    Ok(())
}

async fn list(scene: &mut Scene, kin: &Kin, kept: &[Kept]) -> Outcome {
    let Some(op) = kin.lists.first().cloned() else { return Ok(()) };
    let rows: Vec<&Row> = kept.iter().map(|kept| &kept.row).collect();
    let call = scene.aim_at(&op)?;
    let found = scene.find(call, &rows).await?;
    let place = scene.place.clone();
    for kept in kept {
        let listed = found.ids.contains(&kept.row.id);
        if kept.alive && !listed && found.whole {
            let message = format!("{} leaves out {} that is there", op.id, kin.one());
            scene.broke(
                found.step,
                "absent",
                Standing::Documented,
                &place,
                message,
                Expect::words("every row that is there"),
            );
            break;
        }
        if let (false, true, Some(standing)) = (kept.alive, listed, kin.deletion.unlisted) {
            let message = format!("{} shows a deleted {}", op.id, kin.name);
            scene.broke(found.step, "listed", standing, &place, message, Expect::words("no deleted row"));
            break;
        }
    }
    Ok(())
}
