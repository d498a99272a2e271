//! What a field means beyond its type.

use schemas::{Document, pointer};
use serde_json::{Map, Value};

use crate::review::found::Found;
use crate::review::rule::rules;
use crate::review::schema::{Member, Pair};
use crate::review::semantics::Semantics;
use crate::review::table::{How, Table};

rules! {
    area "fields";
    BECAME_SERVER_SET = "field-became-server-set", Breaking, Request, "the server sets a field, whatever is sent",
        "What a client sends in it has no effect any more.",
        reverse ["field-no-longer-server-set"];
    NO_LONGER_SERVER_SET = "field-no-longer-server-set", Allowed, Both, "a field may be set by a client",
        "Nobody has to set it.",
        reverse ["field-became-server-set"];
    BECAME_UNIQUE = "field-became-unique", Breaking, Request, "no two rows may share a value",
        "A client that uses a value again, as it could, is refused.",
        reverse ["field-no-longer-unique"];
    NO_LONGER_UNIQUE = "field-no-longer-unique", Breaking, Both, "rows may share a value",
        "A client that goes by the conflict never meets it, and one that looks rows up by the value may find two.",
        reverse ["field-became-unique"];
    UNIQUE_WIDER = "unique-scope-widened", Breaking, Request, "a value is unique among more rows",
        "A client that uses a value again elsewhere, as it could, is refused.",
        reverse ["unique-scope-narrowed"];
    UNIQUE_NARROWER = "unique-scope-narrowed", Breaking, Both, "a value is unique among fewer rows",
        "A client that goes by the conflict no longer meets it elsewhere, and one that looks rows up by the value may find two.",
        reverse ["unique-scope-widened"];
    VALUE_FREED = "deleted-value-freed", Allowed, Request, "a deleted row's value may be used again",
        "What a client sends today is still accepted.",
        reverse ["deleted-value-kept"];
    VALUE_KEPT = "deleted-value-kept", Breaking, Request, "a deleted row's value may no longer be used again",
        "A client that creates a row again, as it could, is refused.",
        reverse ["deleted-value-freed"];
    UNIQUE_STATED = "unique-statement-added", Allowed, Both, "more is said of how a unique value is kept",
        "Nothing that clients rely on is taken back.",
        reverse ["unique-statement-withdrawn"];
    UNIQUE_WITHDRAWN = "unique-statement-withdrawn", Breaking, Both, "less is said of how a unique value is kept",
        "A client that relies on it no longer can.",
        reverse ["unique-statement-added"];
    NORMALISATION_CHANGED = "normalisation-changed", Breaking, Both, "a text is changed in another way on its way in",
        "A client that compares what it reads with what it sent finds a difference, or no longer does.",
        reverse ["normalisation-changed"];
    DEFAULT_CHANGED = "row-default-changed", Breaking, Both, "a row made without a value has another",
        "A client that leaves it out gets something else than it got.",
        known "request-property-default-value-changed", reverse ["row-default-changed"];
    DEFAULT_STATED = "row-default-stated", Unclear, Both, "it is now said what a row made without a value has",
        "It may say what has always been so, or something new.",
        known "request-property-default-value-added", reverse ["row-default-withdrawn"];
    DEFAULT_WITHDRAWN = "row-default-withdrawn", Unclear, Both, "it is no longer said what a row made without a value has",
        "A client that leaves it out no longer knows what it gets.",
        known "request-property-default-value-removed", reverse ["row-default-stated"];
    REFERENCE_ADDED = "reference-added", Breaking, Request, "a value has to name a row",
        "A client that sends any other, as it could, is refused.",
        reverse ["reference-removed"];
    REFERENCE_REMOVED = "reference-removed", Allowed, Request, "a value need no longer name a row",
        "What a client sends today is still accepted.",
        reverse ["reference-added"];
    REFERENCE_CHANGED = "reference-changed", Breaking, Both, "a value names a row of another kind",
        "A client that sends or follows it as before finds no row, or a wrong one.",
        reverse ["reference-changed"];
    EXCLUSIVE_ADDED = "exclusive-added", Breaking, Both, "at most one row may have a value",
        "A client that sets it on one row takes it from another without knowing.",
        reverse ["exclusive-lifted"];
    EXCLUSIVE_LIFTED = "exclusive-lifted", Breaking, Both, "several rows may have a value",
        "A client that takes the row with the value for the only one may find two.",
        reverse ["exclusive-added"];
    EXCLUSIVE_CHANGED = "exclusive-changed", Breaking, Both, "another value, or one among other rows, is had by one row at most",
        "A client that sets it on one row takes it from another without knowing.",
        reverse ["exclusive-changed"];
    DERIVATION_CHANGED = "derivation-changed", Breaking, Response, "a field follows from another in another way",
        "A client that sets the one does not read the other as it did.",
        reverse ["derivation-changed"];
    STAMP_CHANGED = "stamp-changed", Breaking, Response, "the server writes a time on another occasion",
        "A client that takes the time for that of the old occasion goes wrong.",
        reverse ["stamp-changed"];
    REDACTION_CHANGED = "redaction-changed", Unclear, Response, "what is shown of a secret changed",
        "Whether more is shown, or less, has to be looked at.",
        reverse ["redaction-changed"];
}

const KEPT: How = How::There { added: &UNIQUE_STATED, removed: &UNIQUE_WITHDRAWN };
const DERIVED: How = How::Changed(&DERIVATION_CHANGED);

/// What the keys of `x-contract-field` mean.
static TABLE: Table = &[
    (&["server_set"], How::There { added: &BECAME_SERVER_SET, removed: &NO_LONGER_SERVER_SET }),
    (&["unique"], How::There { added: &BECAME_UNIQUE, removed: &NO_LONGER_UNIQUE }),
    (
        &["unique", "scope"],
        How::Ranked { words: ["parent", "workspace"], up: &UNIQUE_WIDER, down: &UNIQUE_NARROWER },
    ),
    (&["unique", "after_delete"], KEPT),
    (&["unique", "after_delete", "free"], How::Flag { set: &VALUE_FREED, cleared: &VALUE_KEPT }),
    (&["unique", "own_value"], KEPT),
    (&["unique", "concurrent"], KEPT),
    (&["normalize"], How::List(&NORMALISATION_CHANGED)),
    (&["normalize", "*", "to"], How::Changed(&NORMALISATION_CHANGED)),
    (&["default"], How::There { added: &DEFAULT_STATED, removed: &DEFAULT_WITHDRAWN }),
    (&["default", "value"], How::Changed(&DEFAULT_CHANGED)),
    (&["references"], How::There { added: &REFERENCE_ADDED, removed: &REFERENCE_REMOVED }),
    (&["references", "resource"], How::Changed(&REFERENCE_CHANGED)),
    (&["exclusive"], How::There { added: &EXCLUSIVE_ADDED, removed: &EXCLUSIVE_LIFTED }),
    (&["exclusive", "value"], How::Changed(&EXCLUSIVE_CHANGED)),
    (&["exclusive", "scope"], How::Changed(&EXCLUSIVE_CHANGED)),
    (&["derived"], How::There { added: &DERIVATION_CHANGED, removed: &DERIVATION_CHANGED }),
    (&["derived", "value"], DERIVED),
    (&["derived", "from"], DERIVED),
    (&["derived", "equals"], DERIVED),
    (&["derived", "written"], How::There { added: &DERIVATION_CHANGED, removed: &DERIVATION_CHANGED }),
    (&["stamp"], How::List(&STAMP_CHANGED)),
    (&["stamp", "*", "at"], How::Changed(&STAMP_CHANGED)),
    (&["stamp", "*", "when"], How::Changed(&STAMP_CHANGED)),
    // Members of an enum have their standings compared where enums are.
    (&["values"], How::Elsewhere),
    (&["redacts"], How::Changed(&REDACTION_CHANGED)),
];

/// What a property means, along its references: what stands nearer to it wins, member by member. With the place where
/// the nearest statement stands.
fn meaning(document: &Document, member: &Member) -> (String, Map<String, Value>) {
    let mut merged = Map::new();
    let mut place = None;
    for start in &member.starts {
        let mut at = start.pointer.clone();
        for _ in 0..32 {
            let Some(value) = document.get(&at) else { break };
            if let Some(own) = value.get("x-contract-field").and_then(Value::as_object) {
                place.get_or_insert_with(|| pointer::join(&at, "x-contract-field"));
                for (key, member) in own {
                    merged.entry(key.clone()).or_insert_with(|| member.clone());
                }
            }
            match value.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference) {
                Some(target) => at = target,
                None => break,
            }
        }
    }
    let first = member.starts.first().map(|start| start.pointer.clone()).unwrap_or_default();
    (place.unwrap_or(first), merged)
}

/// What changed about the meaning of a property.
pub(in crate::review) fn compare(
    (base, old): (&Document, &Member),
    (head, new): (&Document, &Member),
    subject: &str,
    out: &mut Vec<Found>,
) {
    let ((was_at, was), (is_at, is)) = (meaning(base, old), meaning(head, new));
    let subject = subject.to_owned();
    Semantics { table: TABLE, subject, base: was_at, head: is_at, out }
        .compare(Some(&Value::Object(was)), Some(&Value::Object(is)));
}

/// What changed about the meaning of a property of a schema that is no resource.
pub(in crate::review) fn of_member(pair: &mut Pair<'_, '_>, name: &str, old: &Member, new: &Member) {
    let is_owned = |document: &Document, member: &Member| {
        member.starts.iter().any(|start| owns(document, &start.pointer))
    };
    if is_owned(pair.both.base, old) && is_owned(pair.both.head, new) {
        return;
    }
    let subject = format!("/{}", pointer::escape(name));
    compare((pair.both.base, old), (pair.both.head, new), &subject, &mut pair.found);
}

/// Whether a property belongs to a resource, where what it means is compared once and for all.
fn owns(document: &Document, property: &str) -> bool {
    let owner = property.rsplit_once("/properties/").map(|(owner, _)| owner);
    owner
        .and_then(|owner| document.get(owner))
        .is_some_and(|schema| schema.get("x-contract-resource").is_some())
}
