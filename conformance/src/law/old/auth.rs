//! Who is let in.

use std::rc::Rc;

use schemas::{Action, AuthenticationRejections, Rejection, Standing};
use serde_json::json;

use super::id;
use super::relations::unknown_reference;
use super::law::{Family, Law, probed};
use crate::contract::{Api, Resource, Operation, PathSlot};
use crate::contract::{Acceptance, Refusal};
use crate::judge::Expected;
use super::case::{Case, ExtraKey};
use crate::http::{Request, Credential};
use crate::scenario::{Exchange, Outcome, Row, CaseContext, CaseError, readonly_row};

/// The family.
pub(crate) const LAWS: &[Law] = &[
    probed(
        id::AUTH_MISSING,
        Family::Auth,
        "a call without a key is refused",
        "One forgotten check on one route opens it to everybody, so every operation is tried.",
        missing,
    ),
    probed(
        id::AUTH_UNKNOWN,
        Family::Auth,
        "a call with a key nobody knows is refused",
        "One of the right form, and one that begins as a known one.",
        unknown,
    )
    .alike(),
    probed(
        id::AUTH_REVOKED,
        Family::Auth,
        "a call with a revoked key is refused",
        "ExtraKey --revoked-key.",
        revoked,
    )
    .alike(),
    probed(
        id::AUTH_MALFORMED,
        Family::Auth,
        "a key without the scheme word is refused",
        "The header holds the key alone.",
        malformed,
    )
    .alike(),
    probed(
        id::AUTH_SCHEME,
        Family::Auth,
        "a key under another scheme is refused",
        "The key stands after `Basic`.",
        other_scheme,
    )
    .alike(),
    probed(
        id::AUTH_QUERY,
        Family::Auth,
        "a key in the query string does not count",
        "URLs end up in logs.",
        query,
    )
    .alike(),
    probed(
        id::AUTH_CASE,
        Family::Auth,
        "the scheme word may be written in any case",
        "HTTP says so, and clients do.",
        any_case,
    )
    .alike(),
    probed(
        id::AUTH_OPEN,
        Family::Auth,
        "an operation that wants no key answers without one",
        "Health checks carry none.",
        open,
    ),
    probed(
        id::AUTH_ISOLATION,
        Family::Auth,
        "another workspace's row is answered as if it were not there",
        "ExtraKey --other-key, a key of another workspace.",
        isolation,
    ),
    probed(
        id::AUTH_FIRST,
        Family::Auth,
        "who calls is decided before what is asked for",
        "Without a key nothing is learnt: not whether a row is there, nor what a body should hold.",
        first,
    ),
    probed(
        id::AUTH_KEY_HIDDEN,
        Family::Auth,
        "the calling key is never shown whole",
        "Where the contract says that a property shows the beginning of the key.",
        key_hidden,
    ),
];

/// Where the contract says what wrong credentials are told; a plain description says no more than 401.
fn rejections(api: &Api) -> Option<&AuthenticationRejections> {
    api.rules().authentication.as_ref().map(|rules| &rules.rejections)
}

fn told(
    api: &Api,
    op: &Operation,
    kind: &str,
    pick: fn(&AuthenticationRejections) -> Option<&Rejection>,
) -> Option<Refusal> {
    match rejections(api) {
        Some(rejections) => Some(Refusal::new(
            pick(rejections)?.clone(),
            format!("/x-contract/authentication/rejections/{kind}"),
        )),
        None if api.rules().vocabulary == 0 => {
            let stated = op.responses.iter().find(|response| response.status.matches(401));
            let standing = if stated.is_some() { Standing::Documented } else { Standing::Inferred };
            Some(Refusal::new(Rejection::of_status(401, standing), op.pointer.clone()))
        }
        None => None,
    }
}

/// One refused request on every closed operation that a whole request can be made of.
fn refused_everywhere(
    law: &'static Law,
    api: &Api,
    who: Credential,
    refusal: impl Fn(&Operation) -> Option<Refusal>,
    what: &'static str,
) -> Vec<Case> {
    api
        .closed()
        .filter(|op| api.reachable(op))
        .filter_map(|op| {
            let refusal = refusal(op)?;
            let (standing, place, target) = (refusal.standing(), refusal.place.clone(), op.clone());
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let request = cx.request_for(&target)?.by(who);
                let exchange = cx.send(request).await?;
                cx.refused(&exchange, &refusal, what);
                Ok(())
            });
            Some(case.standing(standing).place(place).needs(api.needs_rows(op)))
        })
        .collect()
}

fn missing(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let refusal = |op: &Operation| told(api, op, "missing", |all| Some(&all.missing));
    refused_everywhere(law, api, Credential::None, refusal, "a call without a key")
}

fn unknown(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let refusal = |op: &Operation| told(api, op, "unknown", |all| Some(&all.unknown));
    let mut cases =
        refused_everywhere(law, api, Credential::Unknown, refusal, "a call with an unknown key");
    // A key that begins as a known one: once will do, for it is one comparison.
    let longer = "a call with a known key and letters after it";
    let near = refused_everywhere(law, api, Credential::Longer, refusal, longer);
    cases.extend(near.into_iter().take(1).map(|case| case.variant("longer")));
    cases
}

fn revoked(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let refusal =
        |op: &Operation| rejections(api).and_then(|_| told(api, op, "revoked", |all| all.revoked.as_ref()));
    let cases = refused_everywhere(law, api, Credential::Revoked, refusal, "a call with a revoked key");
    cases.into_iter().map(|case| case.wants(ExtraKey::RevokedKey)).collect()
}

fn malformed(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let refusal = |op: &Operation| told(api, op, "malformed", |all| Some(&all.malformed));
    refused_everywhere(law, api, Credential::Bare, refusal, "a call with a key but no scheme word")
}

fn other_scheme(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let refusal = |op: &Operation| told(api, op, "malformed", |all| Some(&all.malformed));
    refused_everywhere(
        law,
        api,
        Credential::OtherScheme,
        refusal,
        "a call with the key under another scheme",
    )
}

fn query(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let Some(standing) = api.rules().authentication.as_ref().and_then(|rules| rules.query_key_ignored)
    else {
        return Vec::new();
    };
    let refusal = |op: &Operation| {
        told(api, op, "missing", |all| Some(&all.missing)).map(|refusal| refusal.at_most(standing))
    };
    refused_everywhere(law, api, Credential::Query, refusal, "a call with the key in the query string only")
}

fn any_case(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let Some(standing) =
        api.rules().authentication.as_ref().and_then(|rules| rules.case_insensitive_scheme)
    else {
        return Vec::new();
    };
    let place = "/x-contract/authentication/case_insensitive_scheme";
    let cheap = |op: &&Operation| {
        api.reachable(op)
            && op.body.is_none()
            && matches!(op.action(), Action::Identity | Action::List | Action::Read)
    };
    api
        .closed()
        .filter(cheap)
        .flat_map(|op| [(op, Credential::LowerScheme, "lower"), (op, Credential::UpperScheme, "upper")])
        .map(|(op, who, variant)| {
            let target = op.clone();
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let request = cx.request_for(&target)?.by(who);
                let exchange = cx.send(request).await?;
                let acceptance = Acceptance::of(&target).at_most(standing).at(place);
                cx.accepted(
                    &exchange,
                    &acceptance,
                    &format!("a call with the scheme word in {variant} case"),
                );
                Ok(())
            });
            case.variant(variant)
                .standing(standing)
                .place(place)
                .needs(api.needs_rows(op))
                .needs([op.id.clone()])
        })
        .collect()
}

fn open(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let opened = api
        .operations
        .iter()
        .filter(|op| op.open && api.reachable(op) && op.method == schemas::Method::Get);
    let some_closed = api.closed().next().is_some();
    opened
        .filter(|_| some_closed)
        .flat_map(|op| {
            // That a key nobody knows is not asked for either is implied.
            let callers = [
                (Credential::None, "", Standing::Documented, "without a key"),
                (Credential::Unknown, "unknown-key", Standing::Inferred, "with an unknown key"),
            ];
            callers.map(|(who, variant, standing, how)| {
                let target = op.clone();
                let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                    let exchange = cx.send(Request::of(&target).by(who)).await?;
                    let acceptance = Acceptance::of(&target).at_most(standing);
                    let what = format!("a call {how} of an operation that wants none");
                    cx.accepted(&exchange, &acceptance, &what);
                    Ok(())
                });
                case.variant(variant)
                    .standing(standing)
                    .place(schemas::pointer::join(&op.pointer, "security"))
            })
        })
        .collect()
}

/// Operations that name a row of another workspace, in the path or in the body.
fn isolation(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let Some(standing) = api.rules().authentication.as_ref().and_then(|rules| rules.isolation) else {
        return Vec::new();
    };
    let place = "/x-contract/authentication/isolation";
    let mut cases = Vec::new();
    for op in api.closed().filter(|op| api.reachable(op)) {
        let mut referred =
            op.body.iter().flat_map(|body| body.schema.properties()).filter(|property| property.required);
        let told = if op.has_slot(PathSlot::Own) {
            api.resource_of(op).map(Resource::unknown_row)
        } else if op.has_slot(PathSlot::Parent) {
            api.parent_of(op).map(Resource::unknown_row)
        } else {
            referred.find_map(|property| {
                let owner = api.resource(&crate::contract::reference(&property)?)?;
                Some(unknown_reference(op, owner, &property))
            })
        };
        if let Some(told) = told {
            let target = op.clone();
            let refusal = told.at_most(standing);
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let mut request = cx.request_for(&target)?.by(Credential::Other);
                let owned = cx.api().resource_of(&target).filter(|resource| resource.read.is_some()).cloned();
                let row = match owned.filter(|_| target.has_slot(PathSlot::Own)) {
                    // Nobody else may have deleted it: what becomes of it is looked at.
                    Some(resource) if target.action() == Action::Delete => Some(Rc::new(cx.create_row(&resource).await?)),
                    Some(resource) if target.action() == Action::Update => Some(cx.base(&resource)?),
                    _ => None,
                };
                if let Some(row) = &row {
                    request = request.own(&row.id);
                }
                let exchange = cx.send(request).await?;
                let mut refusal = refusal.clone();
                place.clone_into(&mut refusal.place);
                let refused = cx.refused(&exchange, &refusal, "a call that names another workspace's row");
                match row {
                    Some(row) if refused => untouched(cx, &target, &row, &exchange, standing).await,
                    _ => Ok(()),
                }
            });
            let cost = match op.action() {
                Action::Delete => 4,
                Action::Update => 2,
                _ => 1,
            };
            let case = case.standing(standing).place(place).cost(cost);
            cases.push(case.wants(ExtraKey::OtherKey).needs(api.needs_rows(op)));
        } else if let (Action::List, Some(resource)) = (op.action(), api.resource_of(op)) {
            cases.push(
                unlisted_elsewhere(law, api, op, resource)
                    .standing(standing)
                    .place(place)
                    .wants(ExtraKey::OtherKey),
            );
        }
    }
    cases
}

/// What was refused to another workspace has not happened all the same.
async fn untouched(cx: &mut CaseContext, op: &Operation, row: &Row, refused: &Exchange, standing: Standing) -> Outcome {
    let read = cx.read(&row.resource, &row.id).await?;
    let sent = refused.request.body().cloned().unwrap_or_default();
    let changed = sent.iter().any(|(name, value)| {
        !value.is_null() && read.json.as_ref().and_then(|shown| shown.get(name)) == Some(value)
    });
    let expect = Expected::words("the row as it was");
    cx.expecting(read.step, expect.clone());
    if matches!(read.status, 404 | 410) || changed {
        let message = format!("{} of another workspace is refused and happens all the same", op.id);
        let place = "/x-contract/authentication/isolation";
        cx.broke(read.step, "effect", standing, place, message, expect);
    }
    Ok(())
}

/// A list under another workspace's key does not show our row.
fn unlisted_elsewhere(law: &'static Law, api: &Api, op: &Operation, resource: &Resource) -> Case {
    let (target, rows) = (op.clone(), resource.clone());
    Case::new(law, op, async move |cx: &mut CaseContext| {
        let row = cx.readonly_row(&rows).await?;
        let found = cx.find(Request::of(&target).by(Credential::Other), &[&row]).await?;
        let expect = Expected::words(format!("no {} of another workspace", rows.name));
        cx.expecting(found.step, expect.clone());
        if !found.ids.is_empty() {
            let message = format!("{} shows a row of another workspace", target.id);
            let standing = cx
                .api()
                .rules()
                .authentication
                .as_ref()
                .and_then(|rules| rules.isolation)
                .unwrap_or_default();
            cx.broke(
                found.step,
                "listed",
                standing,
                "/x-contract/authentication/isolation",
                message,
                expect,
            );
        }
        Ok(())
    })
    .sees(readonly_row(resource), 2)
    .alone()
    .needs(api.makers(resource))
    .needs([op.id.clone()])
}

fn first(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let Some(standing) = api.rules().authentication.as_ref().and_then(|rules| rules.decided_first) else {
        return Vec::new();
    };
    let place = "/x-contract/authentication/decided_first";
    let mut cases = Vec::new();
    for op in api.closed().filter(|op| api.reachable(op)) {
        let Some(refusal) = told(api, op, "missing", |all| Some(&all.missing)) else { continue };
        let mut variants: Vec<&'static str> = Vec::new();
        if op.slots().next().is_some() {
            variants.push("unknown-row");
        }
        if op.body.as_ref().is_some_and(|body| !body.schema.is_valid(&json!([]))) {
            variants.push("wrong-body");
        }
        for variant in variants {
            let target = op.clone();
            let mut refusal = refusal.clone().at_most(standing);
            place.clone_into(&mut refusal.place);
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let request = cx.request_for(&target)?.by(Credential::None);
                let request = if variant == "unknown-row" {
                    let id = unknown_id(cx, &target)?;
                    request.own(&id).parent(&id)
                } else {
                    request.json(json!([]))
                };
                let exchange = cx.send(request).await?;
                let what = if variant == "unknown-row" {
                    "a call without a key for an unknown row"
                } else {
                    "a call without a key and with a wrong body"
                };
                cx.refused(&exchange, &refusal, what);
                Ok(())
            });
            cases.push(case.variant(variant).standing(standing).place(place).needs(api.needs_rows(op)));
        }
    }
    cases
}

/// An opaque id in the form of those in use that no row has.
pub(crate) fn unknown_id(cx: &CaseContext, op: &Operation) -> Result<String, CaseError> {
    let api = cx.api();
    let resource = if op.has_slot(PathSlot::Own) { api.resource_of(op) } else { api.parent_of(op) };
    let resource = resource.ok_or_else(|| CaseError::NotJudged(format!("the path of {} names no row", op.id)))?;
    unknown_id_of(cx, resource)
}

/// An opaque id of a resource that no row has.
pub(crate) fn unknown_id_of(cx: &CaseContext, resource: &Resource) -> Result<String, CaseError> {
    let known = cx.base(resource)?.id.clone();
    let keep = known.len().saturating_sub(8);
    let keep = (0..=keep).rev().find(|at| known.is_char_boundary(*at)).unwrap_or(0);
    let unknown = format!("{}zzzzzzzz", &known[..keep]);
    Ok(if unknown == known { format!("{}yyyyyyyy", &known[..keep]) } else { unknown })
}

fn key_hidden(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.closed().filter(|op| op.action() == Action::Identity && api.reachable(op)) {
        let Some(schema) = op.success().and_then(|response| response.schema.as_ref()) else { continue };
        let mut shown = Vec::new();
        redacting(schema, "", 0, &mut shown);
        for (pointer, place) in shown {
            let (target, path, at) = (op.clone(), pointer.clone(), place.clone());
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let request = cx.request_for(&target)?;
                let exchange = cx.send(request).await?;
                cx.require_success(&exchange)?;
                let Some(shown) = exchange.at(&path).and_then(serde_json::Value::as_str) else {
                    return Ok(());
                };
                let keys = cx.session.keys.own.clone();
                // Several keys may be in turn; which one was used does not matter.
                let begins = keys.iter().any(|key| {
                    key.starts_with(shown.trim_end_matches(['*', '.', '…', '•'])) && key.as_str() != shown
                });
                let expect = Expected::words(format!("{path} the beginning of the key, not the whole"));
                cx.expecting(exchange.step, expect.clone());
                if !begins {
                    let what = if keys.iter().any(|key| key == shown) {
                        "is the whole key"
                    } else {
                        "is not the beginning of the key"
                    };
                    cx.broke(
                        exchange.step,
                        "value",
                        Standing::Documented,
                        &at,
                        format!("{path} {what}"),
                        expect,
                    );
                }
                Ok(())
            });
            cases.push(
                case.variant(pointer.trim_start_matches('/').replace('/', "."))
                    .place(place)
                    .needs([op.id.clone()]),
            );
        }
    }
    cases
}

fn redacting(schema: &schemas::Schema, at: &str, depth: usize, found: &mut Vec<(String, String)>) {
    for property in schema.properties() {
        let here = schemas::pointer::join(at, &property.name);
        if property.rules().is_ok_and(|rules| rules.redacts.as_deref() == Some("credential")) {
            found.push((here.clone(), property.pointer.clone()));
        }
        if depth < 4 {
            redacting(&property.schema, &here, depth + 1, found);
        }
    }
}
