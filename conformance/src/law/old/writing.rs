//! What becomes of what is sent.

use std::time::Duration;

use schemas::Standing;
use serde_json::{Map, Value};

use super::input::kept;
use super::reading::made;
use super::law::Law;
use crate::contract::{Api, Resource, Operation};
use crate::generate::{Extent, presence};
use crate::contract::Acceptance;
use crate::judge::{Expected, difference, instant, same_value};
use super::case::Case;
use crate::http::Request;
use crate::scenario::{SetupResult, Exchange, Row, CaseContext, CaseError, lent, readonly_row};

/// Bodies as full as each standing admits; none twice.
fn extents(api: &Api, op: &Operation) -> Vec<Standing> {
    let Some(body) = &op.body else { return Vec::new() };
    let _ = api;
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

pub(crate) fn stored(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in made(api) {
        for op in [Some(create), resource.update.as_ref()].into_iter().flatten() {
            for standing in extents(api, op) {
                let (target, rows) = (op.clone(), resource.clone());
                let creating = op == create;
                let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                    let (sent, sure) = cx.body(&target, Extent::Full(standing))?;
                    let request = if creating {
                        cx.request_to(&target)?.json(sent.clone())
                    } else {
                        let row = cx.exclusive_row(&rows).await?;
                        Request::of(&target).own(&row.id).json(sent.clone())
                    };
                    let exchange = cx.send(request).await?;
                    let acceptance = Acceptance::of(&target).at_most(sure);
                    let what = format!("a request of {} with every property", target.id);
                    if !cx.accepted_under(super::id::VALID_ACCEPTED, &exchange, &acceptance, &what) {
                        return Ok(());
                    }
                    for field in sent.keys() {
                        kept(cx, &target, &exchange, field, &sent, Standing::Documented);
                    }
                    Ok(())
                });
                let case = if creating { case.cost(2) } else { case.sees(lent(resource), 2) };
                cases.push(
                    case.variant(standing.as_str())
                        .standing(standing)
                        .needs(api.makers(resource))
                        .needs([op.id.clone()]),
                );
            }
        }
    }
    cases
}

pub(crate) fn defaults(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in made(api) {
        for standing in [Standing::Documented, Standing::Inferred, Standing::Assumed] {
            let stated: Vec<(String, Value, String)> = resource
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
            let (rows, op) = (resource.clone(), create.clone());
            let case = Case::new(law, create, async move |cx: &mut CaseContext| {
                let row = cx.readonly_row(&rows).await?;
                let step = cx.steps.len() - 1;
                for (name, value, place) in &stated {
                    let sent = cx.steps[step].request.body().is_some_and(|body| body.contains_key(name));
                    let Some(shown) = row.get(name).filter(|shown| !sent && !same_value(shown, value)) else {
                        continue;
                    };
                    let message =
                        format!("{name} is {shown} in a new {} that was created without it", rows.name);
                    cx.broke(
                        step,
                        "value",
                        standing,
                        place,
                        message,
                        Expected::words(format!("{name} {value}")),
                    );
                    if let Some(last) = cx.breaches.last_mut() {
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
                    .sees(readonly_row(resource), 2)
                    .needs(api.makers(resource)),
            );
        }
    }
    cases
}

/// Values for properties the server sets that no server would set.
fn foreign(resource: &Resource, row: &Value, name: &str) -> Option<Value> {
    let current = row.get(name)?;
    let property = resource.schema.property(name)?;
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

pub(crate) fn server_set(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in made(api) {
        for op in [Some(create), resource.update.as_ref()].into_iter().flatten() {
            let takes =
                |name: &str| op.body.as_ref().is_some_and(|body| body.schema.property(name).is_some());
            for standing in [Standing::Documented, Standing::Inferred] {
                let names: Vec<String> = resource
                    .fields
                    .values()
                    .filter(|field| field.rules.server_set == Some(standing) && !takes(&field.name))
                    .map(|field| field.name.clone())
                    .collect();
                if names.is_empty() {
                    continue;
                }
                let (target, rows) = (op.clone(), resource.clone());
                let creating = op == create;
                let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                    let base = cx.base(&rows)?;
                    let wanted: Map<String, Value> = names
                        .iter()
                        .filter_map(|name| Some((name.clone(), foreign(&rows, &base.value, name)?)))
                        .collect();
                    let request = if creating {
                        cx.create_request(&rows, None, wanted.clone())?
                    } else {
                        let row = cx.exclusive_row(&rows).await?;
                        let mut body = cx.change(&target)?.0;
                        body.extend(wanted.clone());
                        Request::of(&target).own(&row.id).json(body)
                    };
                    let exchange = cx.send(request).await?;
                    let expect = Expected::words("a refusal, or the properties ignored");
                    cx.expecting(exchange.step, expect.clone());
                    for (name, value) in wanted.iter().filter(|_| exchange.is_success()) {
                        if exchange
                            .json
                            .as_ref()
                            .and_then(|row| row.get(name))
                            .is_some_and(|shown| same_value(shown, value))
                        {
                            let message = format!("{} lets a client set {name}", target.id);
                            cx.broke_at(exchange.step, name, standing, message, expect.clone());
                        }
                    }
                    Ok(())
                });
                let case = if creating { case.cost(2) } else { case.sees(lent(resource), 2) };
                let place = schemas::pointer::join(&resource.pointer, "properties");
                cases.push(
                    case.variant(standing.as_str()).standing(standing).place(place).needs(api.makers(resource)),
                );
            }
        }
    }
    cases
}

/// Cases on every update of a resource whose rows can be made.
fn on_updates(
    law: &'static Law,
    api: &Api,
    cost: usize,
    case: impl Fn(&'static Law, Resource, Operation) -> Case,
) -> Vec<Case> {
    made(api)
        .filter_map(|(resource, _)| Some((resource, resource.update.as_ref()?)))
        .map(|(resource, op)| {
            case(law, resource.clone(), op.clone()).cost(cost).needs(api.makers(resource)).needs([op.id.clone()])
        })
        .collect()
}

/// What an update may touch without being asked to.
fn touched(resource: &Resource) -> Vec<&str> {
    resource.updated.as_deref().into_iter().collect()
}

/// The name of the act of changing a row, and what it takes.
fn changing(resource: &Resource) -> (String, usize) {
    (format!("changed/{}", resource.name), 5)
}

/// A row that was changed once: as its create answered it, the answer to the update, and a read afterwards, where rows
/// can be read. It was read before as well: what was read once may be kept too long.
async fn changed(cx: &mut CaseContext, resource: &Resource, op: &Operation) -> Result<(Row, Exchange, Option<Exchange>), CaseError> {
    let result = cx
        .act(&changing(resource).0, async |cx: &mut CaseContext| {
            let row = full(cx, resource).await?;
            if resource.read.is_some() {
                let before = cx.read(resource, &row.id).await?;
                cx.require_success(&before)?;
            }
            cx.wait(Duration::from_millis(3)).await;
            let body = cx.change(op)?.0;
            let update = cx.send(Request::of(op).own(&row.id).json(body)).await?;
            cx.require_success(&update)?;
            let mut exchanges = vec![update];
            if resource.read.is_some() {
                exchanges.push(cx.read(resource, &row.id).await?);
            }
            Ok(SetupResult { rows: vec![row], exchanges })
        })
        .await?;
    let (mut rows, mut exchanges) = (result.rows.into_iter(), result.exchanges.into_iter());
    let (row, update) = rows
        .next()
        .zip(exchanges.next())
        .ok_or_else(|| CaseError::NotJudged(format!("no {} was changed", resource.name)))?;
    Ok((row, update, exchanges.next()))
}

/// A row with every property that is at least implied, so that one which is lost shows; of the least body where the
/// target does not take that many.
async fn full(cx: &mut CaseContext, rows: &Resource) -> Result<Row, CaseError> {
    if let Some(create) = &rows.create {
        let fields = cx.body(create, Extent::Full(Standing::Inferred))?.0;
        let exchange = cx.send(cx.create_request(rows, None, fields)?).await?;
        if exchange.is_success() {
            return cx.row_of(rows, &exchange);
        }
    }
    cx.create_row(rows).await
}

pub(crate) fn partial(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    on_updates(law, api, 0, |law, rows, op| {
        let (act, once) = changing(&rows);
        Case::new(law, &op.clone(), async move |cx: &mut CaseContext| {
            let (row, exchange, _) = changed(cx, &rows, &op).await?;
            let body = exchange.request.body().cloned().unwrap_or_default();
            for field in body.keys() {
                if !kept(cx, &op, &exchange, field, &body, Standing::Documented) {
                    return Ok(());
                }
            }
            let mut leaving_out = touched(&rows);
            leaving_out.extend(body.keys().map(String::as_str));
            let shown = exchange.json.clone().unwrap_or_default();
            if let Some(field) = difference(&rows, &row.value, &shown, &leaving_out) {
                let message = format!("{} changed {field}, which was not sent", op.id);
                let expect = Expected::words(format!("{field} {}", row.get(&field).unwrap_or(&Value::Null)));
                cx.broke_at(exchange.step, &field, Standing::Documented, message, expect);
            }
            Ok(())
        })
        .sees(act, once)
    })
}

pub(crate) fn read_after(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    on_updates(law, api, 0, |law, rows, op| {
        let read = rows.read.clone();
        let (act, once) = changing(&rows);
        Case::new(law, &op.clone(), async move |cx: &mut CaseContext| {
            let (_, exchange, after) = changed(cx, &rows, &op).await?;
            let after = after.ok_or_else(|| CaseError::NotJudged(format!("nothing reads {}", rows.one())))?;
            cx.require_success(&after)?;
            let expect = Expected::words("what the update returned");
            cx.expecting(after.step, expect.clone());
            let (told, shown) =
                (exchange.json.clone().unwrap_or_default(), after.json.clone().unwrap_or_default());
            if let Some(field) = difference(&rows, &told, &shown, &[]) {
                let message =
                    format!("after {} a read shows another {field} than the update returned", op.id);
                cx.broke_at(after.step, &field, Standing::Documented, message, expect);
            }
            Ok(())
        })
        .sees(act, once)
        .needs(read.map(|op| op.id.clone()))
    })
}

pub(crate) fn moves(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    on_updates(law, api, 0, |law, rows, op| {
        let (act, once) = changing(&rows);
        let place = schemas::pointer::join(&rows.pointer, "x-contract-resource");
        Case::new(law, &op.clone(), async move |cx: &mut CaseContext| {
            let Some(updated) = rows.updated.clone() else {
                return Err(CaseError::NotJudged("rows have no time of change".to_owned()));
            };
            let at = |value: &Value| value.get(&updated).and_then(Value::as_str).and_then(instant);
            let (mut row, mut exchange, _) = changed(cx, &rows, &op).await?;
            let Some(mut before) = at(&row.value) else {
                return Err(CaseError::NotJudged(format!("{updated} is no instant")));
            };
            let after = |exchange: &Exchange| exchange.json.as_ref().and_then(at);
            if after(&exchange) == Some(before) {
                // A clock that shows no less than a second: once more on a row that is older than that.
                row = cx.create_row(&rows).await?;
                before = at(&row.value).unwrap_or(before);
                cx.wait(Duration::from_millis(1_100)).await;
                let body = cx.change(&op)?.0;
                exchange = cx.send(Request::of(&op).own(&row.id).json(body)).await?;
                cx.require_success(&exchange)?;
            }
            let created = rows.created.as_ref().and_then(|name| row.get(name)?.as_str().and_then(instant));
            if created.is_some_and(|created| before.as_second() < created.as_second()) {
                let message = format!("a new {} was changed before it was created", rows.name);
                let expect = Expected::words(format!("{updated} not before its creation"));
                cx.broke_at(0, &updated, Standing::Inferred, message, expect);
            }
            let moved = after(&exchange).is_none_or(|after| after > before);
            let expect = Expected::words(format!("{updated} later than {before}"));
            cx.expecting(exchange.step, expect.clone());
            if !moved {
                cx.broke_at(
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
                    cx.broke_at(
                        exchange.step,
                        &created,
                        Standing::Documented,
                        format!("{} moves {created}", op.id),
                        Expected::words(format!("{created} as it was")),
                    );
                }
            }
            Ok(())
        })
        .place(place)
        .sees(act, once)
    })
}

pub(crate) fn empty(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    on_updates(law, api, 1, |law, rows, op| {
        let standing = Standing::Inferred;
        let (act, once) = changing(&rows);
        Case::new(law, &op.clone(), async move |cx: &mut CaseContext| {
            let (row, update, read) = changed(cx, &rows, &op).await?;
            let before =
                read.filter(|read| read.is_success()).unwrap_or(update).json.clone().unwrap_or_default();
            let exchange = cx.send(Request::of(&op).own(&row.id).json(Map::new())).await?;
            if !cx.accepted(
                &exchange,
                &Acceptance::of(&op).at_most(standing),
                &format!("an empty {}", op.id),
            ) {
                return Ok(());
            }
            let shown = exchange.json.clone().unwrap_or_default();
            if let Some(field) = difference(&rows, &before, &shown, &touched(&rows)) {
                let message = format!("an empty {} changed {field}", op.id);
                cx.broke_at(
                    exchange.step,
                    &field,
                    standing,
                    message,
                    Expected::words(format!("{field} as it was")),
                );
            }
            Ok(())
        })
        .standing(standing)
        .sees(act, once)
    })
}

pub(crate) fn null_clears(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, _) in made(api) {
        let Some(op) = &resource.update else { continue };
        let names: Vec<String> = op
            .body
            .iter()
            .flat_map(|body| body.schema.properties())
            .filter(|property| {
                property.is_nullable()
                    && resource.fields.get(&property.name).is_some_and(|field| field.rules.server_set.is_none())
            })
            .map(|property| property.name)
            .collect();
        if names.is_empty() {
            continue;
        }
        let (rows, target) = (resource.clone(), op.clone());
        let case = Case::new(law, op, async move |cx: &mut CaseContext| {
            let row = cx.exclusive_row(&rows).await?;
            let sent: Map<String, Value> =
                names.iter().filter_map(|name| Some((name.clone(), cx.value(&target, name)?))).collect();
            let filled = cx.send(Request::of(&target).own(&row.id).json(sent)).await?;
            cx.require_success(&filled)?;
            let nulls: Map<String, Value> = names.iter().map(|name| (name.clone(), Value::Null)).collect();
            let exchange = cx.send(Request::of(&target).own(&row.id).json(nulls)).await?;
            let place = cx.place.clone();
            let acceptance = Acceptance::of(&target).at_most(Standing::Assumed).at(place);
            if !cx.accepted(&exchange, &acceptance, &format!("a request of {} with nulls", target.id)) {
                return Ok(());
            }
            for name in &names {
                if exchange.json.as_ref().and_then(|row| row.get(name)).is_some_and(|shown| !shown.is_null())
                {
                    cx.broke_at(
                        exchange.step,
                        name,
                        Standing::Assumed,
                        format!("null does not clear {name}"),
                        Expected::words(format!("{name} null")),
                    );
                    break;
                }
            }
            Ok(())
        });
        cases.push(
            case.standing(Standing::Assumed)
                .cost(2)
                .sees(lent(resource), 2)
                .needs(api.makers(resource))
                .needs([op.id.clone()]),
        );
    }
    cases
}
