//! Whether two schemas say the same, in whatever words.

use std::collections::HashSet;

use schemas::{Document, pointer};
use serde_json::{Map, Value};

/// Keywords that say nothing of a value.
const PROSE: [&str; 11] = [
    "$comment",
    "$id",
    "$schema",
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "title",
    "xml",
];

/// Whether a key says nothing of a value.
pub(super) fn is_prose(key: &str) -> bool {
    PROSE.contains(&key) || key.starts_with("x-")
}

/// Keywords whose list has no order.
const SETS: [&str; 3] = ["enum", "required", "type"];

/// Two descriptions side by side.
#[derive(Debug, Clone, Copy)]
pub(in crate::review) struct Documents<'d> {
    pub(in crate::review) base: &'d Document,
    pub(in crate::review) head: &'d Document,
}

impl Documents<'_> {
    /// Whether what stands at two places means the same: references are followed, prose is not read.
    pub(in crate::review) fn equal(self, base: &str, head: &str) -> bool {
        match (self.base.get(base), self.head.get(head)) {
            (Some(base), Some(head)) => Walk { both: self, assumed: HashSet::new() }.same(base, head, 0),
            (None, None) => true,
            _ => false,
        }
    }
}

struct Walk<'d> {
    both: Documents<'d>,
    /// Pairs of references that are being compared: within themselves they are taken for equal.
    assumed: HashSet<(String, String)>,
}

impl Walk<'_> {
    fn same(&mut self, base: &Value, head: &Value, depth: usize) -> bool {
        // Deeper than any description goes; what is there counts as different, and is reported.
        if depth > 200 {
            return false;
        }
        match (base, head) {
            (Value::Object(left), Value::Object(right)) => self.same_object(left, right, base, head, depth),
            (Value::Array(left), Value::Array(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right).all(|(left, right)| self.same(left, right, depth + 1))
            }
            _ => base == head,
        }
    }

    fn same_object(
        &mut self,
        left: &Map<String, Value>,
        right: &Map<String, Value>,
        base: &Value,
        head: &Value,
        depth: usize,
    ) -> bool {
        let (from, to) = (lone_reference(left), lone_reference(right));
        if from.is_some() || to.is_some() {
            let pair = (from.clone().unwrap_or_default(), to.clone().unwrap_or_default());
            // Only a pair of references can be met again endlessly; a lone one ends with the other side.
            if from.is_some() && to.is_some() && !self.assumed.insert(pair) {
                return true;
            }
            let both = self.both;
            let base = from.as_deref().map_or(Some(base), |at| both.base.get(at));
            let head = to.as_deref().map_or(Some(head), |at| both.head.get(at));
            return match (base, head) {
                (Some(base), Some(head)) => self.same(base, head, depth + 1),
                _ => false,
            };
        }
        let counts = |key: &str| !is_prose(key);
        let known = |key: &String| counts(key) && right.contains_key(key) || !counts(key);
        left.keys().all(known)
            && right.keys().filter(|key| counts(key)).all(|key| left.contains_key(key))
            && left.iter().filter(|(key, _)| counts(key)).all(|(key, value)| {
                let other = &right[key.as_str()];
                match (value.as_array(), other.as_array()) {
                    (Some(one), Some(two)) if SETS.contains(&key.as_str()) => {
                        one.len() == two.len() && one.iter().all(|item| two.contains(item))
                    }
                    _ => self.same(value, other, depth + 1),
                }
            })
    }
}

/// The target of an object that is a reference and says no more about values.
fn lone_reference(map: &Map<String, Value>) -> Option<String> {
    let target = map.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference)?;
    map.keys().all(|key| key == "$ref" || is_prose(key)).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(schemas: &Value) -> Document {
        Document::from_text("a.json", &json!({ "schemas": schemas }).to_string()).expect("valid")
    }

    #[test]
    fn a_schema_written_out_is_the_same_as_one_referred_to() {
        let base = document(&json!({"A": {"$ref": "#/schemas/B", "description": "Prose."},
            "B": {"type": ["string", "null"], "items": {"$ref": "#/schemas/A"}}}));
        let head = document(
            &json!({"A": {"type": ["null", "string"], "title": "T", "items": {"$ref": "#/schemas/A"}}}),
        );
        let both = Documents { base: &base, head: &head };
        assert!(both.equal("/schemas/A", "/schemas/A"));
    }

    #[test]
    fn another_bound_is_another_schema() {
        let base = document(&json!({"A": {"not": {"maxLength": 3}}}));
        let head = document(&json!({"A": {"not": {"maxLength": 4}}}));
        let both = Documents { base: &base, head: &head };
        assert!(!both.equal("/schemas/A", "/schemas/A"));
        assert!(!both.equal("/schemas/A", "/schemas/B"));
        assert!(both.equal("/schemas/C", "/schemas/C"));
    }
}
