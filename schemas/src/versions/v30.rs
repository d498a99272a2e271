//! OpenAPI 3.0 schemas in the words of 3.1, which are those of JSON Schema 2020-12.

use serde_json::{Map, Value, json};

use super::moved::Moved;
use crate::pointer;
use crate::tree::Members;

/// What is said about a value rather than of it: it stays where it is when the type is wrapped.
const ANNOTATIONS: [&str; 7] =
    ["title", "description", "default", "example", "deprecated", "readOnly", "writeOnly"];

/// Rewrites a 3.0 description in place, and tells where things went.
pub(super) fn convert(document: &mut Value) -> Moved {
    let mut walker = Walker { moved: Moved::default(), old: String::new(), new: String::new() };
    walker.walk(document, Members::Keywords);
    if let Value::Object(map) = document {
        map.insert("openapi".to_owned(), json!("3.1.0"));
    }
    walker.moved.rewrite(document);
    walker.moved
}

/// A walk that knows where it is before and after the rewriting.
struct Walker {
    moved: Moved,
    old: String,
    new: String,
}

impl Walker {
    fn walk(&mut self, value: &mut Value, members: Members) {
        match value {
            Value::Object(map) => {
                let wraps = members == Members::Keywords && schema(map);
                for (key, child) in map.iter_mut() {
                    let below = members.below(key, child);
                    if below != Members::Data && (child.is_object() || child.is_array()) {
                        let inside = wraps && !stays_outside(key);
                        let new: &[&str] = if inside { &["anyOf", "0", key] } else { &[key] };
                        self.step(&[key], new, |walker| {
                            if inside {
                                walker.moved.note(&walker.old, &walker.new);
                            }
                            walker.walk(child, below);
                        });
                    }
                }
                if wraps {
                    let (outside, inside): (Map<_, _>, Map<_, _>) =
                        std::mem::take(map).into_iter().partition(|(key, _)| stays_outside(key));
                    *map = outside;
                    map.insert("anyOf".to_owned(), json!([inside, {"type": "null"}]));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    if item.is_object() || item.is_array() {
                        let index = index.to_string();
                        self.step(&[&index], &[&index], |walker| walker.walk(item, members));
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn step(&mut self, old: &[&str], new: &[&str], go: impl FnOnce(&mut Self)) {
        let lengths = (self.old.len(), self.new.len());
        for token in old {
            pointer::push(&mut self.old, token);
        }
        for token in new {
            pointer::push(&mut self.new, token);
        }
        go(self);
        self.old.truncate(lengths.0);
        self.new.truncate(lengths.1);
    }
}

/// What is said about a value beside a reference to its schema; 3.0 does not look at it.
const BESIDE: [&str; 24] = [
    "type",
    "format",
    "enum",
    "items",
    "properties",
    "required",
    "additionalProperties",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
];

fn stays_outside(key: &str) -> bool {
    ANNOTATIONS.contains(&key) || key.starts_with("x-")
}

/// Rewrites the keywords of one schema; `true` where it has to be wrapped to admit null as well.
fn schema(map: &mut Map<String, Value>) -> bool {
    if map.get("$ref").is_some_and(Value::is_string) {
        map.retain(|key, _| !BESIDE.contains(&key.as_str()));
    }
    for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(Value::Bool(exclusive)) = map.get(flag).cloned() {
            map.shift_remove(flag);
            // Where it is false, the bound itself is in, and stays.
            if exclusive && let Some(limit) = map.shift_remove(bound) {
                map.insert(flag.to_owned(), limit);
            }
        }
    }
    let Some(Value::Bool(nullable)) = map.get("nullable").cloned() else { return false };
    map.shift_remove("nullable");
    nullable && admit_null(map)
}

fn admit_null(map: &mut Map<String, Value>) -> bool {
    if let Some(Value::String(name)) = map.get("type").cloned() {
        map.insert("type".to_owned(), json!([name, "null"]));
        if let Some(Value::Array(members)) = map.get_mut("enum")
            && !members.contains(&Value::Null)
        {
            members.push(Value::Null);
        }
        // Null is admitted by the type; what is composed must admit it too.
        return false;
    }
    ["$ref", "allOf", "oneOf", "anyOf"].iter().any(|key| map.contains_key(*key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nullable_becomes_a_type() {
        let mut document = json!({"openapi": "3.0.3", "components": {"schemas": {
            "A": {"type": "string", "nullable": true, "enum": ["x"]},
            "B": {"$ref": "#/components/schemas/A", "nullable": true},
            "C": {"type": "integer", "minimum": 1, "exclusiveMinimum": true},
            "E": {"type": "integer", "minimum": 1, "exclusiveMinimum": false},
            "D": {"type": "object", "properties": {"nullable": {"type": "boolean", "nullable": false}}}}}});
        convert(&mut document);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["A"], json!({"type": ["string", "null"], "enum": ["x", null]}));
        assert_eq!(schemas["B"], json!({"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}));
        assert_eq!(schemas["C"], json!({"type": "integer", "exclusiveMinimum": 1}));
        assert_eq!(schemas["E"], json!({"type": "integer", "minimum": 1}));
        assert_eq!(schemas["D"]["properties"]["nullable"], json!({"type": "boolean"}));
    }

    #[test]
    fn what_is_said_about_a_nullable_reference_stays_outside() {
        let mut document = json!({"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": {"default": {"schema":
            {"$ref": "#/a", "nullable": true, "readOnly": true}}}}}}});
        convert(&mut document);
        assert_eq!(
            document["paths"]["/a"]["get"]["responses"]["default"]["schema"],
            json!({"readOnly": true, "anyOf": [{"$ref": "#/a"}, {"type": "null"}]})
        );
    }

    #[test]
    fn what_stands_beside_a_reference_does_not_count() {
        let mut document = json!({"openapi": "3.0.3", "components": {"schemas": {
            "A": {"$ref": "#/components/schemas/B", "type": "number", "description": "Told.", "readOnly": true}}}});
        convert(&mut document);
        assert_eq!(
            document["components"]["schemas"]["A"],
            json!({"$ref": "#/components/schemas/B", "description": "Told.", "readOnly": true})
        );
    }

    #[test]
    fn references_lead_through_what_is_wrapped() {
        let mut document = json!({"openapi": "3.0.3", "components": {"schemas": {
            "A": {"nullable": true, "allOf": [{"nullable": true, "oneOf": [{"type": "string"}]}]},
            "B": {"$ref": "#/components/schemas/A/allOf/0/oneOf/0"}}}});
        let moved = convert(&mut document);
        let to = "/components/schemas/A/anyOf/0/allOf/0/anyOf/0/oneOf/0";
        assert_eq!(document["components"]["schemas"]["B"]["$ref"], format!("#{to}"));
        assert_eq!(document.pointer(to), Some(&json!({"type": "string"})));
        assert_eq!(moved.from(to), "/components/schemas/A/allOf/0/oneOf/0");
    }
}
