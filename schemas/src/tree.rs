//! What the members of an object in a description are: keywords, names that authors chose, or plain data.
//!
//! `default` is a keyword with data under a schema, the name of a response under `responses`, and the name of a
//! property under `properties`. Whoever walks a description asks here, so that all walks agree.

use serde_json::{Map, Value};

use crate::pointer;

/// The key under which the contents of other files are kept, by their position.
pub(crate) const BUNDLE: &str = "x-bundled-files";
/// Keywords whose value is plain data: `$ref` or `x-contract` in there is a word like any other.
const DATA: [&str; 5] = ["default", "enum", "const", "example", "value"];
/// Keywords whose value is an object with names as keys.
const NAMES: [&str; 23] = [
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentRequired",
    "dependentSchemas",
    "encoding",
    "examples",
    "headers",
    "links",
    "mapping",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
    "variables",
    "webhooks",
];

/// What the members of an object are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Members {
    /// Words of OpenAPI or JSON Schema, or extensions.
    Keywords,
    /// Names that the author chose.
    Names,
    /// Nothing a description means.
    Data,
}

impl Members {
    /// What the members of a member are.
    pub(crate) fn below(self, key: &str, child: &Value) -> Self {
        match self {
            Self::Data => Self::Data,
            Self::Keywords if key == BUNDLE => Self::Names,
            Self::Keywords if DATA.contains(&key) || key.starts_with("x-") => Self::Data,
            // Of a schema they are a list of data, of anything else named objects.
            Self::Keywords if key == "examples" && child.is_array() => Self::Data,
            Self::Keywords if NAMES.contains(&key) && child.is_object() => Self::Names,
            Self::Names | Self::Keywords => Self::Keywords,
        }
    }
}

/// One object on a walk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit<'a, 'p> {
    /// Its pointer.
    pub(crate) at: &'p str,
    /// The object as a value.
    pub(crate) value: &'a Value,
    /// The same, its members.
    pub(crate) map: &'a Map<String, Value>,
}

/// Calls `see` for every object whose members are keywords, outer ones first.
pub(crate) fn visit<'a>(value: &'a Value, see: &mut impl FnMut(Visit<'a, '_>)) {
    walk(value, Members::Keywords, &mut String::new(), see);
}

fn walk<'a>(value: &'a Value, members: Members, at: &mut String, see: &mut impl FnMut(Visit<'a, '_>)) {
    let length = at.len();
    match value {
        Value::Object(map) => {
            if members == Members::Keywords {
                see(Visit { at, value, map });
            }
            for (key, child) in map {
                let below = members.below(key, child);
                if below != Members::Data && (child.is_object() || child.is_array()) {
                    pointer::push(at, key);
                    walk(child, below, at, see);
                    at.truncate(length);
                }
            }
        }
        Value::Array(items) => {
            for (index, child) in items.iter().enumerate() {
                pointer::push(at, &index.to_string());
                walk(child, members, at, see);
                at.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_word_is_data_or_a_name_by_where_it_stands() {
        let value = json!({
            "responses": {"default": {"content": {}}},
            "properties": {"default": {"default": {"hidden": {}}}, "examples": {"examples": [{"hidden": {}}]}},
            "examples": {"value": {"value": {"hidden": {}}}},
            "x-other": {"hidden": {}}
        });
        let mut seen = Vec::new();
        visit(&value, &mut |visit| seen.push(visit.at.to_owned()));
        assert_eq!(
            seen,
            ["", "/responses/default", "/properties/default", "/properties/examples", "/examples/value"]
        );
    }
}
