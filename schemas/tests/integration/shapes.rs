//! Schemas that refer to themselves, their properties, and samples.

use schemas::{FaultKind, Sampler, Standing};
use serde_json::{Value, json};

use crate::common::body_schema;

const TREE: &str = "    Tree:
      type: object
      required: [name]
      properties:
        name: {type: string}
        children: {type: array, items: {$ref: '#/components/schemas/Tree'}}
    Person:
      type: object
      required: [name]
      properties:
        name: {type: string}
        home: {$ref: '#/components/schemas/House'}
    House:
      type: object
      properties:
        owner: {$ref: '#/components/schemas/Person'}
    Endless:
      type: object
      required: [next]
      properties:
        next: {$ref: '#/components/schemas/Endless'}
    Wide:
      required: [a, b]
      properties:
        a: {oneOf: [{$ref: '#/components/schemas/Wide'}, {$ref: '#/components/schemas/Endless'}]}
        b: {oneOf: [{$ref: '#/components/schemas/Endless'}, {$ref: '#/components/schemas/Wide'}]}
    Loop: {allOf: [{$ref: '#/components/schemas/Loop'}]}";

#[test]
fn a_tree_is_judged_at_every_depth() {
    let schema = body_schema("{$ref: '#/components/schemas/Tree'}", TREE);
    let leaf = json!({"name": "leaf"});
    assert!(
        schema.is_valid(&json!({"name": "root", "children": [leaf, {"name": "branch", "children": [leaf]}]}))
    );
    let faults =
        schema.faults(&json!({"name": "root", "children": [{"name": "b", "children": [{"name": 1}]}]}));
    assert_eq!(faults[0].field.as_deref(), Some("children.0.children.0.name"));
    assert_eq!(faults[0].place, "/components/schemas/Tree/properties/name/type");
}

#[test]
fn schemas_that_refer_to_each_other_are_judged() {
    let schema = body_schema("{$ref: '#/components/schemas/Person'}", TREE);
    let faults = schema.faults(&json!({"name": "a", "home": {"owner": {"home": {}}}}));
    assert_eq!(faults[0].field.as_deref(), Some("home.owner.name"));
}

#[test]
fn a_circular_schema_gives_a_finite_sample_and_one_without_end_gives_none() {
    // Wide has an end where a text stands for one of its parts.
    for name in ["Tree", "Person", "House", "Wide"] {
        let schema = body_schema(&format!("{{$ref: '#/components/schemas/{name}'}}"), TREE);
        let sample = Sampler::new(&schema).sample().expect("a sample");
        assert!(schema.is_valid(&sample) && sample.to_string().len() < 1_000, "{sample}");
    }
    for name in ["Endless", "Loop"] {
        let schema = body_schema(&format!("{{$ref: '#/components/schemas/{name}'}}"), TREE);
        assert_eq!(Sampler::new(&schema).sample(), None, "{name}");
    }
}

#[test]
fn properties_come_from_every_part_and_stay_in_order() {
    let components = "    Base: {required: [id], properties: {id: {type: string}, note: {type: integer}}}";
    let schema = body_schema(
        "{allOf: [{$ref: '#/components/schemas/Base'}, {required: [note]}], properties: {note: {type: string}}}",
        components,
    );
    let found: Vec<(String, bool)> = schema.properties().into_iter().map(|p| (p.name, p.required)).collect();
    assert_eq!(found, [("id".to_owned(), true), ("note".to_owned(), true)]);
    assert_eq!(schema.property("note").expect("is described").schema.types(), ["string"]);
    assert!(schema.property("other").is_none());
}

#[test]
fn samples_prefer_what_the_schema_states() {
    let table = [
        ("{type: string, examples: [a], default: b}", json!("a")),
        ("{type: string, default: b}", json!("b")),
        ("{type: string, enum: [c]}", json!("c")),
        ("{const: d}", json!("d")),
        ("{type: string, minLength: 8}", json!("stringaa")),
        ("{type: integer, minimum: 3, multipleOf: 5}", json!(5)),
        ("{type: number, exclusiveMinimum: 0, exclusiveMaximum: 0.5}", json!(0.25)),
        ("{type: ['null', boolean]}", json!(true)),
        ("{type: array, items: {type: integer}, minItems: 2}", json!([1, 1])),
        (
            "{allOf: [{properties: {a: {type: integer}}}, {properties: {b: {const: x}}}]}",
            json!({"a": 1, "b": "x"}),
        ),
    ];
    for (body, value) in table {
        let schema = body_schema(body, "    Unused: {}");
        assert_eq!(Sampler::new(&schema).sample(), Some(value), "{body}");
    }
}

#[test]
fn a_wrapped_schema_says_the_same_as_one_written_out() {
    let components =
        "    Name: {type: string, minLength: 1, maxLength: 9, x-contract-standing: {maxLength: inferred},
      x-contract-field: {normalize: [{to: lowercase}]}}";
    let name = "$ref: '#/components/schemas/Name'";
    for (wrapped, nullable) in [
        (format!("{{{name}}}"), false),
        (format!("{{{name}, description: short}}"), false),
        (format!("{{allOf: [{{{name}}}]}}"), false),
        (format!("{{allOf: [{{{name}}}, {{maxLength: 20}}]}}"), false),
        (format!("{{anyOf: [{{{name}}}, {{type: 'null'}}]}}"), true),
        (format!("{{oneOf: [{{type: ['null']}}, {{allOf: [{{{name}}}]}}]}}"), true),
    ] {
        let schema = body_schema(&format!("{{properties: {{a: {wrapped}}}}}"), components);
        let property = schema.property("a").expect("is described");
        let wanted = if nullable { vec!["string", "null"] } else { vec!["string"] };
        assert_eq!(property.schema.types(), wanted, "{wrapped}");
        assert_eq!(property.schema.keyword("maxLength"), Some(&json!(9)), "{wrapped}");
        assert_eq!(property.standing("maxLength"), Standing::Inferred, "{wrapped}");
        assert_eq!(property.standing("minLength"), Standing::Documented, "{wrapped}");
        assert_eq!(property.schema.place_of("maxLength"), "/components/schemas/Name/maxLength");
        assert!(!property.rules().expect("are rules").normalize.is_empty(), "{wrapped}");
        let kinds = |value: Value| -> Vec<FaultKind> {
            schema.faults(&json!({"a": value})).into_iter().map(|fault| fault.kind).collect()
        };
        assert_eq!(kinds(json!("far too long a text for it")).first(), Some(&FaultKind::TooBig), "{wrapped}");
        assert_eq!(kinds(json!(1)).first(), Some(&FaultKind::Type), "{wrapped}");
        assert_eq!(kinds(Value::Null).is_empty(), nullable, "{wrapped}");
    }
}

#[test]
fn alternatives_that_are_more_than_one_thing_or_null_say_nothing_of_their_own() {
    for body in [
        "{anyOf: [{type: string}, {type: integer}]}",
        "{anyOf: [{type: string}, {type: 'null'}, {type: integer}]}",
    ] {
        assert!(body_schema(body, "    Unused: {}").types().is_empty(), "{body}");
    }
    let both = body_schema("{type: [number, 'null'], allOf: [{type: integer}]}", "    Unused: {}");
    assert_eq!(both.types(), ["integer"]);
}
