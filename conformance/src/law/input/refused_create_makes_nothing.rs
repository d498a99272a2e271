//! A refused create creates nothing.

use serde_json::Map;

use super::surest_wrong::surest_wrong;
use crate::contract::{Api, Aspect, Expected, Operation, Resource, reference};
use crate::generate::Wrong;
use crate::law::support::creatable;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult, rows_like};

pub(crate) static LAW: Law = Law {
    id: "refused-create-makes-nothing",
    family: Family::Input,
    says: "a refused create makes nothing",
    why: "Afterwards the list shows no row of the refused request.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, op) in creatable(api) {
        let Some(list) = resource.lists.first().filter(|list| api.reachable(list)) else { continue };
        let Some(text) = telling_text(resource, op) else { continue };
        let Some(wrong) = surest_wrong(api, op, &text) else { continue };
        let (rows, target) = (resource.clone(), op.clone());
        let run =
            async move |cx: &mut CaseContext| refused_and_looked_for(cx, &rows, &target, &text, &wrong).await;
        let case = Case::new(&LAW, op, run).sends(2);
        cases.push(case.needs(api.makers(resource)).needs([list.id.clone()]));
    }
    cases
}

/// A text that a row shows as it was sent: by it the row is known again.
fn telling_text(resource: &Resource, op: &Operation) -> Option<String> {
    let properties = op.body.iter().flat_map(|body| body.schema.properties());
    let mut telling = properties.filter(|property| {
        let kept = resource.fields.get(&property.name);
        reference(property).is_none()
            && kept.is_some_and(|field| field.rules.derived.is_none() && field.rules.normalize.is_empty())
            && property.schema.admits_type("string")
            && ["enum", "format", "const"].iter().all(|name| property.schema.keyword(name).is_none())
    });
    telling.next().map(|property| property.name)
}

async fn refused_and_looked_for(
    cx: &mut CaseContext,
    resource: &Resource,
    op: &Operation,
    text: &str,
    wrong: &Wrong,
) -> CaseResult {
    let value =
        cx.value(op, text).ok_or_else(|| CaseError::NotJudged(format!("no value of {text} can be made")))?;
    let telling = Map::from_iter([(text.to_owned(), value)]);
    let request = cx.create_request(resource, None, telling.clone())?;
    let mut body = request.body().cloned().unwrap_or_default();
    wrong.apply(&mut body);
    let refused = cx.send(request.json(body)).await?;
    if refused.is_success() {
        return Err(CaseError::NotJudged(format!("{} accepts the wrong request", op.id)));
    }
    let Some((found, step)) = rows_like(cx, resource, &telling).await? else { return Ok(()) };
    let expected = Expected::words(format!("no {} of the refused request", resource.name));
    cx.expecting(step, expected.clone());
    if let Some(row) = found.first() {
        // No response named it, and still it is the run's to delete.
        if let Some(id) = resource.id_of(row) {
            cx.session.adopt(resource, id, refused.request.owner_ids());
        }
        let message = format!("a refused request of {} made {}", op.id, resource.one());
        cx.breach(step, Aspect::Other("made"), message, expected);
    }
    Ok(())
}
