//! Responses: statuses and headers.

use indexmap::IndexMap;
use schemas::{Standing, StatusPattern, pointer};
use serde_json::{Value, json};

use super::{bodies, operations, standing};
use crate::review::found::{Found, below};
use crate::review::operations::Site;
use crate::review::rule::rules;
use crate::review::schema::{Context, Graph, Start};
use crate::review::verdict::Verdict;

rules! {
    area "responses";
    SUCCESS_STATUS_ADDED = "success-status-added", Unclear, Response, "one more success is answered",
        "A client that compares with the status it knows takes the new one for a failure.",
        known "response-success-status-added", reverse ["success-status-removed"];
    SUCCESS_STATUS_REMOVED = "success-status-removed", Breaking, Response, "a success is no longer answered with its status",
        "A client that waits for it never meets it; the status of a documented outcome does not change.",
        known "response-success-status-removed", reverse ["success-status-added"];
    ERROR_STATUS_ADDED = "error-status-added", Allowed, Response, "one more error is answered",
        "A client has to be ready for any error in the envelope; no outcome it knew has changed.",
        known "response-non-success-status-added", reverse ["error-status-removed"];
    ERROR_STATUS_REMOVED = "error-status-removed", Breaking, Response, "an error is no longer answered with its status",
        "A client that recognises the outcome by it no longer can; the status of a documented outcome does not change.",
        known "response-non-success-status-removed", reverse ["error-status-added"];
    HEADER_ADDED = "response-header-added", Allowed, Response, "a header is answered that was not",
        "Clients ignore headers they do not know.",
        reverse ["response-header-removed"];
    HEADER_REMOVED = "response-header-removed", Breaking, Response, "a header is gone",
        "A client that reads it finds nothing.",
        known "required-response-header-removed", reverse ["response-header-added"];
    HEADER_BECAME_OPTIONAL = "response-header-became-optional", Breaking, Response, "a header may be missing",
        "A client that relies on it finds nothing.",
        known "response-header-became-optional", reverse ["response-header-always-there"];
    HEADER_BECAME_REQUIRED = "response-header-always-there", Allowed, Response, "a header is in every answer",
        "A client that is ready for its absence always finds it.",
        reverse ["response-header-became-optional"];
}

/// The statuses of an operation, in one spelling, with the key they are written under.
fn statuses(site: &Site<'_>) -> IndexMap<String, String> {
    let listed = site.value.get("responses").and_then(Value::as_object);
    let keys = listed.into_iter().flat_map(serde_json::Map::keys).filter(|key| !key.starts_with("x-"));
    keys.filter_map(|key| Some((StatusPattern::parse(key)?.to_string(), key.clone()))).collect()
}

/// What changed about the responses of an operation.
pub(in crate::review) fn compare(
    base: &Site<'_>,
    head: &Site<'_>,
    graph: &mut Graph<'_>,
    out: &mut Vec<Found>,
) {
    let (old, new) = (statuses(base), statuses(head));
    let at = |site: &Site<'_>, key: &str| pointer::join(&pointer::join(&site.pointer, "responses"), key);
    let is_success = |status: &str| StatusPattern::parse(status).is_some_and(StatusPattern::is_success);
    for (status, key) in &old {
        let subject = format!("response {status}");
        let before = standing_of(base, key);
        let cover = cover(status, &new);
        if !new.contains_key(status) {
            let rule = if is_success(status) { &SUCCESS_STATUS_REMOVED } else { &ERROR_STATUS_REMOVED };
            let place = format!("{}/responses", head.pointer);
            let mut found = Found::new(rule, subject.clone()).values(Some(json!(status)), None);
            found.decided = match cover {
                Some(cover) => Some((Verdict::Unclear, format!("It is still covered by {cover}; {LOOK}"))),
                None if spelt_out(status, &old, &new) => {
                    Some((Verdict::Unclear, format!("Other statuses are listed instead; {LOOK}")))
                }
                None => None,
            };
            out.push(found.was_at(at(base, key)).now_at(place).standing(before));
        }
        let Some(other) = new.get(status).or(cover) else { continue };
        if let Some(moved) = standing::found(&subject, before, standing_of(head, other)) {
            let at = |site: &Site<'_>| format!("{}/x-contract-operation/statuses/{key}", site.pointer);
            out.push(moved.was_at(at(base)).now_at(at(head)));
        }
        let found = (base.document.resolve(&at(base, key)), head.document.resolve(&at(head, other)));
        let (Some((was_at, was)), Some((is_at, is))) = found else { continue };
        answer(base, head, &subject, (&was_at, was), (&is_at, is), graph, out);
        let links = |at: &str| pointer::join(at, "links");
        if !(crate::review::schema::Documents { base: base.document, head: head.document })
            .equal(&links(&was_at), &links(&is_at))
        {
            let found = Found::new(&operations::OTHER_PART_CHANGED, format!("{subject} links"));
            let values = found.values(was.get("links").cloned(), is.get("links").cloned());
            out.push(values.was_at(links(&was_at)).now_at(links(&is_at)));
        }
    }
    for (status, key) in new.iter().filter(|(status, _)| !old.contains_key(*status)) {
        let rule = if is_success(status) { &SUCCESS_STATUS_ADDED } else { &ERROR_STATUS_ADDED };
        let subject = format!("response {status}");
        let mut found = Found::new(rule, subject.clone()).values(None, Some(json!(status)));
        let place = format!("{}/responses", base.pointer);
        let cover = cover(status, &old);
        if let Some(cover) = cover {
            found.decided = Some((Verdict::Allowed, format!("It was covered by {cover} before.")));
        }
        out.push(found.was_at(place).now_at(at(head, key)).standing(standing_of(head, key)));
        let Some(cover) = cover else { continue };
        let found = (base.document.resolve(&at(base, cover)), head.document.resolve(&at(head, key)));
        let (Some((was_at, was)), Some((is_at, is))) = found else { continue };
        answer(base, head, &subject, (&was_at, was), (&is_at, is), graph, out);
    }
}

/// Whether a class of statuses, or `default`, went while statuses that it covered came.
fn spelt_out(status: &str, old: &IndexMap<String, String>, new: &IndexMap<String, String>) -> bool {
    let covers = |other: &str| match (StatusPattern::parse(status), StatusPattern::parse(other)) {
        (Some(StatusPattern::Default), _) => true,
        (Some(wide @ StatusPattern::Class(_)), Some(StatusPattern::Exact(status))) => wide.matches(status),
        _ => false,
    };
    new.keys().any(|other| !old.contains_key(other) && covers(other))
}

/// Why it is unclear what became of a status.
const LOOK: &str = "whether it is answered as before has to be looked at.";

/// The key of what covers a status that is not listed: its class, else `default`. A success is covered by `default` only where
/// no other success is listed.
fn cover<'s>(status: &str, listed: &'s IndexMap<String, String>) -> Option<&'s String> {
    let pattern = StatusPattern::parse(status)?;
    let class = match pattern {
        StatusPattern::Exact(status) => listed.get(&StatusPattern::Class(status / 100).to_string()),
        StatusPattern::Class(_) => None,
        StatusPattern::Default => return None,
    };
    let has_success =
        listed.keys().filter_map(|key| StatusPattern::parse(key)).any(StatusPattern::is_success);
    class.or_else(|| listed.get("default").filter(|_| !(pattern.is_success() && has_success)))
}

/// What changed about the headers and the body of a response.
fn answer(
    base: &Site<'_>,
    head: &Site<'_>,
    subject: &str,
    old: (&str, &Value),
    new: (&str, &Value),
    graph: &mut Graph<'_>,
    out: &mut Vec<Found>,
) {
    headers(base, head, subject, old, new, graph, out);
    bodies::content(base.answering(), &format!("{subject} body"), old, new, graph, out);
}

/// How sure it is that an operation answers with a status.
fn standing_of(site: &Site<'_>, key: &str) -> Standing {
    let stated = site.value.get("x-contract-operation").and_then(|role| role.get("statuses")?.get(key));
    stated.and_then(|word| serde_json::from_value(word.clone()).ok()).unwrap_or_default()
}

fn headers(
    base: &Site<'_>,
    head: &Site<'_>,
    subject: &str,
    (was_at, was): (&str, &Value),
    (is_at, is): (&str, &Value),
    graph: &mut Graph<'_>,
    out: &mut Vec<Found>,
) {
    // By lower-case name: the name as written.
    let names = |value: &Value| -> IndexMap<String, String> {
        let listed = value.get("headers").and_then(Value::as_object);
        listed
            .into_iter()
            .flat_map(serde_json::Map::keys)
            .map(|name| (name.to_ascii_lowercase(), name.clone()))
            .collect()
    };
    let (old, new) = (names(was), names(is));
    let (was_in, is_in) = (pointer::join(was_at, "headers"), pointer::join(is_at, "headers"));
    let is_required = |value: &Value| value.get("required") == Some(&Value::Bool(true));
    for (name, written) in &old {
        let subject = format!("{subject} header {written}");
        let at = pointer::join(&was_in, written);
        let Some(other) = new.get(name) else {
            let found = Found::new(&HEADER_REMOVED, subject).values(Some(json!(written)), None);
            out.push(found.was_at(at).now_at(&is_in));
            continue;
        };
        let to = pointer::join(&is_in, other);
        let found = (base.document.resolve(&at), head.document.resolve(&to));
        let (Some((was_at, was)), Some((is_at, is))) = found else { continue };
        let rule = match (is_required(was), is_required(is)) {
            (false, true) => Some(&HEADER_BECAME_REQUIRED),
            (true, false) => Some(&HEADER_BECAME_OPTIONAL),
            _ => None,
        };
        if let Some(rule) = rule {
            let at = |owner: &str| pointer::join(owner, "required");
            let word = |value: &Value| Some(json!(is_required(value)));
            let found = Found::new(rule, format!("{subject} required")).values(word(was), word(is));
            out.push(found.was_at(at(&was_at)).now_at(at(&is_at)));
        }
        let start = |at: &str| Start::new(pointer::join(at, "schema"), Context::default());
        let root = graph.compare(base.answering(), start(&was_at), start(&is_at));
        out.extend(below(&subject, graph.reached(root)));
    }
    for (_, written) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        let found = Found::new(&HEADER_ADDED, format!("{subject} header {written}"));
        let found = found.values(None, Some(json!(written)));
        out.push(found.was_at(&was_in).now_at(pointer::join(&is_in, written)));
    }
}
