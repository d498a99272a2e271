//! What texts look like: patterns and formats.

use schemas::canonical::{Covered, covers};
use serde_json::{Value, json};

use crate::review::rule::rules;
use crate::review::schema::{Pair, View};
use crate::review::verdict::Verdict;

rules! {
    area "text";
    REQUEST_PATTERN_ADDED = "request-pattern-added", Breaking, Request, "texts have to match a pattern",
        "A client that sends one that does not, as the description let it, is refused.",
        known "request-property-pattern-added", reverse ["request-pattern-removed"];
    REQUEST_PATTERN_REMOVED = "request-pattern-removed", Allowed, Request, "texts no longer have to match a pattern",
        "What a client sends today is still accepted.",
        known "request-property-pattern-removed", reverse ["request-pattern-added"];
    REQUEST_PATTERN_CHANGED = "request-pattern-changed", Unclear, Request, "texts have to match another pattern",
        "Whether the new pattern accepts everything that the old one accepted cannot be decided.",
        known "request-property-pattern-changed", reverse ["request-pattern-changed"];
    RESPONSE_PATTERN_ADDED = "response-pattern-added", Allowed, Response, "texts match a pattern",
        "Every one is a text that clients read already.",
        reverse ["response-pattern-removed"];
    RESPONSE_PATTERN_REMOVED = "response-pattern-removed", Breaking, Response, "texts need no longer match a pattern",
        "A client that takes a text apart by the pattern meets one it cannot.",
        reverse ["response-pattern-added"];
    RESPONSE_PATTERN_CHANGED = "response-pattern-changed", Unclear, Response, "texts match another pattern",
        "Whether the old pattern accepts everything that the new one accepts cannot be decided.",
        known "response-property-pattern-changed", reverse ["response-pattern-changed"];
    REQUEST_FORMAT_ADDED = "request-format-added", Breaking, Request, "values have to be of a format",
        "A client that sends one that is not, as the description let it, is refused.",
        reverse ["request-format-removed"];
    REQUEST_FORMAT_REMOVED = "request-format-removed", Allowed, Request, "values need no longer be of a format",
        "What a client sends today is still accepted.",
        reverse ["request-format-added"];
    REQUEST_FORMAT_CHANGED = "request-format-changed", Breaking, Request, "values have to be of another format",
        "A client that sends the old format is refused.",
        known "request-property-type-changed", reverse ["request-format-changed", "request-format-widened"];
    REQUEST_FORMAT_WIDENED = "request-format-widened", Allowed, Request, "numbers of a wider format are accepted",
        "What a client sends today is still accepted.",
        reverse ["request-format-changed"];
    RESPONSE_FORMAT_ADDED = "response-format-added", Allowed, Response, "values are of a format",
        "Every one is a value that clients read already.",
        reverse ["response-format-removed"];
    RESPONSE_FORMAT_REMOVED = "response-format-removed", Breaking, Response, "values need no longer be of a format",
        "A client that reads the format meets a value it cannot read.",
        reverse ["response-format-added"];
    RESPONSE_FORMAT_CHANGED = "response-format-changed", Breaking, Response, "values are of another format",
        "A client that reads the old format cannot read the new one.",
        known "response-property-type-changed", reverse ["response-format-changed", "response-format-narrowed"];
    RESPONSE_FORMAT_NARROWED = "response-format-narrowed", Allowed, Response, "numbers are of a narrower format",
        "Every one is a number that clients read already.",
        reverse ["response-format-changed"];
    CONTENT_ENCODING_CHANGED = "content-encoding-changed", Breaking, Both, "the content of a text is written in another way",
        "A client that writes it as before is misread; one that reads it as before cannot.",
        reverse ["content-encoding-changed"];
}

/// Formats that say something of a value: those of JSON Schema and of OpenAPI. `password` is a hint to forms, `byte` a way to
/// write bytes, `binary` no JSON at all; any other word means nothing to anybody but its author.
const FORMATS: [&str; 32] = [
    "date",
    "date-time",
    "decimal",
    "decimal128",
    "double",
    "duration",
    "email",
    "float",
    "hostname",
    "idn-email",
    "idn-hostname",
    "int16",
    "int32",
    "int64",
    "int8",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "unixtime",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// Formats all of whose values are values of another.
const WITHIN: [(&str, &str); 8] = [
    ("int8", "int16"),
    ("int8", "int32"),
    ("int8", "int64"),
    ("int16", "int32"),
    ("int16", "int64"),
    ("int32", "int64"),
    ("float", "double"),
    ("email", "idn-email"),
];

/// What changed about patterns, formats and the encoding of content.
pub(in crate::review) fn compare(pair: &mut Pair<'_, '_>) {
    pattern(pair);
    format(pair);
    content(pair);
}

fn patterns(view: &View<'_>) -> Vec<Value> {
    let mut all: Vec<Value> = view.all_stated("pattern").map(|(_, value)| value.clone()).collect();
    all.sort_by_key(ToString::to_string);
    all.dedup();
    all
}

fn pattern(pair: &mut Pair<'_, '_>) {
    let (old, new) = (patterns(&pair.base), patterns(&pair.head));
    if old == new {
        return;
    }
    let told = |patterns: &[Value]| match patterns {
        [] => None,
        [one] => Some(one.clone()),
        more => Some(json!(more)),
    };
    let (before, after) = (told(&old), told(&new));
    let (more, fewer) =
        (old.iter().all(|pattern| new.contains(pattern)), new.iter().all(|pattern| old.contains(pattern)));
    let rule = match (more, fewer) {
        (true, _) => pair.pick(&REQUEST_PATTERN_ADDED, &RESPONSE_PATTERN_ADDED),
        (false, true) => pair.pick(&REQUEST_PATTERN_REMOVED, &RESPONSE_PATTERN_REMOVED),
        (false, false) => pair.pick(&REQUEST_PATTERN_CHANGED, &RESPONSE_PATTERN_CHANGED),
    };
    pair.tell(rule, "pattern", before, after);
    if !more && !fewer {
        let schema = |patterns: &[Value]| json!({"type": "string", "allOf": patterns.iter().map(|one| json!({"pattern": one})).collect::<Vec<_>>()});
        let (old, new) = (schema(&old), schema(&new));
        let answer = match pair.side {
            schemas::Side::Request => covers(&new, &old),
            schemas::Side::Response => covers(&old, &new),
        };
        let decided = match answer {
            Covered::Yes => (Verdict::Allowed, "Every text that matters matches both patterns: proven."),
            Covered::No { .. } => {
                (Verdict::Breaking, "Some texts match one pattern and not the other: proven.")
            }
            Covered::Unknown => return,
        };
        if let Some(found) = pair.found.last_mut() {
            found.decided = Some((decided.0, decided.1.to_owned()));
        }
    }
}

fn format(pair: &mut Pair<'_, '_>) {
    let is_known = |value: &Value| value.as_str().is_some_and(|name| FORMATS.contains(&name));
    let of = |view: &View<'_>| {
        view.all_stated("format").map(|(_, value)| value).find(|value| is_known(value)).cloned()
    };
    let (before, after) = (of(&pair.base), of(&pair.head));
    let is_within = |one: &Value, other: &Value| {
        WITHIN.iter().any(|(narrow, wide)| *one == json!(narrow) && *other == json!(wide))
    };
    let rule = match (&before, &after) {
        (None, Some(_)) => pair.pick(&REQUEST_FORMAT_ADDED, &RESPONSE_FORMAT_ADDED),
        (Some(_), None) => pair.pick(&REQUEST_FORMAT_REMOVED, &RESPONSE_FORMAT_REMOVED),
        (Some(old), Some(new)) if old != new => {
            if is_within(old, new) && pair.side == schemas::Side::Request {
                &REQUEST_FORMAT_WIDENED
            } else if is_within(new, old) && pair.side == schemas::Side::Response {
                &RESPONSE_FORMAT_NARROWED
            } else {
                pair.pick(&REQUEST_FORMAT_CHANGED, &RESPONSE_FORMAT_CHANGED)
            }
        }
        _ => return,
    };
    pair.tell(rule, "format", before, after);
}

/// How the content of a text is written. The `format: byte` of OpenAPI 3.0 is base64; bytes as they are need no word.
fn content(pair: &mut Pair<'_, '_>) {
    let has_format = |view: &View<'_>, name: &str| view.all_stated("format").any(|(_, value)| *value == name);
    let word = |view: &View<'_>, keyword: &str| {
        let word = view.stated(keyword).and_then(|(_, value)| value.as_str()).map(str::to_ascii_lowercase);
        word.filter(|word| !matches!(word.as_str(), "application/octet-stream" | "binary" | "8bit" | "7bit"))
    };
    let encoding = |view: &View<'_>| {
        word(view, "contentEncoding").or_else(|| has_format(view, "byte").then(|| "base64".to_owned()))
    };
    for (keyword, before, after) in [
        ("contentEncoding", encoding(&pair.base), encoding(&pair.head)),
        ("contentMediaType", word(&pair.base, "contentMediaType"), word(&pair.head, "contentMediaType")),
    ] {
        if before != after {
            pair.tell(&CONTENT_ENCODING_CHANGED, keyword, before.map(Value::from), after.map(Value::from));
        }
    }
}
