//! What becomes of what is sent.

use std::time::Duration;

use schemas::Standing;
use serde_json::{Map, Value};

use super::input::kept;
use super::reading::made;
use super::statement::Law;
use crate::atlas::{Atlas, Kin, Op};
use crate::generate::{Extent, presence};
use crate::judge::{Acceptance, Expect, difference, instant, same_value};
use crate::plan::Case;
use crate::probe::Call;
use crate::run::{Deed, Exchange, Row, Scene, Stop, lent, still};

/// Bodies as full as each standing admits; none twice.
fn extents(atlas: &Atlas, op: &Op) -> Vec<Standing> {
    let Some(body) = &op.body else { return Vec::new() };
    let _ = atlas;
    [Standing::Documented, Standing::Inferred, Standing::Assumed]
        .into_iter()
        .filter(|standing| {
            body.schema
                .properties()
                .iter()
                .any(|property| !property.required && presence(property) == *standing)
        })
        .collect()
}

pub(crate) fn stored(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, create) in made(atlas) {
        for op in [Some(create), kin.update.as_ref()].into_iter().flatten() {
            for standing in extents(atlas, op) {
                let (target, rows) = (op.clone(), kin.clone());
                let making = op == create;
                let case = Case::new(law, op, async move |scene: &mut Scene| {
                    let (sent, sure) = scene.body(&target, Extent::Full(standing))?;
                    let call = if making {
                        scene.aim_at(&target)?.json(sent.clone())
                    } else {
                        let row = scene.lend(&rows).await?;
                        Call::of(&target).own(&row.id).json(sent.clone())
                    };
                    let exchange = scene.send(call).await?;
                    let acceptance = Acceptance::of(&target).at_most(sure);
                    let what = format!("a request of {} with every property", target.id);
                    if !scene.accepted_under(super::id::VALID_ACCEPTED, &exchange, &acceptance, &what) {
                        return Ok(());
                    }
                    for field in sent.keys() {
                        kept(scene, &target, &exchange, field, &sent, Standing::Documented);
                    }
                    Ok(())
                });
                let case = if making { case.cost(2) } else { case.sees(lent(kin), 2) };
                cases.push(
                    case.variant(standing.as_str())
                        .standing(standing)
                        .needs(atlas.makers(kin))
                        .needs([op.id.clone()]),
                );
            }
        }
    }
    cases
}

pub(crate) fn defaults(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, create) in made(atlas) {
        for standing in [Standing::Documented, Standing::Inferred, Standing::Assumed] {
            let stated: Vec<(String, Value, String)> = kin
                .fields
                .values()
                .filter_map(|field| {
                    let default = field.rules.default.as_ref()?;
                    let sure = default.standing.weakest(field.standing);
                    (sure == standing)
                        .then(|| (field.name.clone(), default.value.clone(), field.pointer.clone()))
                })
                .collect();
            let Some(place) = stated.first().map(|(_, _, place)| place.clone()) else { continue };
            let (rows, op) = (kin.clone(), create.clone());
            let case = Case::new(law, create, async move |scene: &mut Scene| {
                let row = scene.still(&rows).await?;
                let step = scene.steps.len() - 1;
                for (name, value, place) in &stated {
                    let sent = scene.steps[step].call.body().is_some_and(|body| body.contains_key(name));
                    let Some(shown) = row.get(name).filter(|shown| !sent && !same_value(shown, value)) else {
                        continue;
                    };
                    let message =
                        format!("{name} is {shown} in a new {} that was created without it", rows.name);
                    scene.broke(
                        step,
                        "value",
                        standing,
                        place,
                        message,
                        Expect::words(format!("{name} {value}")),
                    );
                    if let Some(last) = scene.breaches.last_mut() {
                        last.subject = Some(name.clone());
                    }
                }
                let _ = &op;
                Ok(())
            });
            cases.push(
                case.variant(standing.as_str())
                    .standing(standing)
                    .place(place)
                    .cost(0)
                    .sees(still(kin), 2)
                    .needs(atlas.makers(kin)),
            );
        }
    }
    cases
}

/// Values for properties the server sets that no server would set.
fn foreign(kin: &Kin, row: &Value, name: &str) -> Option<Value> {
    let current = row.get(name)?;
    let property = kin.schema.property(name)?;
    if property.schema.keyword("const").is_some() {
        return Some(Value::from("something_else"));
    }
    match current {
        Value::Number(_) => Some(Value::from(987_654_321)),
        Value::String(text) if instant(text).is_some() => Some(Value::from("2001-02-03T04:05:06.000Z")),
        Value::String(_) => Some(Value::from("set-by-the-client")),
        Value::Bool(flag) => Some(Value::Bool(!flag)),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

pub(crate) fn server_set(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, create) in made(atlas) {
        for op in [Some(create), kin.update.as_ref()].into_iter().flatten() {
            let takes =
                |name: &str| op.body.as_ref().is_some_and(|body| body.schema.property(name).is_some());
            for standing in [Standing::Documented, Standing::Inferred] {
                let names: Vec<String> = kin
                    .fields
                    .values()
                    .filter(|field| field.rules.server_set == Some(standing) && !takes(&field.name))
                    .map(|field| field.name.clone())
                    .collect();
                if names.is_empty() {
                    continue;
                }
                let (target, rows) = (op.clone(), kin.clone());
                let making = op == create;
                let case = Case::new(law, op, async move |scene: &mut Scene| {
                    let base = scene.base(&rows)?;
                    let wanted: Map<String, Value> = names
                        .iter()
                        .filter_map(|name| Some((name.clone(), foreign(&rows, &base.value, name)?)))
                        .collect();
                    let call = if making {
                        scene.making(&rows, None, wanted.clone())?
                    } else {
                        let row = scene.lend(&rows).await?;
                        let mut body = scene.change(&target)?.0;
                        body.extend(wanted.clone());
                        Call::of(&target).own(&row.id).json(body)
                    };
                    let exchange = scene.send(call).await?;
                    let expect = Expect::words("a refusal, or the properties ignored");
                    scene.expecting(exchange.step, expect.clone());
                    for (name, value) in wanted.iter().filter(|_| exchange.is_success()) {
                        if exchange
                            .json
                            .as_ref()
                            .and_then(|row| row.get(name))
                            .is_some_and(|shown| same_value(shown, value))
                        {
                            let message = format!("{} lets a client set {name}", target.id);
                            scene.broke_at(exchange.step, name, standing, message, expect.clone());
                        }
                    }
                    Ok(())
                });
                let case = if making { case.cost(2) } else { case.sees(lent(kin), 2) };
                let place = schemas::pointer::join(&kin.pointer, "properties");
                cases.push(
                    case.variant(standing.as_str()).standing(standing).place(place).needs(atlas.makers(kin)),
                );
            }
        }
    }
    cases
}

/// Cases on every update of a resource whose rows can be made.
fn on_updates(
    law: &'static Law,
    atlas: &Atlas,
    cost: usize,
    case: impl Fn(&'static Law, Kin, Op) -> Case,
) -> Vec<Case> {
    made(atlas)
        .filter_map(|(kin, _)| Some((kin, kin.update.as_ref()?)))
        .map(|(kin, op)| {
            case(law, kin.clone(), op.clone()).cost(cost).needs(atlas.makers(kin)).needs([op.id.clone()])
        })
        .collect()
}

/// What an update may touch without being asked to.
fn touched(kin: &Kin) -> Vec<&str> {
    kin.updated.as_deref().into_iter().collect()
}

/// The name of the act of changing a row, and what it takes.
fn changing(kin: &Kin) -> (String, usize) {
    (format!("changed/{}", kin.name), 5)
}

/// A row that was changed once: as its create answered it, the answer to the update, and a read afterwards, where rows
/// can be read. It was read before as well: what was read once may be kept too long.
async fn changed(scene: &mut Scene, kin: &Kin, op: &Op) -> Result<(Row, Exchange, Option<Exchange>), Stop> {
    let deed = scene
        .act(&changing(kin).0, async |scene: &mut Scene| {
            let row = full(scene, kin).await?;
            if kin.read.is_some() {
                let before = scene.read(kin, &row.id).await?;
                scene.must(&before)?;
            }
            scene.rest(Duration::from_millis(3)).await;
            let body = scene.change(op)?.0;
            let update = scene.send(Call::of(op).own(&row.id).json(body)).await?;
            scene.must(&update)?;
            let mut exchanges = vec![update];
            if kin.read.is_some() {
                exchanges.push(scene.read(kin, &row.id).await?);
            }
            Ok(Deed { rows: vec![row], exchanges })
        })
        .await?;
    let (mut rows, mut exchanges) = (deed.rows.into_iter(), deed.exchanges.into_iter());
    let (row, update) = rows
        .next()
        .zip(exchanges.next())
        .ok_or_else(|| Stop::NotJudged(format!("no {} was changed", kin.name)))?;
    Ok((row, update, exchanges.next()))
}

/// A row with every property that is at least implied, so that one which is lost shows; of the least body where the
/// target does not take that many.
async fn full(scene: &mut Scene, rows: &Kin) -> Result<Row, Stop> {
    if let Some(create) = &rows.create {
        let fields = scene.body(create, Extent::Full(Standing::Inferred))?.0;
        let exchange = scene.send(scene.making(rows, None, fields)?).await?;
        if exchange.is_success() {
            return scene.row_of(rows, &exchange);
        }
    }
    scene.make(rows).await
}

pub(crate) fn partial(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    on_updates(law, atlas, 0, |law, rows, op| {
        let (act, once) = changing(&rows);
        Case::new(law, &op.clone(), async move |scene: &mut Scene| {
            let (row, exchange, _) = changed(scene, &rows, &op).await?;
            let body = exchange.call.body().cloned().unwrap_or_default();
            for field in body.keys() {
                if !kept(scene, &op, &exchange, field, &body, Standing::Documented) {
                    return Ok(());
                }
            }
            let mut leaving_out = touched(&rows);
            leaving_out.extend(body.keys().map(String::as_str));
            let shown = exchange.json.clone().unwrap_or_default();
            if let Some(field) = difference(&rows, &row.value, &shown, &leaving_out) {
                let message = format!("{} changed {field}, which was not sent", op.id);
                let expect = Expect::words(format!("{field} {}", row.get(&field).unwrap_or(&Value::Null)));
                scene.broke_at(exchange.step, &field, Standing::Documented, message, expect);
            }
            Ok(())
        })
        .sees(act, once)
    })
}

pub(crate) fn read_after(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    on_updates(law, atlas, 0, |law, rows, op| {
        let read = rows.read.clone();
        let (act, once) = changing(&rows);
        Case::new(law, &op.clone(), async move |scene: &mut Scene| {
            let (_, exchange, after) = changed(scene, &rows, &op).await?;
            let after = after.ok_or_else(|| Stop::NotJudged(format!("nothing reads {}", rows.one())))?;
            scene.must(&after)?;
            let expect = Expect::words("what the update returned");
            scene.expecting(after.step, expect.clone());
            let (told, shown) =
                (exchange.json.clone().unwrap_or_default(), after.json.clone().unwrap_or_default());
            if let Some(field) = difference(&rows, &told, &shown, &[]) {
                let message =
                    format!("after {} a read shows another {field} than the update returned", op.id);
                scene.broke_at(after.step, &field, Standing::Documented, message, expect);
            }
            Ok(())
        })
        .sees(act, once)
        .needs(read.map(|op| op.id.clone()))
    })
}

pub(crate) fn moves(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    on_updates(law, atlas, 0, |law, rows, op| {
        let (act, once) = changing(&rows);
        let place = schemas::pointer::join(&rows.pointer, "x-contract-resource");
        Case::new(law, &op.clone(), async move |scene: &mut Scene| {
            let Some(updated) = rows.updated.clone() else {
                return Err(Stop::NotJudged("rows have no time of change".to_owned()));
            };
            let at = |value: &Value| value.get(&updated).and_then(Value::as_str).and_then(instant);
            let (mut row, mut exchange, _) = changed(scene, &rows, &op).await?;
            let Some(mut before) = at(&row.value) else {
                return Err(Stop::NotJudged(format!("{updated} is no instant")));
            };
            let after = |exchange: &Exchange| exchange.json.as_ref().and_then(at);
            if after(&exchange) == Some(before) {
                // A clock that shows no less than a second: once more on a row that is older than that.
                row = scene.make(&rows).await?;
                before = at(&row.value).unwrap_or(before);
                scene.rest(Duration::from_millis(1_100)).await;
                let body = scene.change(&op)?.0;
                exchange = scene.send(Call::of(&op).own(&row.id).json(body)).await?;
                scene.must(&exchange)?;
            }
            let created = rows.created.as_ref().and_then(|name| row.get(name)?.as_str().and_then(instant));
            if created.is_some_and(|created| before.as_second() < created.as_second()) {
                let message = format!("a new {} was changed before it was created", rows.name);
                let expect = Expect::words(format!("{updated} not before its creation"));
                scene.broke_at(0, &updated, Standing::Inferred, message, expect);
            }
            let moved = after(&exchange).is_none_or(|after| after > before);
            let expect = Expect::words(format!("{updated} later than {before}"));
            scene.expecting(exchange.step, expect.clone());
            if !moved {
                scene.broke_at(
                    exchange.step,
                    &updated,
                    Standing::Documented,
                    format!("{} does not move {updated} forward", op.id),
                    expect,
                );
            }
            if let Some(created) = rows.created.clone() {
                let shown = exchange.json.as_ref().and_then(|shown| shown.get(&created));
                if shown.zip(row.get(&created)).is_some_and(|(after, before)| !same_value(after, before)) {
                    scene.broke_at(
                        exchange.step,
                        &created,
                        Standing::Documented,
                        format!("{} moves {created}", op.id),
                        Expect::words(format!("{created} as it was")),
                    );
                }
            }
            Ok(())
        })
        .place(place)
        .sees(act, once)
    })
}

pub(crate) fn empty(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    on_updates(law, atlas, 1, |law, rows, op| {
        let standing = Standing::Inferred;
        let (act, once) = changing(&rows);
        Case::new(law, &op.clone(), async move |scene: &mut Scene| {
            let (row, update, read) = changed(scene, &rows, &op).await?;
            let before =
                read.filter(|read| read.is_success()).unwrap_or(update).json.clone().unwrap_or_default();
            let exchange = scene.send(Call::of(&op).own(&row.id).json(Map::new())).await?;
            if !scene.accepted(
                &exchange,
                &Acceptance::of(&op).at_most(standing),
                &format!("an empty {}", op.id),
            ) {
                return Ok(());
            }
            let shown = exchange.json.clone().unwrap_or_default();
            if let Some(field) = difference(&rows, &before, &shown, &touched(&rows)) {
                let message = format!("an empty {} changed {field}", op.id);
                scene.broke_at(
                    exchange.step,
                    &field,
                    standing,
                    message,
                    Expect::words(format!("{field} as it was")),
                );
            }
            Ok(())
        })
        .standing(standing)
        .sees(act, once)
    })
}

pub(crate) fn null_clears(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, _) in made(atlas) {
        let Some(op) = &kin.update else { continue };
        let names: Vec<String> = op
            .body
            .iter()
            .flat_map(|body| body.schema.properties())
            .filter(|property| {
                property.is_nullable()
                    && kin.fields.get(&property.name).is_some_and(|field| field.rules.server_set.is_none())
            })
            .map(|property| property.name)
            .collect();
        if names.is_empty() {
            continue;
        }
        let (rows, target) = (kin.clone(), op.clone());
        let case = Case::new(law, op, async move |scene: &mut Scene| {
            let row = scene.lend(&rows).await?;
            let sent: Map<String, Value> =
                names.iter().filter_map(|name| Some((name.clone(), scene.value(&target, name)?))).collect();
            let filled = scene.send(Call::of(&target).own(&row.id).json(sent)).await?;
            scene.must(&filled)?;
            let nulls: Map<String, Value> = names.iter().map(|name| (name.clone(), Value::Null)).collect();
            let exchange = scene.send(Call::of(&target).own(&row.id).json(nulls)).await?;
            let place = scene.place.clone();
            let acceptance = Acceptance::of(&target).at_most(Standing::Assumed).at(place);
            if !scene.accepted(&exchange, &acceptance, &format!("a request of {} with nulls", target.id)) {
                return Ok(());
            }
            for name in &names {
                if exchange.json.as_ref().and_then(|row| row.get(name)).is_some_and(|shown| !shown.is_null())
                {
                    scene.broke_at(
                        exchange.step,
                        name,
                        Standing::Assumed,
                        format!("null does not clear {name}"),
                        Expect::words(format!("{name} null")),
                    );
                    break;
                }
            }
            Ok(())
        });
        cases.push(
            case.standing(Standing::Assumed)
                .cost(2)
                .sees(lent(kin), 2)
                .needs(atlas.makers(kin))
                .needs([op.id.clone()]),
        );
    }
    cases
}
