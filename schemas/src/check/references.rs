//! Every local reference leads somewhere, and none runs in a circle without a schema in it.

use serde_json::Value;

use crate::error::Problem;
use crate::pointer;
use crate::rule::Rule;
use crate::source::Document;
use crate::tree;

pub(super) fn problems(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    tree::visit(document.value(), &mut |visit| {
        let Some(Value::String(reference)) = visit.map.get("$ref") else { return };
        // One into another file that could not be followed has been told.
        let Some(target) = pointer::of_reference(reference) else { return };
        let (rule, what, help) = match document.get(&target) {
            Some(_) if document.resolve(visit.at).is_some() => return,
            Some(_) => {
                (Rule::ReferenceCircle, "leads back to itself", "Put what is meant where the circle begins.")
            }
            None if target.starts_with('/') => {
                (Rule::ReferenceNowhere, "leads nowhere", "Correct the reference, or add what it names.")
            }
            None => (
                Rule::ReferenceNowhere,
                "leads nowhere",
                "Write a JSON pointer, such as #/components/schemas/Name, or the name of an anchor.",
            ),
        };
        let here = pointer::join(visit.at, "$ref");
        problems.push(document.problem(&here, format!("{reference} {what}")).with_help(help).under(rule));
    });
    problems
}
