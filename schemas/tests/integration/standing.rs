//! Which of several standings counts.

use schemas::{Contract, ParameterLocation, Standing};
use serde_json::{Value, json};

use crate::common::body_schema;

fn standing(body: &str, components: &str, value: &Value) -> Standing {
    let found = body_schema(body, components).faults(value);
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0].standing
}

const NONE: &str = "    Unused: {}";

#[test]
fn a_statement_without_a_standing_is_documented() {
    assert_eq!(standing("{type: string}", NONE, &json!(1)), Standing::Documented);
}

#[test]
fn the_innermost_statement_wins() {
    let body = "{x-contract-standing: inferred, properties: {a: {type: string, x-contract-standing: assumed},
      b: {type: string}}}";
    assert_eq!(standing(body, NONE, &json!({"a": 1})), Standing::Assumed);
    assert_eq!(standing(body, NONE, &json!({"b": 1})), Standing::Inferred);
}

#[test]
fn a_map_speaks_for_the_keywords_it_names_and_leaves_the_others() {
    let body = "{x-contract-standing: {default: inferred, maxLength: assumed},
      properties: {a: {type: string, minLength: 2, maxLength: 3, x-contract-standing: {minLength: documented}}}}";
    assert_eq!(standing(body, NONE, &json!({"a": "x"})), Standing::Documented);
    assert_eq!(standing(body, NONE, &json!({"a": "long"})), Standing::Assumed);
    assert_eq!(standing(body, NONE, &json!({"a": 1})), Standing::Inferred);
}

#[test]
fn a_null_has_a_standing_of_its_own() {
    let body = "{properties: {a: {type: string, x-contract-standing: {'null': assumed}}}}";
    assert_eq!(standing(body, NONE, &json!({"a": null})), Standing::Assumed);
    assert_eq!(standing(body, NONE, &json!({"a": 1})), Standing::Documented);
}

#[test]
fn a_reference_passes_on_what_stands_beside_it() {
    let body = "{properties: {a: {$ref: '#/components/schemas/A', x-contract-standing: inferred}}}";
    let plain = "    A: {type: string, maxLength: 2}";
    assert_eq!(standing(body, plain, &json!({"a": 1})), Standing::Inferred);
    // What the target says of itself is nearer to the keyword.
    let own = "    A: {type: string, maxLength: 2, x-contract-standing: {maxLength: assumed}}";
    assert_eq!(standing(body, own, &json!({"a": "long"})), Standing::Assumed);
    assert_eq!(standing(body, own, &json!({"a": 1})), Standing::Inferred);
}

#[test]
fn a_chain_of_references_and_parts_passes_standings_on() {
    let components = "    A: {allOf: [{$ref: '#/components/schemas/B'}], x-contract-standing: inferred}
    B: {$ref: '#/components/schemas/C'}
    C: {properties: {a: {type: array, items: {type: string}}}}";
    assert_eq!(
        standing("{$ref: '#/components/schemas/A'}", components, &json!({"a": [1]})),
        Standing::Inferred
    );
}

#[test]
fn a_missing_member_has_the_standing_of_its_own_statement() {
    let body = "{required: [a, b], x-contract-standing: inferred,
      properties: {a: {x-contract-standing: {required: assumed}}, b: {type: string}}}";
    assert_eq!(standing(body, NONE, &json!({"b": "x"})), Standing::Assumed);
    assert_eq!(standing(body, NONE, &json!({"a": 1})), Standing::Inferred);
}

#[test]
fn properties_and_items_inherit_what_their_faults_do() {
    let body =
        "{x-contract-standing: {default: inferred, maxLength: assumed}, $ref: '#/components/schemas/A'}";
    let components = "    A: {x-contract-standing: {pattern: documented}, properties: {labels: {type: array,
          items: {type: string, maxLength: 2, pattern: x}}}}";
    let schema = body_schema(body, components);
    let labels = schema.property("labels").expect("is described");
    assert_eq!(labels.standing("type"), Standing::Inferred);
    let items = labels.schema.items().expect("has items");
    assert_eq!(items.standing("maxLength"), Standing::Assumed);
    assert_eq!(items.standing("pattern"), Standing::Documented);
    assert_eq!(items.faults(&json!("xxx"))[0].standing, Standing::Assumed);
    assert_eq!(schema.faults(&json!({"labels": ["xxx"]}))[0].standing, Standing::Assumed);
}

#[test]
fn a_parameter_speaks_for_its_schema() {
    let text = "openapi: 3.1.0
info: {title: Try, version: 1.0.0}
paths:
  /things:
    get:
      parameters:
        - name: size
          in: query
          x-contract-standing: {default: inferred, maximum: assumed}
          schema: {type: integer, maximum: 5}
      responses:
        200: {description: Done.}
";
    let contract = Contract::from_text("api.yaml", text).expect("loads");
    let size = contract.operations()[0].parameter(ParameterLocation::Query, "size").expect("is described");
    assert_eq!(size.standing, Standing::Inferred);
    assert_eq!(size.schema.faults(&json!(6))[0].standing, Standing::Assumed);
    assert_eq!(size.schema.faults(&json!("x"))[0].standing, Standing::Inferred);
}
