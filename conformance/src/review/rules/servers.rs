//! Where the API is.

use schemas::Document;
use serde_json::{Value, json};

use super::operations::OTHER_PART_CHANGED;
use crate::review::found::Found;
use crate::review::operations::Site;
use crate::review::rule::rules;
use crate::review::schema::Documents;

rules! {
    area "servers";
    SERVER_ADDED = "server-added", Allowed, Both, "a server is new",
        "The servers that were are still there.",
        known "api-server-added", reverse ["server-removed"];
    SERVER_REMOVED = "server-removed", Breaking, Both, "a server is gone",
        "A client that calls it reaches nobody, or somebody who may go any day.",
        known "api-server-removed", reverse ["server-added"];
}

/// What changed about the servers of the whole API, and of parts no rule looks into.
pub(in crate::review) fn compare(base: &Document, head: &Document, out: &mut Vec<Found>) {
    let old = base.get("/servers");
    between(old, head.get("/servers"), ("/servers", "/servers"), out);
    if !(Documents { base, head }).equal("/webhooks", "/webhooks") {
        let of = |document: &Document| document.get("/webhooks").map(|hooks| json!(names(hooks)));
        let found = Found::new(&OTHER_PART_CHANGED, "webhooks").values(of(base), of(head));
        out.push(found.was_at("/webhooks").now_at("/webhooks"));
    }
}

/// What changed about the servers of one operation, and its callbacks.
pub(in crate::review) fn of_operation(base: &Site<'_>, head: &Site<'_>, out: &mut Vec<Found>) {
    let at = |site: &Site<'_>| {
        let own = format!("{}/servers", site.pointer);
        if site.document.get(&own).is_some() { own } else { format!("{}/servers", site.item) }
    };
    let (was_at, is_at) = (at(base), at(head));
    let (old, new) = (base.document.get(&was_at), head.document.get(&is_at));
    if old.is_some() || new.is_some() {
        let whole = |site: &Site<'_>| site.document.get("/servers").cloned();
        let (old, new) = (old.cloned().or_else(|| whole(base)), new.cloned().or_else(|| whole(head)));
        between(old.as_ref(), new.as_ref(), (&was_at, &is_at), out);
    }
    let callbacks = |site: &Site<'_>| format!("{}/callbacks", site.pointer);
    let both = Documents { base: base.document, head: head.document };
    if !both.equal(&callbacks(base), &callbacks(head)) {
        let of = |site: &Site<'_>| site.value.get("callbacks").map(|calls| json!(names(calls)));
        let found = Found::new(&OTHER_PART_CHANGED, "callbacks").values(of(base), of(head));
        out.push(found.was_at(callbacks(base)).now_at(callbacks(head)));
    }
}

fn names(named: &Value) -> Vec<&str> {
    named.as_object().into_iter().flat_map(serde_json::Map::keys).map(String::as_str).collect()
}

fn between(old: Option<&Value>, new: Option<&Value>, at: (&str, &str), out: &mut Vec<Found>) {
    let urls = |servers: Option<&Value>| -> Vec<String> {
        let list = servers.and_then(Value::as_array).into_iter().flatten();
        list.filter_map(|server| server.get("url")?.as_str())
            .map(|url| url.trim_end_matches('/').to_owned())
            .collect()
    };
    let (old, new) = (urls(old), urls(new));
    for (index, url) in old.iter().enumerate().filter(|(_, url)| !new.contains(url)) {
        let found = Found::new(&SERVER_REMOVED, "servers").values(Some(json!(url)), None);
        out.push(found.was_at(format!("{}/{index}", at.0)).now_at(at.1));
    }
    for (index, url) in new.iter().enumerate().filter(|(_, url)| !old.contains(url)) {
        let found = Found::new(&SERVER_ADDED, "servers").values(None, Some(json!(url)));
        out.push(found.was_at(at.0).now_at(format!("{}/{index}", at.1)));
    }
}
