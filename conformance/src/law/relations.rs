//! Rows and the rows they belong to; lists and what they select.

use schemas::{ParameterLocation, Standing};
use serde_json::{Map, Value};

use super::auth::unknown_id_of;
use super::pages::{family, founding};
use super::reading::{as_of, is_under_owner, made};
use super::statement::Law;
use super::walk::{page, page_call};
use crate::atlas::{Atlas, Kin, Op, Slot, reference};
use crate::generate::presence;
use crate::judge::{Acceptance, Expect, Refusal, same_value};
use crate::plan::Case;
use crate::probe::Call;
use crate::run::{Row, Scene, Stop};

/// The properties of an operation's body that name a row, with its resource.
fn references<'a>(atlas: &'a Atlas, op: &Op) -> Vec<(String, &'a Kin, schemas::Property)> {
    op.body
        .iter()
        .flat_map(|body| body.schema.properties())
        .filter_map(|property| Some((property.name.clone(), atlas.kin(&reference(&property)?)?, property)))
        .collect()
}

pub(crate) fn parent_exists(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in atlas.operations.iter().filter(|op| atlas.reachable(op)) {
        if let Some(owner) = atlas.parent_of(op).filter(|_| op.has_slot(Slot::Parent)) {
            let refusal = as_of(op, owner.unknown_row());
            let (owners, target, told) = (owner.clone(), op.clone(), refusal.clone());
            let case = Case::new(law, op, async move |scene: &mut Scene| {
                let id = unknown_id_of(scene, &owners)?;
                let exchange = scene.send(scene.aim(&target)?.parent(&id)).await?;
                scene.refused(&exchange, &told, &format!("{} under an unknown {}", target.id, owners.name));
                Ok(())
            });
            cases.push(
                case.variant("path")
                    .standing(refusal.standing())
                    .place(refusal.place.clone())
                    .needs(atlas.needs_rows(op)),
            );
        }
        for (name, owner, property) in references(atlas, op) {
            let rule = property.rules().ok().and_then(|rules| rules.references);
            let refusal = match rule.and_then(|rule| rule.rejection) {
                Some(rejection) => {
                    Refusal::new(rejection, schemas::pointer::join(&property.pointer, "x-contract-field"))
                }
                None => as_of(op, owner.unknown_row()),
            };
            let refusal = refusal.at_most(presence(&property)).blaming(&name);
            let (owners, target, told, field) = (owner.clone(), op.clone(), refusal.clone(), name.clone());
            let case = Case::new(law, op, async move |scene: &mut Scene| {
                let id = unknown_id_of(scene, &owners)?;
                let call = scene.aim(&target)?;
                let mut body = call.body().cloned().unwrap_or_default();
                body.insert(field.clone(), Value::String(id));
                let exchange = scene.send(call.json(body)).await?;
                scene.refused(&exchange, &told, &format!("{} with an unknown {field}", target.id));
                Ok(())
            });
            cases.push(
                case.variant(name)
                    .standing(refusal.standing())
                    .place(refusal.place.clone())
                    .needs(atlas.needs_rows(op)),
            );
        }
    }
    cases
}

/// The owner that an answer names is the one that was asked for.
fn names_owner(
    scene: &mut Scene,
    exchange: &crate::run::Exchange,
    kin: &Kin,
    owner: &Row,
    standing: Standing,
) {
    let Some(parent) = &kin.parent else { return };
    let shown = exchange
        .json
        .as_ref()
        .and_then(|row| row.get(&parent.field))
        .and_then(Value::as_str)
        .map(str::to_owned);
    let sure = kin.fields.get(&parent.field).map(|field| field.standing).unwrap_or_default();
    if shown.is_some_and(|shown| shown != owner.id) {
        let message = format!("the answer names another {} in {}", owner.kin.name, parent.field);
        scene.broke_at(
            exchange.step,
            &parent.field,
            standing.weakest(sure),
            message,
            Expect::words(format!("{} {}", parent.field, owner.id)),
        );
    }
}

pub(crate) fn either_id(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in atlas.operations.iter().filter(|op| atlas.reachable(op)) {
        let Some(kin) = atlas.kin_of(op) else { continue };
        if let Some(owner) =
            atlas.parent_of(op).filter(|owner| op.has_slot(Slot::Parent) && owner.identity.display.is_some())
        {
            let (rows, owners, target) = (kin.clone(), owner.clone(), op.clone());
            let case = Case::new(law, op, async move |scene: &mut Scene| {
                let base = scene.base(&owners)?;
                let number = base
                    .display
                    .clone()
                    .ok_or_else(|| Stop::NotJudged(format!("rows of {} have no number", owners.name)))?;
                let call = scene.aim(&target)?.parent(&number);
                let exchange = scene.send(call).await?;
                let what = format!("{} under a {} named by its number", target.id, owners.name);
                if scene.accepted(&exchange, &Acceptance::of(&target), &what) {
                    names_owner(scene, &exchange, &rows, &base, Standing::Documented);
                }
                Ok(())
            });
            let cost = if op.body.is_some() { 2 } else { 1 };
            cases.push(case.variant("path").cost(cost).needs(atlas.needs_rows(op)).needs([op.id.clone()]));
        }
        for (name, owner, property) in
            references(atlas, op).into_iter().filter(|(_, owner, _)| owner.identity.display.is_some())
        {
            let standing = presence(&property).weakest(property.standing("type"));
            let (rows, owners, target, field) = (kin.clone(), owner.clone(), op.clone(), name.clone());
            let takes_number = property.schema.is_valid(&Value::from(1));
            let case = Case::new(law, op, async move |scene: &mut Scene| {
                let base = scene.base(&owners)?;
                let number = base
                    .display
                    .clone()
                    .ok_or_else(|| Stop::NotJudged(format!("rows of {} have no number", owners.name)))?;
                let value = match number.parse::<u64>() {
                    Ok(number) if takes_number => Value::from(number),
                    _ => Value::String(number),
                };
                let call = scene.aim(&target)?;
                let mut body = call.body().cloned().unwrap_or_default();
                body.insert(field.clone(), value);
                let exchange = scene.send(call.json(body)).await?;
                let acceptance = Acceptance::of(&target).at_most(standing);
                if scene.accepted(&exchange, &acceptance, &format!("{} with {field} as a number", target.id))
                {
                    names_owner(scene, &exchange, &rows, &base, standing);
                }
                Ok(())
            });
            cases.push(
                case.variant(name)
                    .standing(standing)
                    .cost(2)
                    .needs(atlas.needs_rows(op))
                    .needs([op.id.clone()]),
            );
        }
    }
    cases
}

pub(crate) fn own_parent(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, _) in made(atlas) {
        let Some(owner) = kin.parent.as_ref().and_then(|parent| atlas.kin(&parent.resource)) else {
            continue;
        };
        for list in kin.lists_by_parent(true) {
            let (rows, owners, target) = (kin.clone(), owner.clone(), list.clone());
            let case = Case::new(law, list, async move |scene: &mut Scene| {
                let (Some(one), family) = family(scene, &rows).await? else {
                    return Err(Stop::NotJudged(format!("nothing makes a {}", owners.name)));
                };
                let theirs = scene.make(&rows).await?;
                let exchange = scene.send(Call::of(&target).parent(&one.id)).await?;
                scene.must(&exchange)?;
                let Some(page) = page(scene.atlas(), &exchange) else { return Ok(()) };
                let ids: Vec<String> = page.rows.iter().filter_map(|row| rows.id_of(row)).collect();
                let place = scene.place.clone();
                if ids.contains(&theirs.id) {
                    let message = format!("{} shows a {} of another {}", target.id, rows.name, owners.name);
                    scene.broke(
                        exchange.step,
                        "foreign",
                        Standing::Documented,
                        &place,
                        message,
                        Expect::words("only its own rows"),
                    );
                } else if family.iter().any(|mine| !ids.contains(&mine.id)) {
                    let message = format!("{} does not show its own {}", target.id, rows.name);
                    scene.broke(
                        exchange.step,
                        "absent",
                        Standing::Documented,
                        &place,
                        message,
                        Expect::words("its own row"),
                    );
                }
                Ok(())
            });
            let (act, once) = founding(kin);
            cases.push(case.cost(3).sees(act, once).needs(atlas.makers(kin)).needs([list.id.clone()]));
        }
    }
    cases
}

/// Two values of a field that rows can be made with.
enum Pair {
    Values(Value, Value),
    Owners(Kin),
}

fn pair(atlas: &Atlas, kin: &Kin, create: &Op, field: &str) -> Option<(Pair, Standing)> {
    let property = create.body.as_ref()?.schema.property(field)?;
    let standing = presence(&property);
    if let Some(owner) = reference(&property).and_then(|name| atlas.kin(&name)) {
        return Some((Pair::Owners(owner.clone()), standing));
    }
    let options = property.schema.keyword("enum").and_then(Value::as_array);
    let sure = property.rules().ok().map(|rules| rules.values).unwrap_or_default();
    if let Some(options) = options {
        let derived = kin
            .fields
            .get(field)
            .and_then(|field| field.rules.derived.as_ref())
            .map(|rule| rule.value.clone());
        let mut members = options.iter().filter(|member| {
            !member.is_null()
                && Some(*member) != derived.as_ref()
                && member
                    .as_str()
                    .and_then(|name| sure.get(name))
                    .is_none_or(|standing| *standing == Standing::Documented)
        });
        let (first, second) = (members.next()?, members.next()?);
        // The second is no default, so that a filter that is ignored shows.
        return Some((Pair::Values(second.clone(), first.clone()), standing));
    }
    property.schema.admits_type("string").then_some((Pair::Values(Value::Null, Value::Null), standing))
}

pub(crate) fn filters(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, create) in made(atlas) {
        for list in kin.lists.iter().filter(|list| atlas.reachable(list)) {
            for parameter in list.parameters_in(ParameterLocation::Query) {
                let Some(filter) = &parameter.filter else { continue };
                let Some((pair, sure)) = pair(atlas, kin, create, &filter.field) else { continue };
                let standing = parameter.standing.weakest(sure);
                let shared = Filtering {
                    rows: kin.clone(),
                    create: create.clone(),
                    list: list.clone(),
                    parameter: parameter.name.clone(),
                    field: filter.field.clone(),
                    standing,
                    by_number: false,
                };
                let numbers = matches!(&pair, Pair::Owners(owner) if owner.identity.display.is_some());
                let by_owner = matches!(&pair, Pair::Owners(_));
                let pair = std::rc::Rc::new(pair);
                for by_number in [false, true].into_iter().filter(|by_number| !by_number || numbers) {
                    let filtering = Filtering { by_number, ..shared.clone() };
                    let values = std::rc::Rc::clone(&pair);
                    let case = Case::new(law, list, async move |scene: &mut Scene| {
                        filtering.run(scene, &values).await
                    });
                    let variant = if by_number {
                        format!("{}-by-number", parameter.name)
                    } else {
                        parameter.name.clone()
                    };
                    let case = if by_owner {
                        case.cost(3).sees(founding(kin).0, founding(kin).1)
                    } else {
                        case.cost(5)
                    };
                    cases.push(
                        case.variant(variant)
                            .standing(standing)
                            .place(parameter.pointer.clone())
                            .needs(atlas.makers(kin))
                            .needs([list.id.clone()]),
                    );
                }
                cases.extend(derived_filter(
                    law,
                    atlas,
                    kin,
                    create,
                    list,
                    &parameter.name,
                    &filter.field,
                    parameter.standing,
                ));
            }
        }
    }
    cases
}

#[derive(Clone)]
struct Filtering {
    rows: Kin,
    create: Op,
    list: Op,
    parameter: String,
    field: String,
    standing: Standing,
    by_number: bool,
}

impl Filtering {
    async fn run(&self, scene: &mut Scene, pair: &Pair) -> Result<(), Stop> {
        let (wanted, other, text) = self.make(scene, pair).await?;
        let most = scene.atlas().rules().pagination.as_ref().map(|rule| rule.limit.maximum);
        let call = page_call(scene.atlas(), scene.aim(&self.list)?.query(&self.parameter, text), most, None);
        let exchange = scene.send(call).await?;
        let what = format!("{} with {}", self.list.id, self.parameter);
        let acceptance = Acceptance::of(&self.list).at_most(self.standing);
        if !scene.accepted(&exchange, &acceptance, &what) {
            return Ok(());
        }
        let Some(page) = page(scene.atlas(), &exchange) else { return Ok(()) };
        let value = wanted.get(&self.field).cloned().unwrap_or_default();
        let ids: Vec<String> = page.rows.iter().filter_map(|row| self.rows.id_of(row)).collect();
        let stray =
            page.rows.iter().any(|row| row.get(&self.field).is_some_and(|shown| !same_value(shown, &value)));
        let place = scene.place.clone();
        let expect = Expect::words(format!("exactly the rows with {} {value}", self.field));
        scene.expecting(exchange.step, expect.clone());
        if stray || ids.contains(&other.id) {
            let message = format!("{} with {} shows a row that does not match", self.list.id, self.parameter);
            scene.broke(exchange.step, "stray", self.standing, &place, message, expect);
        } else if !ids.contains(&wanted.id) {
            let message = format!("{} with {} leaves out a row that matches", self.list.id, self.parameter);
            scene.broke(exchange.step, "absent", self.standing, &place, message, expect);
        }
        Ok(())
    }

    /// A row that matches, one that does not, and the filter's text.
    async fn make(&self, scene: &mut Scene, pair: &Pair) -> Result<(Row, Row, String), Stop> {
        match pair {
            Pair::Owners(owner) => {
                let (one, family) = family(scene, &self.rows).await?;
                let (Some(one), Some(wanted)) = (one, family.into_iter().next()) else {
                    return Err(Stop::NotJudged(format!("nothing makes a {}", owner.name)));
                };
                let other = scene.make(&self.rows).await?;
                let text = if self.by_number { one.display.clone() } else { Some(one.id.clone()) };
                let text =
                    text.ok_or_else(|| Stop::NotJudged(format!("rows of {} have no number", owner.name)))?;
                Ok((wanted, other, text))
            }
            Pair::Values(one, another) => {
                let value = |scene: &Scene, stated: &Value| match stated {
                    Value::Null => scene.value(&self.create, &self.field),
                    stated => Some(stated.clone()),
                };
                let none = || Stop::NotJudged(format!("no value of {} can be made", self.field));
                let (one, another) =
                    (value(scene, one).ok_or_else(none)?, value(scene, another).ok_or_else(none)?);
                let wanted = scene
                    .make_with(&self.rows, None, Map::from_iter([(self.field.clone(), one.clone())]))
                    .await?;
                let other = scene
                    .make_with(&self.rows, None, Map::from_iter([(self.field.clone(), another)]))
                    .await?;
                if wanted.get(&self.field).is_none_or(|kept| !same_value(kept, &one)) {
                    return Err(Stop::NotJudged(format!("{} does not keep {}", self.create.id, self.field)));
                }
                let text = one.as_str().map_or_else(|| one.to_string(), str::to_owned);
                Ok((wanted, other, text))
            }
        }
    }
}

/// Filtering by the value of a derived field finds the rows whose deciding field says so.
#[expect(clippy::too_many_arguments, reason = "one caller, which has them all at hand")]
fn derived_filter(
    law: &'static Law,
    atlas: &Atlas,
    kin: &Kin,
    create: &Op,
    list: &Op,
    parameter: &str,
    field: &str,
    stated: Standing,
) -> Option<Case> {
    let rule = kin.fields.get(field)?.rules.derived.clone()?;
    create.body.as_ref()?.schema.property(&rule.from)?;
    let standing = rule.standing.weakest(stated);
    let (rows, target, parameter) = (kin.clone(), list.clone(), parameter.to_owned());
    let text = rule.value.as_str().map_or_else(|| rule.value.to_string(), str::to_owned);
    let case = Case::new(law, list, async move |scene: &mut Scene| {
        let wanted =
            scene.make_with(&rows, None, Map::from_iter([(rule.from.clone(), rule.equals.clone())])).await?;
        let other = scene.make(&rows).await?;
        if wanted.get(&rule.from) != Some(&rule.equals) {
            return Err(Stop::NotJudged(format!("the create does not keep {}", rule.from)));
        }
        let call = scene.aim(&target)?.query(&parameter, text.clone());
        let found = scene.find(call, &[&wanted, &other]).await?;
        let expect = Expect::words(format!("exactly the rows whose {} is {}", rule.from, rule.equals));
        scene.expecting(found.step, expect.clone());
        let place = scene.place.clone();
        if found.ids.contains(&other.id) {
            let message = format!(
                "{} with {parameter}={text} shows a row whose {} is not {}",
                target.id, rule.from, rule.equals
            );
            scene.broke(found.step, "stray", standing, &place, message, expect);
        } else if !found.ids.contains(&wanted.id) {
            let message = format!(
                "{} with {parameter}={text} leaves out a row whose {} is {}",
                target.id, rule.from, rule.equals
            );
            scene.broke(found.step, "absent", standing, &place, message, expect);
        }
        Ok(())
    });
    let case =
        case.variant(format!("{field}-derived")).standing(standing).place(kin.fields[field].pointer.clone());
    Some(case.cost(5).alone().needs(atlas.makers(kin)).needs([list.id.clone()]))
        .filter(|_| !is_under_owner(list))
}
