//! A value at its bound is accepted and kept.

use schemas::{Action, Standing};
use serde_json::Map;

use crate::contract::{Acceptance, Api, Expected, Operation};
use crate::generate::{Bound, Extent, bounds};
use crate::law::support::{kept, together_or_alone};
use crate::law::{Case, Explains, Family, Law};
use crate::scenario::{CaseContext, CaseError, Exchange};

pub(crate) static LAW: Law = Law {
    id: "bound-accepted",
    family: Family::Input,
    says: "a value at its bound is accepted and kept",
    why: "Shortest, longest (in characters, not bytes), least, largest, every member. Edges of several properties share a request; when it fails, each is tried alone.",
    explains: &[Explains::on_resource("valid-request-accepted")],
    ..Law::by_cases(cases)
};

/// Bounds of one property that are tried first.
const FIRST: usize = 2;

/// One case per operation and standing, and one for what is left; bounds of several properties share a request.
fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| op.body.is_some() && api.reachable(op)) {
        let all = bounds(api, op);
        for standing in [Standing::Documented, Standing::Inferred, Standing::Assumed] {
            let mut rounds = in_rounds(all.iter().filter(|bound| bound.standing == standing).cloned());
            let Some(place) = rounds.first().and_then(|round| round.first()).map(|one| one.place.clone())
            else {
                continue;
            };
            // The least and the most of every property first; what has more bounds than two, a long list of members say,
            // can wait.
            let rest = rounds.split_off(rounds.len().min(FIRST));
            for (rounds, variant) in
                [(rounds, standing.as_str().to_owned()), (rest, format!("{standing}-more"))]
            {
                if rounds.is_empty() {
                    continue;
                }
                let case = in_order(api, op, rounds).variant(variant).standing(standing);
                cases.push(case.place(place.clone()).needs(api.needs_rows(op)).needs([op.id.clone()]));
            }
        }
    }
    cases
}

/// Rounds in which no property comes twice.
fn in_rounds(bounds: impl Iterator<Item = Bound>) -> Vec<Vec<Bound>> {
    let mut rounds: Vec<Vec<Bound>> = Vec::new();
    for bound in bounds {
        match rounds.iter_mut().find(|round| round.iter().all(|other| other.field != bound.field)) {
            Some(round) => round.push(bound),
            None => rounds.push(vec![bound]),
        }
    }
    rounds
}

fn in_order(api: &Api, op: &Operation, rounds: Vec<Vec<Bound>>) -> Case {
    let (target, count) = (op.clone(), rounds.len());
    let case = Case::new(&LAW, op, async move |cx: &mut CaseContext| {
        for round in &rounds {
            let try_them = async |cx: &mut CaseContext, round: &[Bound]| try_bounds(cx, &target, round).await;
            together_or_alone(cx, round, try_them).await?;
        }
        Ok(())
    });
    let case = case.sends(count);
    match api.resource_of(op).filter(|_| op.action() == Action::Create) {
        Some(resource) => case.creates(count, resource),
        None => case,
    }
}

async fn try_bounds(cx: &mut CaseContext, op: &Operation, round: &[Bound]) -> Result<bool, CaseError> {
    let mut body = if op.changes_rows() { Map::new() } else { cx.body(op, Extent::Minimal)?.0 };
    for bound in round {
        let token = cx.names.token();
        body.insert(bound.field.clone(), bound.value(&token));
    }
    if op.changes_rows() {
        body = cx.update_body(op, body)?;
    }
    let standing = round.iter().map(|bound| bound.standing).fold(Standing::Documented, Standing::weakest);
    let place = round.first().map(|bound| bound.place.clone()).unwrap_or_default();
    let request = cx.request_to(op)?.json(body.clone());
    let exchange = cx.send(request).await?;
    // A value that somebody else has is one that may be had.
    if round.iter().any(|bound| bound.unique) && is_taken(cx, op, &exchange, round) {
        cx.expecting(exchange.step, Expected::words("a success, or the value taken"));
        return Ok(true);
    }
    let edges: Vec<String> = round.iter().map(|bound| format!("{} {}", bound.edge, bound.field)).collect();
    let what = format!("a request of {} with the {}", op.id, edges.join(", "));
    if !cx.accepted(&exchange, &Acceptance::of(op).at_most(standing).at(place), &what) {
        return Ok(false);
    }
    let mut fine = true;
    for bound in round {
        fine &= kept(cx, op, &exchange, &bound.field, &body, standing);
    }
    Ok(fine)
}

/// Whether a response says that a value which no two rows may share is taken.
fn is_taken(cx: &CaseContext, op: &Operation, exchange: &Exchange, round: &[Bound]) -> bool {
    let Some(resource) = cx.api().resource_of(op) else { return false };
    let unique = |bound: &Bound| resource.fields.get(&bound.field)?.rules.unique.clone();
    round.iter().filter_map(unique).any(|unique| exchange.status == unique.rejection.status)
}
