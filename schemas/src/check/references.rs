//! Every local reference leads somewhere, and none runs in a circle without a schema in it.

use serde_json::Value;

use crate::error::Problem;
use crate::pointer;
use crate::source::Document;
use crate::tree;

pub(super) fn problems(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    tree::visit(document.value(), &mut |visit| {
        let Some(Value::String(reference)) = visit.map.get("$ref") else { return };
        let target = pointer::of_reference(reference);
        let (what, help) = match target.as_deref().map(|target| document.get(target)) {
            Some(Some(_)) if document.resolve(visit.at).is_some() => return,
            Some(Some(_)) => ("leads back to itself", "Put what is meant where the circle begins."),
            Some(None) if target.is_some_and(|target| target.starts_with('/')) => {
                ("leads nowhere", "Correct the reference, or add what it names.")
            }
            Some(None) | None => (
                "leads nowhere",
                "Write a JSON pointer, such as #/components/schemas/Name; anchors are not read.",
            ),
        };
        let here = pointer::join(visit.at, "$ref");
        problems.push(document.problem(&here, format!("{reference} {what}")).with_help(help));
    });
    problems
}
