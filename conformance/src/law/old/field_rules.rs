//! Rules of single fields: derived, exclusive, stamped.

use schemas::{StampMoment, Standing};
use serde_json::{Map, Value};

use super::reading::made;
use super::law::Law;
use crate::contract::{Api, Operation};
use crate::generate::presence;
use crate::contract::Acceptance;
use crate::judge::Expected;
use super::case::Case;
use crate::http::Request;
use crate::scenario::{CaseContext, CaseError, lent};

pub(crate) fn derived(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in made(api) {
        for field in resource.fields.values() {
            let Some(rule) = field.rules.derived.clone() else { continue };
            let takes = |op: &Operation, name: &str| {
                op.body
                    .as_ref()
                    .and_then(|body| body.schema.property(name))
                    .map(|property| presence(&property))
            };
            let place = schemas::pointer::join(&field.pointer, "x-contract-field");
            for op in [Some(create), resource.update.as_ref()].into_iter().flatten() {
                let Some(sure) = takes(op, &rule.from) else { continue };
                // That the flag may be sent is one statement, what then follows another.
                let shown = rule.standing.weakest(rule.shown.unwrap_or(rule.standing));
                let standing = shown.weakest(sure);
                let (rows, target, name, rule) = (resource.clone(), op.clone(), field.name.clone(), rule.clone());
                let creating = op == create;
                let variant = format!("{}-from-{}", field.name, rule.from);
                let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                    let fields = Map::from_iter([(rule.from.clone(), rule.equals.clone())]);
                    let request = if creating {
                        cx.create_request(&rows, None, fields)?
                    } else {
                        Request::of(&target).own(&cx.exclusive_row(&rows).await?.id).json(fields)
                    };
                    let exchange = cx.send(request).await?;
                    cx.require_success(&exchange)?;
                    let read = |name: &str| exchange.json.as_ref().and_then(|row| row.get(name)).cloned();
                    let expect = Expected::words(format!("{name} {}", rule.value));
                    if read(&name).is_some_and(|reads| reads != rule.value) {
                        // Once the row itself says that the flag is set, nothing is left to be inferred.
                        let decided = read(&rule.from).as_ref() == Some(&rule.equals);
                        let message = format!(
                            "{name} does not read {} while {} is {}",
                            rule.value, rule.from, rule.equals
                        );
                        let standing = if decided { shown } else { standing };
                        cx.broke_at(exchange.step, &name, standing, message, expect);
                        return Ok(());
                    }
                    let back = rule.equals.as_bool().filter(|_| !creating).map(|flag| Value::Bool(!flag));
                    if let Some(back) = back {
                        let fields = Map::from_iter([(rule.from.clone(), back)]);
                        let exchange = cx.send(exchange.request.clone().json(fields)).await?;
                        cx.require_success(&exchange)?;
                        let reads = exchange.json.as_ref().and_then(|row| row.get(&name)).cloned();
                        let expect = Expected::words(format!("{name} no longer {}", rule.value));
                        cx.expecting(exchange.step, expect.clone());
                        if reads.as_ref() == Some(&rule.value) {
                            let message =
                                format!("{name} still reads {} once {} is cleared", rule.value, rule.from);
                            cx.broke_at(
                                exchange.step,
                                &name,
                                shown.weakest(Standing::Inferred),
                                message,
                                expect,
                            );
                        }
                    }
                    Ok(())
                });
                let case = if creating { case.cost(2) } else { case.cost(2).sees(lent(resource), 2) };
                cases.push(
                    case.variant(variant)
                        .standing(standing)
                        .place(place.clone())
                        .needs(api.makers(resource))
                        .needs([op.id.clone()]),
                );
            }
            let (Some(written), Some(update)) = (rule.written, resource.update.clone()) else { continue };
            let Some(other) =
                takes(&update, &field.name).and_then(|_| other_member(&update, &field.name, &rule.value))
            else {
                continue;
            };
            let (rows, name) = (resource.clone(), field.name.clone());
            let case = Case::new(law, &update.clone(), async move |cx: &mut CaseContext| {
                let row = cx.exclusive_row(&rows).await?;
                for (value, flag) in [(rule.value.clone(), true), (other.clone(), false)] {
                    let exchange = cx
                        .send(
                            Request::of(&update)
                                .own(&row.id)
                                .json(Map::from_iter([(name.clone(), value.clone())])),
                        )
                        .await?;
                    cx.require_success(&exchange)?;
                    let shown = |field: &str| exchange.json.as_ref().and_then(|row| row.get(field)).cloned();
                    let expect = Expected::words(format!(
                        "{name} {value}, {} {}",
                        rule.from,
                        if flag { "set" } else { "cleared" }
                    ));
                    cx.expecting(exchange.step, expect.clone());
                    let follows = shown(&rule.from).is_none_or(|decides| (decides == rule.equals) == flag);
                    let reads = shown(&name).is_none_or(|reads| reads == value);
                    if !follows || !reads {
                        let message = format!(
                            "writing {name} {value} leaves {} {}",
                            rule.from,
                            shown(&rule.from).unwrap_or_default()
                        );
                        cx.broke_at(exchange.step, &name, written, message, expect);
                        return Ok(());
                    }
                }
                Ok(())
            });
            cases.push(
                case.variant(format!("{}-written", field.name))
                    .standing(written)
                    .place(place)
                    .cost(2)
                    .sees(lent(resource), 2)
                    .needs(api.makers(resource)),
            );
        }
    }
    cases
}

fn other_member(op: &Operation, name: &str, value: &Value) -> Option<Value> {
    let property = op.body.as_ref()?.schema.property(name)?;
    property
        .schema
        .keyword("enum")?
        .as_array()?
        .iter()
        .find(|member| *member != value && !member.is_null())
        .cloned()
}

/// A value that normalisation changes is kept as changed, whichever operation brings it in.
pub(crate) fn normalized(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in made(api) {
        for field in resource.fields.values() {
            let ops = || [Some(create), resource.update.as_ref()].into_iter().flatten();
            let changes = field.rules.normalize.iter().enumerate();
            for ((index, change), op) in changes.flat_map(|change| ops().map(move |op| (change, op))) {
                let Some(property) = op.body.as_ref().and_then(|body| body.schema.property(&field.name))
                else {
                    continue;
                };
                let standing = change.standing.weakest(presence(&property));
                let (rows, target, name, to) = (resource.clone(), op.clone(), field.name.clone(), change.to);
                let creating = op == create;
                let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                    let value = cx.value(&target, &name);
                    let value =
                        value.as_ref().and_then(Value::as_str).map(|text| unlike(text, to, &property.schema));
                    let fits = |value: &String| property.schema.is_valid(&Value::from(value.as_str()));
                    let Some(value) = value.filter(fits) else {
                        return Err(CaseError::NotJudged(format!("no value of {name} can be made")));
                    };
                    let fields = Map::from_iter([(name.clone(), Value::String(value))]);
                    let request = if creating {
                        cx.create_request(&rows, None, fields.clone())?
                    } else {
                        Request::of(&target).own(&cx.exclusive_row(&rows).await?.id).json(fields.clone())
                    };
                    let exchange = cx.send(request).await?;
                    let what = format!("a request of {} whose {name} is to be normalised", target.id);
                    if cx.accepted(&exchange, &Acceptance::of(&target).at_most(standing), &what) {
                        super::input::kept(cx, &target, &exchange, &name, &fields, standing);
                    }
                    Ok(())
                });
                let case = if creating { case.cost(2) } else { case.sees(lent(resource), 2) };
                let variant = match index {
                    0 => field.name.clone(),
                    index => format!("{}-{}", field.name, index + 1),
                };
                cases.push(
                    case.variant(variant)
                        .standing(standing)
                        .place(schemas::pointer::join(&field.pointer, "x-contract-field"))
                        .needs(api.makers(resource))
                        .needs([op.id.clone()]),
                );
            }
        }
    }
    cases
}

/// A text that normalisation changes, no longer than it may be.
fn unlike(text: &str, to: schemas::Normalization, schema: &schemas::Schema) -> String {
    let most =
        schema.keyword("maxLength").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
    match to {
        schemas::Normalization::Lowercase => text.to_uppercase(),
        schemas::Normalization::Trim => {
            let most = most.unwrap_or(usize::MAX).saturating_sub(2);
            format!(" {} ", crate::generate::shortened(text, most))
        }
    }
}

pub(crate) fn exclusive(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in made(api) {
        for field in resource.fields.values() {
            let Some(rule) = field.rules.exclusive.clone() else { continue };
            let (Some(read), Some(owner)) =
                (resource.read.clone(), resource.parent.as_ref().and_then(|parent| api.resource(&parent.resource)))
            else {
                continue;
            };
            let takes =
                |op: &&Operation| op.body.as_ref().is_some_and(|body| body.schema.property(&field.name).is_some());
            for op in std::iter::once(create).chain(resource.update.as_ref()).filter(takes) {
                let (rows, owner, name) = (resource.clone(), owner.clone(), field.name.clone());
                let (rule, standing) = (rule.clone(), rule.standing);
                let update = Some(op).filter(|op| *op != create).cloned();
                let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                    let parent = cx.create_row(&owner).await?;
                    let fields = Map::from_iter([(name.clone(), rule.value.clone())]);
                    let first = cx.create_row_with(&rows, Some(&parent), fields.clone()).await?;
                    if let Some(update) = &update {
                        let second = cx.create_row_with(&rows, Some(&parent), Map::new()).await?;
                        let taking = cx.send(Request::of(update).own(&second.id).json(fields)).await?;
                        cx.require_success(&taking)?;
                    } else {
                        cx.create_row_with(&rows, Some(&parent), fields).await?;
                    }
                    let exchange = cx.read(&rows, &first.id).await?;
                    cx.require_success(&exchange)?;
                    if exchange.json.as_ref().and_then(|row| row.get(&name)) == Some(&rule.value) {
                        let message = format!("two rows have {name} {}", rule.value);
                        let expect = Expected::words(format!("{name} no longer {}", rule.value));
                        cx.broke_at(exchange.step, &name, standing, message, expect);
                    }
                    Ok(())
                });
                cases.push(
                    case.variant(field.name.clone())
                        .standing(standing)
                        .place(field.pointer.clone())
                        .cost(if op == create { 7 } else { 8 })
                        .needs(api.makers(resource))
                        .needs([read.id.clone(), op.id.clone()]),
                );
            }
        }
    }
    cases
}

pub(crate) fn stamped(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, _) in made(api) {
        let Some(update) = resource.update.clone() else { continue };
        for field in resource.fields.values() {
            for stamp in field.rules.stamp.iter().filter(|stamp| stamp.at == StampMoment::Write) {
                let Some(when) = stamp.when.clone() else { continue };
                let Some(property) = update.body.as_ref().and_then(|body| body.schema.property(&when.field))
                else {
                    continue;
                };
                let value = match (&when.enters, &when.leaves) {
                    (Some(enters), _) => Some(enters.clone()),
                    (None, Some(leaves)) => other_member(&update, &property.name, leaves),
                    (None, None) => None,
                };
                let Some(value) = value else { continue };
                let (rows, op, name, standing) = (
                    resource.clone(),
                    update.clone(),
                    field.name.clone(),
                    stamp.standing.weakest(presence(&property)),
                );
                let case = Case::new(law, &update, async move |cx: &mut CaseContext| {
                    let row = cx.create_row(&rows).await?;
                    let exchange = cx
                        .send(
                            Request::of(&op)
                                .own(&row.id)
                                .json(Map::from_iter([(when.field.clone(), value.clone())])),
                        )
                        .await?;
                    cx.require_success(&exchange)?;
                    if exchange.json.as_ref().and_then(|row| row.get(&name)).is_some_and(Value::is_null) {
                        let message = format!("{name} is not set when {} becomes {value}", when.field);
                        cx.broke_at(
                            exchange.step,
                            &name,
                            standing,
                            message,
                            Expected::words(format!("{name} set")),
                        );
                    }
                    Ok(())
                });
                cases.push(
                    case.variant(field.name.clone())
                        .standing(standing)
                        .place(field.pointer.clone())
                        .cost(3)
                        .needs(api.makers(resource))
                        .needs([update.id.clone()]),
                );
            }
        }
    }
    cases
}
