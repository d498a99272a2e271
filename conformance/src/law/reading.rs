//! Finding again what was made.

use schemas::Standing;
use serde_json::Value;

use super::statement::Law;
use crate::atlas::{Atlas, Kin, Op, Slot};
use crate::judge::{Acceptance, Expect, Refusal, difference};
use crate::plan::Case;
use crate::probe::Call;
use crate::run::{Scene, Stop, still};

/// The resources whose rows can be made, each with the operation that makes them.
pub(crate) fn made(atlas: &Atlas) -> impl Iterator<Item = (&Kin, &Op)> {
    atlas.kins.iter().filter_map(|kin| Some((kin, kin.create.as_ref().filter(|op| atlas.reachable(op))?)))
}

pub(crate) fn your_write(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, _) in made(atlas) {
        let Some(op) = &kin.read else { continue };
        let (rows, read) = (kin.clone(), op.clone());
        let place = schemas::pointer::join(&kin.pointer, "x-contract-resource");
        let case = Case::new(law, op, async move |scene: &mut Scene| {
            let row = scene.still(&rows).await?;
            let ids = [Some(row.id.clone()), row.display.clone()];
            let names = [Some(rows.identity.id.clone()), rows.identity.display.clone()];
            for (id, name) in ids.into_iter().zip(names).filter_map(|(id, name)| Some((id?, name?))) {
                let exchange = scene.read(&rows, &id).await?;
                let acceptance = Acceptance::of(&read).at(scene.place.clone());
                if !scene.accepted(&exchange, &acceptance, &format!("reading a new {} by {name}", rows.name))
                {
                    return Ok(());
                }
                let shown = exchange.json.clone().unwrap_or_default();
                if let Some(field) = difference(&rows, &row.value, &shown, &[]) {
                    let message = format!(
                        "a new {} read by {name} has another {field} than its create answered",
                        rows.name
                    );
                    let expect =
                        Expect::words(format!("{field} {}", row.get(&field).unwrap_or(&Value::Null)));
                    scene.broke_at(exchange.step, &field, Standing::Documented, message, expect);
                    return Ok(());
                }
            }
            Ok(())
        });
        cases.push(
            case.place(place).cost(2).sees(still(kin), 2).needs(atlas.makers(kin)).needs([op.id.clone()]),
        );
    }
    cases
}

/// A list as a call that shows rows of the shared owner.
pub(crate) fn list_call(scene: &Scene, list: &Op) -> Result<Call, Stop> {
    scene.aim_at(list)
}

pub(crate) fn listed(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, _) in made(atlas) {
        for list in kin.lists.iter().filter(|list| atlas.reachable(list)) {
            let (rows, op) = (kin.clone(), list.clone());
            let case = Case::new(law, list, async move |scene: &mut Scene| {
                let row = scene.still(&rows).await?;
                let call = list_call(scene, &op)?;
                let found = scene.find(call, &[&row]).await?;
                let expect = Expect::words(format!("the new {}", rows.name));
                scene.expecting(found.step, expect.clone());
                let Some(shown) = found.rows.first() else {
                    if !found.whole {
                        return Err(Stop::NotJudged(format!("{} is too long to be walked", op.id)));
                    }
                    let message = format!("a new {} is not in {}", rows.name, op.id);
                    let place = scene.place.clone();
                    scene.broke(found.step, "absent", Standing::Documented, &place, message, expect);
                    return Ok(());
                };
                if let Some(field) = difference(&rows, &row.value, shown, &[]) {
                    let message = format!("a new {} is listed with another {field}", rows.name);
                    scene.broke_at(
                        found.step,
                        &field,
                        Standing::Documented,
                        message,
                        Expect::words(format!("{field} as created")),
                    );
                }
                Ok(())
            });
            cases.push(case.sees(still(kin), 2).alone().needs(atlas.makers(kin)).needs([list.id.clone()]));
        }
    }
    cases
}

/// A refusal at another place of the contract, no surer than the operation's own word on it.
pub(crate) fn as_of(op: &Op, refusal: Refusal) -> Refusal {
    let standing = op.standing_of(refusal.status());
    refusal.at_most(standing)
}

/// Whether a list is of one owner's rows.
pub(crate) fn is_under_owner(list: &Op) -> bool {
    list.has_slot(Slot::Parent)
}
