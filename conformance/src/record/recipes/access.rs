//! Who calls: keys that are let in, and those that are not.

use schemas::Action;

use crate::atlas::{Atlas, Op, Slot};
use crate::plan::Wants;
use crate::probe::Credential;
use crate::record::recipe::Recipe;
use crate::run::Scene;

/// How a call can be made that the usual key does not make; the last ones once for the whole API.
const EVERYWHERE: [(Credential, &str, &str, Wants); 3] = [
    (Credential::None, "no-key", "no key", Wants::Nothing),
    (Credential::Unknown, "unknown-key", "a key that nobody knows", Wants::Nothing),
    (Credential::Revoked, "revoked-key", "a key that was revoked", Wants::RevokedKey),
];
const ONCE: [(Credential, &str, &str); 3] = [
    (Credential::Bare, "key-without-scheme", "the key without the scheme word"),
    (Credential::OtherScheme, "key-under-other-scheme", "the key under another scheme"),
    (Credential::Query, "key-in-query", "the key in the query string alone"),
];

pub(super) fn recipes(atlas: &Atlas) -> Vec<Recipe> {
    let mut found = Vec::new();
    for op in atlas.closed().filter(|op| atlas.reachable(op)) {
        for (credential, name, class, wants) in EVERYWHERE {
            found.push(refused(atlas, op, credential, name, class).wants(wants));
        }
        if op.has_slot(Slot::Own) || op.has_slot(Slot::Parent) {
            let class = "a row of another workspace";
            found.push(
                refused(atlas, op, Credential::Other, "row-of-another-workspace", class)
                    .wants(Wants::OtherKey),
            );
        }
    }
    let identity = atlas.closed().find(|op| op.action() == Action::Identity);
    if let Some(op) = identity.or_else(|| atlas.closed().find(|op| atlas.reachable(op))) {
        for (credential, name, class) in ONCE {
            found.push(refused(atlas, op, credential, name, class));
        }
        if op.action() == Action::Identity {
            let target = op.clone();
            let class = "the scheme word in lower case";
            found.push(Recipe::new(op, "scheme-in-lower-case", class, async move |scene: &mut Scene| {
                scene.send(scene.aim(&target)?.by(Credential::LowerScheme)).await
            }));
        }
    }
    for op in
        atlas.operations.iter().filter(|op| op.open && op.action() == Action::Other && op.body.is_none())
    {
        if atlas.reachable(op) {
            let target = op.clone();
            let class = "a key that nobody knows, where none is wanted";
            found.push(Recipe::new(op, "unknown-key", class, async move |scene: &mut Scene| {
                scene.send(scene.aim(&target)?.by(Credential::Unknown)).await
            }));
        }
    }
    found
}

fn refused(atlas: &Atlas, op: &Op, credential: Credential, name: &str, class: &str) -> Recipe {
    let target = op.clone();
    Recipe::refusal(op, name, class, async move |scene: &mut Scene| {
        scene.send(scene.aim(&target)?.by(credential)).await
    })
    .crowded(op.action() == Action::List && !op.has_slot(Slot::Parent))
    .naming(atlas)
}
