//! Descriptions in other words: each way of writing the same is no change, in either direction, over the built-in contract and
//! the description of the suite.

use conformance::review::compare_documents;
use schemas::{Contract, Document};
use serde_json::{Map, Value, json};

/// A way of writing a description otherwise, and how it is called.
type Rewrite = (&'static str, fn(&mut Value));

const REWRITES: [Rewrite; 11] = [
    ("null as an alternative", |value| schemas_of(value, &mut null_as_alternative)),
    ("values as constants", |value| schemas_of(value, &mut values_as_constants)),
    ("a schema wrapped in allOf", |value| schemas_of(value, &mut wrapped)),
    ("types as alternatives", |value| schemas_of(value, &mut types_as_alternatives)),
    ("lists in another order", |value| schemas_of(value, &mut turned)),
    ("whole numbers above a bound", |value| schemas_of(value, &mut above)),
    ("bounds that say nothing", |value| schemas_of(value, &mut idle)),
    ("other names of schemas", other_schemas),
    ("properties taken out into components", taken_out),
    ("parameters at the path", at_the_path),
    ("a part of the server's address in the paths", into_paths),
];

/// Changes every schema, inner ones first.
fn schemas_of(value: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    if let Value::Object(map) = value {
        for (key, child) in map.iter_mut() {
            match key.as_str() {
                "schema" => schema(child, change),
                "schemas" => members(child, change),
                key if key.starts_with("x-") || key == "example" || key == "examples" => {}
                _ => schemas_of(child, change),
            }
        }
    } else if let Value::Array(list) = value {
        for item in list {
            schemas_of(item, change);
        }
    }
}

fn members(value: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    for (_, child) in value.as_object_mut().into_iter().flatten() {
        schema(child, change);
    }
}

fn schema(value: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    let Value::Object(map) = value else { return };
    for (key, child) in map.iter_mut() {
        match key.as_str() {
            "properties" => members(child, change),
            "items" | "additionalProperties" => schema(child, change),
            "allOf" | "anyOf" | "oneOf" => {
                child.as_array_mut().into_iter().flatten().for_each(|branch| schema(branch, change));
            }
            _ => {}
        }
    }
    change(map);
}

/// Splits what is said about a value from what is said of it.
fn split(map: &mut Map<String, Value>) -> Map<String, Value> {
    let is_about = |key: &str| {
        key.starts_with("x-")
            || ["readOnly", "writeOnly", "deprecated", "description", "default", "title"].contains(&key)
    };
    let (about, of): (Map<_, _>, Map<_, _>) =
        std::mem::take(map).into_iter().partition(|(key, _)| is_about(key));
    *map = about;
    of
}

fn null_as_alternative(map: &mut Map<String, Value>) {
    let names = map.get("type").and_then(Value::as_array).cloned().unwrap_or_default();
    if !names.contains(&json!("null")) || map.contains_key("enum") {
        return;
    }
    let mut of = split(map);
    let rest: Vec<Value> = names.into_iter().filter(|name| *name != "null").collect();
    of.insert("type".to_owned(), if let [one] = rest.as_slice() { one.clone() } else { json!(rest) });
    map.insert("anyOf".to_owned(), json!([{"type": "null"}, of]));
}

fn values_as_constants(map: &mut Map<String, Value>) {
    if let Some(Value::Array(values)) = map.shift_remove("enum") {
        let constants: Vec<Value> =
            values.into_iter().map(|value| json!({"const": value, "title": "One."})).collect();
        map.insert("oneOf".to_owned(), json!(constants));
    }
}

fn wrapped(map: &mut Map<String, Value>) {
    let of = split(map);
    if !of.is_empty() {
        map.insert("allOf".to_owned(), json!([of]));
    }
}

fn types_as_alternatives(map: &mut Map<String, Value>) {
    let Some(Value::Array(names)) = map.get("type").cloned() else { return };
    if names.len() > 1 && !map.contains_key("oneOf") {
        map.shift_remove("type");
        let each: Vec<Value> = names.into_iter().map(|name| json!({ "type": name })).collect();
        map.insert("oneOf".to_owned(), json!(each));
    }
}

fn turned(map: &mut Map<String, Value>) {
    for key in ["type", "enum", "required", "anyOf", "oneOf", "allOf"] {
        if let Some(Value::Array(list)) = map.get_mut(key) {
            list.reverse();
        }
    }
}

fn above(map: &mut Map<String, Value>) {
    if map.get("type") == Some(&json!("integer"))
        && let Some(bound) = map.get("minimum").and_then(Value::as_i64)
    {
        map.shift_remove("minimum");
        map.insert("exclusiveMinimum".to_owned(), json!(bound - 1));
    }
}

fn idle(map: &mut Map<String, Value>) {
    match map.get("type").and_then(Value::as_str) {
        Some("string") => map.entry("minLength").or_insert(json!(0)),
        Some("array") => map.entry("minItems").or_insert(json!(0)),
        Some("object") => map.entry("additionalProperties").or_insert(json!(true)),
        _ => return,
    };
}

fn other_schemas(value: &mut Value) {
    let names: Vec<String> =
        value["components"]["schemas"].as_object().into_iter().flat_map(Map::keys).cloned().collect();
    let mut text = value.to_string();
    for name in &names {
        text = text.replace(
            &format!("\"#/components/schemas/{name}\""),
            &format!("\"#/components/schemas/Other{name}\""),
        );
    }
    *value = serde_json::from_str(&text).expect("it is JSON");
    let renamed: Map<String, Value> = value["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, schema)| (format!("Other{name}"), schema.clone()))
        .collect();
    value["components"]["schemas"] = Value::Object(renamed);
}

fn taken_out(value: &mut Value) {
    let mut taken = Map::new();
    schemas_of(value, &mut |map| {
        for (name, property) in map.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
        {
            // What is said of how sure it is counts where it stands.
            if property
                .as_object()
                .is_some_and(|one| one.keys().any(|key| key.starts_with("x-") || key == "$ref"))
            {
                continue;
            }
            let key = format!("Taken{}{name}", taken.len());
            let target = json!({"$ref": format!("#/components/schemas/{key}")});
            taken.insert(key, std::mem::replace(property, target));
        }
    });
    let schemas = value["components"]["schemas"].as_object_mut().expect("has schemas");
    schemas.extend(taken);
}

fn at_the_path(value: &mut Value) {
    for (_, item) in value["paths"].as_object_mut().into_iter().flatten() {
        let Some(item) = item.as_object_mut() else { continue };
        let methods: Vec<String> =
            item.keys().filter(|key| item[*key].get("responses").is_some()).cloned().collect();
        if let [method] = methods.as_slice()
            && let Some(Value::Array(own)) =
                item[method].as_object_mut().and_then(|one| one.shift_remove("parameters"))
        {
            let all = item.entry("parameters").or_insert_with(|| json!([]));
            all.as_array_mut().into_iter().for_each(|all| all.extend(own.clone()));
        }
    }
}

fn into_paths(value: &mut Value) {
    let mut moved = String::new();
    for server in value["servers"].as_array_mut().into_iter().flatten() {
        let url = server["url"].as_str().unwrap_or_default().trim_end_matches('/').to_owned();
        if let Some((rest, last)) = url.rsplit_once('/').filter(|(rest, _)| !rest.ends_with('/')) {
            moved = format!("/{last}");
            server["url"] = json!(rest);
        }
    }
    let paths = value["paths"].as_object_mut().map(std::mem::take).unwrap_or_default();
    value["paths"] = paths.into_iter().map(|(path, item)| (format!("{moved}{path}"), item)).collect();
}

fn load(value: &Value) -> Document {
    Document::from_text("contract.json", &value.to_string()).expect("loads")
}

#[test]
fn what_is_said_in_other_words_is_no_change() {
    let suite = schemas::parse("description.yaml", include_str!("../../review-suite/description.yaml"));
    let builtin = Contract::builtin().expect("loads").document().value().clone();
    let mut wrong = Vec::new();
    let mut tried = std::collections::BTreeSet::new();
    for (of, whole) in [("built-in", builtin), ("suite", suite.expect("is read").value)] {
        let base = load(&whole);
        for (name, rewrite) in REWRITES {
            let mut other = whole.clone();
            rewrite(&mut other);
            if other == whole {
                continue;
            }
            tried.insert(name);
            let head = load(&other);
            for (old, new) in [(&base, &head), (&head, &base)] {
                wrong.extend(compare_documents(old, new).into_iter().map(|change| {
                    let operation = change.operation.unwrap_or_default();
                    let values = format!("{:?} -> {:?}", change.before, change.after);
                    format!("{of}: {name}: {} {operation} {} {values}", change.rule, change.subject)
                }));
            }
        }
    }
    assert_eq!(tried.len(), REWRITES.len(), "each changes something: {tried:?}");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
