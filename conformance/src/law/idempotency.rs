//! Repeats of a request.

use schemas::{Idempotency, Standing};
use serde_json::{Map, Value};

use super::id;
use super::refuse;
use super::statement::{Family, Law, probed};
use super::walk::rows_like;
use crate::atlas::{Atlas, Kin, Op};
use crate::generate::shortened;
use crate::judge::{Acceptance, Expect, Refusal};
use crate::plan::{Case, Wants};
use crate::probe::{Call, Credential};
use crate::run::{Deed, Exchange, Scene, Stop};

/// The family.
pub(crate) const LAWS: &[Law] = &[
    probed(
        id::IDEMPOTENT_REPLAY,
        Family::Idempotency,
        "the same key and body answer the same bytes and make no second row",
        "The lists are looked at, for an answer may be repeated over a second row.",
        replay,
    ),
    probed(
        id::IDEMPOTENT_OTHER_BODY,
        Family::Idempotency,
        "the same key with another body is refused",
        "Answering the first body's result would hide the mistake.",
        other_body,
    ),
    probed(
        id::IDEMPOTENT_OTHER_ENDPOINT,
        Family::Idempotency,
        "a key counts for one endpoint only",
        "The same key elsewhere is another key.",
        other_endpoint,
    ),
    probed(
        id::IDEMPOTENT_OTHER_WORKSPACE,
        Family::Idempotency,
        "a key counts for one workspace only",
        "Wants --other-key.",
        other_workspace,
    ),
    probed(
        id::IDEMPOTENT_FAILURE,
        Family::Idempotency,
        "a failure is not kept",
        "A refused request, mended, goes through under the same key.",
        failure,
    ),
    probed(
        id::IDEMPOTENT_IN_FLIGHT,
        Family::Idempotency,
        "of concurrent requests with one key one makes a row, and the others are refused or answered the same",
        "Both are right; a second row is not.",
        in_flight,
    ),
    probed(
        id::IDEMPOTENT_LONGEST,
        Family::Idempotency,
        "a key of the greatest length is accepted",
        "The length is counted in bytes.",
        longest,
    ),
];

const PLACE: &str = "/x-contract/idempotency";

/// Creates that take a key, with what they make.
fn keyed(atlas: &Atlas) -> Vec<(&Op, &Kin, Idempotency)> {
    let Some(rule) = &atlas.rules().idempotency else { return Vec::new() };
    atlas
        .kins
        .iter()
        .filter_map(|kin| Some((kin.create.as_ref()?, kin, rule.clone())))
        .filter(|(op, _, rule)| {
            atlas.reachable(op) && rule.methods.iter().any(|method| method == op.method.as_str())
        })
        .collect()
}

/// A key nobody has used.
fn fresh_key(scene: &Scene, rule: &Idempotency) -> String {
    shortened(&scene.names.token(), rule.max_bytes)
}

/// A create with a key.
fn call(scene: &Scene, kin: &Kin, rule: &Idempotency, key: &str) -> Result<Call, crate::run::Stop> {
    Ok(scene.making(kin, None, Map::new())?.header(&rule.header, key))
}

/// The name of the act of a create with a key, and what it takes.
fn keying(kin: &Kin) -> (String, usize) {
    (format!("keyed/{}", kin.name), 2)
}

/// A create that went through with a key: the key, the call and the answer.
async fn first_of(
    scene: &mut Scene,
    kin: &Kin,
    rule: &Idempotency,
) -> Result<(String, Call, Exchange), Stop> {
    let deed = scene
        .act(&keying(kin).0, async |scene: &mut Scene| {
            let key = fresh_key(scene, rule);
            let first = scene.send(call(scene, kin, rule, &key)?).await?;
            scene.must(&first)?;
            Ok(Deed { rows: Vec::new(), exchanges: vec![first] })
        })
        .await?;
    let first = deed.exchanges.into_iter().next();
    let first = first.ok_or_else(|| Stop::NotJudged(format!("no {} was made with a key", kin.name)))?;
    let sent = first.call.headers.iter().find(|(name, _)| *name == rule.header);
    let key = sent.map(|(_, key)| key.clone()).unwrap_or_default();
    Ok((key, first.call.clone(), first))
}

/// How many rows of a body there are, by the newest page of a list.
async fn count(scene: &mut Scene, kin: &Kin, exchange: &Exchange) -> Result<Option<(usize, usize)>, Stop> {
    let sent = exchange.call.body().cloned().unwrap_or_default();
    let found = rows_like(scene, kin, &sent).await?;
    Ok(found.map(|(rows, step)| (rows.len(), step)))
}

fn replay(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases: Vec<Case> = keyed(atlas)
        .into_iter()
        .map(|(op, kin, rule)| {
            let (target, rows) = (op.clone(), kin.clone());
            let standing = rule.standing;
            Case::new(law, op, async move |scene: &mut Scene| {
                let (_, first_call, first) = first_of(scene, &rows, &rule).await?;
                let second = scene.send(first_call).await?;
                let acceptance =
                    Acceptance::of(&target).at_most(standing).at(PLACE).or(&rule.replay_also_statuses);
                if !scene.accepted(&second, &acceptance, "the same request with the same key") {
                    return Ok(());
                }
                let id = |exchange: &Exchange| exchange.json.as_ref().and_then(|row| rows.id_of(row));
                if id(&first) != id(&second) {
                    scene.broke(
                        second.step,
                        "second-row",
                        standing,
                        PLACE,
                        "the same request with the same key made a second row".to_owned(),
                        Expect::words("the first row"),
                    );
                    return Ok(());
                }
                if first.bytes != second.bytes {
                    scene.broke(
                        second.step,
                        "bytes",
                        standing,
                        PLACE,
                        "the same request with the same key is answered with other bytes".to_owned(),
                        Expect::words("the same bytes"),
                    );
                    return Ok(());
                }
                if let Some((count, step)) =
                    count(scene, &rows, &first).await?.filter(|(count, _)| *count > 1)
                {
                    let message = format!("the same request with the same key made {count} rows");
                    scene.broke(step, "second-row", standing, PLACE, message, Expect::words("one row"));
                }
                Ok(())
            })
            .standing(standing)
            .place(PLACE)
            .cost(2)
            .sees(keying(kin).0, 2)
            .needs(atlas.makers(kin))
        })
        .collect();
    cases.extend(replay_after_change(law, atlas));
    cases
}

/// What is answered again is what was answered first, also when the row has changed since.
fn replay_after_change(law: &'static Law, atlas: &Atlas) -> Vec<Case> {
    let mut cases = Vec::new();
    for (op, kin, rule) in keyed(atlas) {
        let Some(update) = kin.update.clone() else { continue };
        let (target, rows, standing) = (op.clone(), kin.clone(), rule.standing);
        let needs = update.id.clone();
        let case = Case::new(law, op, async move |scene: &mut Scene| {
            let key = fresh_key(scene, &rule);
            let first_call = call(scene, &rows, &rule, &key)?;
            let first = scene.send(first_call.clone()).await?;
            scene.must(&first)?;
            let row = scene.row_of(&rows, &first)?;
            let body = scene.change(&update)?.0;
            let changed = scene.send(Call::of(&update).own(&row.id).json(body)).await?;
            scene.must(&changed)?;
            let again = scene.send(first_call).await?;
            let acceptance =
                Acceptance::of(&target).at_most(standing).at(PLACE).or(&rule.replay_also_statuses);
            let what = "the same request with the same key, after the row was changed,";
            if scene.accepted(&again, &acceptance, what) && first.bytes != again.bytes {
                scene.broke(
                    again.step,
                    "bytes",
                    standing,
                    PLACE,
                    "the same request with the same key is answered with other bytes".to_owned(),
                    Expect::words("the same bytes"),
                );
            }
            Ok(())
        });
        cases.push(
            case.variant("after-change")
                .standing(standing)
                .place(PLACE)
                .cost(4)
                .needs(atlas.makers(kin))
                .needs([needs]),
        );
    }
    cases
}

fn other_body(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    keyed(atlas)
        .into_iter()
        .map(|(op, kin, rule)| {
            let rows = kin.clone();
            let refusal = Refusal::new(rule.reused.clone(), format!("{PLACE}/reused")).at_most(rule.standing);
            let standing = refusal.standing();
            let target = op.clone();
            Case::new(law, op, async move |scene: &mut Scene| {
                let (_, first_call, _) = first_of(scene, &rows, &rule).await?;
                let mut body = first_call.body().cloned().unwrap_or_default();
                body.extend(different(scene, &target, &body));
                let second = scene.send(first_call.json(body)).await?;
                scene.refused(&second, &refusal, "the same key with another body");
                Ok(())
            })
            .standing(standing)
            .place(format!("{PLACE}/reused"))
            .sees(keying(kin).0, 2)
            .needs(atlas.makers(kin))
        })
        .collect()
}

/// One property of a body, changed and valid still.
fn different(scene: &Scene, op: &Op, body: &Map<String, Value>) -> Map<String, Value> {
    let schema = op.body.iter().map(|body| &body.schema);
    for property in schema.flat_map(schemas::Schema::properties) {
        if crate::atlas::reference(&property).is_some() {
            continue;
        }
        if let Some(value) =
            scene.value(op, &property.name).filter(|value| body.get(&property.name) != Some(value))
        {
            return Map::from_iter([(property.name, value)]);
        }
    }
    Map::new()
}

fn other_endpoint(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let all = keyed(atlas);
    let mut cases = Vec::new();
    for (index, (op, kin, rule)) in all.iter().enumerate() {
        let Some((_, other, _)) = all.get((index + 1) % all.len()).filter(|_| all.len() > 1) else {
            continue;
        };
        let (target, rows, others, rule) =
            (op.to_owned().clone(), (*kin).clone(), (*other).clone(), rule.clone());
        let standing = rule.standing;
        let case = Case::new(law, op, async move |scene: &mut Scene| {
            let (key, _, _) = first_of(scene, &others, &rule).await?;
            let second = scene.send(call(scene, &rows, &rule, &key)?).await?;
            let acceptance = Acceptance::of(&target).at_most(standing).at(PLACE);
            scene.accepted(&second, &acceptance, "a key that another endpoint has seen");
            Ok(())
        });
        cases.push(
            case.standing(standing)
                .place(PLACE)
                .cost(2)
                .sees(keying(other).0, 2)
                .needs(atlas.makers(kin))
                .needs(atlas.makers(other)),
        );
    }
    cases
}

fn other_workspace(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    keyed(atlas)
        .into_iter()
        .filter(|(op, kin, _)| kin.parent.is_none() && op.slots().next().is_none())
        .map(|(op, kin, rule)| {
            let (target, rows) = (op.clone(), kin.clone());
            let standing = rule.standing;
            Case::new(law, op, async move |scene: &mut Scene| {
                let (_, first_call, first) = first_of(scene, &rows, &rule).await?;
                let second = scene.send(first_call.by(Credential::Other)).await?;
                let acceptance = Acceptance::of(&target).at_most(standing).at(PLACE);
                if !scene.accepted(&second, &acceptance, "a key that another workspace has used") {
                    return Ok(());
                }
                if first.json.as_ref().and_then(|row| rows.id_of(row))
                    == second.json.as_ref().and_then(|row| rows.id_of(row))
                {
                    scene.broke(
                        second.step,
                        "foreign",
                        standing,
                        PLACE,
                        "a key answers another workspace's row".to_owned(),
                        Expect::words("a row of its own"),
                    );
                }
                Ok(())
            })
            .standing(standing)
            .place(PLACE)
            .cost(2)
            .sees(keying(kin).0, 2)
            .wants(Wants::OtherKey)
            .needs(atlas.makers(kin))
        })
        .collect()
}

fn failure(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    keyed(atlas)
        .into_iter()
        .filter_map(|(op, kin, rule)| {
            let mut wrongs = refuse::all_wrongs(atlas, op);
            wrongs.sort_by_key(|wrong| wrong.standing);
            let wrong = wrongs.into_iter().next()?;
            let (target, rows) = (op.clone(), kin.clone());
            let standing = rule.standing;
            let case = Case::new(law, op, async move |scene: &mut Scene| {
                let key = fresh_key(scene, &rule);
                let right = call(scene, &rows, &rule, &key)?;
                let mut body = right.body().cloned().unwrap_or_default();
                wrong.change.apply(&mut body, &wrong.field);
                let first = scene.send(right.clone().json(body)).await?;
                if first.is_success() {
                    return Err(crate::run::Stop::NotJudged(format!(
                        "{} accepts a wrong request",
                        target.id
                    )));
                }
                let second = scene.send(right).await?;
                let acceptance = Acceptance::of(&target).at_most(standing).at(PLACE);
                scene.accepted(&second, &acceptance, "a mended request with the key of a refused one");
                Ok(())
            });
            Some(case.standing(standing).place(PLACE).cost(3).needs(atlas.makers(kin)))
        })
        .collect()
}

fn in_flight(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    keyed(atlas)
        .into_iter()
        .map(|(op, kin, rule)| {
            let rows = kin.clone();
            let refusal =
                Refusal::new(rule.in_flight.clone(), format!("{PLACE}/in_flight")).at_most(rule.standing);
            let standing = refusal.standing();
            Case::new(law, op, async move |scene: &mut Scene| {
                let key = fresh_key(scene, &rule);
                let one = call(scene, &rows, &rule, &key)?;
                let answers = scene.send_all(vec![one.clone(), one.clone(), one]).await?;
                if answers.iter().any(|answer| answer.is_server_error()) {
                    return Ok(());
                }
                let ids: std::collections::BTreeSet<Option<String>> = answers
                    .iter()
                    .filter(|answer| answer.is_success())
                    .map(|answer| answer.json.as_ref().and_then(|row| rows.id_of(row)))
                    .collect();
                let last = answers.last().map_or(0, |answer| answer.step);
                if ids.len() != 1 {
                    let message = format!("concurrent requests with one key made {} rows", ids.len());
                    scene.broke(last, "rows", standing, PLACE, message, Expect::words("one row"));
                    return Ok(());
                }
                for answer in answers.iter().filter(|answer| !answer.is_success()) {
                    if !scene.refused(answer, &refusal, "a concurrent request with the same key") {
                        break;
                    }
                }
                Ok(())
            })
            .standing(standing)
            .place(format!("{PLACE}/in_flight"))
            .cost(4)
            .needs(atlas.makers(kin))
        })
        .collect()
}

fn longest(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (op, kin, rule) in keyed(atlas) {
        for over in [false, true] {
            let (target, rows, rule) = (op.clone(), kin.clone(), rule.clone());
            let refusal = Refusal::new(rule.too_long.clone(), format!("{PLACE}/too_long"));
            let standing = if over { refusal.standing().weakest(Standing::Assumed) } else { rule.standing };
            let case = Case::new(law, op, async move |scene: &mut Scene| {
                let mut key = fresh_key(scene, &rule);
                while key.len() < rule.max_bytes + usize::from(over) {
                    key.push('k');
                }
                let one = call(scene, &rows, &rule, &key)?;
                let exchange = scene.send(one).await?;
                if over {
                    scene.refused(&exchange, &refusal, "a key that is too long");
                } else {
                    let acceptance =
                        Acceptance::of(&target).at_most(standing).at(format!("{PLACE}/max_bytes"));
                    if !scene.accepted(&exchange, &acceptance, "a key of the greatest length") {
                        return Ok(());
                    }
                    // All of it counts: one that differs in the last letter alone is another.
                    let other = if key.pop() == Some('z') { 'y' } else { 'z' };
                    key.push(other);
                    let other = scene.send(call(scene, &rows, &rule, &key)?).await?;
                    let acceptance = Acceptance::of(&target).at_most(standing).at(PLACE);
                    let what = "a long key that differs from another in its last letter";
                    let id = |exchange: &Exchange| exchange.json.as_ref().and_then(|row| rows.id_of(row));
                    if scene.accepted(&other, &acceptance, what) && id(&other) == id(&exchange) {
                        let message = format!("{what} is answered with the other one's row");
                        scene.broke(
                            other.step,
                            "cut",
                            standing,
                            PLACE,
                            message,
                            Expect::words("a row of its own"),
                        );
                    }
                }
                Ok(())
            });
            let variant = if over { "over" } else { "longest" };
            cases.push(
                case.variant(variant)
                    .standing(standing)
                    .place(format!("{PLACE}/max_bytes"))
                    .cost(2)
                    .needs(atlas.makers(kin)),
            );
        }
    }
    cases
}
