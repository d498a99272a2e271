//! What requests are accepted, and what wrong ones are told.

use std::rc::Rc;

use schemas::{Action, ParameterLocation, Standing};
use serde_json::{Map, Value};

use super::alone::together_or_alone;
use super::id;
use super::refuse;
use super::refused_writes;
use super::law::{Family, Law, probed};
use crate::contract::{Api, Operation};
use crate::generate::{Bound, Extent, bounds};
use crate::contract::Acceptance;
use crate::judge::{Expected, same_value};
use super::case::{Case, Phase};
use crate::http::Request;
use crate::scenario::{Exchange, Outcome, CaseContext, CaseError};

/// The family.
pub(crate) const LAWS: &[Law] = &[
    probed(
        id::VALID_ACCEPTED,
        Family::Input,
        "every valid request is accepted with the stated status",
        "Tried first and plainest: what others build on. Then with generated bodies, whose failures are shrunk.",
        accepted,
    ),
    probed(
        id::BOUND_ACCEPTED,
        Family::Input,
        "a value at its bound is accepted and kept",
        "Shortest, longest (in characters, not bytes), least, largest, every member. Edges of several properties share a request; when it fails, each is tried alone.",
        at_bounds,
    ),
    probed(
        id::REFUSES_MISSING,
        Family::Input,
        "a request without a required property is refused and told which",
        "One property is left out of an otherwise valid body.",
        refuse::body_cases,
    ),
    probed(
        id::REFUSES_NULL,
        Family::Input,
        "a null where the type admits none is refused and told where",
        "One property of an otherwise valid body.",
        refuse::body_cases,
    ),
    probed(
        id::REFUSES_TYPE,
        Family::Input,
        "a value of another type is refused and told where",
        "One property of an otherwise valid body; a number that is not whole counts as another type.",
        refuse::body_cases,
    ),
    probed(
        id::REFUSES_SMALL,
        Family::Input,
        "a value just under its bound is refused and told where",
        "One less than the least, one character less than the shortest.",
        refuse::body_cases,
    ),
    probed(
        id::REFUSES_BIG,
        Family::Input,
        "a value just over its bound is refused and told where",
        "One more than the most, one character more than the longest.",
        refuse::body_cases,
    ),
    probed(
        id::REFUSES_FORMAT,
        Family::Input,
        "a text that breaks its format is refused and told where",
        "One property of an otherwise valid body.",
        refuse::body_cases,
    ),
    probed(
        id::REFUSES_ENUM,
        Family::Input,
        "a value that is no member is refused and told where",
        "One property of an otherwise valid body.",
        refuse::body_cases,
    ),
    probed(
        id::REFUSES_OTHER,
        Family::Input,
        "a value that breaks another keyword is refused and told where",
        "One property of an otherwise valid body.",
        refuse::body_cases,
    ),
    probed(
        id::REFUSES_UNPARSABLE,
        Family::Input,
        "a body that is not JSON is refused",
        "Cut short, or a form.",
        refuse::unparsable,
    ),
    probed(
        id::REFUSES_NON_OBJECT,
        Family::Input,
        "a body that is JSON but no object is refused",
        "An array, a text, a null.",
        refuse::non_object,
    ),
    probed(
        id::REFUSES_QUERY,
        Family::Input,
        "a wrong query parameter is refused and named",
        "Parameters of pages have laws of their own.",
        refuse::query_cases,
    ),
    probed(
        id::REFUSED_CHANGES_NOTHING,
        Family::Input,
        "a refused write changes nothing",
        "One property is right and new, another is wrong; afterwards the row reads as before.",
        refused_writes::changes_nothing,
    ),
    probed(
        id::REFUSED_MAKES_NOTHING,
        Family::Input,
        "a refused create makes nothing",
        "Afterwards the list shows no row of the refused request.",
        refused_writes::makes_nothing,
    ),
    probed(
        id::UNKNOWN_FIELD,
        Family::Input,
        "a property nobody knows is not kept",
        "Refusing it is as good as ignoring it.",
        unknown_field,
    ),
];

fn accepted(law: &'static Law, api: &Api, seed: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    // Rows first, owners before what they own; then what works with them.
    for resource in &api.resources {
        if let Some(op) = resource.create.as_ref().filter(|op| api.reachable(op)) {
            let (target, rows) = (op.clone(), resource.clone());
            let needs: Vec<String> = api.makers(resource).into_iter().filter(|id| *id != op.id).collect();
            let case =
                Case::new(law, op, async move |cx: &mut CaseContext| set_stage(cx, &rows, &target).await);
            cases.push(case.phase(Phase::Basics).cost(if resource.delete.is_some() { 4 } else { 1 }).needs(needs));
        }
    }
    let created: Vec<&str> =
        api.resources.iter().filter_map(|resource| resource.create.as_ref()).map(|op| op.id.as_str()).collect();
    for op in api.operations.iter().filter(|op| api.reachable(op) && !created.contains(&op.id.as_str())) {
        let target = op.clone();
        let case = Case::new(law, op, async move |cx: &mut CaseContext| plain(cx, &target).await);
        let cost = if op.action() == Action::Delete { 2 } else { 1 };
        cases.push(case.phase(Phase::Basics).cost(cost).needs(api.needs_rows(op)));
    }
    cases.extend(super::generated::cases(law, api, seed));
    cases
}

/// Makes the rows that other cases share.
async fn set_stage(cx: &mut CaseContext, resource: &crate::contract::Resource, op: &Operation) -> Outcome {
    let (body, standing) = cx.body(op, Extent::Minimal)?;
    let request = cx.request_to(op)?.json(body);
    let mut exchange = cx.send(request).await?;
    let acceptance = Acceptance::of(op).at_most(standing);
    if !cx.accepted(&exchange, &acceptance, &format!("the least valid request of {}", op.id))
        && !exchange.is_success()
    {
        // Perhaps it wants more than the contract says; then the other laws can still be tried.
        let body = cx.body(op, Extent::Full(Standing::Inferred))?.0;
        let request = cx.request_to(op)?.json(body);
        exchange = cx.send(request).await?;
        if exchange.is_success() {
            cx.stage.borrow_mut().set_least(&op.id, Extent::Full(Standing::Inferred));
        }
    }
    if !exchange.is_success() {
        let why = format!("{} answered {}", op.id, exchange.status);
        cx.stage.borrow_mut().set_trouble(&resource.name, why);
        return Ok(());
    }
    let row = match cx.row_of(resource, &exchange) {
        Ok(row) => row,
        Err(stop) => {
            cx.stage.borrow_mut().set_trouble(&resource.name, format!("the answer of {} names no row", op.id));
            return Err(stop);
        }
    };
    cx.stage.borrow_mut().set_base(Rc::new(row));
    if resource.delete.is_some() {
        let request = cx.create_request(resource, None, Map::new())?;
        let again = cx.send(request).await?;
        if again.is_success() {
            let spare = cx.row_of(resource, &again)?;
            cx.stage.borrow_mut().set_spare(Rc::new(spare));
        }
    }
    Ok(())
}

async fn plain(cx: &mut CaseContext, op: &Operation) -> Outcome {
    let resource = cx.api().resource_of(op).cloned();
    let mut standing = Standing::Documented;
    let request = match (op.action(), resource, &op.body) {
        (Action::Delete, Some(resource), _) => {
            let row = cx.create_row(&resource).await?;
            Request::of(op).own(&row.id)
        }
        (Action::Update, Some(_), Some(_)) => {
            let (body, sure) = cx.change(op)?;
            standing = sure;
            cx.request_to(op)?.json(body)
        }
        (_, _, Some(_)) => {
            let (body, sure) = cx.body(op, Extent::Minimal)?;
            standing = sure;
            cx.request_to(op)?.json(body)
        }
        (_, _, None) => cx.request_to(op)?,
    };
    let mut request = request;
    for parameter in op.parameters_in(ParameterLocation::Query).filter(|parameter| parameter.required) {
        let value = schemas::Sampler::new(&parameter.schema).sample();
        let text = value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        request = request.query(&parameter.name, text.unwrap_or_default());
    }
    let exchange = cx.send(request).await?;
    cx.accepted(
        &exchange,
        &Acceptance::of(op).at_most(standing),
        &format!("a valid request of {}", op.id),
    );
    Ok(())
}

/// Edges of one property that are tried first.
const EDGES: usize = 2;

/// One case per operation and standing, and one for what is left; edges of several properties share a request.
fn at_bounds(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| op.body.is_some() && api.reachable(op)) {
        let all = bounds(api, op);
        for standing in [Standing::Documented, Standing::Inferred, Standing::Assumed] {
            let of_standing: Vec<Bound> =
                all.iter().filter(|bound| bound.standing == standing).cloned().collect();
            let rounds = in_rounds(of_standing);
            let Some(first) = rounds.first().and_then(|round| round.first()) else { continue };
            let place = first.place.clone();
            let each = if op.action() == Action::Create { 2 } else { 1 };
            // The least and the most of every property first; what has more edges than two, a long list of members say,
            // can rest.
            let rest = rounds.get(EDGES..).unwrap_or_default().to_vec();
            let edges: Vec<Vec<Bound>> = rounds.into_iter().take(EDGES).collect();
            for (rounds, variant) in
                [(edges, standing.as_str().to_owned()), (rest, format!("{standing}-more"))]
            {
                if rounds.is_empty() {
                    continue;
                }
                let cost = rounds.len() * each;
                let target = op.clone();
                let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                    for round in &rounds {
                        together_or_alone(cx, round, async |cx: &mut CaseContext, round: &[Bound]| {
                            try_bounds(cx, &target, round).await
                        })
                        .await?;
                    }
                    Ok(())
                });
                cases.push(
                    case.variant(variant)
                        .standing(standing)
                        .place(place.clone())
                        .cost(cost)
                        .needs(api.needs_rows(op))
                        .needs([op.id.clone()]),
                );
            }
        }
    }
    cases
}

/// Rounds in which no property comes twice.
fn in_rounds(bounds: Vec<Bound>) -> Vec<Vec<Bound>> {
    let mut rounds: Vec<Vec<Bound>> = Vec::new();
    for bound in bounds {
        match rounds.iter_mut().find(|round| round.iter().all(|other| other.field != bound.field)) {
            Some(round) => round.push(bound),
            None => rounds.push(vec![bound]),
        }
    }
    rounds
}

async fn try_bounds(cx: &mut CaseContext, op: &Operation, round: &[Bound]) -> Result<bool, CaseError> {
    let mut body =
        if op.action() == Action::Update { Map::new() } else { cx.body(op, Extent::Minimal)?.0 };
    for bound in round {
        let token = cx.names.token();
        body.insert(bound.field.clone(), bound.value(&token));
    }
    let standing = round.iter().map(|bound| bound.standing).fold(Standing::Documented, Standing::weakest);
    let place = round.first().map(|bound| bound.place.clone()).unwrap_or_default();
    let request = cx.request_to(op)?.json(body.clone());
    let exchange = cx.send(request).await?;
    let edges: Vec<String> = round.iter().map(|bound| format!("{} {}", bound.edge, bound.field)).collect();
    let what = format!("a request of {} with the {}", op.id, edges.join(", "));
    // A value that somebody else has is one that may be had.
    let taken = round.iter().any(|bound| bound.unique)
        && cx.api().resource_of(op).is_some_and(|resource| is_taken(resource, &exchange, round));
    if taken {
        cx.expecting(exchange.step, Expected::words("a success, or the value taken"));
        return Ok(true);
    }
    if !cx.accepted(&exchange, &Acceptance::of(op).at_most(standing).at(place), &what) {
        return Ok(false);
    }
    let mut fine = true;
    for bound in round {
        fine &= kept(cx, op, &exchange, &bound.field, &body, standing);
    }
    Ok(fine)
}

/// Whether an answer says that a value no two rows may share is taken.
fn is_taken(resource: &crate::contract::Resource, exchange: &Exchange, round: &[Bound]) -> bool {
    round
        .iter()
        .filter_map(|bound| resource.fields.get(&bound.field)?.rules.unique.as_ref())
        .any(|unique| exchange.status == unique.rejection.status)
}

/// Whether an answer shows a property as it was sent, by the contract's word on what becomes of it.
pub(crate) fn kept(
    cx: &mut CaseContext,
    op: &Operation,
    exchange: &Exchange,
    field: &str,
    sent: &Map<String, Value>,
    at_most: Standing,
) -> bool {
    let Some((expected, standing)) = expected_value(cx.api(), op, field, sent) else { return true };
    let Some(shown) = exchange.json.as_ref().and_then(|row| row.get(field)) else { return true };
    if same_value(&expected, shown) {
        return true;
    }
    let message = format!("{} was sent to {} and is not what it answers", field, op.id);
    let expect = Expected::words(format!("{field} {expected}"));
    cx.broke_at(exchange.step, field, standing.weakest(at_most), message, expect);
    false
}

/// What a property reads as after it was sent, and how sure that is; `None` where other rules decide.
pub(crate) fn expected_value(
    api: &Api,
    op: &Operation,
    name: &str,
    sent: &Map<String, Value>,
) -> Option<(Value, Standing)> {
    let field = api.resource_of(op)?.fields.get(name)?;
    let property = op.body.as_ref()?.schema.property(name)?;
    let rules = &field.rules;
    let derived = rules.derived.is_some();
    // A row is named by either id and reads as the opaque one; only the opaque one is compared.
    let number = rules.references.is_some()
        && sent.get(name).is_some_and(|value| {
            !value.is_string()
                || value.as_str().is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
        });
    if rules.server_set.is_some() || derived || number || sent.get(name)?.is_null() {
        return None;
    }
    // That an update changes what is sent is as sure as that the property can be set at all: what a create says of it.
    let resource = api.resource_of(op)?;
    let create = resource.create.as_ref().filter(|_| op.action() == Action::Update);
    let stated = create.and_then(|create| create.body.as_ref()?.schema.property(name)).unwrap_or(property);
    let mut standing = field.standing.weakest(crate::generate::presence(&stated));
    let mut value = sent.get(name)?.clone();
    for change in &rules.normalize {
        if let Value::String(text) = &value {
            let changed = change.to.apply(text);
            if changed != *text {
                standing = standing.weakest(change.standing);
                value = Value::String(changed);
            }
        }
    }
    Some((value, standing))
}

/// A property nobody knows is refused or ignored, never kept.
fn unknown_field(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for resource in &api.resources {
        let Some(op) = resource.create.as_ref().filter(|op| api.reachable(op)) else { continue };
        let (target, rows) = (op.clone(), resource.clone());
        let case = Case::new(law, op, async move |cx: &mut CaseContext| {
            let name = "conformance_unknown_property";
            let fields = Map::from_iter([(name.to_owned(), Value::from("kept"))]);
            let request = cx.create_request(&rows, None, fields)?;
            let exchange = cx.send(request).await?;
            let expect = Expected::words("a refusal, or the property ignored");
            cx.expecting(exchange.step, expect.clone());
            if exchange.is_success() && exchange.json.as_ref().is_some_and(|row| row.get(name).is_some()) {
                let place = cx.place.clone();
                cx.broke(
                    exchange.step,
                    "kept",
                    Standing::Assumed,
                    &place,
                    format!("{} keeps a property nobody knows", target.id),
                    expect,
                );
            }
            Ok(())
        });
        cases.push(case.standing(Standing::Assumed).cost(2).needs(api.makers(resource)));
    }
    cases
}
