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

const SCHEMES: &str = "/components/securitySchemes";
/// What a scheme says of how a key is sent.
const PARTS: [&str; 6] = ["type", "scheme", "in", "name", "openIdConnectUrl", "flows"];

/// The schemes of the head by their names, with the name that each has in the base: a scheme that says the same is the same,
/// whatever it is called; else one of the same name is, changed.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct Schemes {
    names: BTreeMap<String, String>,
}

impl Schemes {
    /// Finds the schemes of one description in another.
    pub(in crate::review) fn new(base: &Document, head: &Document) -> Self {
        let said = |document: &Document| -> BTreeMap<String, Vec<Option<Value>>> {
            let listed = document.get(SCHEMES).and_then(Value::as_object);
            let names = listed.into_iter().flat_map(serde_json::Map::keys);
            let of = |name: &String| {
                let (_, scheme) = document.resolve(&pointer::join(SCHEMES, name))?;
                Some((name.clone(), PARTS.iter().map(|part| stated(scheme, part)).collect()))
            };
            names.filter_map(of).collect()
        };
        let (old, new) = (said(base), said(head));
        let mut free: BTreeSet<&String> = old.keys().collect();
        let mut names = BTreeMap::new();
        // Those that say the same by the same name, then by any name; then those of the same name alone.
        for (name, parts) in &new {
            if old.get(name) == Some(parts) && free.remove(name) {
                names.insert(name.clone(), name.clone());
            }
        }
        for (name, parts) in &new {
            if names.contains_key(name) {
                continue;
            }
            if let Some(known) = free.iter().find(|known| old[**known] == *parts).copied() {
                free.remove(known);
                names.insert(name.clone(), known.clone());
            }
        }
        for name in new.keys().filter(|name| !names.contains_key(*name)).cloned().collect::<Vec<_>>() {
            if free.remove(&name) {
                names.insert(name.clone(), name);
            }
        }
        Self { names }
    }

    /// The name that a scheme of the head has in the base, else a name that no scheme of the base has.
    fn in_base(&self, name: &str) -> String {
        match self.names.get(name) {
            Some(known) => known.clone(),
            None if self.names.values().any(|known| known == name) => format!("{name} (new)"),
            None => name.to_owned(),
        }
    }
}

/// What a scheme says, case aside where it does not matter.
fn stated(scheme: &Value, part: &str) -> Option<Value> {
    match scheme.get(part) {
        Some(Value::String(word)) if part == "scheme" => Some(json!(word.to_ascii_lowercase())),
        // Which scopes there are matters where an operation asks for one.
        Some(Value::Object(flows)) if part == "flows" => {
            let flow = |flow: &Value| {
                let mut flow = flow.clone();
                if let Some(map) = flow.as_object_mut() {
                    map.shift_remove("scopes");
                }
                flow
            };
            Some(flows.iter().map(|(name, one)| (name.clone(), flow(one))).collect())
        }
        other => other.cloned(),
    }
}

/// The ways that an operation takes; empty where no key is needed.
fn ways(site: &Site<'_>, name: impl Fn(&str) -> String) -> Vec<Way> {
    let stated = site.value.get("security").or_else(|| site.document.get("/security"));
    let scopes = |list: &Value| {
        list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let ways: Vec<Way> = stated
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .map(|way| way.iter().map(|(scheme, list)| (name(scheme), scopes(list))).collect())
        .collect();
    // An empty way among them: a key is not needed.
    if ways.iter().any(Way::is_empty) { Vec::new() } else { ways }
}

fn told(way: &Way) -> Value {
    json!(way.keys().cloned().collect::<Vec<_>>().join(" + "))
}

/// What changed about who is let in.
pub(in crate::review) fn compare(base: &Site<'_>, head: &Site<'_>, schemes: &Schemes, out: &mut Vec<Found>) {
    let (old, new) = (ways(base, str::to_owned), ways(head, |name| schemes.in_base(name)));
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
pub(in crate::review) fn schemes(base: &Document, head: &Document, known: &Schemes, out: &mut Vec<Found>) {
    for (new, name) in &known.names {
        let at = |name: &str| pointer::join(SCHEMES, name);
        let (Some((was_at, was)), Some((is_at, is))) = (base.resolve(&at(name)), head.resolve(&at(new)))
        else {
            continue;
        };
        for part in PARTS {
            let (before, after) = (stated(was, part), stated(is, part));
            if before != after {
                let found = Found::new(&SCHEME_CHANGED, format!("{name} {part}")).values(before, after);
                out.push(found.was_at(pointer::join(&was_at, part)).now_at(pointer::join(&is_at, part)));
            }
        }
    }
}
