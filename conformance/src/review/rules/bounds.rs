//! Bounds: lengths, ranges, counts, steps, repeats.

use serde_json::{Value, json};

use super::types;
use crate::review::rule::{Rule, rules};
use crate::review::schema::{Pair, View};

rules! {
    area "bounds";
    REQUEST_LENGTH_TIGHTENED = "request-length-tightened", Breaking, Request, "texts of fewer lengths are accepted",
        "A client that sends a text of such a length, as the description let it, is refused.",
        known "request-property-max-length-decreased", reverse ["request-length-loosened"];
    REQUEST_LENGTH_LOOSENED = "request-length-loosened", Allowed, Request, "texts of more lengths are accepted",
        "What a client sends today is still accepted.",
        known "request-property-max-length-increased", reverse ["request-length-tightened"];
    RESPONSE_LENGTH_LOOSENED = "response-length-loosened", Breaking, Response, "texts of more lengths may be answered",
        "A client that made room for the old lengths meets a text that does not fit.",
        known "response-property-max-length-increased", reverse ["response-length-tightened"];
    RESPONSE_LENGTH_TIGHTENED = "response-length-tightened", Allowed, Response, "texts of fewer lengths are answered",
        "Every one is a text that clients read already.",
        known "response-property-max-length-decreased", reverse ["response-length-loosened"];
    REQUEST_RANGE_TIGHTENED = "request-range-tightened", Breaking, Request, "fewer numbers are accepted",
        "A client that sends a number beyond the new bound, as the description let it, is refused.",
        known "request-property-max-decreased", reverse ["request-range-loosened"];
    REQUEST_RANGE_LOOSENED = "request-range-loosened", Allowed, Request, "more numbers are accepted",
        "What a client sends today is still accepted.",
        known "request-property-max-increased", reverse ["request-range-tightened"];
    RESPONSE_RANGE_LOOSENED = "response-range-loosened", Breaking, Response, "more numbers may be answered",
        "A client that relies on the old bound meets a number beyond it.",
        known "response-property-max-increased", reverse ["response-range-tightened"];
    RESPONSE_RANGE_TIGHTENED = "response-range-tightened", Allowed, Response, "fewer numbers are answered",
        "Every one is a number that clients read already.",
        known "response-property-max-decreased", reverse ["response-range-loosened"];
    REQUEST_COUNT_TIGHTENED = "request-count-tightened", Breaking, Request, "lists or objects of fewer sizes are accepted",
        "A client that sends one of such a size, as the description let it, is refused.",
        known "request-property-max-items-decreased", reverse ["request-count-loosened"];
    REQUEST_COUNT_LOOSENED = "request-count-loosened", Allowed, Request, "lists or objects of more sizes are accepted",
        "What a client sends today is still accepted.",
        known "request-property-max-items-increased", reverse ["request-count-tightened"];
    RESPONSE_COUNT_LOOSENED = "response-count-loosened", Breaking, Response, "lists or objects of more sizes may be answered",
        "A client that relies on the old bound, the first item for one, meets a size beyond it.",
        known "response-property-min-items-decreased", reverse ["response-count-tightened"];
    RESPONSE_COUNT_TIGHTENED = "response-count-tightened", Allowed, Response, "lists or objects of fewer sizes are answered",
        "Every one is of a size that clients read already.",
        known "response-property-min-items-increased", reverse ["response-count-loosened"];
    REQUEST_STEP_TIGHTENED = "request-step-tightened", Breaking, Request, "only multiples of a step are accepted",
        "A client that sends a number in between is refused.",
        reverse ["request-step-loosened"];
    REQUEST_STEP_LOOSENED = "request-step-loosened", Allowed, Request, "numbers between the old steps are accepted",
        "What a client sends today is still accepted.",
        reverse ["request-step-tightened"];
    REQUEST_STEP_CHANGED = "request-step-changed", Breaking, Request, "multiples of another step are accepted",
        "A client that sends a multiple of the old step alone is refused.",
        reverse ["request-step-changed"];
    RESPONSE_STEP_LOOSENED = "response-step-loosened", Breaking, Response, "numbers between the old steps may be answered",
        "A client that relies on the step, on whole numbers for one, meets what lies between.",
        reverse ["response-step-tightened"];
    RESPONSE_STEP_TIGHTENED = "response-step-tightened", Allowed, Response, "only multiples of a step are answered",
        "Every one is a number that clients read already.",
        reverse ["response-step-loosened"];
    RESPONSE_STEP_CHANGED = "response-step-changed", Breaking, Response, "multiples of another step are answered",
        "A client that relies on the old step meets numbers off it.",
        reverse ["response-step-changed"];
    REQUEST_REPEATS_REFUSED = "request-repeats-refused", Breaking, Request, "a list may no longer repeat an item",
        "A client that sends one twice is refused.",
        reverse ["request-repeats-accepted"];
    REQUEST_REPEATS_ACCEPTED = "request-repeats-accepted", Allowed, Request, "a list may repeat an item",
        "What a client sends today is still accepted.",
        reverse ["request-repeats-refused"];
    RESPONSE_REPEATS_OPENED = "response-repeats-possible", Breaking, Response, "a list may repeat an item",
        "A client that keeps items by their value loses one.",
        reverse ["response-repeats-excluded"];
    RESPONSE_REPEATS_CLOSED = "response-repeats-excluded", Allowed, Response, "a list no longer repeats an item",
        "Every list is one that clients read already.",
        reverse ["response-repeats-possible"];
}

/// A bound: its number, and whether the number itself is out.
type Bound = (f64, bool);

/// A kind of bound: the type it is about, its keyword, the one that excludes the number itself, whether it is a lower
/// bound, and its rules: tightened and loosened for a request, loosened and tightened for a response.
struct Kind {
    about: &'static str,
    keyword: &'static str,
    exclusive: Option<&'static str>,
    lower: bool,
    rules: [&'static Rule; 4],
}

const LENGTH: [&Rule; 4] = [
    &REQUEST_LENGTH_TIGHTENED,
    &REQUEST_LENGTH_LOOSENED,
    &RESPONSE_LENGTH_LOOSENED,
    &RESPONSE_LENGTH_TIGHTENED,
];
const RANGE: [&Rule; 4] =
    [&REQUEST_RANGE_TIGHTENED, &REQUEST_RANGE_LOOSENED, &RESPONSE_RANGE_LOOSENED, &RESPONSE_RANGE_TIGHTENED];
const COUNT: [&Rule; 4] =
    [&REQUEST_COUNT_TIGHTENED, &REQUEST_COUNT_LOOSENED, &RESPONSE_COUNT_LOOSENED, &RESPONSE_COUNT_TIGHTENED];

static KINDS: [Kind; 8] = [
    Kind { about: "string", keyword: "minLength", exclusive: None, lower: true, rules: LENGTH },
    Kind { about: "string", keyword: "maxLength", exclusive: None, lower: false, rules: LENGTH },
    Kind {
        about: "integer",
        keyword: "minimum",
        exclusive: Some("exclusiveMinimum"),
        lower: true,
        rules: RANGE,
    },
    Kind {
        about: "integer",
        keyword: "maximum",
        exclusive: Some("exclusiveMaximum"),
        lower: false,
        rules: RANGE,
    },
    Kind { about: "array", keyword: "minItems", exclusive: None, lower: true, rules: COUNT },
    Kind { about: "array", keyword: "maxItems", exclusive: None, lower: false, rules: COUNT },
    Kind { about: "object", keyword: "minProperties", exclusive: None, lower: true, rules: COUNT },
    Kind { about: "object", keyword: "maxProperties", exclusive: None, lower: false, rules: COUNT },
];

/// What changed about bounds.
pub(in crate::review) fn compare(pair: &mut Pair<'_, '_>) {
    let (old, new) = (types::types(&pair.base), types::types(&pair.head));
    for kind in &KINDS {
        if old.contains(kind.about) && new.contains(kind.about) {
            bound(pair, kind, !old.contains("fraction"), !new.contains("fraction"));
        }
    }
    if old.contains("integer") && new.contains("integer") {
        step(pair);
    }
    if old.contains("array") && new.contains("array") {
        let rule = match (pair.base.has_flag("uniqueItems"), pair.head.has_flag("uniqueItems")) {
            (false, true) => pair.pick(&REQUEST_REPEATS_REFUSED, &RESPONSE_REPEATS_CLOSED),
            (true, false) => pair.pick(&REQUEST_REPEATS_ACCEPTED, &RESPONSE_REPEATS_OPENED),
            _ => return,
        };
        pair.tell(rule, "uniqueItems", None, None);
    }
}

fn bound(pair: &mut Pair<'_, '_>, kind: &Kind, whole_before: bool, whole_after: bool) {
    let (old, new) = (effective(&pair.base, kind, whole_before), effective(&pair.head, kind, whole_after));
    let tighter = match (old.as_ref().map(|(bound, ..)| *bound), new.as_ref().map(|(bound, ..)| *bound)) {
        (None, None) => return,
        (None, Some(_)) => true,
        (Some(_), None) => false,
        (Some(old), Some(new)) => match is_tighter(new, old, kind.lower) {
            Some(tighter) => tighter,
            None => return,
        },
    };
    let rule = if tighter {
        pair.pick(kind.rules[0], kind.rules[3])
    } else {
        pair.pick(kind.rules[1], kind.rules[2])
    };
    let keyword = new.as_ref().or(old.as_ref()).map_or(kind.keyword, |(_, keyword, _)| keyword);
    let value = |bound: Option<(Bound, &'static str, Value)>| {
        bound.map(|(_, own, value)| if own == keyword { value } else { json!({ own: value }) })
    };
    pair.tell(rule, keyword, value(old), value(new));
}

/// The tightest of the bounds a schema states, with its keyword and as it is written.
fn effective(view: &View<'_>, kind: &Kind, whole: bool) -> Option<(Bound, &'static str, Value)> {
    let mut found: Option<(Bound, &'static str, Value)> = None;
    let keywords = [(Some(kind.keyword), false), (kind.exclusive, true)];
    for (keyword, excluded) in keywords {
        let Some(keyword) = keyword else { continue };
        for (_, value) in view.all_stated(keyword) {
            let Some(number) = value.as_f64() else { continue };
            // For whole numbers, above 0 is from 1.
            let bound = match (excluded && whole, kind.lower) {
                (true, true) => (number.floor() + 1.0, false),
                (true, false) => (number.ceil() - 1.0, false),
                (false, _) => (number, excluded),
            };
            let better =
                found.as_ref().is_none_or(|(known, ..)| is_tighter(bound, *known, kind.lower) == Some(true));
            if better {
                found = Some((bound, keyword, value.clone()));
            }
        }
    }
    // Nothing is shorter than nothing.
    let idle = kind.exclusive.is_none() && kind.lower;
    found.filter(|((number, _), ..)| !(idle && *number <= 0.0))
}

/// Whether a bound admits less than another; `None` where they admit the same.
fn is_tighter(new: Bound, old: Bound, lower: bool) -> Option<bool> {
    let ((new, new_out), (old, old_out)) = (new, old);
    if new < old {
        Some(!lower)
    } else if new > old {
        Some(lower)
    } else {
        (new_out != old_out).then_some(new_out)
    }
}

fn step(pair: &mut Pair<'_, '_>) {
    let of = |view: &View<'_>| view.stated("multipleOf").map(|(_, value)| value.clone());
    let (before, after) = (of(&pair.base), of(&pair.head));
    let number = |value: &Option<Value>| value.as_ref().and_then(Value::as_f64);
    let is_multiple = |one: f64, of: f64| {
        let times = one / of;
        (times - times.round()).abs() < 1e-9
    };
    let rule = match (number(&before), number(&after)) {
        (None, None) => return,
        (None, Some(_)) => pair.pick(&REQUEST_STEP_TIGHTENED, &RESPONSE_STEP_TIGHTENED),
        (Some(_), None) => pair.pick(&REQUEST_STEP_LOOSENED, &RESPONSE_STEP_LOOSENED),
        (Some(old), Some(new)) => match (is_multiple(new, old), is_multiple(old, new)) {
            (true, true) => return,
            (true, false) => pair.pick(&REQUEST_STEP_TIGHTENED, &RESPONSE_STEP_TIGHTENED),
            (false, true) => pair.pick(&REQUEST_STEP_LOOSENED, &RESPONSE_STEP_LOOSENED),
            (false, false) => pair.pick(&REQUEST_STEP_CHANGED, &RESPONSE_STEP_CHANGED),
        },
    };
    pair.tell(rule, "multipleOf", before, after);
}
