//! Request bodies and media types.

use schemas::{Side, essence, pointer};
use serde_json::{Map, Value, json};

use crate::review::found::{Found, below};
use crate::review::operations::Site;
use crate::review::rule::rules;
use crate::review::schema::{Context, Graph, Start};

rules! {
    area "bodies";
    BODY_ADDED = "request-body-added", Allowed, Request, "a body may be sent",
        "Nobody has to send one.",
        known "request-body-added-optional", reverse ["request-body-removed"];
    BODY_REQUIRED_ADDED = "required-request-body-added", Breaking, Request, "a body has to be sent where none was",
        "A client that sends none is refused.",
        known "request-body-added-required", reverse ["request-body-removed"];
    BODY_REMOVED = "request-body-removed", Breaking, Request, "a body is no longer taken",
        "What a client sends in it has no effect any more.",
        known "request-body-removed", reverse ["request-body-added", "required-request-body-added"];
    BODY_BECAME_REQUIRED = "request-body-became-required", Breaking, Request, "a body has to be sent",
        "A client that sends none, as the description let it, is refused.",
        known "request-body-became-required", reverse ["request-body-became-optional"];
    BODY_BECAME_OPTIONAL = "request-body-became-optional", Allowed, Request, "a body may be left out",
        "What a client sends today is still accepted.",
        known "request-body-became-optional", reverse ["request-body-became-required"];
    REQUEST_MEDIA_ADDED = "request-media-type-added", Allowed, Request, "one more media type is accepted",
        "What a client sends today is still accepted.",
        known "request-body-media-type-added", reverse ["request-media-type-removed"];
    REQUEST_MEDIA_REMOVED = "request-media-type-removed", Breaking, Request, "a media type is no longer accepted",
        "A client that sends it is refused.",
        known "request-body-media-type-removed", reverse ["request-media-type-added"];
    RESPONSE_MEDIA_ADDED = "response-media-type-added", Allowed, Response, "one more media type may be answered",
        "A client gets it where it asks for it.",
        known "response-media-type-added", reverse ["response-media-type-removed"];
    RESPONSE_MEDIA_REMOVED = "response-media-type-removed", Breaking, Response, "a media type is no longer answered",
        "A client that reads it alone cannot read what it gets.",
        known "response-media-type-removed", reverse ["response-media-type-added"];
    ENCODING_CHANGED = "encoding-changed", Unclear, Both, "the parts of a body are written in another way",
        "How each part is written is compared as a whole, and not understood.",
        reverse ["encoding-changed"];
}

/// What changed about the body of a request.
pub(in crate::review) fn compare(
    base: &Site<'_>,
    head: &Site<'_>,
    graph: &mut Graph<'_>,
    out: &mut Vec<Found>,
) {
    const SUBJECT: &str = "request body";
    let body = |site: &Site<'_>| pointer::join(&site.pointer, "requestBody");
    let (old, new) = (base.document.resolve(&body(base)), head.document.resolve(&body(head)));
    let is_required = |value: &Value| value.get("required") == Some(&Value::Bool(true));
    match (old, new) {
        (None, None) => {}
        (None, Some((at, value))) => {
            let rule = if is_required(value) { &BODY_REQUIRED_ADDED } else { &BODY_ADDED };
            let found = Found::new(rule, SUBJECT).values(None, Some(media(value)));
            out.push(found.was_at(&base.pointer).now_at(at));
        }
        (Some((at, value)), None) => {
            let found = Found::new(&BODY_REMOVED, SUBJECT).values(Some(media(value)), None);
            out.push(found.was_at(at).now_at(&head.pointer));
        }
        (Some((was_at, was)), Some((is_at, is))) => {
            let rule = match (is_required(was), is_required(is)) {
                (false, true) => Some(&BODY_BECAME_REQUIRED),
                (true, false) => Some(&BODY_BECAME_OPTIONAL),
                _ => None,
            };
            if let Some(rule) = rule {
                let at = |owner: &str| pointer::join(owner, "required");
                let word = |value: &Value| Some(json!(is_required(value)));
                let found = Found::new(rule, "request body required").values(word(was), word(is));
                out.push(found.was_at(at(&was_at)).now_at(at(&is_at)));
            }
            content(base.sending(), SUBJECT, (&was_at, was), (&is_at, is), graph, out);
        }
    }
}

/// The media types of a body.
fn media(body: &Value) -> Value {
    let content = body.get("content").and_then(Value::as_object);
    json!(content.into_iter().flat_map(Map::keys).collect::<Vec<_>>())
}

/// What changed about the media types of a body, and the schemas of those on both sides.
pub(super) fn content(
    side: Side,
    subject: &str,
    (was_at, was): (&str, &Value),
    (is_at, is): (&str, &Value),
    graph: &mut Graph<'_>,
    out: &mut Vec<Found>,
) {
    let of = |value: &Value| value.get("content").and_then(Value::as_object).cloned().unwrap_or_default();
    let (old, new) = (of(was), of(is));
    let (was_in, is_in) = (pointer::join(was_at, "content"), pointer::join(is_at, "content"));
    let (more, fewer) = match side {
        Side::Request => (&REQUEST_MEDIA_ADDED, &REQUEST_MEDIA_REMOVED),
        Side::Response => (&RESPONSE_MEDIA_ADDED, &RESPONSE_MEDIA_REMOVED),
    };
    for (name, media) in &old {
        let at = pointer::join(&was_in, name);
        let Some((other, against)) = new.iter().find(|(other, _)| essence(other) == essence(name)) else {
            let found = Found::new(fewer, subject).values(Some(json!(name)), None);
            out.push(found.was_at(at).now_at(&is_in));
            continue;
        };
        let to = pointer::join(&is_in, other);
        let subject = if essence(name) == "application/json" {
            subject.to_owned()
        } else {
            format!("{subject} ({name})")
        };
        if media.get("encoding") != against.get("encoding") {
            let found = Found::new(&ENCODING_CHANGED, format!("{subject} encoding"));
            let found = found.values(media.get("encoding").cloned(), against.get("encoding").cloned());
            out.push(found.was_at(pointer::join(&at, "encoding")).now_at(pointer::join(&to, "encoding")));
        }
        let start = |at: &str| Start::new(pointer::join(at, "schema"), Context::default());
        let root = graph.compare(side, start(&at), start(&to));
        out.extend(below(&subject, graph.reached(root)));
    }
    for name in new.keys().filter(|name| !old.keys().any(|known| essence(known) == essence(name))) {
        let found = Found::new(more, subject).values(None, Some(json!(name)));
        out.push(found.was_at(&was_in).now_at(pointer::join(&is_in, name)));
    }
}
