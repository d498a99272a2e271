//! Who is let in.

use std::rc::Rc;

use schemas::{Action, AuthenticationRejections, Rejection, Standing};
use serde_json::json;

use super::id;
use super::relations::unknown_reference;
use super::statement::{Family, Law, probed};
use crate::atlas::{Atlas, Kin, Op, Slot};
use crate::judge::{Acceptance, Expect, Refusal};
use crate::plan::{Case, Wants};
use crate::probe::{Call, Credential};
use crate::run::{Exchange, Outcome, Row, Scene, Stop, still};

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
        "Wants --revoked-key.",
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
        "Wants --other-key, a key of another workspace.",
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
fn rejections(atlas: &Atlas) -> Option<&AuthenticationRejections> {
    atlas.rules().authentication.as_ref().map(|rules| &rules.rejections)
}

fn told(
    atlas: &Atlas,
    op: &Op,
    kind: &str,
    pick: fn(&AuthenticationRejections) -> Option<&Rejection>,
) -> Option<Refusal> {
    match rejections(atlas) {
        Some(rejections) => Some(Refusal::new(
            pick(rejections)?.clone(),
            format!("/x-contract/authentication/rejections/{kind}"),
        )),
        None if atlas.rules().vocabulary == 0 => {
            let stated = op.responses.iter().find(|response| response.status.matches(401));
            let standing = if stated.is_some() { Standing::Documented } else { Standing::Inferred };
            Some(Refusal::new(Rejection::of_status(401, standing), op.pointer.clone()))
        }
        None => None,
    }
}

/// One refused call on every closed operation that a whole call can be made of.
fn refused_everywhere(
    law: &'static Law,
    atlas: &Atlas,
    who: Credential,
    refusal: impl Fn(&Op) -> Option<Refusal>,
    what: &'static str,
) -> Vec<Case> {
    atlas
        .closed()
        .filter(|op| atlas.reachable(op))
        .filter_map(|op| {
            let refusal = refusal(op)?;
            let (standing, place, target) = (refusal.standing(), refusal.place.clone(), op.clone());
            let case = Case::new(law, op, async move |scene: &mut Scene| {
                let call = scene.aim(&target)?.by(who);
                let exchange = scene.send(call).await?;
                scene.refused(&exchange, &refusal, what);
                Ok(())
            });
            Some(case.standing(standing).place(place).needs(atlas.needs_rows(op)))
        })
        .collect()
}

fn missing(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let refusal = |op: &Op| told(atlas, op, "missing", |all| Some(&all.missing));
    refused_everywhere(law, atlas, Credential::None, refusal, "a call without a key")
}

fn unknown(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let refusal = |op: &Op| told(atlas, op, "unknown", |all| Some(&all.unknown));
    let mut cases =
        refused_everywhere(law, atlas, Credential::Unknown, refusal, "a call with an unknown key");
    // A key that begins as a known one: once will do, for it is one comparison.
    let longer = "a call with a known key and letters after it";
    let near = refused_everywhere(law, atlas, Credential::Longer, refusal, longer);
    cases.extend(near.into_iter().take(1).map(|case| case.variant("longer")));
    cases
}

fn revoked(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let refusal =
        |op: &Op| rejections(atlas).and_then(|_| told(atlas, op, "revoked", |all| all.revoked.as_ref()));
    let cases = refused_everywhere(law, atlas, Credential::Revoked, refusal, "a call with a revoked key");
    cases.into_iter().map(|case| case.wants(Wants::RevokedKey)).collect()
}

fn malformed(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let refusal = |op: &Op| told(atlas, op, "malformed", |all| Some(&all.malformed));
    refused_everywhere(law, atlas, Credential::Bare, refusal, "a call with a key but no scheme word")
}

fn other_scheme(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let refusal = |op: &Op| told(atlas, op, "malformed", |all| Some(&all.malformed));
    refused_everywhere(
        law,
        atlas,
        Credential::OtherScheme,
        refusal,
        "a call with the key under another scheme",
    )
}

fn query(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let Some(standing) = atlas.rules().authentication.as_ref().and_then(|rules| rules.query_key_ignored)
    else {
        return Vec::new();
    };
    let refusal = |op: &Op| {
        told(atlas, op, "missing", |all| Some(&all.missing)).map(|refusal| refusal.at_most(standing))
    };
    refused_everywhere(law, atlas, Credential::Query, refusal, "a call with the key in the query string only")
}

fn any_case(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let Some(standing) =
        atlas.rules().authentication.as_ref().and_then(|rules| rules.case_insensitive_scheme)
    else {
        return Vec::new();
    };
    let place = "/x-contract/authentication/case_insensitive_scheme";
    let cheap = |op: &&Op| {
        atlas.reachable(op)
            && op.body.is_none()
            && matches!(op.action(), Action::Identity | Action::List | Action::Read)
    };
    atlas
        .closed()
        .filter(cheap)
        .flat_map(|op| [(op, Credential::LowerScheme, "lower"), (op, Credential::UpperScheme, "upper")])
        .map(|(op, who, variant)| {
            let target = op.clone();
            let case = Case::new(law, op, async move |scene: &mut Scene| {
                let call = scene.aim(&target)?.by(who);
                let exchange = scene.send(call).await?;
                let acceptance = Acceptance::of(&target).at_most(standing).at(place);
                scene.accepted(
                    &exchange,
                    &acceptance,
                    &format!("a call with the scheme word in {variant} case"),
                );
                Ok(())
            });
            case.variant(variant)
                .standing(standing)
                .place(place)
                .needs(atlas.needs_rows(op))
                .needs([op.id.clone()])
        })
        .collect()
}

fn open(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let opened = atlas
        .operations
        .iter()
        .filter(|op| op.open && atlas.reachable(op) && op.method == schemas::Method::Get);
    let some_closed = atlas.closed().next().is_some();
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
                let case = Case::new(law, op, async move |scene: &mut Scene| {
                    let exchange = scene.send(Call::of(&target).by(who)).await?;
                    let acceptance = Acceptance::of(&target).at_most(standing);
                    let what = format!("a call {how} of an operation that wants none");
                    scene.accepted(&exchange, &acceptance, &what);
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
fn isolation(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let Some(standing) = atlas.rules().authentication.as_ref().and_then(|rules| rules.isolation) else {
        return Vec::new();
    };
    let place = "/x-contract/authentication/isolation";
    let mut cases = Vec::new();
    for op in atlas.closed().filter(|op| atlas.reachable(op)) {
        let mut referred =
            op.body.iter().flat_map(|body| body.schema.properties()).filter(|property| property.required);
        let told = if op.has_slot(Slot::Own) {
            atlas.kin_of(op).map(Kin::unknown_row)
        } else if op.has_slot(Slot::Parent) {
            atlas.parent_of(op).map(Kin::unknown_row)
        } else {
            referred.find_map(|property| {
                let owner = atlas.kin(&crate::atlas::reference(&property)?)?;
                Some(unknown_reference(op, owner, &property))
            })
        };
        if let Some(told) = told {
            let target = op.clone();
            let refusal = told.at_most(standing);
            let case = Case::new(law, op, async move |scene: &mut Scene| {
                let mut call = scene.aim(&target)?.by(Credential::Other);
                let owned = scene.atlas().kin_of(&target).filter(|kin| kin.read.is_some()).cloned();
                let row = match owned.filter(|_| target.has_slot(Slot::Own)) {
                    // Nobody else may have deleted it: what becomes of it is looked at.
                    Some(kin) if target.action() == Action::Delete => Some(Rc::new(scene.make(&kin).await?)),
                    Some(kin) if target.action() == Action::Update => Some(scene.base(&kin)?),
                    _ => None,
                };
                if let Some(row) = &row {
                    call = call.own(&row.id);
                }
                let exchange = scene.send(call).await?;
                let mut refusal = refusal.clone();
                place.clone_into(&mut refusal.place);
                let refused = scene.refused(&exchange, &refusal, "a call that names another workspace's row");
                match row {
                    Some(row) if refused => untouched(scene, &target, &row, &exchange, standing).await,
                    _ => Ok(()),
                }
            });
            let cost = match op.action() {
                Action::Delete => 4,
                Action::Update => 2,
                _ => 1,
            };
            let case = case.standing(standing).place(place).cost(cost);
            cases.push(case.wants(Wants::OtherKey).needs(atlas.needs_rows(op)));
        } else if let (Action::List, Some(kin)) = (op.action(), atlas.kin_of(op)) {
            cases.push(
                unlisted_elsewhere(law, atlas, op, kin)
                    .standing(standing)
                    .place(place)
                    .wants(Wants::OtherKey),
            );
        }
    }
    cases
}

/// What was refused to another workspace has not happened all the same.
async fn untouched(scene: &mut Scene, op: &Op, row: &Row, refused: &Exchange, standing: Standing) -> Outcome {
    let read = scene.read(&row.kin, &row.id).await?;
    let sent = refused.call.body().cloned().unwrap_or_default();
    let changed = sent.iter().any(|(name, value)| {
        !value.is_null() && read.json.as_ref().and_then(|shown| shown.get(name)) == Some(value)
    });
    let expect = Expect::words("the row as it was");
    scene.expecting(read.step, expect.clone());
    if matches!(read.status, 404 | 410) || changed {
        let message = format!("{} of another workspace is refused and happens all the same", op.id);
        let place = "/x-contract/authentication/isolation";
        scene.broke(read.step, "effect", standing, place, message, expect);
    }
    Ok(())
}

/// A list under another workspace's key does not show our row.
fn unlisted_elsewhere(law: &'static Law, atlas: &Atlas, op: &Op, kin: &Kin) -> Case {
    let (target, kin_of_rows) = (op.clone(), kin.clone());
    Case::new(law, op, async move |scene: &mut Scene| {
        let row = scene.still(&kin_of_rows).await?;
        let found = scene.find(Call::of(&target).by(Credential::Other), &[&row]).await?;
        let expect = Expect::words(format!("no {} of another workspace", kin_of_rows.name));
        scene.expecting(found.step, expect.clone());
        if !found.ids.is_empty() {
            let message = format!("{} shows a row of another workspace", target.id);
            let standing = scene
                .atlas()
                .rules()
                .authentication
                .as_ref()
                .and_then(|rules| rules.isolation)
                .unwrap_or_default();
            scene.broke(
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
    .sees(still(kin), 2)
    .alone()
    .needs(atlas.makers(kin))
    .needs([op.id.clone()])
}

fn first(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let Some(standing) = atlas.rules().authentication.as_ref().and_then(|rules| rules.decided_first) else {
        return Vec::new();
    };
    let place = "/x-contract/authentication/decided_first";
    let mut cases = Vec::new();
    for op in atlas.closed().filter(|op| atlas.reachable(op)) {
        let Some(refusal) = told(atlas, op, "missing", |all| Some(&all.missing)) else { continue };
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
            let case = Case::new(law, op, async move |scene: &mut Scene| {
                let call = scene.aim(&target)?.by(Credential::None);
                let call = if variant == "unknown-row" {
                    let id = unknown_id(scene, &target)?;
                    call.own(&id).parent(&id)
                } else {
                    call.json(json!([]))
                };
                let exchange = scene.send(call).await?;
                let what = if variant == "unknown-row" {
                    "a call without a key for an unknown row"
                } else {
                    "a call without a key and with a wrong body"
                };
                scene.refused(&exchange, &refusal, what);
                Ok(())
            });
            cases.push(case.variant(variant).standing(standing).place(place).needs(atlas.needs_rows(op)));
        }
    }
    cases
}

/// An opaque id in the form of those in use that no row has.
pub(crate) fn unknown_id(scene: &Scene, op: &Op) -> Result<String, Stop> {
    let atlas = scene.atlas();
    let kin = if op.has_slot(Slot::Own) { atlas.kin_of(op) } else { atlas.parent_of(op) };
    let kin = kin.ok_or_else(|| Stop::NotJudged(format!("the path of {} names no row", op.id)))?;
    unknown_id_of(scene, kin)
}

/// An opaque id of a resource that no row has.
pub(crate) fn unknown_id_of(scene: &Scene, kin: &Kin) -> Result<String, Stop> {
    let known = scene.base(kin)?.id.clone();
    let keep = known.len().saturating_sub(8);
    let keep = (0..=keep).rev().find(|at| known.is_char_boundary(*at)).unwrap_or(0);
    let unknown = format!("{}zzzzzzzz", &known[..keep]);
    Ok(if unknown == known { format!("{}yyyyyyyy", &known[..keep]) } else { unknown })
}

fn key_hidden(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in atlas.closed().filter(|op| op.action() == Action::Identity && atlas.reachable(op)) {
        let Some(schema) = op.success().and_then(|response| response.schema.as_ref()) else { continue };
        let mut shown = Vec::new();
        redacting(schema, "", 0, &mut shown);
        for (pointer, place) in shown {
            let (target, path, at) = (op.clone(), pointer.clone(), place.clone());
            let case = Case::new(law, op, async move |scene: &mut Scene| {
                let call = scene.aim(&target)?;
                let exchange = scene.send(call).await?;
                scene.must(&exchange)?;
                let Some(shown) = exchange.at(&path).and_then(serde_json::Value::as_str) else {
                    return Ok(());
                };
                let keys = scene.session.keys.own.clone();
                // Several keys may be in turn; which one was used does not matter.
                let begins = keys.iter().any(|key| {
                    key.starts_with(shown.trim_end_matches(['*', '.', '…', '•'])) && key.as_str() != shown
                });
                let expect = Expect::words(format!("{path} the beginning of the key, not the whole"));
                scene.expecting(exchange.step, expect.clone());
                if !begins {
                    let what = if keys.iter().any(|key| key == shown) {
                        "is the whole key"
                    } else {
                        "is not the beginning of the key"
                    };
                    scene.broke(
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
