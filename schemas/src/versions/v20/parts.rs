//! The parts of a 2.0 description that change by themselves: servers, security schemes, the schemas of parameters.

use serde_json::{Map, Value, json};

use crate::tree::Members;

/// Keywords of parameters and headers that belong to their schema.
const SCHEMA: [&str; 18] = [
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "example",
    "schema",
];

/// `host`, `basePath` and `schemes` as servers.
pub(super) fn servers(root: &mut Map<String, Value>) -> Option<Value> {
    let mut text = |key: &str| match root.shift_remove(key) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    };
    let (host, base) = (text("host"), text("basePath"));
    let schemes = match root.shift_remove("schemes") {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    };
    let host = host.split_once("://").map_or(host.as_str(), |(_, rest)| rest).trim_end_matches('/');
    let base = if base.is_empty() || base.starts_with('/') { base } else { format!("/{base}") };
    if host.is_empty() {
        return (!base.is_empty()).then(|| json!([{"url": base}]));
    }
    let mut schemes: Vec<&str> = schemes.iter().filter_map(Value::as_str).collect();
    if schemes.is_empty() {
        schemes.push("https");
    }
    Some(schemes.iter().map(|scheme| json!({"url": format!("{scheme}://{host}{base}")})).collect())
}

/// A security scheme in the words of 3.0.
pub(super) fn security_scheme(scheme: &mut Value) {
    let Value::Object(map) = scheme else { return };
    match map.get("type").and_then(Value::as_str) {
        Some("basic") => {
            map.insert("type".to_owned(), json!("http"));
            map.insert("scheme".to_owned(), json!("basic"));
        }
        Some("oauth2") => {
            let flow = map.shift_remove("flow");
            let name = match flow.as_ref().and_then(Value::as_str) {
                Some("application") => "clientCredentials",
                Some("accessCode") => "authorizationCode",
                Some("password") => "password",
                _ => "implicit",
            };
            let mut parts = Map::new();
            for key in ["authorizationUrl", "tokenUrl", "scopes"] {
                parts.extend(map.shift_remove(key).map(|value| (key.to_owned(), value)));
            }
            parts.entry("scopes").or_insert_with(|| json!({}));
            map.insert("flows".to_owned(), json!({name: parts}));
        }
        _ => {}
    }
}

/// The schema of a parameter or header that states its type itself.
pub(super) fn schema_of(one: &Value) -> Map<String, Value> {
    let own = one.as_object().into_iter().flatten();
    let mut schema: Map<String, Value> = own
        .filter(|(key, _)| SCHEMA.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    // Some write a schema as 3.0 has it; it says more than what stands beside it.
    if let Some(Value::Object(inner)) = schema.shift_remove("schema") {
        return inner;
    }
    if let Some(nullable) = one.get("x-nullable") {
        schema.insert("x-nullable".to_owned(), nullable.clone());
    }
    schema
}

/// `collectionFormat` as a style.
pub(super) fn style(one: &Value) -> Option<Map<String, Value>> {
    if one.get("type").and_then(Value::as_str) != Some("array") {
        return None;
    }
    let place = one.get("in").and_then(Value::as_str).unwrap_or_default();
    let simple = matches!(place, "path" | "header");
    let (style, explode) = match one.get("collectionFormat").and_then(Value::as_str) {
        Some("multi") if !simple => ("form", true),
        Some("ssv") if !simple => ("spaceDelimited", false),
        Some("pipes") if !simple => ("pipeDelimited", false),
        _ if simple => ("simple", false),
        _ => ("form", false),
    };
    Some(Map::from_iter([("style".to_owned(), json!(style)), ("explode".to_owned(), json!(explode))]))
}

/// An object without some members.
pub(super) fn without(value: &Value, keys: &[&str]) -> Map<String, Value> {
    let members = value.as_object().into_iter().flatten();
    members
        .filter(|(key, _)| !keys.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// What schemas of 2.0 say in other words than those of 3.0.
pub(super) fn schemas(document: &mut Value) {
    walk(document, Members::Keywords);
}

fn walk(value: &mut Value, members: Members) {
    match value {
        Value::Object(map) => {
            if members == Members::Keywords {
                if map.get("type") == Some(&json!("file")) {
                    map.insert("type".to_owned(), json!("string"));
                    map.insert("format".to_owned(), json!("binary"));
                }
                if let Some(name @ Value::String(_)) = map.get("discriminator").cloned() {
                    map.insert("discriminator".to_owned(), json!({"propertyName": name}));
                }
                if map.get("x-nullable") == Some(&json!(true)) {
                    map.insert("nullable".to_owned(), json!(true));
                }
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
