//! Who requests: keys that are let in, and those that are not.

use schemas::Action;

use crate::contract::{Api, Operation, PathSlot};
use crate::http::Credential;
use crate::law::ExtraKey;
use crate::record::recipe::Recipe;
use crate::scenario::CaseContext;

/// How a request can be made that the usual key does not make; the last ones once for the whole API.
const EVERYWHERE: [(Credential, &str, &str, ExtraKey); 3] = [
    (Credential::None, "no-key", "no key", ExtraKey::Nothing),
    (Credential::Unknown, "unknown-key", "a key that nobody knows", ExtraKey::Nothing),
    (Credential::Revoked, "revoked-key", "a key that was revoked", ExtraKey::RevokedKey),
];
const ONCE: [(Credential, &str, &str); 3] = [
    (Credential::Bare, "key-without-scheme", "the key without the scheme word"),
    (Credential::OtherScheme, "key-under-other-scheme", "the key under another scheme"),
    (Credential::Query, "key-in-query", "the key in the query string alone"),
];

pub(super) fn recipes(api: &Api) -> Vec<Recipe> {
    let mut found = Vec::new();
    for op in api.closed().filter(|op| api.reachable(op)) {
        for (credential, name, class, wants) in EVERYWHERE {
            found.push(refused(api, op, credential, name, class).wants(wants));
        }
        if op.has_slot(PathSlot::Own) || op.has_slot(PathSlot::Parent) {
            let class = "a row of another workspace";
            found.push(
                refused(api, op, Credential::Other, "row-of-another-workspace", class)
                    .wants(ExtraKey::OtherKey),
            );
        }
    }
    let identity = api.closed().find(|op| op.action() == Action::Identity);
    if let Some(op) = identity.or_else(|| api.closed().find(|op| api.reachable(op))) {
        for (credential, name, class) in ONCE {
            found.push(refused(api, op, credential, name, class));
        }
        if op.action() == Action::Identity {
            let target = op.clone();
            let class = "the scheme word in lower case";
            found.push(Recipe::new(op, "scheme-in-lower-case", class, async move |cx: &mut CaseContext| {
                cx.send(cx.request_for(&target)?.by(Credential::LowerScheme)).await
            }));
        }
    }
    for op in api.operations.iter().filter(|op| op.open && op.action() == Action::Other && op.body.is_none())
    {
        if api.reachable(op) {
            let target = op.clone();
            let class = "a key that nobody knows, where none is wanted";
            found.push(Recipe::new(op, "unknown-key", class, async move |cx: &mut CaseContext| {
                cx.send(cx.request_for(&target)?.by(Credential::Unknown)).await
            }));
        }
    }
    found
}

fn refused(api: &Api, op: &Operation, credential: Credential, name: &str, class: &str) -> Recipe {
    let target = op.clone();
    Recipe::refusal(op, name, class, async move |cx: &mut CaseContext| {
        cx.send(cx.request_for(&target)?.by(credential)).await
    })
    .crowded(op.action() == Action::List && !op.has_slot(PathSlot::Parent))
    .naming(api)
}
