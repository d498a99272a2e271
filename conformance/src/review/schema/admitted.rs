//! What a schema admits, told roughly: the types it names, and the values it lists.

use std::collections::BTreeSet;

use schemas::{Document, pointer};
use serde_json::{Map, Value};

use super::equal::is_prose;

/// Every type but null; a number that is no integer is a type of its own here.
pub(in crate::review) const TYPES: [&str; 6] =
    ["array", "boolean", "fraction", "integer", "object", "string"];
/// References that are followed one after the other, at most.
const FAR: usize = 32;

/// The types that a word names.
pub(in crate::review) fn of_name(name: &str) -> Vec<&'static str> {
    match name {
        "number" => vec!["fraction", "integer"],
        "null" => vec!["null"],
        other => TYPES.into_iter().filter(|known| *known == other).collect(),
    }
}

/// The type of a value.
pub(in crate::review) fn of_value(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() == 0.0) => "integer",
        Value::Number(_) => "fraction",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The types that the keyword `type` names.
pub(in crate::review) fn of_keyword(stated: &Value) -> BTreeSet<&'static str> {
    let names = stated.as_array().map_or_else(|| vec![stated], |list| list.iter().collect());
    names.into_iter().filter_map(Value::as_str).flat_map(of_name).collect()
}

/// The types a schema names, those of its alternatives among them; a schema with properties alone is one of objects. All where
/// it names none.
pub(in crate::review) fn admitted(document: &Document, schema: &Value) -> BTreeSet<&'static str> {
    rough(document, schema, FAR)
}

fn rough(document: &Document, schema: &Value, depth: usize) -> BTreeSet<&'static str> {
    let mut all: BTreeSet<&'static str> = TYPES.into_iter().chain(["null"]).collect();
    let Some(map) = schema.as_object().filter(|_| depth > 0) else {
        if *schema == Value::Bool(false) {
            all.clear();
        }
        return all;
    };
    let mut narrow = |names: BTreeSet<&'static str>| all.retain(|name| names.contains(name));
    if let Some(stated) = map.get("type") {
        narrow(of_keyword(stated));
    } else if map.contains_key("properties") {
        narrow(BTreeSet::from(["object"]));
    }
    if let Some(Value::Array(values)) = map.get("enum") {
        narrow(values.iter().map(of_value).collect());
    }
    if let Some(value) = map.get("const") {
        narrow(BTreeSet::from([of_value(value)]));
    }
    let target = map.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference);
    if let Some(target) = target.and_then(|target| document.get(&target)) {
        narrow(rough(document, target, depth - 1));
    }
    for branch in map.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        narrow(rough(document, branch, depth - 1));
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(Value::Array(branches)) = map.get(keyword) {
            narrow(branches.iter().flat_map(|branch| rough(document, branch, depth - 1)).collect());
        }
    }
    all
}

/// The values of alternatives that are constants, all of them; with `is_exclusive`, of which exactly one may hold.
pub(super) fn constants<'d>(
    document: &'d Document,
    alternatives: &'d Value,
    is_exclusive: bool,
) -> Option<Vec<&'d Value>> {
    let mut all: Vec<&Value> = Vec::new();
    let branches = alternatives.as_array().filter(|branches| !branches.is_empty())?;
    let mut known = std::collections::HashSet::new();
    for branch in branches {
        let (_, map) = meant(document, branch)?;
        let says_more = |key: &str| !is_prose(key) && !matches!(key, "const" | "enum" | "type" | "format");
        if map.keys().any(|key| says_more(key)) {
            return None;
        }
        let mut own: Vec<&Value> = match (map.get("const"), map.get("enum")) {
            (Some(value), None) => vec![value],
            (None, Some(Value::Array(values))) => values.iter().collect(),
            _ if map.get("type").is_some_and(|name| name == "null") => vec![&Value::Null],
            _ => return None,
        };
        if let Some(stated) = map.get("type") {
            let types = of_keyword(stated);
            own.retain(|value| types.contains(of_value(value)));
        }
        for value in own {
            match known.insert(value.to_string()) {
                true => all.push(value),
                false if is_exclusive => return None,
                false => {}
            }
        }
    }
    // Null alone among them is a matter of types.
    all.iter().any(|value| !value.is_null()).then_some(all)
}

/// The schema that a schema is, where it is no more than a reference to one; else itself. With the place that the last
/// reference leads to.
pub(super) fn meant<'d>(
    document: &'d Document,
    schema: &'d Value,
) -> Option<(Option<String>, &'d Map<String, Value>)> {
    let mut place = None;
    let mut map = schema.as_object()?;
    for _ in 0..FAR {
        let is_lone = map.keys().all(|key| key == "$ref" || is_prose(key));
        let target = map.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference);
        match target.filter(|_| is_lone) {
            Some(target) => {
                map = document.get(&target)?.as_object()?;
                place = Some(target);
            }
            None => return Some((place, map)),
        }
    }
    None
}
