//! What a delete means.

use schemas::{Deletion, Standing};

use super::auth::unknown_id_of;
use super::reading::{as_of, list_call, made};
use super::statement::Law;
use crate::atlas::{Atlas, Kin, Op};
use crate::judge::{Acceptance, Expect, Refusal};
use crate::plan::Case;
use crate::probe::Call;
use crate::run::{Deed, Exchange, Row, Scene, Stop};

fn place(kin: &Kin, name: &str) -> String {
    format!("{}/x-contract-resource/deletion/{name}", kin.pointer)
}

/// Resources whose rows can be made and deleted, and how sure one statement on that is.
fn deletable(
    atlas: &Atlas,
    standing: fn(&Deletion) -> Option<Standing>,
) -> impl Iterator<Item = (&Kin, &Op, Standing)> {
    made(atlas).filter_map(move |(kin, _)| Some((kin, kin.delete.as_ref()?, standing(&kin.deletion)?)))
}

/// The name of the act of making a row and deleting it, and what it takes.
pub(super) fn deleting(kin: &Kin) -> (String, usize) {
    (format!("deleted/{}", kin.name), 2)
}

/// A row that was deleted, and what the delete answered.
pub(super) async fn deleted(scene: &mut Scene, kin: &Kin, delete: &Op) -> Result<(Row, Exchange), Stop> {
    let deed = scene
        .act(&deleting(kin).0, async |scene: &mut Scene| {
            let row = scene.make(kin).await?;
            let exchange = scene.send(Call::of(delete).own(&row.id)).await?;
            scene.must(&exchange)?;
            Ok(Deed { rows: vec![row], exchanges: vec![exchange] })
        })
        .await?;
    let (mut rows, mut exchanges) = (deed.rows.into_iter(), deed.exchanges.into_iter());
    rows.next().zip(exchanges.next()).ok_or_else(|| Stop::NotJudged(format!("no {} was deleted", kin.name)))
}

pub(crate) fn answer(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    deletable(atlas, |deletion| deletion.read_gone.or(deletion.unlisted))
        .map(|(kin, delete, _)| {
            let (rows, op) = (kin.clone(), delete.clone());
            Case::new(law, delete, async move |scene: &mut Scene| {
                let (row, exchange) = deleted(scene, &rows, &op).await?;
                for name in std::iter::once(&rows.identity.id).chain(&rows.identity.display) {
                    let shown = exchange.json.as_ref().and_then(|body| body.get(name));
                    if shown.zip(row.get(name)).is_some_and(|(shown, known)| shown != known) {
                        let message = format!("{} answers with another {name}", op.id);
                        scene.broke_at(
                            exchange.step,
                            name,
                            Standing::Documented,
                            message,
                            Expect::words(format!("{name} of the deleted row")),
                        );
                    }
                }
                Ok(())
            })
            .cost(0)
            .sees(deleting(kin).0, deleting(kin).1)
            .needs(atlas.makers(kin))
            .needs([delete.id.clone()])
        })
        .collect()
}

pub(crate) fn gone(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    deletable(atlas, |deletion| deletion.read_gone)
        .filter_map(|(kin, delete, standing)| {
            let read = kin.read.clone()?;
            let mut refusal = kin.unknown_row().at_most(standing);
            refusal.place = place(kin, "read_gone");
            let (rows, op, place) = (kin.clone(), delete.clone(), refusal.place.clone());
            let needs = [delete.id.clone(), read.id.clone()];
            let case = Case::new(law, &read.clone(), async move |scene: &mut Scene| {
                let (row, _) = deleted(scene, &rows, &op).await?;
                for id in std::iter::once(&row.id).chain(&row.display) {
                    let exchange = scene.read(&rows, id).await?;
                    if !scene.refused(&exchange, &refusal, &format!("a read of a deleted {}", rows.name)) {
                        break;
                    }
                }
                Ok(())
            });
            let (act, once) = deleting(kin);
            Some(
                case.standing(standing)
                    .place(place)
                    .cost(2)
                    .sees(act, once)
                    .needs(atlas.makers(kin))
                    .needs(needs),
            )
        })
        .collect()
}

pub(crate) fn unlisted(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, delete, standing) in deletable(atlas, |deletion| deletion.unlisted) {
        for list in kin.lists.iter().filter(|list| atlas.reachable(list)) {
            let (rows, op, target) = (kin.clone(), delete.clone(), list.clone());
            let place = place(kin, "unlisted");
            let case = Case::new(law, list, async move |scene: &mut Scene| {
                let (row, _) = deleted(scene, &rows, &op).await?;
                let call = list_call(scene, &target)?;
                absent(scene, call, &row, standing, &format!("{} shows a deleted {}", target.id, rows.name))
                    .await
            });
            cases.push(
                case.standing(standing)
                    .place(place)
                    .cost(1)
                    .sees(deleting(kin).0, deleting(kin).1)
                    .alone()
                    .needs(atlas.makers(kin))
                    .needs([delete.id.clone(), list.id.clone()]),
            );
        }
    }
    cases
}

/// A list does not show a row.
async fn absent(
    scene: &mut Scene,
    call: Call,
    row: &Row,
    standing: Standing,
    message: &str,
) -> Result<(), Stop> {
    let found = scene.find(call, &[row]).await?;
    let expect = Expect::words(format!("no {} {}", row.kin.name, row.id));
    scene.expecting(found.step, expect.clone());
    if !found.ids.is_empty() {
        let place = scene.place.clone();
        scene.broke(found.step, "listed", standing, &place, message.to_owned(), expect);
    }
    Ok(())
}

pub(crate) fn again(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    deletable(atlas, |deletion| deletion.repeatable)
        .map(|(kin, delete, standing)| {
            let (rows, op) = (kin.clone(), delete.clone());
            let place = place(kin, "repeatable");
            let at = place.clone();
            Case::new(law, delete, async move |scene: &mut Scene| {
                let (row, first) = deleted(scene, &rows, &op).await?;
                let second = scene.send(Call::of(&op).own(&row.id)).await?;
                let acceptance = Acceptance::of(&op).at_most(standing).at(at.clone());
                if !scene.accepted(&second, &acceptance, &format!("deleting {} again", rows.one())) {
                    return Ok(());
                }
                if first.json != second.json && second.json.is_some() {
                    let message = format!("{} answers another body the second time", op.id);
                    scene.broke(second.step, "body", standing, &at, message, Expect::words("the same body"));
                }
                Ok(())
            })
            .standing(standing)
            .place(place)
            .cost(1)
            .sees(deleting(kin).0, deleting(kin).1)
            .needs(atlas.makers(kin))
            .needs([delete.id.clone()])
        })
        .collect()
}

pub(crate) fn unknown(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    deletable(atlas, |deletion| deletion.unknown)
        .map(|(kin, delete, standing)| {
            let mut refusal = kin.unknown_row().at_most(standing);
            refusal.place = place(kin, "unknown");
            let (rows, op, place) = (kin.clone(), delete.clone(), refusal.place.clone());
            Case::new(law, delete, async move |scene: &mut Scene| {
                let id = unknown_id_of(scene, &rows)?;
                let exchange = scene.send(Call::of(&op).own(&id)).await?;
                scene.refused(&exchange, &refusal, &format!("deleting an unknown {}", rows.name));
                Ok(())
            })
            .standing(standing)
            .place(place)
            .needs(atlas.makers(kin))
        })
        .collect()
}

pub(crate) fn update_gone(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, _) in made(atlas) {
        let Some(update) = &kin.update else { continue };
        let refusal: Refusal = as_of(update, kin.unknown_row());
        let (standing, place) = (refusal.standing(), refusal.place.clone());
        for variant in ["deleted", "unknown"] {
            let delete = kin.delete.clone();
            if variant == "deleted" && delete.is_none() {
                continue;
            }
            let (rows, op, told) = (kin.clone(), update.clone(), refusal.clone());
            let needs =
                delete.iter().filter(|_| variant == "deleted").map(|op| op.id.clone()).collect::<Vec<_>>();
            let case = Case::new(law, update, async move |scene: &mut Scene| {
                let id = match &delete {
                    Some(delete) if variant == "deleted" => deleted(scene, &rows, delete).await?.0.id,
                    _ => unknown_id_of(scene, &rows)?,
                };
                let body = scene.change(&op)?.0;
                let exchange = scene.send(Call::of(&op).own(&id).json(body)).await?;
                scene.refused(
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
                "deleted" => case.sees(deleting(kin).0, deleting(kin).1),
                _ => case,
            };
            cases.push(
                case.variant(variant)
                    .standing(standing)
                    .place(place.clone())
                    .needs(atlas.makers(kin))
                    .needs(needs),
            );
        }
    }
    cases
}

/// Every resource with an owner that can be deleted, and the lists that would show its rows.
fn owned(atlas: &Atlas) -> impl Iterator<Item = (&Kin, &Kin, &Op)> {
    made(atlas).filter_map(|(kin, _)| {
        let owner = atlas.kin(&kin.parent.as_ref()?.resource)?;
        Some((kin, owner, owner.delete.as_ref()?))
    })
}

/// An owner that was deleted, and a row it owned.
async fn orphan(scene: &mut Scene, kin: &Kin, owner: &Kin, delete: &Op) -> Result<(Row, Row), Stop> {
    let deed = scene
        .act(&orphaning(kin).0, async |scene: &mut Scene| {
            let parent = scene.make(owner).await?;
            let row = scene.make_with(kin, Some(&parent), serde_json::Map::new()).await?;
            let exchange = scene.send(Call::of(delete).own(&parent.id)).await?;
            scene.must(&exchange)?;
            Ok(Deed { rows: vec![parent, row], exchanges: vec![exchange] })
        })
        .await?;
    let mut rows = deed.rows.into_iter();
    rows.next().zip(rows.next()).ok_or_else(|| Stop::NotJudged(format!("no {} was orphaned", kin.name)))
}

/// The name of the act of deleting the owner of a row, and what it takes.
fn orphaning(kin: &Kin) -> (String, usize) {
    (format!("orphan/{}", kin.name), 4)
}

pub(crate) fn children_unlisted(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, owner, delete) in owned(atlas) {
        let Some(standing) = owner.deletion.children_unlisted else { continue };
        let place = place(owner, "children_unlisted");
        for list in kin.lists.iter().filter(|list| atlas.reachable(list)) {
            let (rows, owners, op, target) = (kin.clone(), owner.clone(), delete.clone(), list.clone());
            let case = Case::new(law, list, async move |scene: &mut Scene| {
                let (parent, row) = orphan(scene, &rows, &owners, &op).await?;
                let message = format!("{} shows {} whose {} was deleted", target.id, rows.one(), owners.name);
                if super::reading::is_under_owner(&target) {
                    // The list may be gone with its owner.
                    let exchange = scene.send(Call::of(&target).parent(&parent.id)).await?;
                    let shows = exchange.is_success()
                        && exchange.json.as_ref().is_some_and(|page| page.to_string().contains(&row.id));
                    let expect = Expect::words("404, or no rows");
                    scene.expecting(exchange.step, expect.clone());
                    if shows {
                        let place = scene.place.clone();
                        scene.broke(exchange.step, "listed", standing, &place, message, expect);
                    }
                    return Ok(());
                }
                absent(scene, Call::of(&target), &row, standing, &message).await
            });
            cases.push(
                case.standing(standing)
                    .place(place.clone())
                    .cost(1)
                    .sees(orphaning(kin).0, orphaning(kin).1)
                    .alone()
                    .needs(atlas.makers(kin))
                    .needs([delete.id.clone(), list.id.clone()]),
            );
        }
    }
    cases
}

pub(crate) fn children_readable(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, owner, delete) in owned(atlas) {
        let (Some(standing), Some(read)) = (owner.deletion.children_readable, kin.read.clone()) else {
            continue;
        };
        let place = place(owner, "children_readable");
        let (rows, owners, op, target, at) =
            (kin.clone(), owner.clone(), delete.clone(), read.clone(), place.clone());
        let case = Case::new(law, &read, async move |scene: &mut Scene| {
            let (_, row) = orphan(scene, &rows, &owners, &op).await?;
            let exchange = scene.send(Call::of(&target).own(&row.id)).await?;
            let acceptance = Acceptance::of(&target).at_most(standing).at(at.clone());
            scene.accepted(
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
                .sees(orphaning(kin).0, orphaning(kin).1)
                .needs(atlas.makers(kin))
                .needs([delete.id.clone(), read.id.clone()]),
        );
    }
    cases
}
