//! What a refused write leaves behind: nothing.

use schemas::Standing;
use serde_json::Map;

use super::refuse;
use super::law::Law;
use crate::scenario::walk::rows_like;
use crate::contract::{Api, Operation};
use crate::generate::Wrong;
use crate::judge::Expected;
use super::case::Case;
use crate::http::Request;
use crate::scenario::{CaseContext, CaseError};

/// The surest thing that can be wrong with a body elsewhere than in one property.
fn surest_wrong(api: &Api, op: &Operation, but: &str) -> Option<Wrong> {
    let mut wrongs = refuse::all_wrongs(api, op);
    wrongs.retain(|wrong| wrong.field != but);
    wrongs.sort_by_key(|wrong| wrong.standing);
    wrongs.into_iter().next().filter(|wrong| wrong.standing < Standing::Assumed)
}

/// A create that is refused for one property makes no row of the others.
pub(super) fn makes_nothing(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, op) in super::reading::made(api) {
        let Some(list) = resource.lists.first().filter(|list| api.reachable(list)) else { continue };
        // A row is known again by a text that it shows.
        let text = op.body.iter().flat_map(|body| body.schema.properties()).find(|property| {
            let kept = resource.fields.get(&property.name);
            crate::contract::reference(property).is_none()
                && kept.is_some_and(|field| field.rules.derived.is_none() && field.rules.normalize.is_empty())
                && property.schema.admits_type("string")
                && ["enum", "format", "const"].iter().all(|name| property.schema.keyword(name).is_none())
        });
        let Some(text) = text.map(|property| property.name) else { continue };
        let Some(wrong) = surest_wrong(api, op, &text) else { continue };
        let (rows, target) = (resource.clone(), op.clone());
        let case = Case::new(law, op, async move |cx: &mut CaseContext| {
            let value = cx
                .value(&target, &text)
                .ok_or_else(|| CaseError::NotJudged(format!("no value of {text} can be made")))?;
            let told = Map::from_iter([(text.clone(), value)]);
            let request = cx.create_request(&rows, None, told.clone())?;
            let mut body = request.body().cloned().unwrap_or_default();
            wrong.change.apply(&mut body, &wrong.field);
            let refused = cx.send(request.json(body)).await?;
            if refused.is_success() {
                return Err(CaseError::NotJudged(format!("{} accepts the wrong request", target.id)));
            }
            let Some((found, step)) = rows_like(cx, &rows, &told).await? else { return Ok(()) };
            let expect = Expected::words(format!("no {} of the refused request", rows.name));
            cx.expecting(step, expect.clone());
            if let Some(row) = found.first() {
                // Nobody answered for it, and still it is ours to take away.
                if let Some(id) = rows.id_of(row) {
                    cx.session.adopt(&rows, id);
                }
                let place = cx.place.clone();
                let message = format!("a refused request of {} made {}", target.id, rows.one());
                cx.broke(step, "made", Standing::Documented, &place, message, expect);
            }
            Ok(())
        });
        cases.push(case.cost(2).needs(api.makers(resource)).needs([list.id.clone()]));
    }
    cases
}

/// A write that is refused for one property leaves the others alone.
pub(super) fn changes_nothing(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for resource in &api.resources {
        let (Some(op), Some(read)) = (&resource.update, &resource.read) else { continue };
        let Some((plain, _)) = crate::scenario::plain_property(api, op) else { continue };
        let Some(wrong) = surest_wrong(api, op, &plain) else { continue };
        let (target, rows) = (op.clone(), resource.clone());
        let case = Case::new(law, op, async move |cx: &mut CaseContext| {
            let row = cx.create_row(&rows).await?;
            let mut body = cx.change(&target)?.0;
            wrong.change.apply(&mut body, &wrong.field);
            let refused = cx.send(Request::of(&target).own(&row.id).json(body)).await?;
            if refused.is_success() {
                return Err(CaseError::NotJudged(format!("{} accepts the wrong request", target.id)));
            }
            let after = cx.read(&rows, &row.id).await?;
            cx.require_success(&after)?;
            let expect = Expected::words("the row as it was");
            cx.expecting(after.step, expect.clone());
            let shown = after.json.clone().unwrap_or_default();
            if let Some(field) = crate::judge::difference(&rows, &row.value, &shown, &[]) {
                cx.broke_at(
                    after.step,
                    &field,
                    Standing::Documented,
                    format!("a refused request of {} changed {field}", target.id),
                    expect,
                );
            }
            Ok(())
        });
        cases.push(case.cost(4).needs(api.makers(resource)).needs([read.id.clone()]));
    }
    cases
}
