//! Requests that use what a description offers: optional properties and parameters, nulls, alternatives, nested values.

use schemas::{Action, Parameter, Standing};

use crate::contract::{Acceptance, Api, Operation};
use crate::generate::{Extent, Twist, is_plain_parameter, parameter_value};
use crate::law::support::together_or_alone;
use crate::law::{Case, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult};

/// Requests with several changes each.
const ROUNDS: usize = 8;

/// How sure it is that what is optional may be sent: a description that nobody keeps to may promise more than there is.
const STANDING: Standing = Standing::Inferred;

/// Cases for every operation of which nobody says what it does, or only as it seems: what is documented has laws of its own.
pub(super) fn tried_whole(law: &'static Law, api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| api.reachable(op) && is_plain(op)) {
        if op.body.is_some() && op.action() != Action::Delete {
            let target = op.clone();
            let case = Case::new(law, op, async move |cx: &mut CaseContext| bodies(cx, &target).await);
            let case = case.variant("whole").standing(STANDING).sends(ROUNDS / 2);
            let created = api.resource_of(op).filter(|_| op.action() == Action::Create);
            let case = match created {
                Some(resource) => case.creates(ROUNDS / 2, resource),
                None => case,
            };
            cases.push(case.needs(api.needs_rows(op)).needs([op.id.clone()]));
        }
        let optional: Vec<Parameter> = op
            .parameters
            .iter()
            .filter(|parameter| !parameter.required && is_plain_parameter(api, op, parameter))
            .filter(|parameter| parameter_value(api, parameter).is_some())
            .cloned()
            .collect();
        if !optional.is_empty() && op.action() != Action::Delete {
            let target = op.clone();
            let run = async move |cx: &mut CaseContext| parameters(cx, &target, &optional).await;
            let case = Case::new(law, op, run).variant("parameters").standing(STANDING);
            let created = api.resource_of(op).filter(|_| op.action() == Action::Create);
            let case = match created {
                Some(resource) => case.creates(1, resource),
                None => case,
            };
            cases.push(case.needs(api.needs_rows(op)).needs([op.id.clone()]));
        }
    }
    cases
}

/// Whether an operation is one of which the description says no more than its form.
pub(super) fn is_plain(op: &Operation) -> bool {
    op.role.as_ref().is_none_or(|role| role.standing > Standing::Documented)
}

/// Rounds of changes that can be made together; nulls apart from values, so that one does not hide the other.
fn rounds(twists: Vec<Twist>) -> Vec<Vec<Twist>> {
    let mut rounds: Vec<Vec<Twist>> = Vec::new();
    for twist in twists {
        match rounds.iter_mut().find(|round| round.iter().all(|other| other.agrees(&twist))) {
            Some(round) => round.push(twist),
            None => rounds.push(vec![twist]),
        }
    }
    rounds.truncate(ROUNDS);
    rounds
}

async fn bodies(cx: &mut CaseContext, op: &Operation) -> CaseResult {
    let rounds = rounds(cx.twists(op));
    if rounds.is_empty() {
        let why = format!("every body of {} has all that it may have", op.id);
        return Err(CaseError::NotJudged(why));
    }
    for round in rounds {
        let try_them = async |cx: &mut CaseContext, round: &[Twist]| try_twists(cx, op, round).await;
        together_or_alone(cx, &round, try_them).await?;
    }
    Ok(())
}

async fn try_twists(cx: &mut CaseContext, op: &Operation, round: &[Twist]) -> Result<bool, CaseError> {
    let (mut body, standing) = cx.payload(op, Extent::Minimal)?;
    for twist in round {
        twist.apply(&mut body);
    }
    // Changes that are valid one by one may contradict each other; what has no written form is not to be tried.
    let view = op.body.as_ref().map(schemas::Body::usual);
    let fine = view.is_some_and(|view| view.schema.is_valid(&body) && view.write(&body).is_ok());
    if !fine {
        return Ok(round.len() == 1);
    }
    let mark = cx.story.mark();
    let exchange = cx.send(cx.request_to(op)?.json(body)).await?;
    let what: Vec<&str> = round.iter().map(|twist| twist.what.as_str()).collect();
    let acceptance = Acceptance::of(op).at_most(standing.weakest(STANDING));
    let what = format!("a request of {} with {}", op.id, listed(&what));
    Ok(cx.accepted(&exchange, &acceptance, &what) && cx.story.is_clean_since(mark))
}

async fn parameters(cx: &mut CaseContext, op: &Operation, all: &[Parameter]) -> CaseResult {
    let try_them = async |cx: &mut CaseContext, some: &[Parameter]| {
        let mut request = cx.request_for(op)?;
        for parameter in some {
            let Some(value) = parameter_value(cx.api(), parameter) else { continue };
            request =
                request.parameter(parameter, &value).map_err(|why| CaseError::NotJudged(why.to_string()))?;
        }
        let mark = cx.story.mark();
        let exchange = cx.send(request).await?;
        let names: Vec<&str> = some.iter().map(|parameter| parameter.name.as_str()).collect();
        let what = format!("a request of {} with {}", op.id, listed(&names));
        let acceptance = Acceptance::of(op).at_most(STANDING);
        Ok(cx.accepted(&exchange, &acceptance, &what) && cx.story.is_clean_since(mark))
    };
    together_or_alone(cx, all, try_them).await
}

/// The first few of a list.
fn listed(what: &[&str]) -> String {
    match what {
        [first, second, third, _, ..] => format!("{first}, {second}, {third} and more"),
        few => few.join(", "),
    }
}
