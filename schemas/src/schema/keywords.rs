//! The keywords of schemas: which values they may have, and what is made of one that they may not.

use serde_json::{Map, Value};

use super::pattern::Patterns;
use crate::pointer;
use crate::rule::Rule;

const TYPES: [&str; 7] = ["string", "integer", "number", "boolean", "object", "array", "null"];
/// Keywords that hold one schema.
const ONE: [&str; 11] = [
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
/// Keywords that hold a list of schemas.
const LISTS: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords that hold schemas by name.
const NAMED: [&str; 5] = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/// What is made of a keyword's value.
pub(super) enum Use {
    /// It is good as it is.
    AsWritten,
    /// It is read as another value.
    As(Value),
    /// It says nothing that could be held to.
    Not(Rule, String),
}

/// What is made of a value under a keyword.
pub(super) fn usable(keyword: &str, value: &Value, patterns: &Patterns) -> Use {
    let not = |what: String| Use::Not(Rule::SchemaKeyword, what);
    let is_schema = |value: &Value| value.is_object() || value.is_boolean();
    match keyword {
        "type" => types(value),
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => number(keyword, value, |_| true),
        "multipleOf" => number(keyword, value, |number| number > 0.0),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
        | "minContains" | "maxContains" => {
            number(keyword, value, |number| number >= 0.0 && number.fract() == 0.0)
        }
        "required" => texts(keyword, value),
        "enum" => match value {
            Value::Array(_) => Use::AsWritten,
            _ => not("enum is no list".to_owned()),
        },
        "pattern" => match value {
            Value::String(text) => match patterns.usable(text) {
                Some(usable) if usable == *text => Use::AsWritten,
                Some(usable) => Use::As(Value::String(usable)),
                None => Use::Not(Rule::Pattern, format!("the pattern {} cannot be used", shown(value))),
            },
            _ => not(format!("pattern is {}, which is no text", shown(value))),
        },
        "uniqueItems" | "readOnly" | "writeOnly" | "deprecated" => match value {
            Value::Bool(_) => Use::AsWritten,
            Value::String(text) if text == "true" || text == "false" => Use::As(Value::Bool(text == "true")),
            _ => not(format!("{keyword} is {}, which is neither true nor false", shown(value))),
        },
        "format" | "contentEncoding" | "contentMediaType" | "$comment" | "$anchor" | "$dynamicAnchor"
        | "$dynamicRef" => {
            if value.is_string() {
                Use::AsWritten
            } else {
                not(format!("{keyword} is no text"))
            }
        }
        _ if ONE.contains(&keyword) => {
            if is_schema(value) {
                Use::AsWritten
            } else {
                not(format!("{keyword} is {}, which is no schema", shown(value)))
            }
        }
        _ if LISTS.contains(&keyword) => match value.as_array() {
            Some(list) if !list.is_empty() && list.iter().all(is_schema) => Use::AsWritten,
            _ => not(format!("{keyword} is no list of schemas")),
        },
        _ if NAMED.contains(&keyword) => named(keyword, value, patterns),
        "dependentRequired" => match value.as_object() {
            Some(map) if map.values().all(|names| matches!(texts(keyword, names), Use::AsWritten)) => {
                Use::AsWritten
            }
            _ => not("dependentRequired does not list names by name".to_owned()),
        },
        _ => Use::AsWritten,
    }
}

fn types(value: &Value) -> Use {
    let of = |name: &str| {
        let lower = name.to_ascii_lowercase();
        TYPES.into_iter().find(|known| *known == lower)
    };
    let not = || Use::Not(Rule::SchemaKeyword, format!("type is {}, which is no type", shown(value)));
    match value {
        Value::String(name) => match of(name) {
            Some(known) if known == name => Use::AsWritten,
            Some(known) => Use::As(Value::String(known.to_owned())),
            None => not(),
        },
        Value::Array(names) => {
            let mut known: Vec<&str> = Vec::new();
            for name in names {
                match name.as_str().and_then(of) {
                    Some(name) if !known.contains(&name) => known.push(name),
                    Some(_) => {}
                    None => return not(),
                }
            }
            match known.as_slice() {
                [] => not(),
                _ if known.len() == names.len() => Use::AsWritten,
                _ => Use::As(known.into_iter().map(Value::from).collect()),
            }
        }
        _ => not(),
    }
}

fn number(keyword: &str, value: &Value, fits: impl Fn(f64) -> bool) -> Use {
    let not = || Use::Not(Rule::SchemaKeyword, format!("{keyword} is {}, which it cannot be", shown(value)));
    match value {
        Value::Number(number) if number.as_f64().is_some_and(&fits) => Use::AsWritten,
        // A number in quotes is plain enough.
        Value::String(text) => match serde_json::from_str::<Value>(text.trim()) {
            Ok(number @ Value::Number(_)) if number.as_f64().is_some_and(fits) => Use::As(number),
            _ => not(),
        },
        _ => not(),
    }
}

fn texts(keyword: &str, value: &Value) -> Use {
    let Some(list) = value.as_array().filter(|list| list.iter().all(Value::is_string)) else {
        return Use::Not(
            Rule::SchemaKeyword,
            format!("{keyword} is {}, which is no list of names", shown(value)),
        );
    };
    let mut once: Vec<Value> = Vec::new();
    for name in list {
        if !once.contains(name) {
            once.push(name.clone());
        }
    }
    if once.len() == list.len() { Use::AsWritten } else { Use::As(Value::Array(once)) }
}

fn named(keyword: &str, value: &Value, patterns: &Patterns) -> Use {
    let Value::Object(map) = value else {
        return Use::Not(Rule::SchemaKeyword, format!("{keyword} has no names with schemas"));
    };
    let by_pattern = keyword == "patternProperties";
    let name = |name: &String| if by_pattern { patterns.usable(name) } else { Some(name.clone()) };
    let fits = |(key, child): (&String, &Value)| {
        (child.is_object() || child.is_boolean()) && name(key).as_ref() == Some(key)
    };
    if map.iter().all(fits) {
        return Use::AsWritten;
    }
    let kept: Map<String, Value> = map
        .iter()
        .filter_map(|(key, child)| {
            let child =
                if child.is_object() || child.is_boolean() { child.clone() } else { Value::Bool(true) };
            Some((name(key)?, child))
        })
        .collect();
    Use::As(Value::Object(kept))
}

/// A value for a message: short, whatever it is.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 60 {
        text
    } else {
        format!("{}…", text.chars().take(60).collect::<String>())
    }
}

/// Every keyword below a schema that is not used as it is written: where it stands, and what is made of it. References are
/// not followed.
pub(super) fn unusable(schema: &Value, at: &str, patterns: &Patterns, tell: &mut dyn FnMut(&str, Use)) {
    walk(schema, &mut at.to_owned(), patterns, tell);
}

fn walk(schema: &Value, at: &mut String, patterns: &Patterns, tell: &mut dyn FnMut(&str, Use)) {
    let length = at.len();
    for (key, value) in schema.as_object().into_iter().flatten() {
        pointer::push(at, key);
        let inner = at.len();
        match usable(key, value, patterns) {
            // A pattern in other words is the same pattern.
            Use::As(_) if key == "pattern" => {}
            Use::AsWritten => {}
            made => tell(at, made),
        }
        if ONE.contains(&key.as_str()) {
            walk(value, at, patterns, tell);
        }
        if LISTS.contains(&key.as_str()) {
            for (index, part) in value.as_array().into_iter().flatten().enumerate() {
                pointer::push(at, &index.to_string());
                walk(part, at, patterns, tell);
                at.truncate(inner);
            }
        }
        if NAMED.contains(&key.as_str()) {
            for (name, part) in value.as_object().into_iter().flatten() {
                pointer::push(at, name);
                walk(part, at, patterns, tell);
                at.truncate(inner);
            }
        }
        at.truncate(length);
    }
}
