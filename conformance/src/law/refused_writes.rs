//! What a refused write leaves behind: nothing.

use schemas::Standing;
use serde_json::Map;

use super::refuse;
use super::statement::Law;
use super::walk::rows_like;
use crate::atlas::{Atlas, Op};
use crate::generate::Wrong;
use crate::judge::Expect;
use crate::plan::Case;
use crate::probe::Call;
use crate::run::{Scene, Stop};

/// The surest thing that can be wrong with a body elsewhere than in one property.
fn surest_wrong(atlas: &Atlas, op: &Op, but: &str) -> Option<Wrong> {
    let mut wrongs = refuse::all_wrongs(atlas, op);
    wrongs.retain(|wrong| wrong.field != but);
    wrongs.sort_by_key(|wrong| wrong.standing);
    wrongs.into_iter().next().filter(|wrong| wrong.standing < Standing::Assumed)
}

/// A create that is refused for one property makes no row of the others.
pub(super) fn makes_nothing(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kin, op) in super::reading::made(atlas) {
        let Some(list) = kin.lists.first().filter(|list| atlas.reachable(list)) else { continue };
        // A row is known again by a text that it shows.
        let text = op.body.iter().flat_map(|body| body.schema.properties()).find(|property| {
            let kept = kin.fields.get(&property.name);
            crate::atlas::reference(property).is_none()
                && kept.is_some_and(|field| field.rules.derived.is_none() && field.rules.normalize.is_empty())
                && property.schema.admits_type("string")
                && ["enum", "format", "const"].iter().all(|name| property.schema.keyword(name).is_none())
        });
        let Some(text) = text.map(|property| property.name) else { continue };
        let Some(wrong) = surest_wrong(atlas, op, &text) else { continue };
        let (rows, target) = (kin.clone(), op.clone());
        let case = Case::new(law, op, async move |scene: &mut Scene| {
            let value = scene
                .value(&target, &text)
                .ok_or_else(|| Stop::NotJudged(format!("no value of {text} can be made")))?;
            let told = Map::from_iter([(text.clone(), value)]);
            let call = scene.making(&rows, None, told.clone())?;
            let mut body = call.body().cloned().unwrap_or_default();
            wrong.change.apply(&mut body, &wrong.field);
            let refused = scene.send(call.json(body)).await?;
            if refused.is_success() {
                return Err(Stop::NotJudged(format!("{} accepts the wrong request", target.id)));
            }
            let Some((found, step)) = rows_like(scene, &rows, &told).await? else { return Ok(()) };
            let expect = Expect::words(format!("no {} of the refused request", rows.name));
            scene.expecting(step, expect.clone());
            if let Some(row) = found.first() {
                // Nobody answered for it, and still it is ours to take away.
                if let Some(id) = rows.id_of(row) {
                    scene.session.adopt(&rows, id);
                }
                let place = scene.place.clone();
                let message = format!("a refused request of {} made {}", target.id, rows.one());
                scene.broke(step, "made", Standing::Documented, &place, message, expect);
            }
            Ok(())
        });
        cases.push(case.cost(2).needs(atlas.makers(kin)).needs([list.id.clone()]));
    }
    cases
}

/// A write that is refused for one property leaves the others alone.
pub(super) fn changes_nothing(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for kin in &atlas.kins {
        let (Some(op), Some(read)) = (&kin.update, &kin.read) else { continue };
        let Some((plain, _)) = crate::run::plain_property(atlas, op) else { continue };
        let Some(wrong) = surest_wrong(atlas, op, &plain) else { continue };
        let (target, rows) = (op.clone(), kin.clone());
        let case = Case::new(law, op, async move |scene: &mut Scene| {
            let row = scene.make(&rows).await?;
            let mut body = scene.change(&target)?.0;
            wrong.change.apply(&mut body, &wrong.field);
            let refused = scene.send(Call::of(&target).own(&row.id).json(body)).await?;
            if refused.is_success() {
                return Err(Stop::NotJudged(format!("{} accepts the wrong request", target.id)));
            }
            let after = scene.read(&rows, &row.id).await?;
            scene.must(&after)?;
            let expect = Expect::words("the row as it was");
            scene.expecting(after.step, expect.clone());
            let shown = after.json.clone().unwrap_or_default();
            if let Some(field) = crate::judge::difference(&rows, &row.value, &shown, &[]) {
                scene.broke_at(
                    after.step,
                    &field,
                    Standing::Documented,
                    format!("a refused request of {} changed {field}", target.id),
                    expect,
                );
            }
            Ok(())
        });
        cases.push(case.cost(4).needs(atlas.makers(kin)).needs([read.id.clone()]));
    }
    cases
}
