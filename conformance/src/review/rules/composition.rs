//! Conditions: what only set arithmetic on schemas can decide. Alternatives are compared in a file of their own.

use schemas::canonical::{Covered, covers};
use schemas::{Side, excerpt, pointer};
use serde_json::Value;

use crate::review::found::Found;
use crate::review::rule::rules;
use crate::review::schema::{Pair, View};
use crate::review::verdict::Verdict;

rules! {
    area "composition";
    REQUEST_ALTERNATIVE_ADDED = "request-alternative-added", Allowed, Request, "one more alternative is accepted",
        "What a client sends today is still accepted.",
        known "request-body-one-of-added", reverse ["request-alternative-removed"];
    REQUEST_ALTERNATIVE_REMOVED = "request-alternative-removed", Breaking, Request, "an alternative is no longer accepted",
        "A client that sends it is refused.",
        known "request-body-one-of-removed", reverse ["request-alternative-added"];
    RESPONSE_ALTERNATIVE_ADDED = "response-alternative-added", Breaking, Response, "one more alternative may be answered",
        "A client meets a form of answer that it does not know.",
        known "response-body-one-of-added", reverse ["response-alternative-removed"];
    RESPONSE_ALTERNATIVE_REMOVED = "response-alternative-removed", Allowed, Response, "an alternative is no longer answered",
        "Every answer is one that clients read already.",
        known "response-body-one-of-removed", reverse ["response-alternative-added"];
    REQUEST_CONDITIONS_CHANGED = "request-conditions-changed", Unclear, Request, "what is accepted is put in other words, or changed",
        "Whether everything that was accepted still is cannot be decided.",
        reverse ["request-conditions-changed"];
    RESPONSE_CONDITIONS_CHANGED = "response-conditions-changed", Unclear, Response, "what is answered is put in other words, or changed",
        "Whether every answer was possible before cannot be decided.",
        reverse ["response-conditions-changed"];
    DISCRIMINATOR_CHANGED = "discriminator-changed", Unclear, Both, "the discriminator of alternatives changed",
        "Generated clients pick the type by it; whether the values on the wire moved has to be looked at.",
        known "request-body-discriminator-mapping-changed", reverse ["discriminator-changed"];
}

/// Keywords that rules of their own understand, or that say nothing of a value.
const UNDERSTOOD: [&str; 43] = [
    "$comment",
    "$defs",
    "$id",
    "$ref",
    "$schema",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contentEncoding",
    "contentMediaType",
    "default",
    "definitions",
    "deprecated",
    "description",
    "discriminator",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "oneOf",
    "pattern",
    "properties",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
    "xml",
];

/// What changed about conditions, and any keyword that no other rule understands.
pub(in crate::review) fn compare(pair: &mut Pair<'_, '_>) {
    let mut changed = conditions(pair);
    if pair.base.never != pair.head.never {
        changed.push("false".to_owned());
    }
    changed.sort_unstable();
    changed.dedup();
    if !changed.is_empty() {
        tell_conditions(pair, &changed);
    }
}

/// The keywords no rule understands whose statements differ.
fn conditions(pair: &Pair<'_, '_>) -> Vec<String> {
    let is_other = |key: &str| !UNDERSTOOD.contains(&key) && !key.starts_with("x-");
    let keys = |view: &View<'_>| -> Vec<String> {
        let all = view.parts.iter().flat_map(|part| part.map.keys());
        all.filter(|key| is_other(key)).cloned().collect()
    };
    let mut keywords = keys(&pair.base);
    keywords.extend(keys(&pair.head));
    keywords.sort_unstable();
    keywords.dedup();
    keywords.retain(|keyword| {
        let places = |view: &View<'_>| -> Vec<String> {
            view.all_stated(keyword).map(|(part, _)| pointer::join(&part.pointer, keyword)).collect()
        };
        let (old, new) = (places(&pair.base), places(&pair.head));
        old.len() != new.len() || !old.iter().zip(&new).all(|(old, new)| pair.both.equal(old, new))
    });
    keywords
}

/// Tells a change of keywords that only subtraction can decide.
pub(super) fn tell_conditions(pair: &mut Pair<'_, '_>, keywords: &[String]) {
    let value = |view: &View<'_>| {
        let stated = keywords.iter().filter_map(|key| Some((key.clone(), view.stated(key)?.1.clone())));
        let all: serde_json::Map<String, Value> = stated.collect();
        (!all.is_empty()).then(|| Value::Object(all))
    };
    let (before, after) = (value(&pair.base), value(&pair.head));
    let rule = pair.pick(&REQUEST_CONDITIONS_CHANGED, &RESPONSE_CONDITIONS_CHANGED);
    let first = keywords.first().map_or("", String::as_str);
    let standing = pair.standing_of(first, first);
    let answer = answer(pair.side, whole(&pair.base), whole(&pair.head));
    let mut found = Found::new(rule, keywords.join(", "))
        .values(before, after)
        .was_at(pair.base.place_of(first))
        .now_at(pair.head.place_of(first))
        .standing(standing);
    found.decided = decided(pair.side, &answer);
    pair.found.push(found);
}

/// A schema that stands on its own; none where one alternative is looked at alone.
pub(super) fn whole(view: &View<'_>) -> Option<Value> {
    if view.starts.iter().any(|start| start.picked.is_some()) {
        return None;
    }
    let starts: Vec<&str> = view.starts.iter().map(|start| start.pointer.as_str()).collect();
    excerpt(view.document, view.side, &starts)
}

/// Whether the side that must not lose anything does not.
pub(super) fn answer(side: Side, old: Option<Value>, new: Option<Value>) -> Covered {
    match (side, old, new) {
        (Side::Request, Some(old), Some(new)) => covers(&new, &old),
        (Side::Response, Some(old), Some(new)) => covers(&old, &new),
        _ => Covered::Unknown,
    }
}

/// What is said where that was proven.
pub(super) fn decided(side: Side, answer: &Covered) -> Option<(Verdict, String)> {
    let (safe, lost) = match side {
        Side::Request => (
            "Every value that was accepted still is: proven.",
            "Some values that were accepted no longer are: proven",
        ),
        Side::Response => (
            "Every value that is answered could be before: proven.",
            "Some values may be answered that could not be before: proven",
        ),
    };
    match answer {
        Covered::Yes => Some((Verdict::Allowed, safe.to_owned())),
        Covered::No { lost: Some(schema) } if schema.to_string().len() <= 120 => {
            Some((Verdict::Breaking, format!("{lost}, those of {schema}.")))
        }
        Covered::No { .. } => Some((Verdict::Breaking, format!("{lost}."))),
        Covered::Unknown => None,
    }
}
