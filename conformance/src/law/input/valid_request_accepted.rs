//! Every valid request is accepted with the stated status.

use std::rc::Rc;

use schemas::{Action, Standing};
use serde_json::Map;

use super::generated_valid::generated;
use super::tried_whole::tried_whole;
use crate::contract::{Acceptance, Api, Operation, Resource};
use crate::generate::Extent;
use crate::law::support::creatable;
use crate::law::{Case, Explains, Family, Law, Phase, Precedence, Role};
use crate::scenario::{CaseContext, CaseResult};

pub(crate) static LAW: Law = Law {
    id: "valid-request-accepted",
    family: Family::Input,
    says: "every valid request is accepted with the stated status",
    why: "Tried first and plainest: what others build on. Then with generated bodies, whose failures are shrunk.",
    role: Role::ValidRequest,
    precedence: Precedence::Operation,
    explains: &[Explains::on_resource("auth-open")],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    // Rows first, owners before what they own; then what works with them.
    let mut cases: Vec<Case> = creatable(api).map(|(resource, op)| creation(api, resource, op)).collect();
    let creates = |op: &Operation| api.resources.iter().any(|resource| resource.create.as_ref() == Some(op));
    for op in api.operations.iter().filter(|op| api.reachable(op) && !creates(op)) {
        let target = op.clone();
        let case = Case::new(&LAW, op, async move |cx: &mut CaseContext| plainest(cx, &target).await);
        // What is deleted is created first.
        let is_made = op.action() == Action::Delete || !op.is_safe() && api.named_beneath(op).is_some();
        let case = if is_made { case.sends(2) } else { case };
        cases.push(case.phase(Phase::Basics).needs(api.needs_rows(op)));
    }
    // What is not called is told.
    let left_out = api.operations.iter().filter_map(|op| Some((op, api.unreachable(op)?)));
    cases.extend(left_out.map(|(op, why)| Case::unable(&LAW, op, why)));
    cases.extend(tried_whole(&LAW, api));
    cases.extend(generated(&LAW, api));
    cases
}

/// The creation of the rows that other cases share.
fn creation(api: &Api, resource: &Resource, op: &Operation) -> Case {
    let (target, rows) = (op.clone(), resource.clone());
    let owners = api.makers(resource).into_iter().filter(|id| *id != op.id);
    let case =
        Case::new(&LAW, op, async move |cx: &mut CaseContext| create_shared_rows(cx, &rows, &target).await);
    // One row to work with, and one to delete.
    let case = if resource.delete.is_some() { case.sends(2).creates(2, resource) } else { case };
    case.phase(Phase::Basics).needs(owners)
}

async fn create_shared_rows(cx: &mut CaseContext, resource: &Resource, op: &Operation) -> CaseResult {
    let (body, standing) = cx.body(op, Extent::Minimal)?;
    let request = cx.request_to(op)?.json(body);
    let mut exchange = cx.send(request).await?;
    let acceptance = Acceptance::of(op).at_most(standing);
    if !cx.accepted(&exchange, &acceptance, &format!("the least valid request of {}", op.id))
        && !exchange.is_success()
    {
        // Perhaps it wants more than the contract says; then the other laws can still be tried.
        let fuller = Extent::Full(Standing::Inferred);
        let body = cx.body(op, fuller)?.0;
        let request = cx.request_to(op)?.json(body);
        exchange = cx.send(request).await?;
        if exchange.is_success() {
            cx.state.shared_rows.borrow_mut().set_least_extent(&op.id, fuller);
        }
    }
    if !exchange.is_success() {
        let why = format!("{} answered {}", op.id, exchange.status);
        cx.state.shared_rows.borrow_mut().set_missing(&resource.name, why);
        return Ok(());
    }
    let row = cx.row_of(resource, &exchange).await.inspect_err(|_| {
        let why = format!("the answer of {} names no row", op.id);
        cx.state.shared_rows.borrow_mut().set_missing(&resource.name, why);
    })?;
    cx.state.shared_rows.borrow_mut().set_base(Rc::new(row));
    if resource.delete.is_some() {
        let request = cx.create_request(resource, None, Map::new())?;
        let again = cx.send(request).await?;
        if again.is_success() {
            let spare = cx.row_of(resource, &again).await?;
            cx.state.shared_rows.borrow_mut().set_spare(Rc::new(spare));
        }
    }
    Ok(())
}

/// The plainest valid request of an operation.
async fn plainest(cx: &mut CaseContext, op: &Operation) -> CaseResult {
    let resource = cx.api().resource_of(op).cloned();
    let mut standing = Standing::Documented;
    let mut request = match (op.action(), resource, &op.body) {
        (Action::Delete, Some(resource), _) => {
            let row = cx.create_row(&resource).await?;
            row.request(op)
        }
        (Action::Update | Action::Replace | Action::Upsert, Some(_), Some(_)) => {
            standing = cx.change(op)?.1;
            cx.request_for(op)?
        }
        (_, _, Some(_)) => {
            let (body, sure) = cx.payload(op, Extent::Minimal)?;
            standing = sure;
            cx.request_to(op)?.json(body)
        }
        (_, _, None) => cx.request_to(op)?,
    };
    // What it does to a row beneath which it acts nobody else is to see.
    if !op.is_safe()
        && let Some((name, resource)) = cx.api().named_beneath(op)
    {
        let row = cx.create_row(&resource).await?;
        request = request.slot(&name, row.id);
    }
    let exchange = cx.send(request).await?;
    let acceptance = Acceptance::of(op).at_most(standing);
    cx.accepted(&exchange, &acceptance, &format!("a valid request of {}", op.id));
    Ok(())
}
