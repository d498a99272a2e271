//! Rows and the rows they belong to; lists and what they select.

use schemas::Standing;
use serde_json::Value;

use super::auth::unknown_id_of;
use super::family::{family, founding};
use super::reading::{as_of, made};
use super::statement::Law;
use super::walk::{page, page_call};
use crate::atlas::{Atlas, Kin, Op, Slot, reference};
use crate::generate::presence;
use crate::judge::{Acceptance, Expect, Refusal};
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

/// What a body is told whose property names a row that is not there: by its own word, else by that of the row.
pub(super) fn unknown_reference(op: &Op, owner: &Kin, property: &schemas::Property) -> Refusal {
    let rule = property.rules().ok().and_then(|rules| rules.references);
    let refusal = match rule.and_then(|rule| rule.rejection) {
        Some(rejection) => {
            Refusal::new(rejection, schemas::pointer::join(&property.pointer, "x-contract-field"))
        }
        None => as_of(op, owner.unknown_row()),
    };
    refusal.at_most(presence(property)).blaming(&property.name)
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
        if let Some(case) = under_deleted(law, atlas, op) {
            cases.push(case);
        }
        for (name, owner, property) in references(atlas, op) {
            let refusal = unknown_reference(op, owner, &property);
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

/// Nothing is made under an owner that was deleted. Nobody says so in as many words: it is gone.
fn under_deleted(law: &'static Law, atlas: &Atlas, op: &Op) -> Option<Case> {
    let makes = atlas.kin_of(op).filter(|_| op.action() == schemas::Action::Create)?;
    let in_path = atlas.parent_of(op).filter(|_| op.has_slot(Slot::Parent));
    let in_body = references(atlas, op).into_iter().find(|(_, _, property)| property.required);
    let (owner, field, refusal) = match (in_path, in_body) {
        (Some(owner), _) => (owner.clone(), None, as_of(op, owner.unknown_row())),
        (None, Some((name, owner, property))) => {
            (owner.clone(), Some(name), unknown_reference(op, owner, &property))
        }
        (None, None) => return None,
    };
    let delete = owner.delete.clone()?;
    let standing = owner.deletion.read_gone?.weakest(Standing::Inferred);
    let refusal = refusal.at_most(standing);
    let (told, target, owners, making) = (refusal.clone(), op.clone(), owner.clone(), makes.one());
    let needs = delete.id.clone();
    let case = Case::new(law, op, async move |scene: &mut Scene| {
        let (gone, _) = super::deleting::deleted(scene, &owners, &delete).await?;
        let call = scene.aim(&target)?;
        let call = match &field {
            Some(field) => {
                let mut body = call.body().cloned().unwrap_or_default();
                body.insert(field.clone(), Value::String(gone.id.clone()));
                call.json(body)
            }
            None => call.parent(&gone.id),
        };
        let exchange = scene.send(call).await?;
        scene.refused(&exchange, &told, &format!("making {making} under a deleted {}", owners.name));
        Ok(())
    });
    let (act, once) = super::deleting::deleting(&owner);
    Some(
        case.variant("deleted")
            .standing(refusal.standing())
            .place(refusal.place.clone())
            .sees(act, once)
            .needs(atlas.needs_rows(op))
            .needs([needs]),
    )
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
                let what = format!("{} under {} named by its number", target.id, owners.one());
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
            let takes_text = property.schema.is_valid(&Value::from("1"));
            let case = Case::new(law, op, async move |scene: &mut Scene| {
                let base = scene.base(&owners)?;
                let number = base
                    .display
                    .clone()
                    .ok_or_else(|| Stop::NotJudged(format!("rows of {} have no number", owners.name)))?;
                // As digits in a text, or as a number: either will do where the schema admits both.
                let text = Value::String(number.clone());
                let whole = number.parse::<u64>().ok().map(Value::from);
                let forms = [Some(text).filter(|_| takes_text), whole.filter(|_| takes_number)];
                let mut answered = None;
                for value in forms.into_iter().flatten() {
                    let call = scene.aim(&target)?;
                    let mut body = call.body().cloned().unwrap_or_default();
                    body.insert(field.clone(), value);
                    let exchange = scene.send(call.json(body)).await?;
                    let fine = exchange.is_success();
                    answered = Some(exchange);
                    if fine {
                        break;
                    }
                }
                let Some(exchange) = answered else { return Ok(()) };
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

/// The name of the act of making a row under the shared owner, and what it takes.
pub(super) fn stranging(kin: &Kin) -> (String, usize) {
    (format!("stranger/{}", kin.name), 2)
}

/// A row under another owner than the family's, and newer.
pub(super) async fn stranger(scene: &mut Scene, kin: &Kin) -> Result<Row, Stop> {
    scene.act_row(&stranging(kin).0, async |scene: &mut Scene| scene.make(kin).await).await
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
                    return Err(Stop::NotJudged(format!("nothing makes {}", owners.one())));
                };
                let theirs = stranger(scene, &rows).await?;
                let most = scene.atlas().rules().pagination.as_ref().map(|rule| rule.limit.maximum);
                let list = page_call(scene.atlas(), Call::of(&target).parent(&one.id), most, None);
                let exchange = scene.send(list).await?;
                scene.must(&exchange)?;
                let Some(page) = page(scene.atlas(), &exchange) else { return Ok(()) };
                let ids: Vec<String> = page.rows.iter().filter_map(|row| rows.id_of(row)).collect();
                let place = scene.place.clone();
                if ids.contains(&theirs.id) {
                    let message = format!("{} shows {} of another {}", target.id, rows.one(), owners.name);
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
            let (other, other_once) = stranging(kin);
            cases.push(
                case.sees(act, once)
                    .sees(other, other_once)
                    .needs(atlas.makers(kin))
                    .needs([list.id.clone()]),
            );
        }
    }
    cases
}
