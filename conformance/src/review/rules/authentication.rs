//! Keys: who has to send one, which, and what is said of them.

use std::collections::{BTreeMap, BTreeSet};

use schemas::{Document, pointer};
use serde_json::{Value, json};

use crate::review::found::Found;
use crate::review::operations::Site;
use crate::review::rule::rules;
use crate::review::table::{How, Table};

rules! {
    area "authentication";
    KEY_REQUIRED = "authentication-required", Breaking, Request, "a key has to be sent where none was needed",
        "A client that calls without one is refused.",
        known "api-security-added", reverse ["authentication-lifted"];
    KEY_LIFTED = "authentication-lifted", Allowed, Request, "no key is needed any more",
        "A client that sends one is still let in.",
        known "api-security-removed", reverse ["authentication-required"];
    WAY_ADDED = "authentication-way-added", Allowed, Request, "one more way to show who is calling",
        "The ways that were are still open.",
        known "api-security-added", reverse ["authentication-way-removed"];
    WAY_REMOVED = "authentication-way-removed", Breaking, Request, "a way to show who is calling is closed",
        "A client that goes this way is refused.",
        known "api-security-removed", reverse ["authentication-way-added"];
    SCOPE_REQUIRED = "scope-required", Breaking, Request, "a key needs one more scope",
        "A client whose key lacks it is refused.",
        known "api-security-scope-added", reverse ["scope-lifted"];
    SCOPE_LIFTED = "scope-lifted", Allowed, Request, "a key needs one scope less",
        "Every key that was let in still is.",
        known "api-security-scope-removed", reverse ["scope-required"];
    SCHEME_CHANGED = "security-scheme-changed", Breaking, Request, "a key is sent in another way",
        "A client that sends it as before is refused.",
        known "api-security-component-changed", reverse ["security-scheme-changed"];
    KEY_PREFIX_CHANGED = "key-prefix-changed", Breaking, Request, "keys begin otherwise",
        "A client that recognises keys by how they begin, or holds an old one, fails.",
        reverse ["key-prefix-changed"];
    KEY_STATEMENT_ADDED = "authentication-statement-added", Allowed, Both, "more is said of how keys are judged",
        "Nothing that clients rely on is taken back.",
        reverse ["authentication-statement-withdrawn"];
    KEY_STATEMENT_WITHDRAWN = "authentication-statement-withdrawn", Breaking, Both, "something is no longer said of how keys are judged",
        "A client that relies on it no longer can.",
        reverse ["authentication-statement-added"];
}

const STATEMENT: How = How::There { added: &KEY_STATEMENT_ADDED, removed: &KEY_STATEMENT_WITHDRAWN };

/// What the keys of `x-contract.authentication` mean.
pub(in crate::review) static TABLE: Table = &[
    (&[], STATEMENT),
    (&["scheme"], How::Changed(&SCHEME_CHANGED)),
    (&["key_prefixes"], How::Changed(&KEY_PREFIX_CHANGED)),
    (&["case_insensitive_scheme"], STATEMENT),
    (&["decided_first"], STATEMENT),
    (&["isolation"], STATEMENT),
    (&["query_key_ignored"], STATEMENT),
    (&["rejections", "*"], STATEMENT),
];

/// One way to show who is calling: schemes, all of which are needed, with their scopes.
type Way = BTreeMap<String, BTreeSet<String>>;

/// The ways that an operation takes; empty where no key is needed.
fn ways(site: &Site<'_>) -> Vec<Way> {
    let stated = site.value.get("security").or_else(|| site.document.get("/security"));
    let scopes = |list: &Value| {
        list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let ways: Vec<Way> = stated
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .map(|way| way.iter().map(|(scheme, list)| (scheme.clone(), scopes(list))).collect())
        .collect();
    // An empty way among them: a key is not needed.
    if ways.iter().any(Way::is_empty) { Vec::new() } else { ways }
}

fn told(way: &Way) -> Value {
    json!(way.keys().cloned().collect::<Vec<_>>().join(" + "))
}

/// What changed about who is let in.
pub(in crate::review) fn compare(base: &Site<'_>, head: &Site<'_>, out: &mut Vec<Found>) {
    let (old, new) = (ways(base), ways(head));
    let at = |site: &Site<'_>| {
        let own = site.value.get("security").is_some();
        if own { pointer::join(&site.pointer, "security") } else { "/security".to_owned() }
    };
    let mut tell = |rule, before: Option<Value>, after: Option<Value>| {
        let found = Found::new(rule, "security").values(before, after);
        out.push(found.was_at(at(base)).now_at(at(head)));
    };
    let all = |ways: &[Way]| Some(json!(ways.iter().map(told).collect::<Vec<_>>()));
    match (old.is_empty(), new.is_empty()) {
        (true, true) => return,
        (true, false) => return tell(&KEY_REQUIRED, None, all(&new)),
        (false, true) => return tell(&KEY_LIFTED, all(&old), None),
        (false, false) => {}
    }
    let same = |one: &Way, other: &Way| one.keys().eq(other.keys());
    for way in &old {
        let Some(other) = new.iter().find(|other| same(way, other)) else {
            tell(&WAY_REMOVED, Some(told(way)), None);
            continue;
        };
        for (scheme, scopes) in way {
            let needed = &other[scheme];
            for scope in needed.difference(scopes) {
                tell(&SCOPE_REQUIRED, None, Some(json!(format!("{scheme} {scope}"))));
            }
            for scope in scopes.difference(needed) {
                tell(&SCOPE_LIFTED, Some(json!(format!("{scheme} {scope}"))), None);
            }
        }
    }
    for way in new.iter().filter(|way| !old.iter().any(|other| same(way, other))) {
        tell(&WAY_ADDED, None, Some(told(way)));
    }
}

/// What changed about the schemes that both sides describe.
pub(in crate::review) fn schemes(base: &Document, head: &Document, out: &mut Vec<Found>) {
    const LIST: &str = "/components/securitySchemes";
    let listed = base.get(LIST).and_then(Value::as_object);
    for name in listed.into_iter().flat_map(serde_json::Map::keys) {
        let at = pointer::join(LIST, name);
        let (Some((was_at, was)), Some((is_at, is))) = (base.resolve(&at), head.resolve(&at)) else {
            continue;
        };
        for key in ["type", "scheme", "in", "name", "openIdConnectUrl", "flows"] {
            let of = |value: &Value| match value.get(key) {
                Some(Value::String(word)) if key == "scheme" => Some(json!(word.to_ascii_lowercase())),
                other => other.cloned(),
            };
            let (before, after) = (of(was), of(is));
            if before != after {
                let found = Found::new(&SCHEME_CHANGED, format!("{name} {key}")).values(before, after);
                out.push(found.was_at(pointer::join(&was_at, key)).now_at(pointer::join(&is_at, key)));
            }
        }
    }
}
