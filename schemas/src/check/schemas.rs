//! The schemas of a document against the meta-schema of JSON Schema 2020-12, and their patterns.

use jsonschema::draft202012;

use super::told;
use crate::error::Problem;
use crate::source::Document;

/// What is wrong with the schemas at some pointers; references are not followed.
pub(crate) fn problems<'p>(document: &Document, pointers: impl Iterator<Item = &'p str>) -> Vec<Problem> {
    let validator = draft202012::meta::validator();
    let mut problems = Vec::new();
    for at in pointers {
        let Some(schema) = document.get(at) else { continue };
        for error in validator.iter_errors(schema) {
            let place = format!("{at}{}", error.instance_path());
            let what = format!("not a valid schema: {}", told(document, Some(&place), &error));
            let help = "Schemas are JSON Schema 2020-12: https://json-schema.org/draft/2020-12/json-schema-validation.";
            problems.push(document.problem(&place, what).with_help(help));
        }
    }
    problems
}
