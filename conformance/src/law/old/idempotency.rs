//! Repeats of a request.

use schemas::{Idempotency, Standing};
use serde_json::{Map, Value};

use super::id;
use super::refuse;
use super::law::{Family, Law, probed};
use crate::scenario::walk::rows_like;
use crate::contract::{Api, Resource, Operation};
use crate::generate::shortened;
use crate::contract::{Acceptance, Refusal};
use crate::judge::Expected;
use super::case::{Case, ExtraKey};
use crate::http::{Request, Credential};
use crate::scenario::{SetupResult, Exchange, CaseContext, CaseError};

/// The family.
pub(crate) const LAWS: &[Law] = &[
    probed(
        id::IDEMPOTENT_REPLAY,
        Family::Idempotency,
        "the same key and body answer the same bytes and make no second row",
        "The lists are looked at, for an answer may be repeated over a second row.",
        replay,
    ),
    probed(
        id::IDEMPOTENT_OTHER_BODY,
        Family::Idempotency,
        "the same key with another body is refused",
        "Answering the first body's result would hide the mistake.",
        other_body,
    ),
    probed(
        id::IDEMPOTENT_OTHER_ENDPOINT,
        Family::Idempotency,
        "a key counts for one endpoint only",
        "The same key elsewhere is another key.",
        other_endpoint,
    ),
    probed(
        id::IDEMPOTENT_OTHER_WORKSPACE,
        Family::Idempotency,
        "a key counts for one workspace only",
        "ExtraKey --other-key.",
        other_workspace,
    ),
    probed(
        id::IDEMPOTENT_FAILURE,
        Family::Idempotency,
        "a failure is not kept",
        "A refused request, mended, goes through under the same key.",
        failure,
    ),
    probed(
        id::IDEMPOTENT_IN_FLIGHT,
        Family::Idempotency,
        "of concurrent requests with one key one makes a row, and the others are refused or answered the same",
        "Both are right; a second row is not.",
        in_flight,
    ),
    probed(
        id::IDEMPOTENT_LONGEST,
        Family::Idempotency,
        "a key of the greatest length is accepted",
        "The length is counted in bytes.",
        longest,
    ),
];

const PLACE: &str = "/x-contract/idempotency";

/// Creates that take a key, with what they make.
fn keyed(api: &Api) -> Vec<(&Operation, &Resource, Idempotency)> {
    let Some(rule) = &api.rules().idempotency else { return Vec::new() };
    api
        .resources
        .iter()
        .filter_map(|resource| Some((resource.create.as_ref()?, resource, rule.clone())))
        .filter(|(op, _, rule)| {
            api.reachable(op) && rule.methods.iter().any(|method| method == op.method.as_str())
        })
        .collect()
}

/// A key nobody has used.
fn fresh_key(cx: &CaseContext, rule: &Idempotency) -> String {
    shortened(&cx.names.token(), rule.max_bytes)
}

/// A create with a key.
fn request(cx: &CaseContext, resource: &Resource, rule: &Idempotency, key: &str) -> Result<Request, crate::scenario::CaseError> {
    Ok(cx.create_request(resource, None, Map::new())?.header(&rule.header, key))
}

/// The name of the act of a create with a key, and what it takes.
fn keying(resource: &Resource) -> (String, usize) {
    (format!("keyed/{}", resource.name), 2)
}

/// A create that went through with a key: the key, the request and the answer.
async fn first_of(
    cx: &mut CaseContext,
    resource: &Resource,
    rule: &Idempotency,
) -> Result<(String, Request, Exchange), CaseError> {
    let result = cx
        .act(&keying(resource).0, async |cx: &mut CaseContext| {
            let key = fresh_key(cx, rule);
            let first = cx.send(request(cx, resource, rule, &key)?).await?;
            cx.require_success(&first)?;
            Ok(SetupResult { rows: Vec::new(), exchanges: vec![first] })
        })
        .await?;
    let first = result.exchanges.into_iter().next();
    let first = first.ok_or_else(|| CaseError::NotJudged(format!("no {} was made with a key", resource.name)))?;
    let sent = first.request.headers.iter().find(|(name, _)| *name == rule.header);
    let key = sent.map(|(_, key)| key.clone()).unwrap_or_default();
    Ok((key, first.request.clone(), first))
}

/// How many rows of a body there are, by the newest page of a list.
async fn count(cx: &mut CaseContext, resource: &Resource, exchange: &Exchange) -> Result<Option<(usize, usize)>, CaseError> {
    let sent = exchange.request.body().cloned().unwrap_or_default();
    let found = rows_like(cx, resource, &sent).await?;
    Ok(found.map(|(rows, step)| (rows.len(), step)))
}

fn replay(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases: Vec<Case> = keyed(api)
        .into_iter()
        .map(|(op, resource, rule)| {
            let (target, rows) = (op.clone(), resource.clone());
            let standing = rule.standing;
            Case::new(law, op, async move |cx: &mut CaseContext| {
                let (_, first_call, first) = first_of(cx, &rows, &rule).await?;
                let second = cx.send(first_call).await?;
                let acceptance =
                    Acceptance::of(&target).at_most(standing).at(PLACE).or(&rule.replay_also_statuses);
                if !cx.accepted(&second, &acceptance, "the same request with the same key") {
                    return Ok(());
                }
                let id = |exchange: &Exchange| exchange.json.as_ref().and_then(|row| rows.id_of(row));
                if id(&first) != id(&second) {
                    cx.broke(
                        second.step,
                        "second-row",
                        standing,
                        PLACE,
                        "the same request with the same key made a second row".to_owned(),
                        Expected::words("the first row"),
                    );
                    return Ok(());
                }
                if first.bytes != second.bytes {
                    cx.broke(
                        second.step,
                        "bytes",
                        standing,
                        PLACE,
                        "the same request with the same key is answered with other bytes".to_owned(),
                        Expected::words("the same bytes"),
                    );
                    return Ok(());
                }
                if let Some((count, step)) =
                    count(cx, &rows, &first).await?.filter(|(count, _)| *count > 1)
                {
                    let message = format!("the same request with the same key made {count} rows");
                    cx.broke(step, "second-row", standing, PLACE, message, Expected::words("one row"));
                }
                Ok(())
            })
            .standing(standing)
            .place(PLACE)
            .cost(2)
            .sees(keying(resource).0, 2)
            .needs(api.makers(resource))
        })
        .collect();
    cases.extend(replay_after_change(law, api));
    cases
}

/// What is answered again is what was answered first, also when the row has changed since.
fn replay_after_change(law: &'static Law, api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (op, resource, rule) in keyed(api) {
        let Some(update) = resource.update.clone() else { continue };
        let (target, rows, standing) = (op.clone(), resource.clone(), rule.standing);
        let needs = update.id.clone();
        let case = Case::new(law, op, async move |cx: &mut CaseContext| {
            let key = fresh_key(cx, &rule);
            let first_call = request(cx, &rows, &rule, &key)?;
            let first = cx.send(first_call.clone()).await?;
            cx.require_success(&first)?;
            let row = cx.row_of(&rows, &first)?;
            let body = cx.change(&update)?.0;
            let changed = cx.send(Request::of(&update).own(&row.id).json(body)).await?;
            cx.require_success(&changed)?;
            let again = cx.send(first_call).await?;
            let acceptance =
                Acceptance::of(&target).at_most(standing).at(PLACE).or(&rule.replay_also_statuses);
            let what = "the same request with the same key, after the row was changed,";
            if cx.accepted(&again, &acceptance, what) && first.bytes != again.bytes {
                cx.broke(
                    again.step,
                    "bytes",
                    standing,
                    PLACE,
                    "the same request with the same key is answered with other bytes".to_owned(),
                    Expected::words("the same bytes"),
                );
            }
            Ok(())
        });
        cases.push(
            case.variant("after-change")
                .standing(standing)
                .place(PLACE)
                .cost(4)
                .needs(api.makers(resource))
                .needs([needs]),
        );
    }
    cases
}

fn other_body(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    keyed(api)
        .into_iter()
        .map(|(op, resource, rule)| {
            let rows = resource.clone();
            let refusal = Refusal::new(rule.reused.clone(), format!("{PLACE}/reused")).at_most(rule.standing);
            let standing = refusal.standing();
            let target = op.clone();
            Case::new(law, op, async move |cx: &mut CaseContext| {
                let (_, first_call, _) = first_of(cx, &rows, &rule).await?;
                let mut body = first_call.body().cloned().unwrap_or_default();
                body.extend(different(cx, &target, &body));
                let second = cx.send(first_call.json(body)).await?;
                cx.refused(&second, &refusal, "the same key with another body");
                Ok(())
            })
            .standing(standing)
            .place(format!("{PLACE}/reused"))
            .sees(keying(resource).0, 2)
            .needs(api.makers(resource))
        })
        .collect()
}

/// One property of a body, changed and valid still.
fn different(cx: &CaseContext, op: &Operation, body: &Map<String, Value>) -> Map<String, Value> {
    let schema = op.body.iter().map(|body| &body.schema);
    for property in schema.flat_map(schemas::Schema::properties) {
        if crate::contract::reference(&property).is_some() {
            continue;
        }
        if let Some(value) =
            cx.value(op, &property.name).filter(|value| body.get(&property.name) != Some(value))
        {
            return Map::from_iter([(property.name, value)]);
        }
    }
    Map::new()
}

fn other_endpoint(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let all = keyed(api);
    let mut cases = Vec::new();
    for (index, (op, resource, rule)) in all.iter().enumerate() {
        let Some((_, other, _)) = all.get((index + 1) % all.len()).filter(|_| all.len() > 1) else {
            continue;
        };
        let (target, rows, others, rule) =
            (op.to_owned().clone(), (*resource).clone(), (*other).clone(), rule.clone());
        let standing = rule.standing;
        let case = Case::new(law, op, async move |cx: &mut CaseContext| {
            let (key, _, _) = first_of(cx, &others, &rule).await?;
            let second = cx.send(request(cx, &rows, &rule, &key)?).await?;
            let acceptance = Acceptance::of(&target).at_most(standing).at(PLACE);
            cx.accepted(&second, &acceptance, "a key that another endpoint has seen");
            Ok(())
        });
        cases.push(
            case.standing(standing)
                .place(PLACE)
                .cost(2)
                .sees(keying(other).0, 2)
                .needs(api.makers(resource))
                .needs(api.makers(other)),
        );
    }
    cases
}

fn other_workspace(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    keyed(api)
        .into_iter()
        .filter(|(op, resource, _)| resource.parent.is_none() && op.slots().next().is_none())
        .map(|(op, resource, rule)| {
            let (target, rows) = (op.clone(), resource.clone());
            let standing = rule.standing;
            Case::new(law, op, async move |cx: &mut CaseContext| {
                let (_, first_call, first) = first_of(cx, &rows, &rule).await?;
                let second = cx.send(first_call.by(Credential::Other)).await?;
                let acceptance = Acceptance::of(&target).at_most(standing).at(PLACE);
                if !cx.accepted(&second, &acceptance, "a key that another workspace has used") {
                    return Ok(());
                }
                if first.json.as_ref().and_then(|row| rows.id_of(row))
                    == second.json.as_ref().and_then(|row| rows.id_of(row))
                {
                    cx.broke(
                        second.step,
                        "foreign",
                        standing,
                        PLACE,
                        "a key answers another workspace's row".to_owned(),
                        Expected::words("a row of its own"),
                    );
                }
                Ok(())
            })
            .standing(standing)
            .place(PLACE)
            .cost(2)
            .sees(keying(resource).0, 2)
            .wants(ExtraKey::OtherKey)
            .needs(api.makers(resource))
        })
        .collect()
}

fn failure(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    keyed(api)
        .into_iter()
        .filter_map(|(op, resource, rule)| {
            let mut wrongs = refuse::all_wrongs(api, op);
            wrongs.sort_by_key(|wrong| wrong.standing);
            let wrong = wrongs.into_iter().next()?;
            let (target, rows) = (op.clone(), resource.clone());
            let standing = rule.standing;
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let key = fresh_key(cx, &rule);
                let right = request(cx, &rows, &rule, &key)?;
                let mut body = right.body().cloned().unwrap_or_default();
                wrong.change.apply(&mut body, &wrong.field);
                let first = cx.send(right.clone().json(body)).await?;
                if first.is_success() {
                    return Err(crate::scenario::CaseError::NotJudged(format!(
                        "{} accepts a wrong request",
                        target.id
                    )));
                }
                let second = cx.send(right).await?;
                let acceptance = Acceptance::of(&target).at_most(standing).at(PLACE);
                cx.accepted(&second, &acceptance, "a mended request with the key of a refused one");
                Ok(())
            });
            Some(case.standing(standing).place(PLACE).cost(3).needs(api.makers(resource)))
        })
        .collect()
}

fn in_flight(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    keyed(api)
        .into_iter()
        .map(|(op, resource, rule)| {
            let rows = resource.clone();
            let refusal =
                Refusal::new(rule.in_flight.clone(), format!("{PLACE}/in_flight")).at_most(rule.standing);
            let standing = refusal.standing();
            Case::new(law, op, async move |cx: &mut CaseContext| {
                let key = fresh_key(cx, &rule);
                let one = request(cx, &rows, &rule, &key)?;
                let answers = cx.send_all(vec![one.clone(), one.clone(), one]).await?;
                if answers.iter().any(|answer| answer.is_server_error()) {
                    return Ok(());
                }
                let ids: std::collections::BTreeSet<Option<String>> = answers
                    .iter()
                    .filter(|answer| answer.is_success())
                    .map(|answer| answer.json.as_ref().and_then(|row| rows.id_of(row)))
                    .collect();
                let last = answers.last().map_or(0, |answer| answer.step);
                if ids.len() != 1 {
                    let message = format!("concurrent requests with one key made {} rows", ids.len());
                    cx.broke(last, "rows", standing, PLACE, message, Expected::words("one row"));
                    return Ok(());
                }
                for answer in answers.iter().filter(|answer| !answer.is_success()) {
                    if !cx.refused(answer, &refusal, "a concurrent request with the same key") {
                        break;
                    }
                }
                Ok(())
            })
            .standing(standing)
            .place(format!("{PLACE}/in_flight"))
            .cost(4)
            .needs(api.makers(resource))
        })
        .collect()
}

fn longest(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (op, resource, rule) in keyed(api) {
        for over in [false, true] {
            let (target, rows, rule) = (op.clone(), resource.clone(), rule.clone());
            let refusal = Refusal::new(rule.too_long.clone(), format!("{PLACE}/too_long"));
            let standing = if over { refusal.standing().weakest(Standing::Assumed) } else { rule.standing };
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let mut key = fresh_key(cx, &rule);
                while key.len() < rule.max_bytes + usize::from(over) {
                    key.push('k');
                }
                let one = request(cx, &rows, &rule, &key)?;
                let exchange = cx.send(one).await?;
                if over {
                    cx.refused(&exchange, &refusal, "a key that is too long");
                } else {
                    let acceptance =
                        Acceptance::of(&target).at_most(standing).at(format!("{PLACE}/max_bytes"));
                    if !cx.accepted(&exchange, &acceptance, "a key of the greatest length") {
                        return Ok(());
                    }
                    // All of it counts: one that differs in the last letter alone is another.
                    let other = if key.pop() == Some('z') { 'y' } else { 'z' };
                    key.push(other);
                    let other = cx.send(request(cx, &rows, &rule, &key)?).await?;
                    let acceptance = Acceptance::of(&target).at_most(standing).at(PLACE);
                    let what = "a long key that differs from another in its last letter";
                    let id = |exchange: &Exchange| exchange.json.as_ref().and_then(|row| rows.id_of(row));
                    if cx.accepted(&other, &acceptance, what) && id(&other) == id(&exchange) {
                        let message = format!("{what} is answered with the other one's row");
                        cx.broke(
                            other.step,
                            "cut",
                            standing,
                            PLACE,
                            message,
                            Expected::words("a row of its own"),
                        );
                    }
                }
                Ok(())
            });
            let variant = if over { "over" } else { "longest" };
            cases.push(
                case.variant(variant)
                    .standing(standing)
                    .place(format!("{PLACE}/max_bytes"))
                    .cost(2)
                    .needs(api.makers(resource)),
            );
        }
    }
    cases
}
