//! Finding again what was made.

use schemas::Standing;
use serde_json::Value;

use super::law::Law;
use crate::contract::{Api, Resource, Operation, PathSlot};
use crate::contract::{Acceptance, Refusal};
use crate::judge::{Expected, difference};
use super::case::Case;
use crate::http::Request;
use crate::scenario::{CaseContext, CaseError, readonly_row};

/// The resources whose rows can be made, each with the operation that makes them.
pub(crate) fn made(api: &Api) -> impl Iterator<Item = (&Resource, &Operation)> {
    api.resources.iter().filter_map(|resource| Some((resource, resource.create.as_ref().filter(|op| api.reachable(op))?)))
}

pub(crate) fn your_write(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, _) in made(api) {
        let Some(op) = &resource.read else { continue };
        let (rows, read) = (resource.clone(), op.clone());
        let place = schemas::pointer::join(&resource.pointer, "x-contract-resource");
        let case = Case::new(law, op, async move |cx: &mut CaseContext| {
            let row = cx.readonly_row(&rows).await?;
            let ids = [Some(row.id.clone()), row.display.clone()];
            let names = [Some(rows.identity.id.clone()), rows.identity.display.clone()];
            for (id, name) in ids.into_iter().zip(names).filter_map(|(id, name)| Some((id?, name?))) {
                let exchange = cx.read(&rows, &id).await?;
                let acceptance = Acceptance::of(&read).at(cx.place.clone());
                if !cx.accepted(&exchange, &acceptance, &format!("reading a new {} by {name}", rows.name))
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
                        Expected::words(format!("{field} {}", row.get(&field).unwrap_or(&Value::Null)));
                    cx.broke_at(exchange.step, &field, Standing::Documented, message, expect);
                    return Ok(());
                }
            }
            Ok(())
        });
        cases.push(
            case.place(place).cost(2).sees(readonly_row(resource), 2).needs(api.makers(resource)).needs([op.id.clone()]),
        );
    }
    cases
}

/// A list as a request that shows rows of the shared owner.
pub(crate) fn list_call(cx: &CaseContext, list: &Operation) -> Result<Request, CaseError> {
    cx.request_to(list)
}

pub(crate) fn listed(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, _) in made(api) {
        for list in resource.lists.iter().filter(|list| api.reachable(list)) {
            let (rows, op) = (resource.clone(), list.clone());
            let case = Case::new(law, list, async move |cx: &mut CaseContext| {
                let row = cx.readonly_row(&rows).await?;
                let request = list_call(cx, &op)?;
                let found = cx.find(request, &[&row]).await?;
                let expect = Expected::words(format!("the new {}", rows.name));
                cx.expecting(found.step, expect.clone());
                let Some(shown) = found.rows.first() else {
                    if !found.whole {
                        return Err(CaseError::NotJudged(format!("{} is too long to be walked", op.id)));
                    }
                    let message = format!("a new {} is not in {}", rows.name, op.id);
                    let place = cx.place.clone();
                    cx.broke(found.step, "absent", Standing::Documented, &place, message, expect);
                    return Ok(());
                };
                if let Some(field) = difference(&rows, &row.value, shown, &[]) {
                    let message = format!("a new {} is listed with another {field}", rows.name);
                    cx.broke_at(
                        found.step,
                        &field,
                        Standing::Documented,
                        message,
                        Expected::words(format!("{field} as created")),
                    );
                }
                Ok(())
            });
            cases.push(case.sees(readonly_row(resource), 2).alone().needs(api.makers(resource)).needs([list.id.clone()]));
        }
    }
    cases
}

/// A refusal at another place of the contract, no surer than the operation's own word on it.
pub(crate) fn as_of(op: &Operation, refusal: Refusal) -> Refusal {
    let standing = op.standing_of(refusal.status());
    refusal.at_most(standing)
}

/// Whether a list is of one owner's rows.
pub(crate) fn is_under_owner(list: &Operation) -> bool {
    list.has_slot(PathSlot::Parent)
}
