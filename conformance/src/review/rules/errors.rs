//! Errors: the envelope, types, and what a refusal looks like.

use std::collections::BTreeSet;

use schemas::Standing;
use serde_json::{Map, Value, json};

use super::standing;
use crate::review::found::Found;
use crate::review::rule::rules;
use crate::review::table::{How, Table};

rules! {
    area "errors";
    TYPE_ADDED = "error-type-added", Allowed, Response, "a status has an error type",
        "Nothing that clients rely on is taken back.",
        reverse ["error-type-withdrawn"];
    TYPE_WITHDRAWN = "error-type-withdrawn", Unclear, Response, "a status no longer has an error type",
        "What type clients meet is no longer said.",
        reverse ["error-type-added"];
    TYPE_CHANGED = "error-type-changed", Breaking, Response, "a status has another error type",
        "A client that recognises outcomes by the type no longer can; the type of a documented outcome does not change.",
        reverse ["error-type-changed"];
    CODE_CHANGED = "error-code-changed", Breaking, Response, "an outcome has another error code",
        "A client that recognises the outcome by its code no longer can; the code of a documented outcome does not change.",
        reverse ["error-code-changed"];
    CODE_ADDED = "error-code-added", Allowed, Response, "an outcome has one more error code",
        "New codes may come inside an existing type; a client that does not know one goes by the type.",
        reverse ["error-code-left-out"];
    CODE_LEFT_OUT = "error-code-left-out", Allowed, Response, "one of several codes of an outcome is no longer answered",
        "The codes that are left are ones that clients know already.",
        reverse ["error-code-added"];
    CODE_STATED = "error-code-stated", Allowed, Response, "an outcome is given an error code",
        "Nothing that clients rely on is taken back.",
        reverse ["error-code-withdrawn"];
    CODE_WITHDRAWN = "error-code-withdrawn", Breaking, Response, "an outcome no longer has an error code",
        "A client that recognises the outcome by its code no longer can.",
        reverse ["error-code-stated"];
    STATUS_CHANGED = "error-status-changed", Breaking, Response, "an outcome has another status",
        "A client that recognises the outcome by its status no longer can; the status of a documented outcome does not change.",
        reverse ["error-status-changed"];
    FIELD_NAMED = "error-field-named", Allowed, Response, "an error names the field to blame",
        "Clients ignore what they do not know.",
        reverse ["error-field-unnamed"];
    FIELD_UNNAMED = "error-field-unnamed", Breaking, Response, "an error no longer names the field to blame",
        "A client that shows the error beside the field no longer can.",
        reverse ["error-field-named"];
    REJECTION_STATED = "rejection-stated", Allowed, Response, "more is said of how wrong requests are refused",
        "Nothing that clients rely on is taken back.",
        reverse ["rejection-withdrawn"];
    REJECTION_WITHDRAWN = "rejection-withdrawn", Unclear, Response, "less is said of how wrong requests are refused",
        "How such a request is refused, if it is, is no longer said.",
        reverse ["rejection-stated"];
    ENVELOPE_MOVED = "error-envelope-changed", Breaking, Response, "errors are wrapped in another way",
        "A client that looks for type, code or message where they were finds nothing.",
        reverse ["error-envelope-changed"];
}

/// What the keys of `x-contract.errors` mean.
pub(in crate::review) static TABLE: Table = &[
    (&[], How::There { added: &REJECTION_STATED, removed: &REJECTION_WITHDRAWN }),
    // The name of the envelope's schema is on no wire; what it says is compared at every response.
    (&["schema"], How::Elsewhere),
    (&["pointers", "*"], How::Changed(&ENVELOPE_MOVED)),
    (&["types", "*"], How::There { added: &TYPE_ADDED, removed: &TYPE_WITHDRAWN }),
    (&["types", "*", "type"], How::Changed(&TYPE_CHANGED)),
    (&["rejections", "*"], How::There { added: &REJECTION_STATED, removed: &REJECTION_WITHDRAWN }),
];

/// The keys of a rejection that are looked at here.
pub(in crate::review) const OWN: [&str; 8] =
    ["status", "standing", "refused", "code", "also_codes", "code_standing", "field", "field_standing"];

/// Whether an object says what a refusal looks like.
pub(in crate::review) fn is_rejection(map: &Map<String, Value>) -> bool {
    map.get("status").is_some_and(Value::is_u64) && map.keys().all(|key| OWN.contains(&key.as_str()))
}

/// What changed about a refusal, with the key that did.
pub(in crate::review) fn rejection(
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    out: &mut Vec<(&'static str, Found)>,
) {
    let sure = |of: &Map<String, Value>, key: &str| -> Standing {
        of.get(key).and_then(|word| serde_json::from_value(word.clone()).ok()).unwrap_or_default()
    };
    if old.get("status") != new.get("status") {
        let found =
            Found::new(&STATUS_CHANGED, "").values(old.get("status").cloned(), new.get("status").cloned());
        out.push(("status", found.standing(sure(old, "standing"))));
    }
    let (was, is) = (codes(old), codes(new));
    let rule = match (was.is_empty(), is.is_empty()) {
        _ if was == is => None,
        (true, _) => Some(&CODE_STATED),
        (_, true) => Some(&CODE_WITHDRAWN),
        _ if is.is_superset(&was) => Some(&CODE_ADDED),
        _ if is.is_subset(&was) => Some(&CODE_LEFT_OUT),
        _ => Some(&CODE_CHANGED),
    };
    if let Some(rule) = rule {
        let stated = if was.is_empty() { new } else { old };
        let told = |codes: &BTreeSet<&str>| match codes.iter().collect::<Vec<_>>().as_slice() {
            [] => None,
            [one] => Some(json!(one)),
            more => Some(json!(more)),
        };
        let found = Found::new(rule, "").values(told(&was), told(&is));
        out.push(("code", found.standing(sure(stated, "code_standing"))));
    }
    let names = |of: &Map<String, Value>| of.get("field") == Some(&Value::Bool(true));
    match (names(old), names(new)) {
        (false, true) => {
            out.push(("field", Found::new(&FIELD_NAMED, "").standing(sure(new, "field_standing"))));
        }
        (true, false) => {
            out.push(("field", Found::new(&FIELD_UNNAMED, "").standing(sure(old, "field_standing"))));
        }
        _ => {}
    }
    for key in ["standing", "refused", "code_standing", "field_standing"] {
        let (was, is) = (sure(old, key), sure(new, key));
        // What stands for a statement that is not there says nothing.
        let counts = match key {
            "code_standing" => old.contains_key("code") && new.contains_key("code"),
            "field_standing" => names(old) && names(new),
            "refused" => old.contains_key(key) && new.contains_key(key),
            _ => true,
        };
        if counts && let Some(found) = standing::found("", was, is) {
            out.push((key, found));
        }
    }
    let refused = |of: &Map<String, Value>| of.contains_key("refused");
    match (refused(old), refused(new)) {
        (false, true) => out.push(("refused", Found::new(&REJECTION_STATED, ""))),
        (true, false) => {
            out.push(("refused", Found::new(&REJECTION_WITHDRAWN, "").standing(sure(old, "refused"))));
        }
        _ => {}
    }
}

fn codes(of: &Map<String, Value>) -> BTreeSet<&str> {
    let more = of.get("also_codes").and_then(Value::as_array).into_iter().flatten();
    of.get("code").into_iter().chain(more).filter_map(Value::as_str).collect()
}
