//! OpenAPI 3.0 schemas in the words of 3.1, which are those of JSON Schema 2020-12.

use serde_json::{Map, Value, json};

use crate::tree::Members;

/// What is said about a value rather than of it: it stays where it is when the type is wrapped.
const ANNOTATIONS: [&str; 7] =
    ["title", "description", "default", "example", "deprecated", "readOnly", "writeOnly"];

/// Rewrites a 3.0 description in place; leaves any other untouched.
pub(super) fn upgrade(document: &mut Value) {
    let old =
        document.get("openapi").and_then(Value::as_str).is_some_and(|version| version.starts_with("3.0"));
    if !old {
        return;
    }
    walk(document, Members::Keywords);
    if let Value::Object(map) = document {
        map.insert("openapi".to_owned(), json!("3.1.0"));
    }
}

fn walk(value: &mut Value, members: Members) {
    match value {
        Value::Object(map) => {
            if members == Members::Keywords {
                schema(map);
            }
            for (key, child) in map.iter_mut() {
                let below = members.below(key, child);
                if below != Members::Data {
                    walk(child, below);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, members)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn schema(map: &mut Map<String, Value>) {
    for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(Value::Bool(exclusive)) = map.get(flag).cloned() {
            map.shift_remove(flag);
            // Where it is false, the bound itself is in, and stays.
            if exclusive && let Some(limit) = map.shift_remove(bound) {
                map.insert(flag.to_owned(), limit);
            }
        }
    }
    if let Some(Value::Bool(nullable)) = map.get("nullable").cloned() {
        map.shift_remove("nullable");
        if nullable {
            admit_null(map);
        }
    }
}

fn admit_null(map: &mut Map<String, Value>) {
    if let Some(Value::String(name)) = map.get("type").cloned() {
        map.insert("type".to_owned(), json!([name, "null"]));
        if let Some(Value::Array(members)) = map.get_mut("enum")
            && !members.contains(&Value::Null)
        {
            members.push(Value::Null);
        }
    } else if map.contains_key("$ref")
        || map.contains_key("allOf")
        || map.contains_key("oneOf")
        || map.contains_key("anyOf")
    {
        let (outside, inside): (Map<_, _>, Map<_, _>) = std::mem::take(map)
            .into_iter()
            .partition(|(key, _)| ANNOTATIONS.contains(&key.as_str()) || key.starts_with("x-"));
        *map = outside;
        map.insert("anyOf".to_owned(), json!([inside, {"type": "null"}]));
    }
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
        upgrade(&mut document);
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
        upgrade(&mut document);
        assert_eq!(
            document["paths"]["/a"]["get"]["responses"]["default"]["schema"],
            json!({"readOnly": true, "anyOf": [{"$ref": "#/a"}, {"type": "null"}]})
        );
    }

    #[test]
    fn newer_descriptions_stay_as_they_are() {
        let mut document = json!({"openapi": "3.1.0", "components": {"schemas": {"A": {"nullable": true}}}});
        let before = document.clone();
        upgrade(&mut document);
        assert_eq!(document, before);
    }
}
