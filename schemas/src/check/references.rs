//! Every local reference leads somewhere, and none runs in a circle without a schema in it.

use serde_json::Value;

use crate::error::Problem;
use crate::pointer;
use crate::source::Document;

/// Keys that hold plain data, in which `$ref` is a word like any other.
const DATA: [&str; 5] = ["example", "default", "enum", "const", "value"];

pub(super) fn problems(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    walk(document, document.value(), "", &mut problems);
    problems
}

fn walk(document: &Document, value: &Value, at: &str, problems: &mut Vec<Problem>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                let target = pointer::of_reference(reference);
                let help = "Correct the reference, or add what it names.";
                if target.as_deref().is_none_or(|target| document.get(target).is_none()) {
                    let here = pointer::join(at, "$ref");
                    problems
                        .push(document.problem(&here, format!("{reference} leads nowhere")).with_help(help));
                } else if document.resolve(at).is_none() {
                    let here = pointer::join(at, "$ref");
                    problems.push(
                        document.problem(&here, format!("{reference} leads back to itself")).with_help(help),
                    );
                }
            }
            for (key, child) in map {
                // `properties: {default: …}` names a property; data never holds what this skips there.
                let named =
                    at.ends_with("/properties") || at.ends_with("/schemas") || at.ends_with("/responses");
                if named || !DATA.contains(&key.as_str()) {
                    walk(document, child, &pointer::join(at, key), problems);
                }
            }
        }
        Value::Array(items) => {
            for (index, child) in items.iter().enumerate() {
                walk(document, child, &format!("{at}/{index}"), problems);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
