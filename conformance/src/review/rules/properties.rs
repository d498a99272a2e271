//! Properties of objects: there, gone, renamed, required; and the items of lists.

use indexmap::IndexMap;
use schemas::{Side, pointer};
use serde_json::{Value, json};

use super::{fields, types};
use crate::review::found::Found;
use crate::review::likeness::alike;
use crate::review::rule::rules;
use crate::review::schema::{Member, Pair, Start, View};

rules! {
    area "properties";
    REQUEST_PROPERTY_ADDED = "request-property-added", Allowed, Request, "a property may be sent",
        "Nobody has to send it.",
        known "new-optional-request-property", reverse ["request-property-removed"];
    REQUEST_PROPERTY_REQUIRED_ADDED = "required-request-property-added", Breaking, Request, "a property is new and has to be sent",
        "A client that does not know of it is refused.",
        known "new-required-request-property", reverse ["request-property-removed"];
    REQUEST_PROPERTY_REMOVED = "request-property-removed", Breaking, Request, "a property is gone",
        "What a client sends in it has no effect any more, or is refused.",
        known "request-property-removed", reverse ["request-property-added", "required-request-property-added"];
    REQUEST_PROPERTY_RENAMED = "request-property-renamed", Breaking, Request, "a property seems to have another name",
        "What a client sends under the old name has no effect; no field is renamed within a version.",
        known "request-property-removed", reverse ["request-property-renamed"];
    REQUEST_PROPERTY_BECAME_REQUIRED = "request-property-became-required", Breaking, Request, "a property has to be sent",
        "A client that leaves it out, as the description let it, is refused.",
        known "request-property-became-required", reverse ["request-property-became-optional"];
    REQUEST_PROPERTY_BECAME_OPTIONAL = "request-property-became-optional", Allowed, Request, "a property may be left out",
        "What a client sends today is still accepted.",
        known "request-property-became-optional", reverse ["request-property-became-required"];
    PROPERTY_BECAME_READ_ONLY = "property-became-read-only", Breaking, Request, "a property can no longer be sent",
        "What a client sends in it has no effect any more.",
        known "request-optional-property-became-read-only", reverse ["property-became-writable"];
    PROPERTY_BECAME_WRITABLE = "property-became-writable", Allowed, Request, "a property that was read-only may be sent",
        "Nobody has to send it.",
        known "request-optional-property-became-not-read-only", reverse ["property-became-read-only"];
    PROPERTY_BECAME_WRITE_ONLY = "property-became-write-only", Breaking, Response, "a property is no longer answered",
        "A client that reads it finds nothing.",
        known "response-required-property-became-write-only", reverse ["property-became-readable"];
    PROPERTY_BECAME_READABLE = "property-became-readable", Allowed, Response, "a property that was write-only is answered",
        "Clients ignore properties they do not know.",
        known "response-required-property-became-not-write-only", reverse ["property-became-write-only"];
    RESPONSE_PROPERTY_ADDED = "response-property-added", Allowed, Response, "a property is answered that was not",
        "Clients ignore properties they do not know.",
        known "response-required-property-added", reverse ["response-property-removed", "optional-response-property-removed"];
    RESPONSE_PROPERTY_REMOVED = "response-property-removed", Breaking, Response, "a property that was always answered is gone",
        "A client that reads it finds nothing; no response field is removed within a version.",
        known "response-required-property-removed", reverse ["response-property-added"];
    RESPONSE_OPTIONAL_REMOVED = "optional-response-property-removed", Breaking, Response, "a property that was sometimes answered is gone",
        "A client that reads it where it is there never finds it; no response field is removed within a version.",
        known "response-optional-property-removed", reverse ["response-property-added"];
    RESPONSE_PROPERTY_RENAMED = "response-property-renamed", Breaking, Response, "a property seems to be answered under another name",
        "A client that reads the old name finds nothing; no field is renamed within a version.",
        known "response-required-property-removed", reverse ["response-property-renamed"];
    RESPONSE_PROPERTY_BECAME_OPTIONAL = "response-property-became-optional", Breaking, Response, "a property may be missing from answers",
        "A client that relies on it finds nothing.",
        known "response-property-became-optional", reverse ["response-property-always-there"];
    RESPONSE_PROPERTY_BECAME_REQUIRED = "response-property-always-there", Allowed, Response, "a property is in every answer",
        "A client that is ready for its absence always finds it.",
        known "response-property-became-required", reverse ["response-property-became-optional"];
    PROPERTY_DEPRECATED = "property-deprecated", Allowed, Both, "a property is deprecated",
        "It still works; clients are asked to use something else.",
        known "request-property-deprecated", reverse ["property-undeprecated"];
    PROPERTY_UNDEPRECATED = "property-undeprecated", Allowed, Both, "a property is no longer deprecated",
        "It goes on working.",
        reverse ["property-deprecated"];
    REQUEST_UNKNOWN_REFUSED = "request-unknown-properties-refused", Breaking, Request, "properties that are not described are refused",
        "A client that sends more than is described, as it could, is refused.",
        known "request-additional-properties-disallowed", reverse ["request-unknown-properties-accepted"];
    REQUEST_UNKNOWN_ACCEPTED = "request-unknown-properties-accepted", Allowed, Request, "properties that are not described are accepted",
        "What a client sends today is still accepted.",
        known "request-additional-properties-allowed", reverse ["request-unknown-properties-refused"];
    RESPONSE_UNKNOWN_POSSIBLE = "response-unknown-properties-possible", Allowed, Response, "properties that are not described may be answered",
        "Clients ignore properties they do not know.",
        reverse ["response-unknown-properties-excluded"];
    RESPONSE_UNKNOWN_EXCLUDED = "response-unknown-properties-excluded", Allowed, Response, "only described properties are answered",
        "Every answer is one that clients read already.",
        reverse ["response-unknown-properties-possible"];
}

/// What changed about the members of objects and lists.
pub(in crate::review) fn compare(pair: &mut Pair<'_, '_>) {
    let (old, new) = (types::types(&pair.base), types::types(&pair.head));
    if old.contains("object") && new.contains("object") {
        members(pair);
        unknown(pair);
    }
    if old.contains("array") && new.contains("array") {
        items(pair);
    }
}

/// What changed about being deprecated.
pub(in crate::review) fn deprecation(pair: &mut Pair<'_, '_>) {
    match (pair.base.has_flag("deprecated"), pair.head.has_flag("deprecated")) {
        (false, true) => pair.tell(&PROPERTY_DEPRECATED, "deprecated", None, None),
        (true, false) => pair.tell(&PROPERTY_UNDEPRECATED, "deprecated", None, None),
        _ => {}
    }
}

type Members<'d> = IndexMap<&'d str, Member>;

fn members(pair: &mut Pair<'_, '_>) {
    let (needed, needs) = (pair.base.required(), pair.head.required());
    let (mut old, mut new) = (pair.base.members(), pair.head.members());
    for (members, required, view) in [(&mut old, &needed, &pair.base), (&mut new, &needs, &pair.head)] {
        // What has to be there and is not described may be anything.
        for name in required.keys() {
            let nowhere = || Member { starts: nowhere(view), hidden: false };
            members.entry(name).or_insert_with(nowhere);
        }
    }
    let absent = |of: &Members<'_>, name: &str| of.get(name).is_none_or(|member| member.hidden);
    let seen = |of: &Members<'_>, in_other: &Members<'_>| -> Vec<String> {
        let visible = of.iter().filter(|(_, member)| !member.hidden);
        visible.filter(|(name, _)| absent(in_other, name)).map(|(name, _)| (*name).to_owned()).collect()
    };
    let (mut gone, mut come) = (seen(&old, &new), seen(&new, &old));
    if let ([from], [to]) = (gone.as_slice(), come.as_slice())
        && !new.contains_key(from.as_str())
        && !old.contains_key(to.as_str())
        && needed.contains_key(from.as_str()) == needs.contains_key(to.as_str())
        && alike(from, to)
        && are_same(pair, &old[from.as_str()], &new[to.as_str()])
    {
        let rule = pair.pick(&REQUEST_PROPERTY_RENAMED, &RESPONSE_PROPERTY_RENAMED);
        let standing = pair.standing_at(false, &old[from.as_str()].starts, "type");
        let found = Found::new(rule, step(from))
            .values(Some(json!(from)), Some(json!(to)))
            .was_at(place(&old[from.as_str()]))
            .now_at(place(&new[to.as_str()]))
            .standing(standing);
        pair.found.push(found);
        gone.clear();
        come.clear();
    }
    for name in &gone {
        let member = &old[name.as_str()];
        let standing = pair.standing_at(false, &member.starts, "type");
        let is_hidden = new.contains_key(name.as_str());
        let rule = match (pair.side, is_hidden, needed.contains_key(name.as_str())) {
            (Side::Request, true, _) => &PROPERTY_BECAME_READ_ONLY,
            (Side::Response, true, _) => &PROPERTY_BECAME_WRITE_ONLY,
            (Side::Request, false, _) => &REQUEST_PROPERTY_REMOVED,
            (Side::Response, false, true) => &RESPONSE_PROPERTY_REMOVED,
            (Side::Response, false, false) => &RESPONSE_OPTIONAL_REMOVED,
        };
        let before = told(pair, false, member);
        let mut found = Found::new(rule, step(name)).values(Some(before), None).was_at(place(member));
        found.head = Some(new.get(name.as_str()).map_or_else(|| pair.head.place().to_owned(), place));
        pair.found.push(found.standing(standing));
    }
    for name in &come {
        let member = &new[name.as_str()];
        let is_needed = needs.contains_key(name.as_str());
        let rule = match (pair.side, old.contains_key(name.as_str()), is_needed) {
            (Side::Request, _, true) => &REQUEST_PROPERTY_REQUIRED_ADDED,
            (Side::Request, true, false) => &PROPERTY_BECAME_WRITABLE,
            (Side::Request, false, false) => &REQUEST_PROPERTY_ADDED,
            (Side::Response, true, _) => &PROPERTY_BECAME_READABLE,
            (Side::Response, false, _) => &RESPONSE_PROPERTY_ADDED,
        };
        let keyword = if is_needed && pair.side == Side::Request { "required" } else { "type" };
        let standing = pair.standing_at(true, &member.starts, keyword);
        let after = told(pair, true, member);
        let mut found = Found::new(rule, step(name)).values(None, Some(after)).now_at(place(member));
        found.base = Some(pair.base.place().to_owned());
        pair.found.push(found.standing(standing));
    }
    for (name, member) in old.drain(..) {
        let Some(other) = new.shift_remove(name) else { continue };
        if member.hidden || other.hidden {
            continue;
        }
        requirement(pair, name, (&member, needed.get(name)), (&other, needs.get(name)));
        fields::of_member(pair, name, &member, &other);
        pair.descend(name, member.starts, other.starts);
    }
}

fn requirement(
    pair: &mut Pair<'_, '_>,
    name: &str,
    old: (&Member, Option<&String>),
    new: (&Member, Option<&String>),
) {
    let (of_head, rule) = match (old.1, new.1) {
        (None, Some(_)) => {
            (true, pair.pick(&REQUEST_PROPERTY_BECAME_REQUIRED, &RESPONSE_PROPERTY_BECAME_REQUIRED))
        }
        (Some(_), None) => {
            (false, pair.pick(&REQUEST_PROPERTY_BECAME_OPTIONAL, &RESPONSE_PROPERTY_BECAME_OPTIONAL))
        }
        _ => return,
    };
    let starts = if of_head { &new.0.starts } else { &old.0.starts };
    let standing = pair.standing_at(of_head, starts, "required");
    let at = |member: &Member, required: Option<&String>| required.cloned().unwrap_or_else(|| place(member));
    let found = Found::new(rule, step(name))
        .values(Some(json!(requirement_word(old.1))), Some(json!(requirement_word(new.1))))
        .was_at(at(old.0, old.1))
        .now_at(at(new.0, new.1))
        .standing(standing);
    pair.found.push(found);
}

fn requirement_word(required: Option<&String>) -> &'static str {
    if required.is_some() { "required" } else { "optional" }
}

fn are_same(pair: &Pair<'_, '_>, old: &Member, new: &Member) -> bool {
    old.starts.len() == new.starts.len()
        && old.starts.iter().zip(&new.starts).all(|(old, new)| pair.both.equal(&old.pointer, &new.pointer))
}

/// The types of a property.
fn told(pair: &mut Pair<'_, '_>, of_head: bool, member: &Member) -> Value {
    let document = if of_head { pair.both.head } else { pair.both.base };
    let view = View::new(document, pair.side, member.starts.clone(), pair.contexts);
    types::told_of(&view)
}

fn place(member: &Member) -> String {
    member.starts.first().map(|start| start.pointer.clone()).unwrap_or_default()
}

fn step(name: &str) -> String {
    format!("/{}", pointer::escape(name))
}

/// Properties that are not described.
fn unknown(pair: &mut Pair<'_, '_>) {
    const KEYWORD: &str = "additionalProperties";
    let is_closed = |view: &View<'_>| view.all_stated(KEYWORD).any(|(_, value)| *value == Value::Bool(false));
    let (was, is) = (is_closed(&pair.base), is_closed(&pair.head));
    match (was, is) {
        (false, true) => {
            let rule = pair.pick(&REQUEST_UNKNOWN_REFUSED, &RESPONSE_UNKNOWN_EXCLUDED);
            pair.tell(rule, KEYWORD, None, Some(json!(false)));
        }
        (true, false) => {
            let rule = pair.pick(&REQUEST_UNKNOWN_ACCEPTED, &RESPONSE_UNKNOWN_POSSIBLE);
            pair.tell(rule, KEYWORD, Some(json!(false)), None);
        }
        (true, true) => {}
        (false, false) => values_of(pair, "*", KEYWORD),
    }
}

fn items(pair: &mut Pair<'_, '_>) {
    values_of(pair, "*", "items");
}

/// A place where nothing stands: it reads as a schema that says nothing.
fn nowhere(view: &View<'_>) -> Vec<Start> {
    vec![Start::new(pointer::join(view.place(), "x-nothing"), view.context)]
}

/// Values under a keyword that holds one schema for all; where one side states none, anything goes there.
fn values_of(pair: &mut Pair<'_, '_>, step: &str, keyword: &str) {
    let (old, new) = (pair.base.below(keyword), pair.head.below(keyword));
    if old.is_empty() && new.is_empty() {
        return;
    }
    let old = if old.is_empty() { nowhere(&pair.base) } else { old };
    let new = if new.is_empty() { nowhere(&pair.head) } else { new };
    pair.descend(step, old, new);
}
