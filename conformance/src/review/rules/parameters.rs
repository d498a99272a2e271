//! Parameters of operations.

use schemas::pointer;
use serde_json::{Value, json};

use super::{standing, sunset};
use crate::review::found::Found;
use crate::review::operations::Site;
use crate::review::rule::rules;
use crate::review::schema::{Context, Graph, Items, Start};

rules! {
    area "parameters";
    PARAMETER_ADDED = "parameter-added", Allowed, Request, "a parameter may be sent",
        "Nobody has to send it.",
        known "new-optional-request-parameter", reverse ["parameter-removed"];
    PARAMETER_REQUIRED_ADDED = "required-parameter-added", Breaking, Request, "a parameter is new and has to be sent",
        "A client that does not know of it is refused.",
        known "new-required-request-parameter", reverse ["parameter-removed"];
    PARAMETER_REMOVED = "parameter-removed", Breaking, Request, "a parameter is gone",
        "A client that sends it is answered as if it had not: a filter, for one, selects all.",
        known "request-parameter-removed", reverse ["parameter-added", "required-parameter-added"];
    PARAMETER_BECAME_REQUIRED = "parameter-became-required", Breaking, Request, "a parameter has to be sent",
        "A client that leaves it out, as the description let it, is refused.",
        known "request-parameter-became-required", reverse ["parameter-became-optional"];
    PARAMETER_BECAME_OPTIONAL = "parameter-became-optional", Allowed, Request, "a parameter may be left out",
        "What a client sends today is still accepted.",
        known "request-parameter-became-optional", reverse ["parameter-became-required"];
    PARAMETER_STYLE_CHANGED = "parameter-style-changed", Breaking, Request, "a parameter is written in another way",
        "A client that writes it as before is misread or refused.",
        known "request-parameter-style-changed", reverse ["parameter-style-changed"];
    PARAMETER_BECAME_LIST = "parameter-became-list", Allowed, Request, "a parameter may be sent several times, or with several values",
        "One value is written as it was.",
        reverse ["parameter-no-longer-list"];
    PARAMETER_NO_LONGER_LIST = "parameter-no-longer-list", Breaking, Request, "a parameter takes one value only",
        "A client that sends several is refused, or heard in part.",
        known "request-parameter-type-changed", reverse ["parameter-became-list"];
    PARAMETER_DEPRECATED = "parameter-deprecated", Allowed, Request, "a parameter is deprecated",
        "It still works; clients are asked to use something else.",
        known "request-parameter-deprecated", reverse ["parameter-undeprecated"];
    PARAMETER_UNDEPRECATED = "parameter-undeprecated", Allowed, Request, "a parameter is no longer deprecated",
        "It goes on working.",
        known "request-parameter-reactivated", reverse ["parameter-deprecated"];
    FILTER_ADDED = "filter-added", Unclear, Response, "a parameter is now said to select rows",
        "It may say what has always been so; else a client that sends it gets fewer rows than before.",
        reverse ["filter-removed"];
    FILTER_REMOVED = "filter-removed", Breaking, Response, "a parameter is no longer said to select rows",
        "A client that sends it meets rows it had filtered out.",
        reverse ["filter-added"];
    FILTER_CHANGED = "filter-changed", Breaking, Response, "a parameter selects rows by another field",
        "A client that sends it gets other rows.",
        reverse ["filter-changed"];
}

/// What changed about the parameters of an operation.
pub(in crate::review) fn compare(
    base: &Site<'_>,
    head: &Site<'_>,
    graph: &mut Graph<'_>,
    out: &mut Vec<Found>,
) {
    let (old, mut new) = (base.parameters(), head.parameters());
    let start = |at: &str, value: &Value, context| Start::new(schema(at, value), context);
    for (key, (was_at, was)) in &old {
        let subject = subject(was);
        let before = graph.contexts().within(Context::default(), was);
        let Some((is_at, is)) = new.shift_remove(key) else {
            let standing = graph.contexts().of(before, "default");
            let name = was.get("name").cloned();
            let mut found = Found::new(&PARAMETER_REMOVED, subject)
                .values(name, None)
                .was_at(was_at)
                .now_at(&head.pointer);
            found.decided = sunset::after_removal(was);
            out.push(found.standing(standing));
            continue;
        };
        let after = graph.contexts().within(Context::default(), is);
        let mut tell = |rule, keyword: &str, before_after: (Option<Value>, Option<Value>), standing| {
            let subject = if keyword.is_empty() { subject.clone() } else { format!("{subject} {keyword}") };
            let found = Found::new(rule, subject).values(before_after.0, before_after.1);
            let at = |owner: &str| {
                if keyword.is_empty() { owner.to_owned() } else { pointer::join(owner, keyword) }
            };
            out.push(found.was_at(at(was_at)).now_at(at(&is_at)).standing(standing));
        };
        let (old_standing, new_standing) =
            (graph.contexts().of(before, "default"), graph.contexts().of(after, "default"));
        match (flag(was, "required"), flag(is, "required")) {
            (false, true) => {
                tell(&PARAMETER_BECAME_REQUIRED, "required", (None, Some(json!(true))), new_standing);
            }
            (true, false) => {
                tell(&PARAMETER_BECAME_OPTIONAL, "required", (Some(json!(true)), None), old_standing);
            }
            _ => {}
        }
        match (flag(was, "deprecated"), flag(is, "deprecated")) {
            (false, true) => tell(&PARAMETER_DEPRECATED, "deprecated", (None, None), old_standing),
            (true, false) => tell(&PARAMETER_UNDEPRECATED, "deprecated", (None, None), old_standing),
            _ => {}
        }
        let (mut old_start, mut new_start) = (start(was_at, was, before), start(&is_at, is, after));
        let lists = (
            graph.list_items(base.document, base.sending(), &old_start),
            graph.list_items(head.document, head.sending(), &new_start),
        );
        // One value is written alike, whether several would be joined or not.
        let is_single = lists.0 == Items::Scalar || lists.1 == Items::Scalar;
        let (from, to) = (style(was, is_single), style(is, is_single));
        if from != to {
            tell(&PARAMETER_STYLE_CHANGED, "style", (Some(from), Some(to)), old_standing);
        }
        let (from, to) = (filter(was), filter(is));
        let rule = match (&from, &to) {
            (None, Some(_)) => Some((&FILTER_ADDED, new_standing)),
            (Some(_), None) => Some((&FILTER_REMOVED, old_standing)),
            (Some(from), Some(to)) if from != to => Some((&FILTER_CHANGED, old_standing)),
            _ => None,
        };
        if let Some((rule, standing)) = rule {
            tell(rule, "x-contract-filter", (from, to), standing);
        }
        sunset::compare((was, was_at), (is, &is_at), &format!("{subject} "), out);
        for mut found in standing::stated(graph.contexts(), (before, after), (before, after)) {
            found.subject = format!("{subject} {}", found.subject);
            let at = |owner: &str| pointer::join(owner, "x-contract-standing");
            out.push(found.was_at(at(was_at)).now_at(at(&is_at)));
        }
        // With one value, a list is written as the value is.
        if media(was).is_none() && media(is).is_none() {
            let rule = match lists {
                (Items::Scalar, Items::Of(item)) => {
                    new_start.pointer = item;
                    Some(&PARAMETER_BECAME_LIST)
                }
                (Items::Of(item), Items::Scalar) => {
                    old_start.pointer = item;
                    Some(&PARAMETER_NO_LONGER_LIST)
                }
                _ => None,
            };
            if let Some(rule) = rule {
                let at = |owner: &str| pointer::join(owner, "schema");
                let found = Found::new(rule, subject.clone()).was_at(at(was_at)).now_at(at(&is_at));
                out.push(found.standing(old_standing));
            }
        }
        let root = graph.compare(base.sending(), old_start, new_start);
        out.extend(crate::review::found::below(&subject, graph.reached(root)));
    }
    for (_, (at, value)) in new {
        let context = graph.contexts().within(Context::default(), value);
        let standing = graph.contexts().of(context, "default");
        let rule = if flag(value, "required") { &PARAMETER_REQUIRED_ADDED } else { &PARAMETER_ADDED };
        let found = Found::new(rule, subject(value)).values(None, value.get("name").cloned());
        out.push(found.was_at(&base.pointer).now_at(at).standing(standing));
    }
}

fn subject(parameter: &Value) -> String {
    let word = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
    format!("{} parameter {}", word("in"), word("name"))
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key) == Some(&Value::Bool(true))
}

fn filter(parameter: &Value) -> Option<Value> {
    parameter.get("x-contract-filter").and_then(|filter| filter.get("field")).cloned()
}

/// How a parameter is written, what is not said filled in.
fn style(parameter: &Value, is_single: bool) -> Value {
    if let Some(media) = media(parameter) {
        return json!({ "content": media.to_ascii_lowercase() });
    }
    let place = parameter.get("in").and_then(Value::as_str).unwrap_or_default();
    let usual = if matches!(place, "query" | "cookie") { "form" } else { "simple" };
    let style = parameter.get("style").and_then(Value::as_str).unwrap_or(usual);
    let explode = parameter.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
    let mut style = json!({"style": style, "allowReserved": flag(parameter, "allowReserved")});
    if !is_single {
        style["explode"] = json!(explode);
    }
    style
}

/// The media type a parameter is written in, where it is not written by a style.
fn media(parameter: &Value) -> Option<&String> {
    parameter.get("content").and_then(Value::as_object).and_then(|content| content.keys().next())
}

/// Where the schema of a parameter stands.
fn schema(at: &str, parameter: &Value) -> String {
    match media(parameter) {
        Some(media) => pointer::join(&pointer::join(&pointer::join(at, "content"), media), "schema"),
        None => pointer::join(at, "schema"),
    }
}
