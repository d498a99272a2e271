//! What a delete means.

use schemas::{Deletion, Standing};

use super::auth::unknown_id_of;
use super::reading::{as_of, list_call, made};
use super::law::Law;
use crate::contract::{Api, Resource, Operation};
use crate::contract::{Acceptance, Refusal};
use crate::judge::Expected;
use super::case::Case;
use crate::http::Request;
use crate::scenario::{SetupResult, Exchange, Row, CaseContext, CaseError};

fn place(resource: &Resource, name: &str) -> String {
    format!("{}/x-contract-resource/deletion/{name}", resource.pointer)
}

/// Resources whose rows can be made and deleted, and how sure one statement on that is.
fn deletable(
    api: &Api,
    standing: fn(&Deletion) -> Option<Standing>,
) -> impl Iterator<Item = (&Resource, &Operation, Standing)> {
    made(api).filter_map(move |(resource, _)| Some((resource, resource.delete.as_ref()?, standing(&resource.deletion)?)))
}

/// The name of the act of creating a row and deleting it, and what it takes.
pub(super) fn deleting(resource: &Resource) -> (String, usize) {
    (format!("deleted/{}", resource.name), 2)
}

/// A row that was deleted, and what the delete answered.
pub(super) async fn deleted(cx: &mut CaseContext, resource: &Resource, delete: &Operation) -> Result<(Row, Exchange), CaseError> {
    let result = cx
        .act(&deleting(resource).0, async |cx: &mut CaseContext| {
            let row = cx.create_row(resource).await?;
            let exchange = cx.send(Request::of(delete).own(&row.id)).await?;
            cx.require_success(&exchange)?;
            Ok(SetupResult { rows: vec![row], exchanges: vec![exchange] })
        })
        .await?;
    let (mut rows, mut exchanges) = (result.rows.into_iter(), result.exchanges.into_iter());
    rows.next().zip(exchanges.next()).ok_or_else(|| CaseError::NotJudged(format!("no {} was deleted", resource.name)))
}

pub(crate) fn answer(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    deletable(api, |deletion| deletion.read_gone.or(deletion.unlisted))
        .map(|(resource, delete, _)| {
            let (rows, op) = (resource.clone(), delete.clone());
            Case::new(law, delete, async move |cx: &mut CaseContext| {
                let (row, exchange) = deleted(cx, &rows, &op).await?;
                for name in std::iter::once(&rows.identity.id).chain(&rows.identity.display) {
                    let shown = exchange.json.as_ref().and_then(|body| body.get(name));
                    if shown.zip(row.get(name)).is_some_and(|(shown, known)| shown != known) {
                        let message = format!("{} answers with another {name}", op.id);
                        cx.broke_at(
                            exchange.step,
                            name,
                            Standing::Documented,
                            message,
                            Expected::words(format!("{name} of the deleted row")),
                        );
                    }
                }
                Ok(())
            })
            .cost(0)
            .sees(deleting(resource).0, deleting(resource).1)
            .needs(api.makers(resource))
            .needs([delete.id.clone()])
        })
        .collect()
}

pub(crate) fn gone(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    deletable(api, |deletion| deletion.read_gone)
        .filter_map(|(resource, delete, standing)| {
            let read = resource.read.clone()?;
            let mut refusal = resource.unknown_row().at_most(standing);
            refusal.place = place(resource, "read_gone");
            let (rows, op, place) = (resource.clone(), delete.clone(), refusal.place.clone());
            let needs = [delete.id.clone(), read.id.clone()];
            let case = Case::new(law, &read.clone(), async move |cx: &mut CaseContext| {
                let (row, _) = deleted(cx, &rows, &op).await?;
                for id in std::iter::once(&row.id).chain(&row.display) {
                    let exchange = cx.read(&rows, id).await?;
                    if !cx.refused(&exchange, &refusal, &format!("a read of a deleted {}", rows.name)) {
                        break;
                    }
                }
                Ok(())
            });
            let (act, once) = deleting(resource);
            Some(
                case.standing(standing)
                    .place(place)
                    .cost(2)
                    .sees(act, once)
                    .needs(api.makers(resource))
                    .needs(needs),
            )
        })
        .collect()
}

pub(crate) fn unlisted(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, delete, standing) in deletable(api, |deletion| deletion.unlisted) {
        for list in resource.lists.iter().filter(|list| api.reachable(list)) {
            let (rows, op, target) = (resource.clone(), delete.clone(), list.clone());
            let place = place(resource, "unlisted");
            let case = Case::new(law, list, async move |cx: &mut CaseContext| {
                let (row, _) = deleted(cx, &rows, &op).await?;
                let request = list_call(cx, &target)?;
                absent(cx, request, &row, standing, &format!("{} shows a deleted {}", target.id, rows.name))
                    .await
            });
            cases.push(
                case.standing(standing)
                    .place(place)
                    .cost(1)
                    .sees(deleting(resource).0, deleting(resource).1)
                    .alone()
                    .needs(api.makers(resource))
                    .needs([delete.id.clone(), list.id.clone()]),
            );
        }
    }
    cases
}

/// A list does not show a row.
async fn absent(
    cx: &mut CaseContext,
    request: Request,
    row: &Row,
    standing: Standing,
    message: &str,
) -> Result<(), CaseError> {
    let found = cx.find(request, &[row]).await?;
    let expect = Expected::words(format!("no {} {}", row.resource.name, row.id));
    cx.expecting(found.step, expect.clone());
    if !found.ids.is_empty() {
        let place = cx.place.clone();
        cx.broke(found.step, "listed", standing, &place, message.to_owned(), expect);
    }
    Ok(())
}

pub(crate) fn again(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    deletable(api, |deletion| deletion.repeatable)
        .map(|(resource, delete, standing)| {
            let (rows, op) = (resource.clone(), delete.clone());
            let place = place(resource, "repeatable");
            let at = place.clone();
            Case::new(law, delete, async move |cx: &mut CaseContext| {
                let (row, first) = deleted(cx, &rows, &op).await?;
                let second = cx.send(Request::of(&op).own(&row.id)).await?;
                let acceptance = Acceptance::of(&op).at_most(standing).at(at.clone());
                if !cx.accepted(&second, &acceptance, &format!("deleting {} again", rows.one())) {
                    return Ok(());
                }
                if first.json != second.json && second.json.is_some() {
                    let message = format!("{} answers another body the second time", op.id);
                    cx.broke(second.step, "body", standing, &at, message, Expected::words("the same body"));
                }
                Ok(())
            })
            .standing(standing)
            .place(place)
            .cost(1)
            .sees(deleting(resource).0, deleting(resource).1)
            .needs(api.makers(resource))
            .needs([delete.id.clone()])
        })
        .collect()
}

pub(crate) fn unknown(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    deletable(api, |deletion| deletion.unknown)
        .map(|(resource, delete, standing)| {
            let mut refusal = resource.unknown_row().at_most(standing);
            refusal.place = place(resource, "unknown");
            let (rows, op, place) = (resource.clone(), delete.clone(), refusal.place.clone());
            Case::new(law, delete, async move |cx: &mut CaseContext| {
                let id = unknown_id_of(cx, &rows)?;
                let exchange = cx.send(Request::of(&op).own(&id)).await?;
                cx.refused(&exchange, &refusal, &format!("deleting an unknown {}", rows.name));
                Ok(())
            })
            .standing(standing)
            .place(place)
            .needs(api.makers(resource))
        })
        .collect()
}

pub(crate) fn update_gone(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, _) in made(api) {
        let Some(update) = &resource.update else { continue };
        let refusal: Refusal = as_of(update, resource.unknown_row());
        let (standing, place) = (refusal.standing(), refusal.place.clone());
        for variant in ["deleted", "unknown"] {
            let delete = resource.delete.clone();
            if variant == "deleted" && delete.is_none() {
                continue;
            }
            let (rows, op, told) = (resource.clone(), update.clone(), refusal.clone());
            let needs =
                delete.iter().filter(|_| variant == "deleted").map(|op| op.id.clone()).collect::<Vec<_>>();
            let case = Case::new(law, update, async move |cx: &mut CaseContext| {
                let id = match &delete {
                    Some(delete) if variant == "deleted" => deleted(cx, &rows, delete).await?.0.id,
                    _ => unknown_id_of(cx, &rows)?,
                };
                let body = cx.change(&op)?.0;
                let exchange = cx.send(Request::of(&op).own(&id).json(body)).await?;
                cx.refused(
                    &exchange,
                    &told,
                    &format!(
                        "an update of {} {variant} {}",
                        if variant == "deleted" { "a" } else { "an" },
                        rows.name
                    ),
                );
                Ok(())
            });
            let case = match variant {
                "deleted" => case.sees(deleting(resource).0, deleting(resource).1),
                _ => case,
            };
            cases.push(
                case.variant(variant)
                    .standing(standing)
                    .place(place.clone())
                    .needs(api.makers(resource))
                    .needs(needs),
            );
        }
    }
    cases
}

/// Every resource with an owner that can be deleted, and the lists that would show its rows.
fn owned(api: &Api) -> impl Iterator<Item = (&Resource, &Resource, &Operation)> {
    made(api).filter_map(|(resource, _)| {
        let owner = api.resource(&resource.parent.as_ref()?.resource)?;
        Some((resource, owner, owner.delete.as_ref()?))
    })
}

/// An owner that was deleted, and a row it owned.
async fn orphan(cx: &mut CaseContext, resource: &Resource, owner: &Resource, delete: &Operation) -> Result<(Row, Row), CaseError> {
    let result = cx
        .act(&orphaning(resource).0, async |cx: &mut CaseContext| {
            let parent = cx.create_row(owner).await?;
            let row = cx.create_row_with(resource, Some(&parent), serde_json::Map::new()).await?;
            let exchange = cx.send(Request::of(delete).own(&parent.id)).await?;
            cx.require_success(&exchange)?;
            Ok(SetupResult { rows: vec![parent, row], exchanges: vec![exchange] })
        })
        .await?;
    let mut rows = result.rows.into_iter();
    rows.next().zip(rows.next()).ok_or_else(|| CaseError::NotJudged(format!("no {} was orphaned", resource.name)))
}

/// The name of the act of deleting the owner of a row, and what it takes.
fn orphaning(resource: &Resource) -> (String, usize) {
    (format!("orphan/{}", resource.name), 4)
}

pub(crate) fn children_unlisted(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, owner, delete) in owned(api) {
        let Some(standing) = owner.deletion.children_unlisted else { continue };
        let place = place(owner, "children_unlisted");
        for list in resource.lists.iter().filter(|list| api.reachable(list)) {
            let (rows, owners, op, target) = (resource.clone(), owner.clone(), delete.clone(), list.clone());
            let case = Case::new(law, list, async move |cx: &mut CaseContext| {
                let (parent, row) = orphan(cx, &rows, &owners, &op).await?;
                let message = format!("{} shows {} whose {} was deleted", target.id, rows.one(), owners.name);
                if super::reading::is_under_owner(&target) {
                    // The list may be gone with its owner.
                    let exchange = cx.send(Request::of(&target).parent(&parent.id)).await?;
                    let shows = exchange.is_success()
                        && exchange.json.as_ref().is_some_and(|page| page.to_string().contains(&row.id));
                    let expect = Expected::words("404, or no rows");
                    cx.expecting(exchange.step, expect.clone());
                    if shows {
                        let place = cx.place.clone();
                        cx.broke(exchange.step, "listed", standing, &place, message, expect);
                    }
                    return Ok(());
                }
                absent(cx, Request::of(&target), &row, standing, &message).await
            });
            cases.push(
                case.standing(standing)
                    .place(place.clone())
                    .cost(1)
                    .sees(orphaning(resource).0, orphaning(resource).1)
                    .alone()
                    .needs(api.makers(resource))
                    .needs([delete.id.clone(), list.id.clone()]),
            );
        }
    }
    cases
}

pub(crate) fn children_readable(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, owner, delete) in owned(api) {
        let (Some(standing), Some(read)) = (owner.deletion.children_readable, resource.read.clone()) else {
            continue;
        };
        let place = place(owner, "children_readable");
        let (rows, owners, op, target, at) =
            (resource.clone(), owner.clone(), delete.clone(), read.clone(), place.clone());
        let case = Case::new(law, &read, async move |cx: &mut CaseContext| {
            let (_, row) = orphan(cx, &rows, &owners, &op).await?;
            let exchange = cx.send(Request::of(&target).own(&row.id)).await?;
            let acceptance = Acceptance::of(&target).at_most(standing).at(at.clone());
            cx.accepted(
                &exchange,
                &acceptance,
                &format!("a read of {} whose {} was deleted", rows.one(), owners.name),
            );
            Ok(())
        });
        cases.push(
            case.standing(standing)
                .place(place)
                .cost(1)
                .sees(orphaning(resource).0, orphaning(resource).1)
                .needs(api.makers(resource))
                .needs([delete.id.clone(), read.id.clone()]),
        );
    }
    cases
}
