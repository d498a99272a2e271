//! Types, and null among them.

use std::collections::BTreeSet;

use schemas::Side;
use serde_json::{Value, json};

use crate::review::rule::{Rule, rules};
use crate::review::schema::{Pair, TYPES, View, admitted, of_keyword, of_value, unions};
use crate::review::verdict::Verdict;

rules! {
    area "types";
    REQUEST_TYPE_WIDENED = "request-type-widened", Allowed, Request, "more types are accepted",
        "What a client sends today is still accepted.",
        known "request-property-type-generalized", reverse ["request-type-narrowed"];
    REQUEST_TYPE_NARROWED = "request-type-narrowed", Breaking, Request, "fewer types are accepted",
        "A client that sends one of the other types is refused; no type is narrowed within a version.",
        known "request-property-type-changed", reverse ["request-type-widened"];
    REQUEST_TYPE_CHANGED = "request-type-changed", Breaking, Request, "another type is asked for",
        "What a client sends today is refused.",
        known "request-property-type-changed", reverse ["request-type-changed"];
    RESPONSE_TYPE_WIDENED = "response-type-widened", Breaking, Response, "a value may be of more types",
        "A client that reads one type meets another, and fails to read it.",
        known "response-property-type-changed", reverse ["response-type-narrowed"];
    RESPONSE_TYPE_NARROWED = "response-type-narrowed", Unclear, Response, "a value is of fewer types",
        "Every value is one that clients read already; yet the promise says that no field's type is narrowed, of neither side.",
        reverse ["response-type-widened"];
    RESPONSE_TYPE_CHANGED = "response-type-changed", Breaking, Response, "a value is of another type",
        "A client that reads the old type fails on every answer.",
        known "response-property-type-changed", reverse ["response-type-changed"];
    REQUEST_NULL_ACCEPTED = "request-null-accepted", Allowed, Request, "null is accepted",
        "What a client sends today is still accepted.",
        known "request-property-became-nullable", reverse ["request-null-refused"];
    REQUEST_NULL_REFUSED = "request-null-refused", Breaking, Request, "null is no longer accepted",
        "A client that sends null, to clear a value or by habit, is refused.",
        known "request-property-became-not-nullable", reverse ["request-null-accepted"];
    RESPONSE_BECAME_NULLABLE = "response-became-nullable", Breaking, Response, "a value may be null",
        "A client that relies on a value meets null.",
        known "response-property-became-nullable", reverse ["response-never-null"];
    RESPONSE_NEVER_NULL = "response-never-null", Allowed, Response, "a value is never null",
        "A client that is ready for null is never given one.",
        known "response-property-became-not-nullable", reverse ["response-became-nullable"];
}

/// Why it is harmless that a type is stated of what is answered, where none was.
const SAYS_MORE: &str = "Nothing was said of the type; every value is one that could be answered before.";

/// The types a schema admits, null among them.
pub(in crate::review) fn types(view: &View<'_>) -> BTreeSet<&'static str> {
    let mut all: BTreeSet<&'static str> = TYPES.into_iter().chain(["null"]).collect();
    for part in &view.parts {
        let mut own: Option<BTreeSet<&'static str>> = None;
        let mut narrow = |names: BTreeSet<&'static str>| {
            own = Some(match own.take() {
                Some(known) => known.intersection(&names).copied().collect(),
                None => names,
            });
        };
        // Bytes that are no JSON have no type of JSON.
        let is_binary = part.map.get("format").is_some_and(|format| format == "binary");
        if let Some(stated) = part.map.get("type").filter(|_| !is_binary) {
            narrow(of_keyword(stated));
        }
        if let Some(values) = &part.listed {
            narrow(values.iter().map(|value| of_value(value)).collect());
        }
        if let Some(mut own) = own {
            if part.or_null {
                own.insert("null");
            }
            all = all.intersection(&own).copied().collect();
        }
    }
    all
}

/// The types a schema admits, those of its alternatives among them, as the description names them.
pub(in crate::review) fn told_of(view: &View<'_>) -> Value {
    let mut all = types(view);
    for union in unions(view) {
        let mut own: BTreeSet<&str> =
            union.branches.iter().flat_map(|branch| admitted(view.document, branch.value)).collect();
        if union.or_null {
            own.insert("null");
        }
        all.retain(|name| own.contains(name));
    }
    told(&all)
}

/// The types as the description names them.
pub(in crate::review) fn told(types: &BTreeSet<&'static str>) -> Value {
    match types.len() {
        0 => return json!("nothing"),
        all if all == TYPES.len() + 1 => return json!("any"),
        _ => {}
    }
    let mut names: Vec<&str> = types.iter().copied().filter(|name| *name != "fraction").collect();
    if types.contains("fraction") {
        names.retain(|name| *name != "integer");
        names.push("number");
    }
    if let [name] = names.as_slice() { json!(name) } else { json!(names) }
}

/// Whether the types are the same after all, the word `null` apart.
pub(in crate::review) fn compare(pair: &mut Pair<'_, '_>) {
    let (old, new) = (types(&pair.base), types(&pair.head));
    let rest = |types: &BTreeSet<&'static str>| -> BTreeSet<&'static str> {
        types.iter().copied().filter(|name| *name != "null").collect()
    };
    let (before, after) = (rest(&old), rest(&new));
    let any = |types: &BTreeSet<&'static str>| types.len() == TYPES.len() + 1;
    if before != after {
        let rule = rule(pair.side, &before, &after);
        let told = (told(&old), told(&new));
        pair.tell(rule, "type", Some(told.0), Some(told.1));
        // Where any type was possible, nothing was said that could be narrowed.
        if any(&old)
            && pair.side == Side::Response
            && let Some(found) = pair.found.last_mut()
        {
            found.decided = Some((Verdict::Allowed, SAYS_MORE.to_owned()));
        }
    }
    if any(&old) || any(&new) {
        return;
    }
    let Some(null) = of_null(pair.side, old.contains("null"), new.contains("null")) else { return };
    let standing = pair.standing_of("null", "type");
    pair.tell_as(null, "type", Some(told(&old)), Some(told(&new)), standing);
}

/// The rule for null that came or went.
pub(super) fn of_null(side: Side, was: bool, is: bool) -> Option<&'static Rule> {
    match (was, is, side) {
        (false, true, Side::Request) => Some(&REQUEST_NULL_ACCEPTED),
        (false, true, Side::Response) => Some(&RESPONSE_BECAME_NULLABLE),
        (true, false, Side::Request) => Some(&REQUEST_NULL_REFUSED),
        (true, false, Side::Response) => Some(&RESPONSE_NEVER_NULL),
        _ => None,
    }
}

fn rule(side: Side, old: &BTreeSet<&'static str>, new: &BTreeSet<&'static str>) -> &'static Rule {
    let (wider, narrower) = (new.is_superset(old), new.is_subset(old));
    // What admits nothing any more, or did not, has no type in common with anything.
    let (wider, narrower) = (wider && !old.is_empty(), narrower && !new.is_empty());
    match (side, wider, narrower) {
        (Side::Request, true, _) => &REQUEST_TYPE_WIDENED,
        (Side::Request, false, true) => &REQUEST_TYPE_NARROWED,
        (Side::Request, false, false) => &REQUEST_TYPE_CHANGED,
        (Side::Response, true, _) => &RESPONSE_TYPE_WIDENED,
        (Side::Response, false, true) => &RESPONSE_TYPE_NARROWED,
        (Side::Response, false, false) => &RESPONSE_TYPE_CHANGED,
    }
}
