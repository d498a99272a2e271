//! readOnly and writeOnly, and descriptions of version 3.0.

use schemas::{Contract, Sampler, Side};
use serde_json::json;

const ACCOUNT: &str = "openapi: 3.1.0
info: {title: Try, version: 1.0.0}
paths:
  /accounts:
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Account'}
      responses:
        200:
          description: Done.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Account'}
components:
  schemas:
    Secret: {type: string, writeOnly: true}
    Account:
      type: object
      required: [id, name, password, secret]
      additionalProperties: false
      properties:
        id: {type: string, readOnly: true}
        name: {type: string}
        password: {type: string, writeOnly: true}
        secret: {$ref: '#/components/schemas/Secret'}
    Named:
      required: [id, name]
      allOf: [{$ref: '#/components/schemas/Base'}, {properties: {name: {type: string}}}]
    Base: {properties: {id: {type: string, readOnly: true}}}
";

#[test]
fn each_side_knows_only_its_own_properties() {
    let contract = Contract::from_text("api.yaml", ACCOUNT).expect("loads");
    let operation = &contract.operations()[0];
    let request = &operation.body.as_ref().expect("a body").schema;
    let response = operation.success().and_then(|response| response.schema.as_ref()).expect("a schema");
    assert_eq!(request.required(), ["name", "password", "secret"]);
    assert_eq!(response.required(), ["id", "name"]);
    let sent = json!({"name": "a", "password": "b", "secret": "c"});
    let answered = json!({"id": "1", "name": "a"});
    assert!(request.is_valid(&sent) && !request.is_valid(&answered));
    assert!(response.is_valid(&answered) && !response.is_valid(&sent));
    assert!(!response.is_valid(&json!({"id": "1", "name": "a", "password": "b"})), "a secret is answered");
}

#[test]
fn samples_hold_no_property_of_the_other_side() {
    let contract = Contract::from_text("api.yaml", ACCOUNT).expect("loads");
    let sample = |side| {
        let schema = contract.schema(side, "/components/schemas/Account").expect("compiles");
        Sampler::new(&schema).sample().expect("a sample")
    };
    assert_eq!(sample(Side::Request), json!({"name": "string", "password": "string", "secret": "string"}));
    assert_eq!(sample(Side::Response), json!({"id": "string", "name": "string"}));
}

#[test]
fn what_a_part_hides_is_not_required_of_the_whole() {
    let contract = Contract::from_text("api.yaml", ACCOUNT).expect("loads");
    let named = |side| contract.schema(side, "/components/schemas/Named").expect("compiles");
    assert!(named(Side::Request).is_valid(&json!({"name": "a"})));
    assert!(!named(Side::Response).is_valid(&json!({"name": "a"})));
}

#[test]
fn nullable_of_version_3_0_admits_a_null() {
    let text = "openapi: 3.0.3
info: {title: Try, version: 1.0.0}
paths:
  /things:
    get:
      responses:
        default:
          description: Done.
          content:
            application/json:
              schema:
                type: object
                properties:
                  plain: {type: string}
                  text: {type: string, nullable: true, maxLength: 2}
                  choice: {type: string, nullable: true, enum: [a]}
                  other: {nullable: true, allOf: [{$ref: '#/components/schemas/Other'}]}
                  size: {type: integer, minimum: 1, exclusiveMinimum: true}
                  nullable: {type: boolean}
components:
  schemas:
    Other: {type: object, required: [a]}
";
    let contract = Contract::from_text("api.yaml", text).expect("loads");
    let schema = contract.operations()[0].responses[0].schema.clone().expect("a schema");
    assert_eq!(schema.faults(&json!({"text": null, "choice": null, "other": null, "nullable": true})), []);
    let field = |value| -> Vec<String> {
        schema.faults(&value).into_iter().map(|fault| fault.field.unwrap_or_default()).collect()
    };
    assert_eq!(field(json!({"plain": null})), ["plain"]);
    assert_eq!(field(json!({"choice": "b"})), ["choice"]);
    assert_eq!(field(json!({"other": {}})), ["other.a"]);
    assert_eq!(field(json!({"size": 1})), ["size"]);
    assert!(field(json!({"size": 2})).is_empty());
}
