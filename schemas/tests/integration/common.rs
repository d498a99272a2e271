//! Small descriptions to try things on.

use schemas::{Contract, Fault, LoadError, LoadOptions, Problem, Rule, Schema};
use serde_json::Value;

/// A description with one operation that takes a body of this schema, and more components.
///
/// The schema stands in line 9, the components begin in line 14.
pub(crate) fn description(body: &str, components: &str) -> String {
    format!(
        "openapi: 3.1.0
info: {{title: Try, version: 1.0.0}}
paths:
  /things:
    post:
      requestBody:
        content:
          application/json:
            schema: {body}
      responses:
        200: {{description: Done.}}
components:
  schemas:
{components}
"
    )
}

/// The contract of [`description`].
pub(crate) fn contract(body: &str, components: &str) -> Contract {
    Contract::from_text("api.yaml", &description(body, components)).expect("the description loads")
}

/// The schema of its body.
pub(crate) fn body_schema(body: &str, components: &str) -> Schema {
    body_of(&contract(body, components))
}

/// The schema of the first body.
pub(crate) fn body_of(contract: &Contract) -> Schema {
    contract.operations()[0].body.as_ref().expect("a body").schema.clone()
}

/// What is wrong with a value.
pub(crate) fn faults(body: &str, value: &Value) -> Vec<Fault> {
    body_schema(body, "    Unused: {}").faults(value)
}

/// The error of a description that does not load when nothing may be skipped.
pub(crate) fn refused(text: &str) -> LoadError {
    Contract::from_text_with("api.yaml", text, &LoadOptions::strict())
        .expect_err("the description is refused")
}

/// What a description that loads says of itself: rule and line.
pub(crate) fn told(text: &str) -> Vec<(Rule, usize)> {
    let contract = Contract::from_text("api.yaml", text).expect("the description loads");
    contract.problems().iter().map(kind_and_line).collect()
}

/// The kind of a problem, and its line.
pub(crate) fn kind_and_line(problem: &Problem) -> (Rule, usize) {
    let line = problem.location.as_ref().map_or(0, |place| place.line);
    (problem.rule.expect("every problem of a description has a rule"), line)
}
