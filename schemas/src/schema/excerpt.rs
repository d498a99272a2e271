//! One schema taken out of its description, with all it refers to.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::compiler::Side;
use super::project::Projection;
use crate::pointer;
use crate::source::Document;
use crate::tree::Members;

/// How many schemas an excerpt may refer to; more is not worth taking out.
const MOST_PARTS: usize = 2_000;

/// The schema that holds to all schemas at the pointers, as one side of the wire sees it, standing on its own: what they
/// refer to comes along under `$defs`. `None` where a reference leads nowhere, or to too much.
pub fn excerpt(document: &Document, side: Side, pointers: &[&str]) -> Option<Value> {
    let mut taken = Taken { names: HashMap::new(), waiting: Vec::new() };
    let parts: Vec<Value> = pointers.iter().map(|at| json!({ "$ref": taken.name(at) })).collect();
    let mut definitions = Map::new();
    let projection = Projection { document, hidden: Some(side.hidden()), patterns: None };
    while let Some((name, at)) = taken.waiting.pop() {
        let mut part = projection.of(document.get(&at)?, Members::Keywords);
        taken.rename(&mut part, Members::Keywords)?;
        definitions.insert(name, part);
        if definitions.len() > MOST_PARTS {
            return None;
        }
    }
    Some(json!({ "allOf": parts, "$defs": definitions }))
}

/// What has been taken along so far.
struct Taken {
    names: HashMap<String, String>,
    waiting: Vec<(String, String)>,
}

impl Taken {
    /// The reference under which the schema at a pointer comes along.
    fn name(&mut self, at: &str) -> String {
        let next = format!("d{}", self.names.len());
        let name = self.names.entry(at.to_owned()).or_insert_with(|| {
            self.waiting.push((next.clone(), at.to_owned()));
            next
        });
        format!("#/$defs/{name}")
    }

    fn rename(&mut self, value: &mut Value, members: Members) -> Option<()> {
        match value {
            Value::Object(map) => {
                if members == Members::Keywords
                    && let Some(Value::String(reference)) = map.get_mut("$ref")
                {
                    let target = pointer::of_reference(reference)?;
                    *reference = self.name(&target);
                }
                for (key, child) in map.iter_mut() {
                    let below = members.below(key, child);
                    if below != Members::Data {
                        self.rename(child, below)?;
                    }
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.rename(item, members)?;
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_stands_on_its_own_and_knows_its_side() {
        let text = json!({"components": {"schemas": {
            "Row": {"type": "object", "required": ["id", "next"], "description": "Prose.", "properties": {
                "id": {"type": "string", "readOnly": true},
                "next": {"$ref": "#/components/schemas/Row"}}}}}});
        let document = Document::from_text("a.json", &text.to_string()).expect("valid");
        let taken = excerpt(&document, Side::Request, &["/components/schemas/Row"]).expect("complete");
        assert_eq!(
            taken,
            json!({"allOf": [{"$ref": "#/$defs/d0"}], "$defs": {"d0": {"type": "object", "required": ["next"],
                "properties": {"next": {"$ref": "#/$defs/d0"}}}}})
        );
    }

    #[test]
    fn a_reference_that_leads_nowhere_gives_no_excerpt() {
        let text = json!({"components": {"schemas": {"Row": {"$ref": "#/nowhere"}}}});
        let document = Document::from_text("a.json", &text.to_string()).expect("valid");
        assert_eq!(excerpt(&document, Side::Response, &["/components/schemas/Row"]), None);
    }
}
