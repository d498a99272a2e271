//! A plain value of a schema: what the mock answers where the description gives no example.

use std::cell::Cell;

use serde_json::{Map, Value, json};

use super::handle::Schema;
use crate::pointer;

/// How deep optional parts are filled in; below, only what is required.
const OPTIONAL_DEPTH: usize = 3;
/// Where a circular schema that requires itself is given up.
const DEEPEST: usize = 24;

/// How many parts a value may have.
const MOST_PARTS: usize = 20_000;

/// Makes one value of a schema, always the same: an example or default where stated, else the plainest value that fits.
#[derive(Debug)]
pub struct Sampler<'a> {
    schema: &'a Schema,
    /// Parts that may still be made: circular alternatives could double for ever.
    left: Cell<usize>,
}

impl<'a> Sampler<'a> {
    /// For a schema of a contract.
    pub fn new(schema: &'a Schema) -> Self {
        Self { schema, left: Cell::new(MOST_PARTS) }
    }

    /// A valid value, or `None` where the plainest attempt is not valid (a pattern, `not`, `if`).
    pub fn sample(&self) -> Option<Value> {
        self.left.set(MOST_PARTS);
        let value = self.at(self.schema.pointer(), 0)?;
        self.schema.is_valid(&value).then_some(value)
    }

    fn at(&self, at: &str, depth: usize) -> Option<Value> {
        let left = self.left.get().checked_sub(1).filter(|_| depth <= DEEPEST)?;
        self.left.set(left);
        let (at, value) = self.schema.document().resolve(at)?;
        let schema = match value {
            Value::Bool(true) => return Some(json!({})),
            Value::Object(map) => map,
            Value::Bool(false) | Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                return None;
            }
        };
        if let Some(stated) = stated(schema) {
            return Some(stated);
        }
        if schema.contains_key("allOf") {
            return self.all_of(&at, schema, depth);
        }
        for key in ["oneOf", "anyOf"] {
            let count = schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
            for index in 0..count {
                if let Some(mut value) = self.at(&format!("{at}/{key}/{index}"), depth + 1) {
                    self.fill(&mut value, &at, schema, depth);
                    return Some(value);
                }
            }
        }
        self.plain(&at, schema, depth)
    }

    fn all_of(&self, at: &str, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let mut merged: Option<Value> = None;
        for index in 0..schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            let part = self.at(&format!("{at}/allOf/{index}"), depth + 1)?;
            merged = Some(match (merged, part) {
                (Some(Value::Object(mut base)), Value::Object(more)) => {
                    base.extend(more);
                    Value::Object(base)
                }
                (_, part) => part,
            });
        }
        let mut merged = merged?;
        self.fill(&mut merged, at, schema, depth);
        Some(merged)
    }

    /// Adds an object schema's own properties to what its branches gave.
    fn fill(&self, value: &mut Value, at: &str, schema: &Map<String, Value>, depth: usize) {
        if let (Value::Object(target), Some(Value::Object(own))) = (value, self.object(at, schema, depth)) {
            for (name, member) in own {
                target.entry(name).or_insert(member);
            }
        }
    }

    fn plain(&self, at: &str, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let kind = match schema.get("type") {
            Some(Value::String(name)) => name.as_str(),
            Some(Value::Array(names)) => {
                names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("null")
            }
            _ if schema.contains_key("properties") => "object",
            _ if schema.contains_key("items") => "array",
            _ => "object",
        };
        match kind {
            "object" => self.object(at, schema, depth),
            "array" => self.array(at, schema, depth),
            "string" => Some(Value::String(text(schema))),
            "integer" | "number" => Some(number(schema)),
            "boolean" => Some(Value::Bool(true)),
            _ => Some(Value::Null),
        }
    }

    fn object(&self, at: &str, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let mut object = Map::new();
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        let document = self.schema.document();
        let other_side = self.schema.side().hidden();
        let is_hidden = |name: &str| {
            let property = properties.and_then(|properties| properties.get(name));
            property.is_some_and(|property| document.is_flagged(property, other_side))
        };
        for name in properties.into_iter().flat_map(Map::keys).filter(|name| !is_hidden(name)) {
            let needed = required.contains(&name.as_str());
            if !needed && depth >= OPTIONAL_DEPTH {
                continue;
            }
            match self.at(&pointer::join(&pointer::join(at, "properties"), name), depth + 1) {
                Some(value) => {
                    object.insert(name.clone(), value);
                }
                None if needed => return None,
                None => {}
            }
        }
        for name in required.into_iter().filter(|name| !is_hidden(name)) {
            object.entry(name).or_insert_with(|| json!("string"));
        }
        Some(Value::Object(object))
    }

    fn array(&self, at: &str, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        let wanted = if depth >= OPTIONAL_DEPTH { least } else { least.max(1) };
        let prefix = schema.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
        let mut items = Vec::new();
        for index in 0..usize::try_from(wanted).unwrap_or(0).max(prefix).min(1_000) {
            let place =
                if index < prefix { format!("{at}/prefixItems/{index}") } else { format!("{at}/items") };
            match self.at(&place, depth + 1) {
                Some(item) => items.push(item),
                None if (index as u64) < least => return None,
                None => break,
            }
        }
        Some(Value::Array(items))
    }
}

fn stated(schema: &Map<String, Value>) -> Option<Value> {
    let first = |key: &str| schema.get(key).and_then(Value::as_array).and_then(|list| list.first()).cloned();
    schema
        .get("const")
        .or_else(|| schema.get("example"))
        .cloned()
        .or_else(|| first("examples"))
        .or_else(|| schema.get("default").cloned())
        .or_else(|| first("enum"))
}

fn text(schema: &Map<String, Value>) -> String {
    let text = match schema.get("format").and_then(Value::as_str).unwrap_or_default() {
        "date-time" => "2026-01-01T00:00:00Z",
        "date" => "2026-01-01",
        "time" => "00:00:00Z",
        "duration" => "P1D",
        "email" | "idn-email" => "user@example.com",
        "uuid" => "00000000-0000-4000-8000-000000000000",
        "uri" | "url" | "iri" => "https://example.com/",
        "uri-reference" | "iri-reference" => "/",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" => "AA==",
        "json-pointer" => "/a",
        _ => "string",
    };
    let least = schema
        .get("minLength")
        .and_then(Value::as_u64)
        .and_then(|least| usize::try_from(least).ok())
        .unwrap_or(0);
    let most = schema.get("maxLength").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
    let mut text = text.to_owned();
    let missing = least.min(1 << 20).saturating_sub(text.chars().count());
    text.extend(std::iter::repeat_n('a', missing));
    text.chars().take(most.unwrap_or(usize::MAX)).collect()
}

fn number(schema: &Map<String, Value>) -> Value {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let step = bound("multipleOf").filter(|step| *step > 0.0);
    let least =
        bound("minimum").or_else(|| bound("exclusiveMinimum").map(|limit| limit + step.unwrap_or(1.0)));
    let most =
        bound("maximum").or_else(|| bound("exclusiveMaximum").map(|limit| limit - step.unwrap_or(1.0)));
    let mut value = match (least, most) {
        (Some(least), Some(most)) if least > most => f64::midpoint(
            bound("minimum").or(bound("exclusiveMinimum")).unwrap_or(least),
            bound("maximum").or(bound("exclusiveMaximum")).unwrap_or(most),
        ),
        (Some(least), _) => least,
        (None, Some(most)) => most.min(1.0),
        (None, None) => 1.0,
    };
    if let Some(step) = step {
        value = (value / step).ceil() * step;
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
    if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
}
