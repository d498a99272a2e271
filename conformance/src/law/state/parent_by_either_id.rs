//! An owner may be named by either id.

use schemas::{Property, Standing};
use serde_json::Value;

use super::number::number_of;
use crate::contract::{Acceptance, Api, Expected, Operation, PathSlot, Resource};
use crate::generate::presence;
use crate::law::support::{creatable, references};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult, Exchange, Row};

pub(crate) static LAW: Law = Law {
    id: "parent-by-either-id",
    family: Family::State,
    says: "an owner may be named by either id",
    why: "In the path and in the body; the answer names it by the opaque one.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| api.reachable(op)) {
        let Some(resource) = api.resource_of(op) else { continue };
        let numbered = |owner: &&Resource| owner.identity.display.is_some();
        let owner = api.parent_of(op).filter(|_| op.has_slot(PathSlot::Parent)).filter(numbered);
        cases.extend(owner.map(|owner| in_path(api, op, resource, owner)));
        for (owner, property) in references(api, op).into_iter().filter(|(owner, _)| numbered(owner)) {
            cases.push(in_body(api, op, resource, owner, &property));
        }
    }
    cases
}

fn in_path(api: &Api, op: &Operation, resource: &Resource, owner: &Resource) -> Case {
    let (rows, owners, target) = (resource.clone(), owner.clone(), op.clone());
    let run = async move |cx: &mut CaseContext| {
        let base = cx.base(&owners)?;
        let number = number_of(&base, &owners)?;
        let request = cx.request_for(&target)?.parent(&number);
        let exchange = cx.send(request).await?;
        let what = format!("{} under {} named by its number", target.id, owners.one());
        if cx.accepted(&exchange, &Acceptance::of(&target), &what) {
            names_owner(cx, &exchange, &rows, &base, Standing::Documented);
        }
        Ok(())
    };
    let case = Case::new(&LAW, op, run).variant("path").creates(created_by(api, op), resource);
    case.needs(api.needs_rows(op)).needs([op.id.clone()])
}

fn in_body(api: &Api, op: &Operation, resource: &Resource, owner: &Resource, property: &Property) -> Case {
    let standing = presence(property).weakest(property.standing("type"));
    let naming = Naming {
        resource: resource.clone(),
        owner: owner.clone(),
        op: op.clone(),
        property: property.clone(),
        standing,
    };
    let run = async move |cx: &mut CaseContext| naming.run(cx).await;
    let case = Case::new(&LAW, op, run).variant(property.name.clone()).standing(standing);
    case.creates(created_by(api, op), resource).needs(api.needs_rows(op)).needs([op.id.clone()])
}

/// How many rows an operation creates.
fn created_by(api: &Api, op: &Operation) -> usize {
    usize::from(creatable(api).any(|(_, create)| create == op))
}

/// A body that names an owner by its number.
struct Naming {
    resource: Resource,
    owner: Resource,
    op: Operation,
    property: Property,
    standing: Standing,
}

impl Naming {
    async fn run(&self, cx: &mut CaseContext) -> CaseResult {
        let base = cx.base(&self.owner)?;
        let number = number_of(&base, &self.owner)?;
        let Some(exchange) = self.send(cx, &number).await? else { return Ok(()) };
        let acceptance = Acceptance::of(&self.op).at_most(self.standing);
        let what = format!("{} with {} as a number", self.op.id, self.property.name);
        if cx.accepted(&exchange, &acceptance, &what) {
            names_owner(cx, &exchange, &self.resource, &base, self.standing);
        }
        Ok(())
    }

    /// As digits in a text, or as a number: either will do where the schema admits both.
    async fn send(&self, cx: &mut CaseContext, number: &str) -> Result<Option<Exchange>, CaseError> {
        let schema = &self.property.schema;
        let text = Some(Value::from(number)).filter(|_| schema.is_valid(&Value::from("1")));
        let whole = number.parse::<u64>().ok().map(Value::from);
        let whole = whole.filter(|_| schema.is_valid(&Value::from(1)));
        let mut answered = None;
        for value in [text, whole].into_iter().flatten() {
            let request = cx.request_for(&self.op)?;
            let mut body = request.body().cloned().unwrap_or_default();
            body.insert(self.property.name.clone(), value);
            let exchange = cx.send(request.json(body)).await?;
            let fine = exchange.is_success();
            answered = Some(exchange);
            if fine {
                break;
            }
        }
        Ok(answered)
    }
}

/// The owner that an answer names is the one that was asked for.
fn names_owner(
    cx: &mut CaseContext,
    exchange: &Exchange,
    resource: &Resource,
    owner: &Row,
    standing: Standing,
) {
    let Some(field) = resource.parent.as_ref().and_then(|parent| parent.field.as_deref()) else { return };
    let shown = exchange.property(field).and_then(Value::as_str);
    if shown.is_some_and(|shown| shown != owner.id) {
        let sure = resource.fields.get(field).map(|field| field.standing).unwrap_or_default();
        let message = format!("the answer names another {} in {field}", owner.resource.name);
        let expected = Expected::words(format!("{field} {}", owner.id));
        cx.wrong_value(exchange.step, field, message, expected).standing(standing.weakest(sure));
    }
}
