//! Where the API is.

use std::collections::BTreeSet;

use schemas::Document;
use serde_json::{Value, json};

use crate::review::found::Found;
use crate::review::operations::{Site, shape};
use crate::review::rule::rules;

rules! {
    area "servers";
    SERVER_ADDED = "server-added", Allowed, Both, "a server is new",
        "The servers that were are still there.",
        known "api-server-added", reverse ["server-removed"];
    SERVER_REMOVED = "server-removed", Breaking, Both, "a server is gone",
        "A client that calls it reaches nobody, or somebody who may go any day.",
        known "api-server-removed", reverse ["server-added"];
    VARIABLE_DEFAULT = "server-variable-default-changed", Unclear, Both, "a part of a server's address has another value where none is chosen",
        "A client that chooses none calls elsewhere; whether it is answered there as before has to be looked at.",
        reverse ["server-variable-default-changed"];
    VARIABLE_VALUE_ADDED = "server-variable-value-added", Allowed, Both, "a part of a server's address may have one more value",
        "The values that were are still there.",
        reverse ["server-variable-value-removed"];
    VARIABLE_VALUE_REMOVED = "server-variable-value-removed", Breaking, Both, "a part of a server's address no longer has a value",
        "A client that chose it reaches nobody.",
        reverse ["server-variable-value-added"];
}

/// Servers that are not on both sides, and yet every call to them is: the paths that were below them have moved into them, or
/// out of them.
#[derive(Debug, Default)]
pub(in crate::review) struct Shifted {
    base: BTreeSet<String>,
    head: BTreeSet<String>,
}

impl Shifted {
    /// Looks at the calls of operations that are on both sides.
    pub(in crate::review) fn new(kept: &[(Site<'_>, Site<'_>)]) -> Self {
        let mut known = Self::default();
        if kept.iter().all(|(old, new)| old.shape() == new.shape()) {
            return known;
        }
        let calls = |site: &Site<'_>| -> BTreeSet<String> {
            site.servers().iter().map(|server| format!("{server}{}", site.shape())).collect()
        };
        let (mut base, mut head): (BTreeSet<String>, BTreeSet<String>) = Default::default();
        let (mut lost, mut won) = (base.clone(), head.clone());
        for (old, new) in kept {
            let (before, after) = (calls(old), calls(new));
            for (site, own, other, all, gone) in
                [(old, &before, &after, &mut base, &mut lost), (new, &after, &before, &mut head, &mut won)]
            {
                for server in site.servers() {
                    let call = format!("{server}{}", site.shape());
                    if own.contains(&call) && !other.contains(&call) {
                        gone.insert(server.clone());
                    }
                    all.insert(server);
                }
            }
        }
        known.base = base.difference(&lost).cloned().collect();
        known.head = head.difference(&won).cloned().collect();
        known
    }
}

/// What changed about the servers of the whole API.
pub(in crate::review) fn compare(base: &Document, head: &Document, shifted: &Shifted, out: &mut Vec<Found>) {
    let old = base.get("/servers");
    between(old, head.get("/servers"), ("/servers", "/servers"), shifted, out);
}

/// What changed about the servers of one operation.
pub(in crate::review) fn of_operation(
    base: &Site<'_>,
    head: &Site<'_>,
    shifted: &Shifted,
    out: &mut Vec<Found>,
) {
    let at = |site: &Site<'_>| {
        let own = format!("{}/servers", site.pointer);
        if site.document.get(&own).is_some() { own } else { format!("{}/servers", site.item) }
    };
    let (was_at, is_at) = (at(base), at(head));
    let (old, new) = (base.document.get(&was_at), head.document.get(&is_at));
    if old.is_some() || new.is_some() {
        let whole = |site: &Site<'_>| site.document.get("/servers").cloned();
        let (old, new) = (old.cloned().or_else(|| whole(base)), new.cloned().or_else(|| whole(head)));
        between(old.as_ref(), new.as_ref(), (&was_at, &is_at), shifted, out);
    }
}

/// A server: its address, the names of variables left out, and its variables in the order of the address.
struct Server<'v> {
    url: String,
    shape: String,
    variables: Vec<(String, Option<&'v Value>)>,
}

fn servers(list: Option<&Value>) -> Vec<Server<'_>> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|server| {
        let url = server.get("url")?.as_str()?.trim_end_matches('/').to_owned();
        let names = url.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        let variable = |name: &str| server.get("variables").and_then(|variables| variables.get(name));
        let variables = names.map(|name| (name.to_owned(), variable(name))).collect();
        Some(Server { shape: shape(&url), url, variables })
    })
    .collect()
}

fn between(
    old: Option<&Value>,
    new: Option<&Value>,
    at: (&str, &str),
    shifted: &Shifted,
    out: &mut Vec<Found>,
) {
    let (old, new) = (servers(old), servers(new));
    for (index, server) in old.iter().enumerate() {
        let was_at = format!("{}/{index}", at.0);
        match new.iter().position(|other| other.shape == server.shape) {
            Some(position) => {
                variables(server, &new[position], (&was_at, &format!("{}/{position}", at.1)), out);
            }
            None if shifted.base.contains(&server.url) => {}
            None => {
                let found = Found::new(&SERVER_REMOVED, "servers").values(Some(json!(server.url)), None);
                out.push(found.was_at(was_at).now_at(at.1));
            }
        }
    }
    for (index, server) in new.iter().enumerate() {
        let is_known = old.iter().any(|other| other.shape == server.shape);
        if !is_known && !shifted.head.contains(&server.url) {
            let found = Found::new(&SERVER_ADDED, "servers").values(None, Some(json!(server.url)));
            out.push(found.was_at(at.0).now_at(format!("{}/{index}", at.1)));
        }
    }
}

fn variables(old: &Server<'_>, new: &Server<'_>, at: (&str, &str), out: &mut Vec<Found>) {
    for ((was, before), (is, after)) in old.variables.iter().zip(&new.variables) {
        let (before, after) = (*before, *after);
        let stated = |variable: Option<&Value>, key: &str| variable.and_then(|one| one.get(key)).cloned();
        let subject = format!("server variable {is}");
        let mut tell = |rule, keyword: &str, before: Option<Value>, after: Option<Value>| {
            let place = |server: &str, name: &str| {
                let variable = schemas::pointer::join(&format!("{server}/variables"), name);
                format!("{variable}/{keyword}")
            };
            let found = Found::new(rule, format!("{subject} {keyword}")).values(before, after);
            out.push(found.was_at(place(at.0, was)).now_at(place(at.1, is)));
        };
        let (from, to) = (stated(before, "default"), stated(after, "default"));
        if from != to {
            tell(&VARIABLE_DEFAULT, "default", from, to);
        }
        let values = |variable: Option<&Value>| {
            stated(variable, "enum").and_then(|list| list.as_array().cloned()).unwrap_or_default()
        };
        let (from, to) = (values(before), values(after));
        for value in from.iter().filter(|value| !to.is_empty() && !to.contains(value)) {
            tell(&VARIABLE_VALUE_REMOVED, "enum", Some(value.clone()), None);
        }
        for value in to.iter().filter(|value| !from.is_empty() && !from.contains(value)) {
            tell(&VARIABLE_VALUE_ADDED, "enum", None, Some(value.clone()));
        }
        if from.is_empty() && !to.is_empty() {
            tell(&VARIABLE_VALUE_REMOVED, "enum", None, Some(json!(to)));
        }
        if to.is_empty() && !from.is_empty() {
            tell(&VARIABLE_VALUE_ADDED, "enum", Some(json!(from)), None);
        }
    }
}
