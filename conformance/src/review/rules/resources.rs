//! Resources, and statements of the vocabulary that no rule of its own looks at.

use indexmap::IndexMap;
use schemas::{Document, pointer};
use serde_json::{Value, json};

use super::fields;
use crate::review::found::Found;
use crate::review::rule::rules;
use crate::review::schema::{Context, Contexts, Start, View};
use crate::review::semantics::Semantics;
use crate::review::table::{How, Table};

rules! {
    area "resources";
    RESOURCE_ADDED = "resource-added", Allowed, Both, "a schema is now said to be a kind of rows",
        "Nothing that clients rely on is taken back.",
        reverse ["resource-withdrawn"];
    RESOURCE_WITHDRAWN = "resource-withdrawn", Unclear, Both, "a schema is no longer said to be a kind of rows",
        "What was said of its rows, how they are found, owned and deleted, is said no longer.",
        reverse ["resource-added"];
    IDENTITY_CHANGED = "identity-changed", Breaking, Both, "rows are known by another field",
        "A client that keeps the old one no longer finds its rows.",
        reverse ["identity-changed"];
    ROW_TIME_CHANGED = "row-time-changed", Breaking, Response, "another field says when a row was created or changed",
        "A client that goes by the old one goes wrong.",
        reverse ["row-time-changed"];
    OWNER_CHANGED = "owner-changed", Breaking, Both, "rows belong to others",
        "A client that finds them by their owner no longer does.",
        reverse ["owner-changed"];
    DELETION_STATED = "deletion-statement-added", Unclear, Both, "more is said of what deleting a row does",
        "It may say what has always been so, or something new.",
        reverse ["deletion-statement-withdrawn"];
    DELETION_WITHDRAWN = "deletion-statement-withdrawn", Breaking, Both, "less is said of what deleting a row does",
        "A client that relies on it no longer can.",
        reverse ["deletion-statement-added"];
}

/// What the keys of `x-contract-resource` mean.
static TABLE: Table = &[
    (&[], How::There { added: &RESOURCE_ADDED, removed: &RESOURCE_WITHDRAWN }),
    // Resources are found by it.
    (&["name"], How::Elsewhere),
    (&["identity"], How::Changed(&IDENTITY_CHANGED)),
    (&["created"], How::Changed(&ROW_TIME_CHANGED)),
    (&["updated"], How::Changed(&ROW_TIME_CHANGED)),
    (&["parent"], How::Changed(&OWNER_CHANGED)),
    (&["deletion", "*"], How::There { added: &DELETION_STATED, removed: &DELETION_WITHDRAWN }),
];

/// The schemas that are resources, by name.
fn resources(document: &Document) -> IndexMap<String, (String, &Value)> {
    let mut found = IndexMap::new();
    let named = document.get("/components/schemas").and_then(Value::as_object);
    for name in named.into_iter().flat_map(serde_json::Map::keys) {
        let Some((at, schema)) = document.resolve(&pointer::join("/components/schemas", name)) else {
            continue;
        };
        let Some(rules) = schema.get("x-contract-resource") else { continue };
        if let Some(name) = rules.get("name").and_then(Value::as_str) {
            found.entry(name.to_owned()).or_insert((at, rules));
        }
    }
    found
}

/// What changed about resources and the meaning of their fields.
pub(in crate::review) fn compare(base: &Document, head: &Document, out: &mut Vec<Found>) {
    let (old, mut new) = (resources(base), resources(head));
    for (name, (was_at, was)) in &old {
        let Some((is_at, is)) = new.shift_remove(name) else {
            let found =
                Found::new(&RESOURCE_WITHDRAWN, format!("resource {name}")).values(Some(json!(name)), None);
            out.push(
                found.was_at(pointer::join(was_at, "x-contract-resource")).now_at("/components/schemas"),
            );
            continue;
        };
        let at = |owner: &str| pointer::join(owner, "x-contract-resource");
        Semantics {
            table: TABLE,
            subject: format!("resource {name}"),
            base: at(was_at),
            head: at(&is_at),
            out,
        }
        .compare(Some(was), Some(is));
        let mut contexts = Contexts::new();
        let members = |document, at: &str, contexts: &mut Contexts| {
            let start = Start::new(at, Context::default());
            View::new(document, schemas::Side::Response, vec![start], contexts)
        };
        let (left, right) = (members(base, was_at, &mut contexts), members(head, &is_at, &mut contexts));
        let (left, mut right) = (left.members(), right.members());
        for (field, member) in left {
            if let Some(other) = right.shift_remove(field) {
                fields::compare((base, &member), (head, &other), &format!("resource {name} /{field}"), out);
            }
        }
    }
    for (name, (at, _)) in new {
        let found = Found::new(&RESOURCE_ADDED, format!("resource {name}")).values(None, Some(json!(name)));
        out.push(found.was_at("/components/schemas").now_at(pointer::join(&at, "x-contract-resource")));
    }
}
