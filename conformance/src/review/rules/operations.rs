//! Operations as a whole.

use serde_json::{Value, json};

use super::sunset;
use crate::review::found::Found;
use crate::review::operations::Site;
use crate::review::rule::rules;

rules! {
    area "operations";
    OPERATION_ADDED = "operation-added", Allowed, Both, "an operation is new",
        "Nobody calls it yet; new operations may come at any time.",
        known "endpoint-added", reverse ["operation-removed"];
    OPERATION_REMOVED = "operation-removed", Breaking, Both, "an operation is gone",
        "Whoever calls it is answered with 404 or 405; no operation is removed within a version.",
        known "api-removed-without-deprecation", reverse ["operation-added"];
    OPERATION_MOVED = "operation-moved", Breaking, Both, "an operation has another method or path",
        "Calls to the old method and path no longer reach it.",
        known "api-path-removed-without-deprecation", reverse ["operation-moved"];
    PATH_PARAMETER_RENAMED = "path-parameter-renamed", Allowed, Request, "a parameter of the path has another name",
        "The name of a path parameter is never on the wire; only generated code shows it.",
        reverse ["path-parameter-renamed"];
    OPERATION_ID_CHANGED = "operation-id-changed", Breaking, Both, "an operation has another operationId",
        "Generated clients call it by its operationId; the promise keeps it.",
        known "api-operation-id-removed", reverse ["operation-id-changed"];
    OPERATION_DEPRECATED = "operation-deprecated", Allowed, Both, "an operation is deprecated",
        "It still works; clients are asked to use something else.",
        known "endpoint-deprecated", reverse ["operation-undeprecated"];
    OPERATION_UNDEPRECATED = "operation-undeprecated", Allowed, Both, "an operation is no longer deprecated",
        "It goes on working.",
        known "endpoint-reactivated", reverse ["operation-deprecated"];
    OPERATION_ROLE_CHANGED = "operation-role-changed", Unclear, Both, "what an operation does to which resource is stated otherwise",
        "The statement moved, and with it what is checked; whether the server does otherwise has to be looked at.",
        reverse ["operation-role-changed"];
    OTHER_PART_CHANGED = "other-part-changed", Unclear, Both, "links changed",
        "They are compared as a whole, and not understood.",
        reverse ["other-part-changed"];
}

/// What changed about an operation that is on both sides.
pub(in crate::review) fn compare(base: &Site<'_>, head: &Site<'_>, out: &mut Vec<Found>) {
    let call = |site: &Site<'_>| Some(json!(format!("{} {}", site.method, site.path)));
    let (old, new) = (base.pointer.as_str(), head.pointer.as_str());
    let is_elsewhere = base.method != head.method || base.shape() != head.shape();
    // Part of its path may have moved into the address of the server, or out of it.
    if is_elsewhere && !base.is_reached_as(head) {
        let moved = Found::new(&OPERATION_MOVED, "").values(call(base), call(head));
        out.push(moved.was_at(old).now_at(new));
    } else if !is_elsewhere {
        let pairs = base.path_names().into_iter().zip(head.path_names());
        for (from, to) in pairs.filter(|(from, to)| from != to) {
            let renamed = Found::new(&PATH_PARAMETER_RENAMED, format!("path parameter {from}"));
            out.push(renamed.values(Some(json!(from)), Some(json!(to))).was_at(old).now_at(new));
        }
    }
    // One that had no operationId was called by nothing that could be lost.
    if base.id != head.id && base.has_own_id {
        let renamed = Found::new(&OPERATION_ID_CHANGED, "operationId");
        let values = renamed.values(Some(json!(base.id)), Some(json!(head.id)));
        out.push(values.was_at(format!("{old}/operationId")).now_at(format!("{new}/operationId")));
    }
    match (base.is_deprecated(), head.is_deprecated()) {
        (false, true) => {
            out.push(Found::new(&OPERATION_DEPRECATED, "").was_at(old).now_at(format!("{new}/deprecated")));
        }
        (true, false) => {
            out.push(Found::new(&OPERATION_UNDEPRECATED, "").was_at(format!("{old}/deprecated")).now_at(new));
        }
        _ => {}
    }
    sunset::compare((base.value, old), (head.value, new), "", out);
    role(base, head, out);
}

/// What the vocabulary says of an operation, the standings of its statuses apart.
fn role(base: &Site<'_>, head: &Site<'_>, out: &mut Vec<Found>) {
    let of = |site: &Site<'_>, key: &str| -> Option<Value> {
        site.value.get("x-contract-operation").and_then(|role| role.get(key)).cloned()
    };
    for key in ["resource", "action", "parent", "key", "row", "body_row", "location", "pages"] {
        let (before, after) = (of(base, key), of(head, key));
        if before != after {
            let at = |site: &Site<'_>| format!("{}/x-contract-operation/{key}", site.pointer);
            let found = Found::new(&OPERATION_ROLE_CHANGED, format!("x-contract-operation {key}"));
            out.push(found.values(before, after).was_at(at(base)).now_at(at(head)));
        }
    }
}
