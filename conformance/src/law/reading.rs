//! Finding again what was made.

use schemas::Standing;
use serde_json::Value;

use super::statement::Law;
use crate::atlas::{Atlas, Kin, Op, Slot};
use crate::generate::{Extent, UNICODE_SAMPLE, is_prose, presence};
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

pub(crate) fn text(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, create) in made(atlas) {
        let Some(body) = &create.body else { continue };
        let free: Vec<(String, Standing)> = body
            .schema
            .properties()
            .into_iter()
            .filter(|property| {
                let schema = &property.schema;
                let plain = ["format", "pattern", "enum", "const"]
                    .iter()
                    .all(|keyword| schema.keyword(keyword).is_none());
                let rules = kin.fields.get(&property.name).map(|field| &field.rules);
                let mine = rules.is_some_and(|rules| {
                    rules.unique.is_none()
                        && rules.references.is_none()
                        && rules.normalize.is_empty()
                        && rules.derived.is_none()
                });
                plain
                    && mine
                    && schema.is_valid(&Value::from(UNICODE_SAMPLE))
                    && is_prose(atlas, create, &property.name)
            })
            .map(|property| (property.name.clone(), presence(&property)))
            .collect();
        for standing in [Standing::Documented, Standing::Inferred, Standing::Assumed] {
            let names: Vec<String> =
                free.iter().filter(|(_, sure)| *sure == standing).map(|(name, _)| name.clone()).collect();
            if names.is_empty() {
                continue;
            }
            let (rows, op) = (kin.clone(), create.clone());
            let case = Case::new(law, create, async move |scene: &mut Scene| {
                let mut sent = scene.body(&op, Extent::Minimal)?.0;
                let token = scene.names.token();
                for name in &names {
                    let tagged = Value::String(format!("{token} {UNICODE_SAMPLE}"));
                    // Where there is no room for both, the letters matter more than the run's mark.
                    let fits = property(&op, name).is_some_and(|property| property.schema.is_valid(&tagged));
                    sent.insert(name.clone(), if fits { tagged } else { Value::from(UNICODE_SAMPLE) });
                }
                let exchange = scene.send(scene.aim_at(&op)?.json(sent.clone())).await?;
                if !scene.accepted(
                    &exchange,
                    &Acceptance::of(&op).at_most(standing),
                    "a create with text of several scripts",
                ) {
                    return Ok(());
                }
                for name in &names {
                    if !super::input::kept(scene, &op, &exchange, name, &sent, standing) {
                        return Ok(());
                    }
                }
                let Ok(row) = scene.row_of(&rows, &exchange) else { return Ok(()) };
                if rows.read.is_some() {
                    let read = scene.read(&rows, &row.id).await?;
                    scene.must(&read)?;
                    for name in &names {
                        super::input::kept(scene, &op, &read, name, &sent, standing);
                    }
                }
                Ok(())
            });
            cases.push(case.variant(standing.as_str()).standing(standing).cost(3).needs(atlas.makers(kin)));
        }
    }
    cases
}

fn property(op: &Op, name: &str) -> Option<schemas::Property> {
    op.body.as_ref()?.schema.property(name)
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
