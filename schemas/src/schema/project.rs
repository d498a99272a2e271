//! A document as validators see it.

use serde_json::{Map, Value};

use super::keywords::{self, Use};
use super::pattern::Patterns;
use crate::pointer;
use crate::source::Document;
use crate::tree::Members;

/// Keywords that validators do not look at; `$id` and `$schema` would give references another base, and schemas other rules, than
/// the document's.
const UNUSED: [&str; 9] =
    ["$id", "$schema", "title", "description", "summary", "default", "example", "examples", "externalDocs"];

/// What is left out of a document.
#[derive(Clone, Copy)]
pub(super) struct Projection<'a> {
    pub(super) document: &'a Document,
    /// The flag of properties that the side does not know, where the document has any.
    pub(super) hidden: Option<&'a str>,
    /// Where given, keywords that cannot be used, and references that lead nowhere, are left out.
    pub(super) patterns: Option<&'a Patterns>,
}

impl Projection<'_> {
    /// A value without prose, and without the properties of the other side, which are neither there nor required. Places do not
    /// move, so a pointer means the same as in the document.
    pub(super) fn of(&self, value: &Value, members: Members) -> Value {
        match value {
            Value::Object(map) => self.object(map, members),
            Value::Array(items) => Value::Array(items.iter().map(|item| self.of(item, members)).collect()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        }
    }

    fn object(&self, map: &Map<String, Value>, members: Members) -> Value {
        let keywords = members == Members::Keywords;
        let is_gone = |name: &str| {
            let property = self.hidden.and_then(|_| property(self.document, map, name, 0));
            self.hidden.zip(property).is_some_and(|(flag, property)| self.document.is_flagged(property, flag))
        };
        let mut kept = Map::new();
        for (key, child) in map {
            if keywords && (UNUSED.contains(&key.as_str()) || key.starts_with("x-contract")) {
                continue;
            }
            let repaired = match self.patterns.filter(|_| keywords) {
                Some(_) if key == "$ref" && !self.leads_to_a_schema(child) => continue,
                Some(patterns) => match keywords::usable(key, child, patterns) {
                    Use::AsWritten => None,
                    Use::As(value) => Some(value),
                    Use::Not(..) => continue,
                },
                None => None,
            };
            let child = repaired.as_ref().unwrap_or(child);
            let below = members.below(key, child);
            let mut seen = if below == Members::Data { child.clone() } else { self.of(child, below) };
            match (&mut seen, key.as_str()) {
                (Value::Object(properties), "properties") if keywords => {
                    properties.retain(|name, _| !is_gone(name));
                }
                (Value::Array(names), "required") if keywords => {
                    names.retain(|name| !name.as_str().is_some_and(is_gone));
                }
                _ => {}
            }
            kept.insert(key.clone(), seen);
        }
        Value::Object(kept)
    }

    fn leads_to_a_schema(&self, reference: &Value) -> bool {
        let target = reference.as_str().and_then(pointer::of_reference);
        let found = target.and_then(|target| self.document.resolve(&target));
        found.is_some_and(|(_, value)| value.is_object() || value.is_boolean())
    }
}

/// A property of a schema, of what it refers to, or of a part of its `allOf`.
fn property<'d>(
    document: &'d Document,
    schema: &'d Map<String, Value>,
    name: &str,
    depth: usize,
) -> Option<&'d Value> {
    if let Some(own) = schema.get("properties").and_then(|properties| properties.get(name)) {
        return Some(own);
    }
    let target = schema.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference);
    let target = target.and_then(|target| document.get(&target));
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    // Circular chains of allOf describe nothing.
    let mut inner = target.into_iter().chain(parts).filter_map(Value::as_object).filter(|_| depth < 16);
    inner.find_map(|part| property(document, part, name, depth + 1))
}
