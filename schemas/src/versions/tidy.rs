//! Slips that are plain enough to be put right: nulls where nothing is meant, numbers where a text belongs.

use serde_json::{Map, Value, json};

use super::odd::Odd;
use crate::pointer;
use crate::rule::Rule;
use crate::tree::Members;

/// Keywords whose value is a text; YAML makes numbers of some.
const TEXTS: [&str; 8] =
    ["openapi", "swagger", "version", "title", "description", "summary", "operationId", "name"];
/// Objects with names as keys whose members are no objects.
const PLAIN_NAMES: [&str; 3] = ["scopes", "mapping", "dependentRequired"];

/// Puts slips right, and tells each.
pub(super) fn tidy(document: &mut Value) -> Vec<Odd> {
    let mut odd = Vec::new();
    walk(document, Members::Keywords, "", &mut String::new(), &mut odd);
    odd
}

fn walk(value: &mut Value, members: Members, own: &str, at: &mut String, odd: &mut Vec<Odd>) {
    let length = at.len();
    match value {
        Value::Object(map) => {
            nulls(map, members, own, at, odd);
            for (key, child) in map.iter_mut() {
                if members == Members::Keywords
                    && (child.is_number() || child.is_boolean())
                    && TEXTS.contains(&key.as_str())
                {
                    let what =
                        format!("{key} is {child}, which is no text; it is read as {:?}", child.to_string());
                    odd.push(Odd {
                        rule: Rule::NumberAsText,
                        pointer: pointer::join(at, key),
                        what,
                        help: "Write it in quotes.",
                    });
                    *child = Value::String(child.to_string());
                    continue;
                }
                let below = members.below(key, child);
                if below != Members::Data && (child.is_object() || child.is_array()) {
                    pointer::push(at, key);
                    if members == Members::Keywords && key == "type" {
                        type_names(child, at, odd);
                    }
                    walk(child, below, key, at, odd);
                    at.truncate(length);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                if item.is_object() || item.is_array() {
                    pointer::push(at, &index.to_string());
                    walk(item, members, own, at, odd);
                    at.truncate(length);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A null says nothing: a keyword is not there, a name has an empty object.
fn nulls(map: &mut Map<String, Value>, members: Members, own: &str, at: &str, odd: &mut Vec<Odd>) {
    if !map.values().any(Value::is_null) {
        return;
    }
    let mut tell = |key: &str| {
        odd.push(Odd {
            rule: Rule::NullValue,
            pointer: pointer::join(at, key),
            what: format!("{key} is null, and counts as not written"),
            help: "Leave it out, or say what is meant.",
        });
    };
    let named = members == Members::Names && !PLAIN_NAMES.contains(&own);
    map.retain(|key, value| {
        if !value.is_null() || members.below(key, value) == Members::Data {
            return true;
        }
        tell(key);
        if named {
            *value = json!({});
        }
        named
    });
}

/// `type: [string, null]` in YAML is a list with a null in it, and not with the word.
fn type_names(names: &mut Value, at: &str, odd: &mut Vec<Odd>) {
    for name in names.as_array_mut().into_iter().flatten().filter(|name| name.is_null()) {
        *name = json!("null");
        odd.push(Odd {
            rule: Rule::NullValue,
            pointer: at.to_owned(),
            what: "type lists a null, which is read as the type \"null\"".to_owned(),
            help: "Write \"null\" in quotes.",
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_and_numbers_are_put_right_and_told_and_data_is_left_alone() {
        let mut document = json!({
            "openapi": 3.1, "info": {"version": 1.0, "description": null},
            "paths": {"/a": null}, "x-other": null,
            "components": {"schemas": {"A": {"type": ["string", null], "default": null, "enum": [null],
                "properties": {"b": null}, "items": null}}}});
        let told: Vec<(Rule, String)> =
            tidy(&mut document).into_iter().map(|odd| (odd.rule, odd.pointer)).collect();
        assert_eq!(
            document,
            json!({
                "openapi": "3.1", "info": {"version": "1.0"}, "paths": {"/a": {}}, "x-other": null,
                "components": {"schemas": {"A": {"type": ["string", "null"], "default": null, "enum": [null],
                    "properties": {"b": {}}}}}})
        );
        assert_eq!(told.len(), 7, "{told:?}");
        assert_eq!(told[0], (Rule::NumberAsText, "/openapi".to_owned()));
    }
}
