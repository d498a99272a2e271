//! Descriptions that are not quite right, and are read all the same.

use std::fmt::Write as _;
use std::fs;

use schemas::{Contract, LoadOptions, Method, ParameterLocation, Rule, Side};
use serde_json::json;

use crate::common::{body_of, description, kind_and_line, told};

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n";

fn loaded(text: &str) -> Contract {
    Contract::from_text("api.yaml", text).expect("the description loads")
}

#[test]
fn one_odd_path_stops_no_other() {
    let text = format!(
        "{HEAD}paths:
  /a/{{id}}: {{get: {{responses: {{200: {{description: ok}}}}}}}}
  /b?x=1: {{get: {{responses: {{200: {{description: ok}}}}}}}}
  /c#d: {{get: {{responses: {{200: {{description: ok}}}}}}}}
  /e/{{f: {{get: {{responses: {{200: {{description: ok}}}}}}}}
  g: {{get: {{responses: {{200: {{description: ok}}}}}}}}
  /h: {{get: nonsense, post: {{responses: {{200: {{description: ok}}}}}}}}
"
    );
    let contract = loaded(&text);
    let paths: Vec<&str> = contract.operations().iter().map(|operation| operation.path.as_str()).collect();
    assert_eq!(paths, ["/a/{id}", "/g", "/h"]);
    let told: Vec<(Rule, usize)> =
        told(&text).into_iter().filter(|(rule, _)| *rule != Rule::OpenapiForm).collect();
    let wanted = [
        (Rule::ParameterUndeclared, 4),
        (Rule::PathForm, 5),
        (Rule::PathForm, 6),
        (Rule::PathForm, 7),
        (Rule::OperationForm, 9),
    ];
    assert_eq!(told, wanted);
    let lost = contract.problems().iter().find(|problem| problem.rule == Some(Rule::PathForm)).expect("told");
    assert!(lost.what.ends_with("not played: GET"), "{lost}");
}

#[test]
fn a_path_parameter_that_nothing_describes_takes_any_text() {
    let contract = loaded(&format!(
        "{HEAD}paths: {{'/a/{{id}}': {{get: {{responses: {{200: {{description: ok}}}}}}}}}}\n"
    ));
    let parameter = contract.operations()[0].parameter(ParameterLocation::Path, "id").expect("is there");
    assert!(parameter.required && parameter.schema.is_valid(&json!("x")));
}

#[test]
fn what_is_said_twice_counts_once() {
    let operation = "{operationId: x, responses: {200: {description: ok}}}";
    let text = format!(
        "{HEAD}paths:\n  /a/{{b}}:\n    parameters: [{{name: b, in: path, required: true, schema: {{type: string}}}}]\n    get: {operation}\n  /a/{{c}}:\n    parameters: [{{name: c, in: path, required: true, schema: {{type: string}}}}]\n    get: {operation}\n    delete: {operation}\n"
    );
    let contract = loaded(&text);
    let ids: Vec<&str> = contract.operations().iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids, ["x", "delete-a-c"]);
    assert_eq!(told(&text), [(Rule::OperationTwice, 9), (Rule::OperationIdTwice, 10)]);
}

#[test]
fn keys_written_twice_the_last_counts() {
    let text = format!(
        "{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    A: {{type: string}}\n    A: {{type: integer}}\n"
    );
    assert_eq!(told(&text), [(Rule::KeyTwice, 7)]);
    assert_eq!(loaded(&text).document().get("/components/schemas/A/type"), Some(&json!("integer")));
}

#[test]
fn text_that_is_not_quite_yaml_is_read() {
    let tabs = format!(
        "{HEAD}paths:\n  /a:\n    get:\n      description: |\n        one\n\t\n        two\n      responses: {{200: {{description: ok}}}}\n"
    );
    assert_eq!(told(&tabs), [(Rule::TextForm, 1)]);
    assert_eq!(loaded(&tabs).operations().len(), 1);
    let two = format!("---\n{HEAD}paths: {{}}\n---\nmore: true\n");
    assert_eq!(told(&two)[0].0, Rule::TextForm);
    // JSON under a name of YAML, tabs and all.
    let json = "{\n\t\"openapi\": \"3.1.0\",\n\t\"info\": {\"title\": \"T\", \"version\": \"1\"},\n\t\"paths\": {}\n}";
    assert_eq!(told(json), []);
    let contract =
        Contract::from_text("api.json", &format!("{HEAD}paths: {{}}\n")).expect("YAML under a name of JSON");
    assert_eq!(contract.problems(), []);
}

#[test]
fn nulls_numbers_and_keys_of_others_are_notices() {
    let text = "openapi: 3.0\ninfo: {title: T, version: 1.0, description: null}\npaths: {/a: {get: {parameters: null, responses: {200: null}}}}\nsource: {url: {}}\nx-contracts: [1]\n";
    let told = told(text);
    for wanted in [
        (Rule::NumberAsText, 1),
        (Rule::NumberAsText, 2),
        (Rule::NullValue, 2),
        (Rule::NullValue, 3),
        (Rule::NearVocabulary, 5),
    ] {
        assert!(told.contains(&wanted), "{wanted:?} {told:?}");
    }
    assert!(loaded(text).operations()[0].response(200).is_some());
}

#[test]
fn a_parameter_or_response_of_no_form_is_left_out() {
    let text = format!(
        "{HEAD}paths:\n  /a:\n    get:\n      parameters:\n        - {{in: query}}\n        - {{name: a, in: nowhere, schema: {{}}}}\n        - {{name: b, in: path, required: true, schema: {{}}}}\n        - {{name: c, in: query, schema: {{}}}}\n      responses: {{200: {{description: ok}}, ok: {{description: ok}}}}\n"
    );
    let told: Vec<(Rule, usize)> =
        told(&text).into_iter().filter(|(rule, _)| *rule != Rule::OpenapiForm).collect();
    assert_eq!(
        told,
        [
            (Rule::ParameterForm, 7),
            (Rule::ParameterForm, 8),
            (Rule::ParameterUnused, 9),
            (Rule::ResponseForm, 11)
        ]
    );
    let contract = loaded(&text);
    let names: Vec<&str> = contract.operations()[0].parameters.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["c"]);
}

#[test]
fn a_keyword_that_cannot_be_used_leaves_the_others_in_force() {
    let body = "{type: object, required: yes, properties: {a: {type: String, minLength: '2'}, b: {type: any}, c: {pattern: '(', maxLength: 1}, d: {pattern: '[^\\w-]'}, e: 5}}";
    let schema = body_of(&loaded(&description(body, "    Unused: {}")));
    assert!(schema.is_valid(&json!({"a": "xx", "b": 1, "c": "(", "d": "!", "e": {}})));
    for wrong in [json!({"a": "x"}), json!({"a": 1}), json!({"c": "xx"}), json!({"d": "-"})] {
        assert!(!schema.is_valid(&wrong), "{wrong}");
    }
    let fault = &schema.faults(&json!({"d": "-"}))[0];
    assert_eq!(fault.message, "d must match [^\\w-]");
}

#[test]
fn a_pattern_is_told_as_it_is_written_whatever_the_engine_reads() {
    let schema = body_of(&loaded(&description(r"{pattern: '^[^\000-\037]+$'}", "    Unused: {}")));
    assert_eq!(schema.faults(&json!("\u{1}"))[0].message, r"the value must match ^[^\000-\037]+$");
}

#[test]
fn references_that_cannot_be_followed_skip_only_what_they_are_in() {
    let components = "    A: {type: object, required: [n], properties: {n: {$ref: '#/components/schemas/Gone'}, m: {type: integer}}}\n    Loop: {$ref: '#/components/schemas/Pool'}\n    Pool: {$ref: '#/components/schemas/Loop'}\n    Far: {$ref: 'https://a.example/b.yaml#/C'}";
    let text = description("{$ref: '#/components/schemas/A'}", components);
    let schema = body_of(&loaded(&text));
    assert!(
        schema.is_valid(&json!({"n": 1}))
            && !schema.is_valid(&json!({}))
            && !schema.is_valid(&json!({"n": 1, "m": "x"}))
    );
    let wanted = [
        (Rule::ReferenceNowhere, 14),
        (Rule::ReferenceCircle, 15),
        (Rule::ReferenceCircle, 16),
        (Rule::ReferenceRemote, 17),
    ];
    assert_eq!(told(&text), wanted);
    for name in ["Loop", "Far"] {
        let schema = loaded(&text).schema(Side::Response, &format!("/components/schemas/{name}"));
        assert!(schema.expect("admits everything").is_valid(&json!(1)), "{name}");
    }
}

#[test]
fn references_lead_through_what_is_rewritten_through_others_and_with_braces() {
    let text = "openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {type: integer}}}}}
  /b: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/paths/~1a~1{id}/get/responses/200/content/application~1json/schema'}}}}}}}
  /c: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A/allOf/0/properties/x'}}}}}}}
  /d: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/B/allOf/0/properties/x'}}}}}}}
components:
  schemas:
    A: {nullable: true, allOf: [{type: object, properties: {x: {type: string, maxLength: 2}}}]}
    B: {$ref: '#/components/schemas/A'}
";
    let contract = loaded(text);
    assert_eq!(contract.problems(), []);
    for (path, good, bad) in
        [("/b", json!(1), json!("x")), ("/c", json!("xx"), json!("xxx")), ("/d", json!("xx"), json!("xxx"))]
    {
        let operation = contract.operation_at(Method::Get, path).expect("is there");
        let schema = operation.responses[0].schema.as_ref().expect("a schema");
        assert!(schema.is_valid(&good) && !schema.is_valid(&bad), "{path}");
    }
    let at = "/components/schemas/A/anyOf/0/allOf/0/properties/x/maxLength";
    assert_eq!((contract.locate(at).line, contract.locate(at).column > 60), (13, true));
}

#[test]
fn swagger_2_is_read_with_its_places() {
    let text = "swagger: '2.0'
info: {title: T, version: '1'}
host: api.example
basePath: /v1
consumes: [application/json]
produces: [application/json]
paths:
  /pets/{id}:
    parameters:
      - $ref: '#/parameters/Id'
    put:
      parameters:
        - {name: tags, in: query, type: array, items: {type: string}, collectionFormat: csv}
        - name: body
          in: body
          required: true
          schema: {$ref: '#/definitions/Pet'}
      responses:
        200: {description: ok, schema: {$ref: '#/definitions/Pet'}, examples: {application/json: {name: Rex}}, headers: {X-A: {type: integer}}}
        404: {$ref: '#/responses/Gone'}
  /forms:
    post:
      consumes: [application/x-www-form-urlencoded]
      parameters:
        - {name: a, in: formData, type: string, required: true}
      responses: {default: {description: ok}}
parameters:
  Id: {name: id, in: path, required: true, type: integer, minimum: 1}
responses:
  Gone: {description: gone, schema: {type: object}}
definitions:
  Pet:
    type: object
    required: [name]
    properties:
      name: {type: string, maxLength: 5, x-nullable: true}
securityDefinitions:
  key: {type: basic}
security: [{key: []}]
";
    let contract = loaded(text);
    assert_eq!(contract.problems(), []);
    assert_eq!(contract.base_path(), "/v1");
    let put = contract.operation_at(Method::Put, "/pets/{id}").expect("is there");
    assert!(!put.open);
    let id = put.parameter(ParameterLocation::Path, "id").expect("is there");
    assert!(id.schema.is_valid(&json!(1)) && !id.schema.is_valid(&json!(0)));
    assert_eq!(contract.locate(&id.schema.faults(&json!(0))[0].place).line, 28);
    assert_eq!(put.parameters.len(), 2);
    let body = put.body.as_ref().expect("a body");
    assert!(body.required && body.schema.is_valid(&json!({"name": null})));
    assert_eq!(contract.locate(&body.schema.faults(&json!({"name": "Rexxxx"}))[0].place).line, 36);
    assert_eq!(contract.locate(&body.pointer).line, 14);
    let done = put.response(200).expect("is there");
    assert_eq!(done.examples[0].value, json!({"name": "Rex"}));
    assert_eq!((done.headers.len(), put.response(404).is_some_and(|gone| gone.schema.is_some())), (1, true));
    let form = contract
        .document()
        .get("/paths/~1forms/post/requestBody/content/application~1x-www-form-urlencoded/schema");
    assert_eq!(
        form,
        Some(&json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}))
    );
}

#[test]
fn what_3_2_has_beyond_3_1_is_told() {
    let text = "openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get: {responses: {200: {description: ok}}}\n    query: {responses: {200: {description: ok}}}\n    additionalOperations:\n      COPY: {responses: {200: {description: ok}}}\n";
    assert_eq!(told(text), [(Rule::OperationForm, 6), (Rule::OperationForm, 8)]);
    assert_eq!(loaded(text).operations().len(), 1);
}

#[test]
fn files_of_other_folders_are_read_only_where_that_is_allowed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (own, other) = (folder.path().join("own"), folder.path().join("other"));
    fs::create_dir_all(&own).and_then(|()| fs::create_dir_all(&other)).expect("folders");
    let root = own.join("api.yaml");
    let text = format!("{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{$ref: ../other/a.yaml}}}}}}\n");
    fs::write(&root, text).and_then(|()| fs::write(other.join("a.yaml"), "secret: {text")).expect("written");
    let contract = Contract::load(&root).expect("loads");
    let problem = &contract.problems()[0];
    assert_eq!(kind_and_line(problem), (Rule::ReferenceOutside, 4));
    let options = LoadOptions { allowed: vec![other.clone()], ..LoadOptions::default() };
    let contract = Contract::load_with(&root, &options).expect("loads");
    assert_eq!(kind_and_line(&contract.problems()[0]), (Rule::ReferenceFile, 4));
    assert!(!contract.problems()[0].what.contains("secret"), "{}", contract.problems()[0]);
    fs::write(other.join("a.yaml"), "type: integer").expect("written");
    let contract = Contract::load_with(&root, &options).expect("loads");
    assert_eq!(contract.problems(), []);
}

#[test]
fn floods_end_with_a_clear_error() {
    let deep = format!("{HEAD}paths: {}{}\n", "[".repeat(10_000), "]".repeat(10_000));
    let mut bomb = format!("{HEAD}x-a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (next, last) in ('b'..='i').zip('a'..) {
        let _ = writeln!(bomb, "x-{next}: &{next} [{0}]", vec![format!("*{last}"); 9].join(", "));
    }
    for text in [deep, bomb, deep_json()] {
        let error = Contract::from_text("api.yaml", &text).expect_err("a flood");
        assert_eq!(error.problems[0].rule, Some(Rule::Syntax));
        assert!(error.to_string().len() < 2_000, "{error}");
    }
    let large = "#".repeat((64 << 20) + 1);
    let error = Contract::from_text("api.yaml", &large).expect_err("too large");
    assert_eq!(
        (error.problems[0].rule, error.problems[0].what.as_str()),
        (Some(Rule::Unreadable), "the file is over 64 MB")
    );
}

fn deep_json() -> String {
    format!("{{\"openapi\": \"3.1.0\", \"paths\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000))
}
