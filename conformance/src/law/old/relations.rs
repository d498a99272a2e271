//! Rows and the rows they belong to; lists and what they select.

use schemas::Standing;
use serde_json::Value;

use super::auth::unknown_id_of;
use super::family::{family, family_setup};
use super::reading::{as_of, made};
use super::law::Law;
use crate::scenario::walk::{page, page_call};
use crate::contract::{Api, Resource, Operation, PathSlot, reference};
use crate::generate::presence;
use crate::contract::{Acceptance, Refusal};
use crate::judge::Expected;
use super::case::Case;
use crate::http::Request;
use crate::scenario::{Row, CaseContext, CaseError};

/// The properties of an operation's body that name a row, with its resource.
fn references<'a>(api: &'a Api, op: &Operation) -> Vec<(String, &'a Resource, schemas::Property)> {
    op.body
        .iter()
        .flat_map(|body| body.schema.properties())
        .filter_map(|property| Some((property.name.clone(), api.resource(&reference(&property)?)?, property)))
        .collect()
}

/// What a body is told whose property names a row that is not there: by its own word, else by that of the row.
pub(super) fn unknown_reference(op: &Operation, owner: &Resource, property: &schemas::Property) -> Refusal {
    let rule = property.rules().ok().and_then(|rules| rules.references);
    let refusal = match rule.and_then(|rule| rule.rejection) {
        Some(rejection) => {
            Refusal::new(rejection, schemas::pointer::join(&property.pointer, "x-contract-field"))
        }
        None => as_of(op, owner.unknown_row()),
    };
    refusal.at_most(presence(property)).blaming(&property.name)
}

pub(crate) fn parent_exists(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| api.reachable(op)) {
        if let Some(owner) = api.parent_of(op).filter(|_| op.has_slot(PathSlot::Parent)) {
            let refusal = as_of(op, owner.unknown_row());
            let (owners, target, told) = (owner.clone(), op.clone(), refusal.clone());
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let id = unknown_id_of(cx, &owners)?;
                let exchange = cx.send(cx.request_for(&target)?.parent(&id)).await?;
                cx.refused(&exchange, &told, &format!("{} under an unknown {}", target.id, owners.name));
                Ok(())
            });
            cases.push(
                case.variant("path")
                    .standing(refusal.standing())
                    .place(refusal.place.clone())
                    .needs(api.needs_rows(op)),
            );
        }
        if let Some(case) = under_deleted(law, api, op) {
            cases.push(case);
        }
        for (name, owner, property) in references(api, op) {
            let refusal = unknown_reference(op, owner, &property);
            let (owners, target, told, field) = (owner.clone(), op.clone(), refusal.clone(), name.clone());
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let id = unknown_id_of(cx, &owners)?;
                let request = cx.request_for(&target)?;
                let mut body = request.body().cloned().unwrap_or_default();
                body.insert(field.clone(), Value::String(id));
                let exchange = cx.send(request.json(body)).await?;
                cx.refused(&exchange, &told, &format!("{} with an unknown {field}", target.id));
                Ok(())
            });
            cases.push(
                case.variant(name)
                    .standing(refusal.standing())
                    .place(refusal.place.clone())
                    .needs(api.needs_rows(op)),
            );
        }
    }
    cases
}

/// Nothing is made under an owner that was deleted. Nobody says so in as many words: it is gone.
fn under_deleted(law: &'static Law, api: &Api, op: &Operation) -> Option<Case> {
    let makes = api.resource_of(op).filter(|_| op.action() == schemas::Action::Create)?;
    let in_path = api.parent_of(op).filter(|_| op.has_slot(PathSlot::Parent));
    let in_body = references(api, op).into_iter().find(|(_, _, property)| property.required);
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
    let (told, target, owners, creating) = (refusal.clone(), op.clone(), owner.clone(), makes.one());
    let needs = delete.id.clone();
    let case = Case::new(law, op, async move |cx: &mut CaseContext| {
        let (gone, _) = super::deleting::deleted(cx, &owners, &delete).await?;
        let request = cx.request_for(&target)?;
        let request = match &field {
            Some(field) => {
                let mut body = request.body().cloned().unwrap_or_default();
                body.insert(field.clone(), Value::String(gone.id.clone()));
                request.json(body)
            }
            None => request.parent(&gone.id),
        };
        let exchange = cx.send(request).await?;
        cx.refused(&exchange, &told, &format!("making {creating} under a deleted {}", owners.name));
        Ok(())
    });
    let (act, once) = super::deleting::deleting(&owner);
    Some(
        case.variant("deleted")
            .standing(refusal.standing())
            .place(refusal.place.clone())
            .sees(act, once)
            .needs(api.needs_rows(op))
            .needs([needs]),
    )
}

/// The owner that an answer names is the one that was asked for.
fn names_owner(
    cx: &mut CaseContext,
    exchange: &crate::scenario::Exchange,
    resource: &Resource,
    owner: &Row,
    standing: Standing,
) {
    let Some(parent) = &resource.parent else { return };
    let shown = exchange
        .json
        .as_ref()
        .and_then(|row| row.get(&parent.field))
        .and_then(Value::as_str)
        .map(str::to_owned);
    let sure = resource.fields.get(&parent.field).map(|field| field.standing).unwrap_or_default();
    if shown.is_some_and(|shown| shown != owner.id) {
        let message = format!("the answer names another {} in {}", owner.resource.name, parent.field);
        cx.broke_at(
            exchange.step,
            &parent.field,
            standing.weakest(sure),
            message,
            Expected::words(format!("{} {}", parent.field, owner.id)),
        );
    }
}

pub(crate) fn either_id(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| api.reachable(op)) {
        let Some(resource) = api.resource_of(op) else { continue };
        if let Some(owner) =
            api.parent_of(op).filter(|owner| op.has_slot(PathSlot::Parent) && owner.identity.display.is_some())
        {
            let (rows, owners, target) = (resource.clone(), owner.clone(), op.clone());
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let base = cx.base(&owners)?;
                let number = base
                    .display
                    .clone()
                    .ok_or_else(|| CaseError::NotJudged(format!("rows of {} have no number", owners.name)))?;
                let request = cx.request_for(&target)?.parent(&number);
                let exchange = cx.send(request).await?;
                let what = format!("{} under {} named by its number", target.id, owners.one());
                if cx.accepted(&exchange, &Acceptance::of(&target), &what) {
                    names_owner(cx, &exchange, &rows, &base, Standing::Documented);
                }
                Ok(())
            });
            let cost = if op.body.is_some() { 2 } else { 1 };
            cases.push(case.variant("path").cost(cost).needs(api.needs_rows(op)).needs([op.id.clone()]));
        }
        for (name, owner, property) in
            references(api, op).into_iter().filter(|(_, owner, _)| owner.identity.display.is_some())
        {
            let standing = presence(&property).weakest(property.standing("type"));
            let (rows, owners, target, field) = (resource.clone(), owner.clone(), op.clone(), name.clone());
            let takes_number = property.schema.is_valid(&Value::from(1));
            let takes_text = property.schema.is_valid(&Value::from("1"));
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let base = cx.base(&owners)?;
                let number = base
                    .display
                    .clone()
                    .ok_or_else(|| CaseError::NotJudged(format!("rows of {} have no number", owners.name)))?;
                // As digits in a text, or as a number: either will do where the schema admits both.
                let text = Value::String(number.clone());
                let whole = number.parse::<u64>().ok().map(Value::from);
                let forms = [Some(text).filter(|_| takes_text), whole.filter(|_| takes_number)];
                let mut answered = None;
                for value in forms.into_iter().flatten() {
                    let request = cx.request_for(&target)?;
                    let mut body = request.body().cloned().unwrap_or_default();
                    body.insert(field.clone(), value);
                    let exchange = cx.send(request.json(body)).await?;
                    let fine = exchange.is_success();
                    answered = Some(exchange);
                    if fine {
                        break;
                    }
                }
                let Some(exchange) = answered else { return Ok(()) };
                let acceptance = Acceptance::of(&target).at_most(standing);
                if cx.accepted(&exchange, &acceptance, &format!("{} with {field} as a number", target.id))
                {
                    names_owner(cx, &exchange, &rows, &base, standing);
                }
                Ok(())
            });
            cases.push(
                case.variant(name)
                    .standing(standing)
                    .cost(2)
                    .needs(api.needs_rows(op))
                    .needs([op.id.clone()]),
            );
        }
    }
    cases
}

/// The name of the act of creating a row under the shared owner, and what it takes.
pub(super) fn stranging(resource: &Resource) -> (String, usize) {
    (format!("stranger/{}", resource.name), 2)
}

/// A row under another owner than the family's, and newer.
pub(super) async fn stranger(cx: &mut CaseContext, resource: &Resource) -> Result<Row, CaseError> {
    cx.shared_row_of(&stranging(resource).0, async |cx: &mut CaseContext| cx.create_row(resource).await).await
}

pub(crate) fn own_parent(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, _) in made(api) {
        let Some(owner) = resource.parent.as_ref().and_then(|parent| api.resource(&parent.resource)) else {
            continue;
        };
        for list in resource.lists_by_parent(true) {
            let (rows, owners, target) = (resource.clone(), owner.clone(), list.clone());
            let case = Case::new(law, list, async move |cx: &mut CaseContext| {
                let (Some(one), family) = family(cx, &rows).await? else {
                    return Err(CaseError::NotJudged(format!("nothing makes {}", owners.one())));
                };
                let theirs = stranger(cx, &rows).await?;
                let most = cx.api().rules().pagination.as_ref().map(|rule| rule.limit.maximum);
                let list = page_call(cx.api(), Request::of(&target).parent(&one.id), most, None);
                let exchange = cx.send(list).await?;
                cx.require_success(&exchange)?;
                let Some(page) = page(cx.api(), &exchange) else { return Ok(()) };
                let ids: Vec<String> = page.rows.iter().filter_map(|row| rows.id_of(row)).collect();
                let place = cx.place.clone();
                if ids.contains(&theirs.id) {
                    let message = format!("{} shows {} of another {}", target.id, rows.one(), owners.name);
                    cx.broke(
                        exchange.step,
                        "foreign",
                        Standing::Documented,
                        &place,
                        message,
                        Expected::words("only its own rows"),
                    );
                } else if family.iter().any(|mine| !ids.contains(&mine.id)) {
                    let message = format!("{} does not show its own {}", target.id, rows.name);
                    cx.broke(
                        exchange.step,
                        "absent",
                        Standing::Documented,
                        &place,
                        message,
                        Expected::words("its own row"),
                    );
                }
                Ok(())
            });
            let (act, once) = family_setup(resource);
            let (other, other_once) = stranging(resource);
            cases.push(
                case.sees(act, once)
                    .sees(other, other_once)
                    .needs(api.makers(resource))
                    .needs([list.id.clone()]),
            );
        }
    }
    cases
}
