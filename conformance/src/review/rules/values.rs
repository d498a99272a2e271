//! Enums, constants and defaults.

use schemas::{Side, Standing};
use serde_json::{Value, json};

use super::{standing, types};
use crate::review::likeness::alike;
use crate::review::rule::rules;
use crate::review::schema::{Pair, View};

rules! {
    area "values";
    REQUEST_VALUE_ADDED = "request-enum-value-added", Allowed, Request, "one more value is accepted",
        "What a client sends today is still accepted.",
        known "request-property-enum-value-added", reverse ["request-enum-value-removed"];
    REQUEST_VALUE_REMOVED = "request-enum-value-removed", Breaking, Request, "a value is no longer accepted",
        "A client that sends it is refused.",
        known "request-property-enum-value-removed", reverse ["request-enum-value-added"];
    REQUEST_VALUE_RENAMED = "request-enum-value-renamed", Breaking, Request, "a value seems to be accepted under another name only",
        "A client that sends the old name is refused; no value is renamed within a version.",
        known "request-property-enum-value-removed", reverse ["request-enum-value-renamed"];
    REQUEST_VALUES_REPLACED = "request-values-replaced", Breaking, Request, "none of the listed values is one of those before",
        "Whatever a client sends today is refused.",
        reverse ["request-values-replaced"];
    REQUEST_ENUM_CLOSED = "request-enum-closed", Breaking, Request, "only listed values are accepted",
        "A client that sends any other is refused.",
        known "request-property-became-enum", reverse ["request-enum-opened"];
    REQUEST_ENUM_OPENED = "request-enum-opened", Allowed, Request, "any value is accepted, not listed ones alone",
        "What a client sends today is still accepted.",
        reverse ["request-enum-closed"];
    RESPONSE_VALUE_ADDED = "response-enum-value-added", Allowed, Response, "one more value may be answered",
        "The promise lets values be added at any time; clients are to tolerate ones they do not know.",
        known "response-property-enum-value-added", reverse ["response-enum-value-removed"];
    RESPONSE_VALUE_REMOVED = "response-enum-value-removed", Unclear, Response, "a value is no longer answered",
        "Clients read every value that is left; one that waits for the removed value waits for ever.",
        known "response-property-enum-value-removed", reverse ["response-enum-value-added"];
    RESPONSE_VALUE_RENAMED = "response-enum-value-renamed", Unclear, Response, "a value seems to be answered under another name",
        "A client that compares with the old name never meets it; no value is renamed within a version.",
        reverse ["response-enum-value-renamed"];
    RESPONSE_VALUES_REPLACED = "response-values-replaced", Breaking, Response, "none of the listed values is one of those before",
        "A client never meets a value that it knows.",
        reverse ["response-values-replaced"];
    RESPONSE_ENUM_CLOSED = "response-enum-closed", Allowed, Response, "only listed values are answered",
        "Every one is a value that clients read already.",
        known "response-property-became-enum", reverse ["response-enum-opened"];
    RESPONSE_ENUM_OPENED = "response-enum-opened", Allowed, Response, "any value may be answered, not listed ones alone",
        "The promise lets values be added at any time; clients are to tolerate ones they do not know.",
        known "response-property-enum-value-added", reverse ["response-enum-closed"];
    REQUEST_DEFAULT_CHANGED = "request-default-changed", Breaking, Request, "what is left out is taken for another value",
        "A client that leaves it out gets something else than it got.",
        known "request-property-default-value-changed", reverse ["request-default-changed"];
    REQUEST_DEFAULT_STATED = "request-default-stated", Unclear, Request, "what is left out is now said to be taken for a value",
        "It may say what has always been so, or something new.",
        known "request-property-default-value-added", reverse ["request-default-withdrawn"];
    REQUEST_DEFAULT_WITHDRAWN = "request-default-withdrawn", Unclear, Request, "what is left out is no longer said to be taken for a value",
        "A client that leaves it out no longer knows what it gets.",
        known "request-property-default-value-removed", reverse ["request-default-stated"];
}

/// The values a schema lists, where it lists any, and the keyword that does so.
fn listed<'d>(view: &View<'d>) -> Option<(Vec<&'d Value>, &'static str)> {
    let mut all: Option<Vec<&Value>> = None;
    let mut keyword = "enum";
    for part in &view.parts {
        let Some(own) = &part.listed else { continue };
        if let Some(stated) =
            ["const", "enum", "oneOf", "anyOf"].into_iter().find(|key| part.map.contains_key(*key))
        {
            keyword = stated;
        }
        all = Some(match all {
            Some(known) => known.into_iter().filter(|value| own.contains(value)).collect(),
            None => own.clone(),
        });
    }
    // Null is a matter of types.
    let values = all?.into_iter().filter(|value| !value.is_null()).collect();
    Some((values, keyword))
}

/// How sure a member of an enum is by a word of its own.
fn own_standing(view: &View<'_>, value: &Value) -> Option<Standing> {
    view.parts.iter().find_map(|part| {
        let word = part.map.get("x-contract-field")?.get("values")?.get(value.as_str()?)?;
        serde_json::from_value(word.clone()).ok()
    })
}

/// How sure a member of an enum is: by a word of its own, else as the enum.
fn standing_of_member(pair: &Pair<'_, '_>, view: &View<'_>, keyword: &str, value: &Value) -> Standing {
    own_standing(view, value).unwrap_or_else(|| {
        let context = view.stated(keyword).map_or(view.context, |(part, _)| part.context);
        pair.contexts.of(context, keyword)
    })
}

/// What changed about listed values.
pub(in crate::review) fn compare(pair: &mut Pair<'_, '_>) {
    match (listed(&pair.base), listed(&pair.head)) {
        (None, None) => {}
        (None, Some((values, keyword))) => {
            let rule = pair.pick(&REQUEST_ENUM_CLOSED, &RESPONSE_ENUM_CLOSED);
            pair.tell(rule, keyword, None, Some(json!(values)));
        }
        (Some((values, keyword)), None) => {
            let rule = pair.pick(&REQUEST_ENUM_OPENED, &RESPONSE_ENUM_OPENED);
            pair.tell(rule, keyword, Some(json!(values)), None);
        }
        (Some((old, was)), Some((new, is))) => {
            // Where no type is common, that was reported.
            if types::types(&pair.base).is_disjoint(&types::types(&pair.head)) {
                return;
            }
            // A set, so that long lists cost no more than their length.
            let texts = |list: &[&Value]| -> std::collections::HashSet<String> {
                list.iter().map(ToString::to_string).collect()
            };
            let (known, kept) = (texts(&old), texts(&new));
            members(pair, old.iter().filter(|value| kept.contains(&value.to_string())), was, is);
            let gone: Vec<&Value> =
                old.into_iter().filter(|value| !kept.contains(&value.to_string())).collect();
            let come: Vec<&Value> =
                new.into_iter().filter(|value| !known.contains(&value.to_string())).collect();
            if !gone.is_empty() && !come.is_empty() && gone.len() == known.len() && come.len() == kept.len() {
                let rule = pair.pick(&REQUEST_VALUES_REPLACED, &RESPONSE_VALUES_REPLACED);
                let (before, after) = (told(&gone), told(&come));
                pair.tell(rule, is, Some(before), Some(after));
                return;
            }
            if let ([from], [to]) = (gone.as_slice(), come.as_slice())
                && let (Value::String(old), Value::String(new)) = (from, to)
                && alike(old, new)
            {
                let standing = standing_of_member(pair, &pair.base, was, from);
                let rule = pair.pick(&REQUEST_VALUE_RENAMED, &RESPONSE_VALUE_RENAMED);
                pair.tell_as(rule, is, Some((*from).clone()), Some((*to).clone()), standing);
                return;
            }
            for value in gone {
                let standing = standing_of_member(pair, &pair.base, was, value);
                let rule = pair.pick(&REQUEST_VALUE_REMOVED, &RESPONSE_VALUE_REMOVED);
                pair.tell_as(rule, was, Some(value.clone()), None, standing);
            }
            for value in come {
                let standing = standing_of_member(pair, &pair.head, is, value);
                let rule = pair.pick(&REQUEST_VALUE_ADDED, &RESPONSE_VALUE_ADDED);
                pair.tell_as(rule, is, None, Some(value.clone()), standing);
            }
        }
    }
}

/// Values in short: a single one as it is.
fn told(values: &[&Value]) -> Value {
    if let [one] = values { (*one).clone() } else { json!(values) }
}

/// Members that are still there, but more or less sure by a word of their own.
fn members<'v>(
    pair: &mut Pair<'_, '_>,
    kept: impl Iterator<Item = &'v &'v Value>,
    was: &str,
    is: &'static str,
) {
    for value in kept {
        if own_standing(&pair.base, value) == own_standing(&pair.head, value) {
            continue;
        }
        let old = standing_of_member(pair, &pair.base, was, value);
        let new = standing_of_member(pair, &pair.head, is, value);
        let subject = format!("{is} {}", value.as_str().unwrap_or_default());
        if let Some(found) = standing::found(&subject, old, new) {
            let places = (pair.base.place_of(was), pair.head.place_of(is));
            pair.found.push(found.was_at(places.0).now_at(places.1));
        }
    }
}

/// What changed about the value that is taken where none is sent.
pub(in crate::review) fn defaults(pair: &mut Pair<'_, '_>) {
    if pair.side != Side::Request {
        return;
    }
    let of = |view: &View<'_>| view.stated("default").map(|(_, value)| value.clone());
    let (before, after) = (of(&pair.base), of(&pair.head));
    let rule = match (&before, &after) {
        (Some(before), Some(after)) if before != after => &REQUEST_DEFAULT_CHANGED,
        (None, Some(_)) => &REQUEST_DEFAULT_STATED,
        (Some(_), None) => &REQUEST_DEFAULT_WITHDRAWN,
        _ => return,
    };
    pair.tell(rule, "default", before, after);
}
