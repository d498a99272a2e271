//! By which names a row goes, and by which it does not.

use schemas::Standing;

use super::auth::unknown_id_of;
use super::conflict::{taken, taking};
use super::reading::made;
use super::law::Law;
use crate::contract::{Api, Resource, Operation, PathSlot};
use crate::contract::Acceptance;
use crate::judge::Expected;
use super::case::Case;
use crate::http::Request;
use crate::scenario::{Exchange, Row, CaseContext, CaseError, lent, readonly_row};

fn place(resource: &Resource) -> String {
    schemas::pointer::join(&schemas::pointer::join(&resource.pointer, "x-contract-resource"), "identity")
}

pub(crate) fn ids_differ(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in made(api) {
        let rows = resource.clone();
        let case = Case::new(law, create, async move |cx: &mut CaseContext| {
            let other = cx.base(&rows)?;
            let one = cx.readonly_row(&rows).await?;
            let step = cx.steps.len() - 1;
            for name in std::iter::once(&rows.identity.id).chain(&rows.identity.display) {
                if one.get(name).is_some() && one.get(name) == other.get(name) {
                    let message = format!("two rows of {} share the {name}", rows.name);
                    cx.broke_at(
                        step,
                        name,
                        Standing::Documented,
                        message,
                        Expected::words(format!("another {name}")),
                    );
                }
            }
            Ok(())
        });
        let place = schemas::pointer::join(&resource.pointer, "x-contract-resource/identity").replace("~1", "/");
        cases.push(case.place(place).cost(0).sees(readonly_row(resource), 2).needs(api.makers(resource)));
    }
    cases
}

pub(crate) fn unknown(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, _) in made(api) {
        let Some(op) = &resource.read else { continue };
        let mut variants = vec!["id"];
        if resource.identity.display.is_some() {
            variants.push("number");
            variants.push("number-and-letters");
        }
        for variant in variants {
            let refusal = resource.unknown_row();
            let (rows, read) = (resource.clone(), op.clone());
            let (standing, place) = (refusal.standing(), refusal.place.clone());
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let id = match variant {
                    "id" => unknown_id_of(cx, &rows)?,
                    "number" => "987654321".to_owned(),
                    // Digits alone are a number; a parser that stops at the first letter takes it for one.
                    _ => format!("{}x", number(cx.base(&rows)?.as_ref(), &rows)?),
                };
                let exchange = cx.send(Request::of(&read).own(&id)).await?;
                cx.refused(
                    &exchange,
                    &refusal,
                    &format!("a read of an unknown {} by {variant}", rows.name),
                );
                Ok(())
            });
            cases.push(case.variant(variant).standing(standing).place(place).needs(api.makers(resource)));
        }
    }
    cases
}

/// An update and a delete name their row by its number as well as by its opaque id.
pub(crate) fn either_id(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, _) in made(api).filter(|(resource, _)| resource.identity.display.is_some()) {
        if let Some(update) = resource.update.clone() {
            let (rows, op) = (resource.clone(), update.clone());
            let case = Case::new(law, &update, async move |cx: &mut CaseContext| {
                let row = cx.exclusive_row(&rows).await?;
                let body = cx.change(&op)?.0;
                let number = number(&row, &rows)?;
                let exchange = cx.send(Request::of(&op).own(&number).json(body)).await?;
                same_row(cx, &rows, &op, &exchange, &row.id);
                Ok(())
            });
            cases.push(case.sees(lent(resource), 2).needs([update.id.clone()]));
        }
        if let Some(delete) = resource.delete.clone() {
            let (rows, op) = (resource.clone(), delete.clone());
            let case = Case::new(law, &delete, async move |cx: &mut CaseContext| {
                let row = cx.create_row(&rows).await?;
                let number = number(&row, &rows)?;
                let exchange = cx.send(Request::of(&op).own(&number)).await?;
                same_row(cx, &rows, &op, &exchange, &row.id);
                Ok(())
            });
            cases.push(case.cost(2).needs([delete.id.clone()]));
        }
    }
    let placed = |case: Case| {
        let resource = api.resource_of(&case.op).cloned();
        let needs = resource.iter().flat_map(|resource| api.makers(resource)).collect::<Vec<_>>();
        case.place(resource.as_ref().map(place).unwrap_or_default()).needs(needs)
    };
    cases.into_iter().map(placed).collect()
}

fn number(row: &Row, resource: &Resource) -> Result<String, CaseError> {
    row.display.clone().ok_or_else(|| CaseError::NotJudged(format!("rows of {} have no number", resource.name)))
}

/// The answer is a success, and about that very row. That the row may be changed at all is another law's matter.
fn same_row(cx: &mut CaseContext, resource: &Resource, op: &Operation, exchange: &Exchange, id: &str) {
    let acceptance = Acceptance::of(op).at(cx.place.clone());
    let what = format!("{} of {} by its number", op.id, resource.one());
    if !cx.accepted(exchange, &acceptance, &what) {
        return;
    }
    let shown = exchange.json.as_ref().and_then(|body| resource.id_of(body));
    if shown.is_some_and(|shown| shown != id) {
        let message = format!("{what} is about another row");
        let expect = Expected::words(format!("{} {id}", resource.identity.id));
        cx.broke_at(exchange.step, &resource.identity.id, Standing::Documented, message, expect);
    }
}

/// A unique value in the place of an id finds nothing, wherever an id stands in a path.
pub(crate) fn by_value(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in made(api) {
        for field in resource.fields.values().filter(|field| field.rules.unique.is_some()) {
            let named = |op: &&Operation| {
                // A delete that takes the value for an id would take the row from the other cases.
                let own = op.has_slot(PathSlot::Own)
                    && op.action() != schemas::Action::Delete
                    && api.resource_of(op).is_some_and(|acts_on| acts_on.name == resource.name);
                own || op.has_slot(PathSlot::Parent)
                    && op.action() == schemas::Action::List
                    && api.parent_of(op).is_some_and(|owner| owner.name == resource.name)
            };
            for op in api.operations.iter().filter(|op| api.reachable(op)).filter(named) {
                let refusal = super::reading::as_of(op, resource.unknown_row());
                let (rows, target, make, name) =
                    (resource.clone(), op.clone(), create.clone(), field.name.clone());
                let (standing, place) = (refusal.standing(), refusal.place.clone());
                let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                    let row = taken(cx, &rows, &make, &name).await?;
                    let Some(text) = row.text(&name).map(str::to_owned) else {
                        return Err(CaseError::NotJudged(format!("rows have no {name}")));
                    };
                    let request = cx.request_for(&target)?.own(&text);
                    let request = if target.has_slot(PathSlot::Parent) { request.parent(&text) } else { request };
                    let exchange = cx.send(request).await?;
                    cx.refused(&exchange, &refusal, &format!("{} by {name}", target.id));
                    Ok(())
                });
                cases.push(
                    case.variant(field.name.clone())
                        .standing(standing)
                        .place(place)
                        .sees(taking(resource, &field.name).0, 2)
                        .needs(api.makers(resource))
                        .needs(api.needs_rows(op)),
                );
            }
        }
    }
    cases
}
