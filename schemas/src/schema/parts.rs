//! What a schema is put together of: what it refers to, all of its `allOf`, and the one alternative to null.

use serde_json::Value;

use crate::pointer;
use crate::source::Document;

/// How deep references and parts are followed: circular chains describe nothing.
const DEEPEST: usize = 32;

/// A schema that holds for every value of another one, null apart.
#[derive(Debug, Clone)]
pub(crate) struct Part<'d> {
    /// Where it stands.
    pub(crate) pointer: String,
    /// The schema as written.
    pub(crate) value: &'d Value,
    /// The schemas that lead to it, the outermost first, itself the last.
    pub(crate) through: Vec<&'d Value>,
    /// It is an alternative to null.
    pub(crate) beside_null: bool,
}

/// The schema at a pointer and its parts, what stands nearer first. Empty where a reference leads nowhere.
pub(crate) fn of<'d>(document: &'d Document, at: &str) -> Vec<Part<'d>> {
    gather(document, at, false)
}

/// The same, each part after what it refers to.
pub(crate) fn inner_first<'d>(document: &'d Document, at: &str) -> Vec<Part<'d>> {
    gather(document, at, true)
}

fn gather<'d>(document: &'d Document, at: &str, inner_first: bool) -> Vec<Part<'d>> {
    let mut walk = Walk { document, inner_first, seen: Vec::new(), found: Vec::new() };
    walk.visit(at, &[], false);
    walk.found
}

struct Walk<'d> {
    document: &'d Document,
    inner_first: bool,
    seen: Vec<String>,
    found: Vec<Part<'d>>,
}

impl<'d> Walk<'d> {
    fn visit(&mut self, at: &str, through: &[&'d Value], beside_null: bool) {
        if through.len() >= DEEPEST || self.seen.iter().any(|seen| seen == at) {
            return;
        }
        let Some(value) = self.document.get(at) else { return };
        self.seen.push(at.to_owned());
        let through: Vec<&Value> = through.iter().copied().chain([value]).collect();
        let part = Part { pointer: at.to_owned(), value, through: through.clone(), beside_null };
        if self.inner_first {
            self.descend(at, value, &through, beside_null);
            self.found.push(part);
        } else {
            self.found.push(part);
            self.descend(at, value, &through, beside_null);
        }
    }

    fn descend(&mut self, at: &str, value: &'d Value, through: &[&'d Value], beside_null: bool) {
        if let Some(target) = value.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference) {
            self.visit(&target, through, beside_null);
        }
        for index in 0..value.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            self.visit(&format!("{at}/allOf/{index}"), through, beside_null);
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(index) = beside_the_null(self.document, at, value.get(keyword), keyword) {
                self.visit(&format!("{at}/{keyword}/{index}"), through, true);
            }
        }
    }
}

/// Of two alternatives, one of them null, the other one.
fn beside_the_null(
    document: &Document,
    at: &str,
    alternatives: Option<&Value>,
    keyword: &str,
) -> Option<usize> {
    let [_, _] = alternatives.and_then(Value::as_array)?.as_slice() else { return None };
    let is_null = |index: usize| {
        let alternative = document.resolve(&format!("{at}/{keyword}/{index}")).map(|(_, value)| value);
        alternative.is_some_and(admits_null_alone)
    };
    match (is_null(0), is_null(1)) {
        (false, true) => Some(0),
        (true, false) => Some(1),
        (true, true) | (false, false) => None,
    }
}

fn admits_null_alone(schema: &Value) -> bool {
    let only_null = |value: &Value| value.as_array().is_some_and(|all| all.len() == 1 && all[0].is_null());
    let named = schema.get("type").is_some_and(|kind| match kind {
        Value::String(name) => name == "null",
        Value::Array(names) => names.len() == 1 && names[0] == "null",
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    });
    named || schema.get("const").is_some_and(Value::is_null) || schema.get("enum").is_some_and(only_null)
}

/// A keyword's value among the parts of a schema, and the part it stands in: of bounds the closest, of lists of members
/// the shortest, of anything else what stands nearest.
pub(crate) fn keyword<'p, 'd>(parts: &'p [Part<'d>], name: &str) -> Option<(&'p Part<'d>, &'d Value)> {
    let mut stated = parts.iter().filter_map(|part| Some((part, part.value.get(name)?)));
    let first = stated.next()?;
    Some(stated.fold(first, |best, next| if is_closer(name, next.1, best.1) { next } else { best }))
}

fn is_closer(keyword: &str, value: &Value, than: &Value) -> bool {
    let numbers = value.as_f64().zip(than.as_f64());
    match keyword {
        "maxLength" | "maxItems" | "maxProperties" | "maximum" | "exclusiveMaximum" => {
            numbers.is_some_and(|(value, than)| value < than)
        }
        "minLength" | "minItems" | "minProperties" | "minimum" | "exclusiveMinimum" => {
            numbers.is_some_and(|(value, than)| value > than)
        }
        "enum" => {
            let lists = value.as_array().zip(than.as_array());
            lists.is_some_and(|(value, than)| value.len() < than.len())
        }
        _ => false,
    }
}

/// The JSON types that all parts admit; empty where none names one.
pub(crate) fn types<'d>(parts: &[Part<'d>]) -> Vec<&'d str> {
    let mut admitted: Option<Vec<&'d str>> = None;
    let mut null = true;
    for part in parts {
        let names: Vec<&'d str> = match part.value.get("type") {
            Some(Value::String(name)) => vec![name.as_str()],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => continue,
        };
        null &= part.beside_null || names.contains(&"null");
        let own: Vec<&'d str> = names.into_iter().filter(|name| *name != "null").collect();
        admitted = Some(match admitted {
            None => own,
            Some(earlier) => earlier.into_iter().filter_map(|name| narrowed(name, &own)).collect(),
        });
    }
    let Some(mut admitted) = admitted else { return Vec::new() };
    if null {
        admitted.push("null");
    }
    admitted
}

/// A type as far as others admit it: of a number, the integers may be left.
fn narrowed<'d>(name: &'d str, others: &[&'d str]) -> Option<&'d str> {
    let same = others.iter().find(|other| **other == name);
    let integer = || match name {
        "number" => others.iter().find(|other| **other == "integer"),
        "integer" => others.iter().find(|other| **other == "number").map(|_| &"integer"),
        _ => None,
    };
    same.or_else(integer).copied()
}
