//! Names of the parts of a value.

use schemas::{Fault, FaultKind, Schema};

use crate::http::{DEEPEST, joined};

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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

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
