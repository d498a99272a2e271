//! By which names a row goes, and by which it does not.

use schemas::Standing;

use super::auth::unknown_id_of;
use super::conflict::{taken, taking};
use super::reading::made;
use super::statement::Law;
use crate::atlas::{Atlas, Kin, Op, Slot};
use crate::judge::{Acceptance, Expect};
use crate::plan::Case;
use crate::probe::Call;
use crate::run::{Exchange, Row, Scene, Stop, lent, still};

fn place(kin: &Kin) -> String {
    schemas::pointer::join(&schemas::pointer::join(&kin.pointer, "x-contract-resource"), "identity")
}

pub(crate) fn ids_differ(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, create) in made(atlas) {
        let rows = kin.clone();
        let case = Case::new(law, create, async move |scene: &mut Scene| {
            let other = scene.base(&rows)?;
            let one = scene.still(&rows).await?;
            let step = scene.steps.len() - 1;
            for name in std::iter::once(&rows.identity.id).chain(&rows.identity.display) {
                if one.get(name).is_some() && one.get(name) == other.get(name) {
                    let message = format!("two rows of {} share the {name}", rows.name);
                    scene.broke_at(
                        step,
                        name,
                        Standing::Documented,
                        message,
                        Expect::words(format!("another {name}")),
                    );
                }
            }
            Ok(())
        });
        let place = schemas::pointer::join(&kin.pointer, "x-contract-resource/identity").replace("~1", "/");
        cases.push(case.place(place).cost(0).sees(still(kin), 2).needs(atlas.makers(kin)));
    }
    cases
}

pub(crate) fn unknown(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, _) in made(atlas) {
        let Some(op) = &kin.read else { continue };
        let mut variants = vec!["id"];
        if kin.identity.display.is_some() {
            variants.push("number");
            variants.push("number-and-letters");
        }
        for variant in variants {
            let refusal = kin.unknown_row();
            let (rows, read) = (kin.clone(), op.clone());
            let (standing, place) = (refusal.standing(), refusal.place.clone());
            let case = Case::new(law, op, async move |scene: &mut Scene| {
                let id = match variant {
                    "id" => unknown_id_of(scene, &rows)?,
                    "number" => "987654321".to_owned(),
                    // Digits alone are a number; a parser that stops at the first letter takes it for one.
                    _ => format!("{}x", number(scene.base(&rows)?.as_ref(), &rows)?),
                };
                let exchange = scene.send(Call::of(&read).own(&id)).await?;
                scene.refused(
                    &exchange,
                    &refusal,
                    &format!("a read of an unknown {} by {variant}", rows.name),
                );
                Ok(())
            });
            cases.push(case.variant(variant).standing(standing).place(place).needs(atlas.makers(kin)));
        }
    }
    cases
}

/// An update and a delete name their row by its number as well as by its opaque id.
pub(crate) fn either_id(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, _) in made(atlas).filter(|(kin, _)| kin.identity.display.is_some()) {
        if let Some(update) = kin.update.clone() {
            let (rows, op) = (kin.clone(), update.clone());
            let case = Case::new(law, &update, async move |scene: &mut Scene| {
                let row = scene.lend(&rows).await?;
                let body = scene.change(&op)?.0;
                let number = number(&row, &rows)?;
                let exchange = scene.send(Call::of(&op).own(&number).json(body)).await?;
                same_row(scene, &rows, &op, &exchange, &row.id);
                Ok(())
            });
            cases.push(case.sees(lent(kin), 2).needs([update.id.clone()]));
        }
        if let Some(delete) = kin.delete.clone() {
            let (rows, op) = (kin.clone(), delete.clone());
            let case = Case::new(law, &delete, async move |scene: &mut Scene| {
                let row = scene.make(&rows).await?;
                let number = number(&row, &rows)?;
                let exchange = scene.send(Call::of(&op).own(&number)).await?;
                same_row(scene, &rows, &op, &exchange, &row.id);
                Ok(())
            });
            cases.push(case.cost(2).needs([delete.id.clone()]));
        }
    }
    let placed = |case: Case| {
        let kin = atlas.kin_of(&case.op).cloned();
        let needs = kin.iter().flat_map(|kin| atlas.makers(kin)).collect::<Vec<_>>();
        case.place(kin.as_ref().map(place).unwrap_or_default()).needs(needs)
    };
    cases.into_iter().map(placed).collect()
}

fn number(row: &Row, kin: &Kin) -> Result<String, Stop> {
    row.display.clone().ok_or_else(|| Stop::NotJudged(format!("rows of {} have no number", kin.name)))
}

/// The answer is a success, and about that very row. That the row may be changed at all is another law's matter.
fn same_row(scene: &mut Scene, kin: &Kin, op: &Op, exchange: &Exchange, id: &str) {
    let acceptance = Acceptance::of(op).at(scene.place.clone());
    let what = format!("{} of {} by its number", op.id, kin.one());
    if !scene.accepted(exchange, &acceptance, &what) {
        return;
    }
    let shown = exchange.json.as_ref().and_then(|body| kin.id_of(body));
    if shown.is_some_and(|shown| shown != id) {
        let message = format!("{what} is about another row");
        let expect = Expect::words(format!("{} {id}", kin.identity.id));
        scene.broke_at(exchange.step, &kin.identity.id, Standing::Documented, message, expect);
    }
}

/// A unique value in the place of an id finds nothing, wherever an id stands in a path.
pub(crate) fn by_value(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, create) in made(atlas) {
        for field in kin.fields.values().filter(|field| field.rules.unique.is_some()) {
            let named = |op: &&Op| {
                // A delete that takes the value for an id would take the row from the other cases.
                let own = op.has_slot(Slot::Own)
                    && op.action() != schemas::Action::Delete
                    && atlas.kin_of(op).is_some_and(|acts_on| acts_on.name == kin.name);
                own || op.has_slot(Slot::Parent)
                    && op.action() == schemas::Action::List
                    && atlas.parent_of(op).is_some_and(|owner| owner.name == kin.name)
            };
            for op in atlas.operations.iter().filter(|op| atlas.reachable(op)).filter(named) {
                let refusal = super::reading::as_of(op, kin.unknown_row());
                let (rows, target, make, name) =
                    (kin.clone(), op.clone(), create.clone(), field.name.clone());
                let (standing, place) = (refusal.standing(), refusal.place.clone());
                let case = Case::new(law, op, async move |scene: &mut Scene| {
                    let row = taken(scene, &rows, &make, &name).await?;
                    let Some(text) = row.text(&name).map(str::to_owned) else {
                        return Err(Stop::NotJudged(format!("rows have no {name}")));
                    };
                    let call = scene.aim(&target)?.own(&text);
                    let call = if target.has_slot(Slot::Parent) { call.parent(&text) } else { call };
                    let exchange = scene.send(call).await?;
                    scene.refused(&exchange, &refusal, &format!("{} by {name}", target.id));
                    Ok(())
                });
                cases.push(
                    case.variant(field.name.clone())
                        .standing(standing)
                        .place(place)
                        .sees(taking(kin, &field.name).0, 2)
                        .needs(atlas.makers(kin))
                        .needs(atlas.needs_rows(op)),
                );
            }
        }
    }
    cases
}
