//! Another workspace's row is answered as if it were not there.

use std::rc::Rc;

use schemas::{Action, Standing};

use crate::contract::{Api, Aspect, Expected, Operation, PathSlot, Refusal, Resource};
use crate::http::{Credential, Request};
use crate::law::support::{references, unknown_reference};
use crate::law::{Case, Explains, ExtraKey, Family, Law};
use crate::scenario::{CaseContext, CaseResult, Exchange, ReadonlyRow, Row, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "auth-isolation",
    family: Family::Auth,
    says: "another workspace's row is answered as if it were not there",
    why: "Wants --other-key, a key of another workspace.",
    explains: &[Explains::on_resource("parent-must-exist"), Explains::on_resource("value-is-not-an-id")],
    ..Law::by_cases(cases)
};

const PLACE: &str = "/x-contract/authentication/isolation";

fn cases(api: &Api) -> Vec<Case> {
    let rules = api.rules().authentication.as_ref();
    let Some(standing) = rules.and_then(|rules| rules.isolation) else { return Vec::new() };
    let mut cases = Vec::new();
    for op in api.closed().filter(|op| api.reachable(op)) {
        let case = match (refusal_of_foreign_row(api, op), api.resource_of(op)) {
            (Some(refusal), _) => naming_a_row(api, op, refusal.at_most(standing), standing),
            (None, Some(resource)) if op.action() == Action::List => listing(api, op, resource, standing),
            _ => continue,
        };
        cases.push(case.standing(standing).place(PLACE).extra_key(ExtraKey::OtherKey));
    }
    cases
}

/// What an operation is refused with that names a row which is not there, in the path or in the body; `None` where it
/// names none.
fn refusal_of_foreign_row(api: &Api, op: &Operation) -> Option<Refusal> {
    if op.has_slot(PathSlot::Own) {
        return api.resource_of(op).map(Resource::unknown_row);
    }
    if op.has_slot(PathSlot::Parent) {
        return api.parent_of(op).map(Resource::unknown_row);
    }
    let referred = references(api, op).into_iter().find(|(_, property)| property.required);
    referred.map(|(owner, property)| unknown_reference(op, owner, &property))
}

fn naming_a_row(api: &Api, op: &Operation, mut refusal: Refusal, standing: Standing) -> Case {
    PLACE.clone_into(&mut refusal.place);
    let target = op.clone();
    let case = Case::new(&LAW, op, async move |cx: &mut CaseContext| {
        let mut request = cx.request_for(&target)?.by(Credential::Other);
        let owned = cx.api().resource_of(&target).filter(|resource| resource.read.is_some()).cloned();
        let row = match owned.filter(|_| target.has_slot(PathSlot::Own)) {
            // Nobody else may have deleted it: what becomes of it is looked at.
            Some(resource) if target.action() == Action::Delete => {
                Some(Rc::new(cx.create_row(&resource).await?))
            }
            Some(resource) if target.changes_rows() => Some(cx.base(&resource)?),
            _ => None,
        };
        if let Some(row) = &row {
            request = request.own(&row.id);
        }
        let exchange = cx.send(request).await?;
        let refused = cx.refused(&exchange, &refusal, "a call that names another workspace's row");
        match row {
            Some(row) if refused => untouched(cx, &target, &row, &exchange, standing).await,
            _ => Ok(()),
        }
    });
    let case = match (op.action(), api.resource_of(op)) {
        // A row, the refused delete, and a read.
        (Action::Delete, Some(resource)) => case.sends(3).creates(1, resource),
        (Action::Update | Action::Replace | Action::Upsert, _) => case.sends(2),
        _ => case,
    };
    case.needs(api.needs_rows(op))
}

/// What was refused to another workspace has not happened all the same.
async fn untouched(
    cx: &mut CaseContext,
    op: &Operation,
    row: &Row,
    refused: &Exchange,
    standing: Standing,
) -> CaseResult {
    let read = cx.read(row).await?;
    let sent = refused.request.body().cloned().unwrap_or_default();
    let changed = sent.iter().any(|(name, value)| !value.is_null() && read.property(name) == Some(value));
    let expected = Expected::words("the row as it was");
    cx.expecting(read.step, expected.clone());
    if matches!(read.status, 404 | 410) || changed {
        let message = format!("{} of another workspace is refused and happens all the same", op.id);
        cx.breach(read.step, Aspect::Other("effect"), message, expected).standing(standing).place(PLACE);
    }
    Ok(())
}

/// A list under another workspace's key does not show our row.
fn listing(api: &Api, op: &Operation, resource: &Resource, standing: Standing) -> Case {
    let (target, name) = (op.clone(), resource.name.clone());
    let run = async move |cx: &mut CaseContext, row: &ReadonlyRow| {
        let row = row.get(cx).await?;
        let found = cx.find(Request::of(&target).by(Credential::Other), &[&row]).await?;
        let expected = Expected::words(format!("no {name} of another workspace"));
        cx.expecting(found.step, expected.clone());
        if !found.ids.is_empty() {
            let message = format!("{} shows a row of another workspace", target.id);
            cx.breach(found.step, Aspect::Listed, message, expected).standing(standing).place(PLACE);
        }
        Ok(())
    };
    Case::given(&LAW, op, ReadonlyRow::of(api, resource), run).alone().needs([op.id.clone()])
}
