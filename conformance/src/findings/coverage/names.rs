//! Names of the parts of a value.

use std::collections::BTreeSet;

use schemas::{Fault, FaultKind, Schema};
use serde_json::Value;

/// How deep names go.
const DEEPEST: usize = 6;
/// Names of one schema at the most.
const MOST: usize = 400;

/// The names of the properties a schema states, in its order; what it owns comes after it.
pub(crate) fn stated(schema: &Schema) -> Vec<String> {
    let mut names = Vec::new();
    gather(schema, "", 0, &mut names);
    names
}

fn gather(schema: &Schema, at: &str, depth: usize, names: &mut Vec<String>) {
    if depth >= DEEPEST || names.len() >= MOST {
        return;
    }
    if let Some(items) = schema.items() {
        gather(&items, &format!("{at}[]"), depth + 1, names);
    }
    for property in schema.properties() {
        let name = joined(at, &property.name);
        if names.len() >= MOST {
            return;
        }
        if !names.contains(&name) {
            names.push(name.clone());
        }
        gather(&property.schema, &name, depth + 1, names);
    }
}

/// The names of the properties that a value has.
pub(crate) fn present(value: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    walk(value, "", 0, &mut names);
    names
}

fn walk(value: &Value, at: &str, depth: usize, names: &mut BTreeSet<String>) {
    if depth >= DEEPEST {
        return;
    }
    match value {
        Value::Object(map) => {
            for (name, member) in map {
                let name = joined(at, name);
                walk(member, &name, depth + 1, names);
                names.insert(name);
            }
        }
        Value::Array(items) => {
            let at = format!("{at}[]");
            for item in items {
                walk(item, &at, depth + 1, names);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The name of the property that a fault is about; `None` for the value as a whole.
pub(crate) fn of_fault(fault: &Fault) -> Option<String> {
    if fault.kind == FaultKind::NotObject {
        return None;
    }
    let mut name = String::new();
    for token in schemas::pointer::tokens(&fault.instance) {
        if token.bytes().all(|byte| byte.is_ascii_digit()) {
            name.push_str("[]");
        } else {
            name = joined(&name, &token);
        }
    }
    (!name.is_empty()).then_some(name)
}

/// Whether a name is that of a part, or of a part of it.
pub(crate) fn is_within(name: &str, whole: &str) -> bool {
    name.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn joined(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_of_a_value_are_joined_by_dots_and_brackets() {
        let names = present(&json!({"data": [{"id": 1}, {"name": {"first": "a"}}], "more": false}));
        let names: Vec<String> = names.into_iter().collect();
        assert_eq!(names, ["data", "data[].id", "data[].name", "data[].name.first", "more"]);
    }

    #[test]
    fn names_end_where_no_sane_body_goes() {
        let deep = (0..DEEPEST + 3).fold(json!(1), |inner, _| json!({"a": inner}));
        let longest = present(&deep).into_iter().map(|name| name.split('.').count()).max();
        assert_eq!(longest, Some(DEEPEST));
    }

    #[test]
    fn what_a_schema_states_is_bounded() {
        let properties: serde_json::Map<String, Value> =
            (0..MOST + 5).map(|number| (format!("p{number}"), json!({"type": "string"}))).collect();
        let node = json!({"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}});
        let description = json!({
            "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {},
            "components": {"schemas": {"Wide": {"type": "object", "properties": properties}, "Node": node}},
        });
        let contract = schemas::Contract::from_text("api.json", &description.to_string()).expect("it loads");
        let stated_of = |name: &str| {
            let pointer = format!("/components/schemas/{name}");
            stated(&contract.schema(schemas::Side::Response, &pointer).expect("it is there"))
        };
        assert_eq!(stated_of("Wide").len(), MOST);
        assert_eq!(stated_of("Node").len(), DEEPEST);
    }

    #[test]
    fn a_part_is_within_its_whole_only() {
        assert!(is_within("a.b", "a") && is_within("a[].b", "a") && is_within("a", "a"));
        assert!(!is_within("ab", "a") && !is_within("a", "a.b"));
    }
}
