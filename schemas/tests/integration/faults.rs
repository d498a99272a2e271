//! What is said about a value that breaks its schema.

use schemas::{Fault, FaultKind, Standing};
use serde_json::{Value, json};

use crate::common::{body_schema, faults};

fn only(body: &str, value: &Value) -> Fault {
    let mut found = faults(body, value);
    assert_eq!(found.len(), 1, "{body} <- {value}: {found:#?}");
    found.remove(0)
}

#[test]
fn every_kind_is_told_with_its_field_and_keyword() {
    let table: [(&str, Value, FaultKind, Option<&str>, &str); 19] = [
        ("{type: object}", json!([]), FaultKind::NotObject, None, "type"),
        ("{type: object, required: [a]}", json!({}), FaultKind::Missing, Some("a"), "required"),
        ("{properties: {a: {type: string}}}", json!({"a": null}), FaultKind::Null, Some("a"), "type"),
        ("{properties: {a: {enum: [x]}}}", json!({"a": null}), FaultKind::Null, Some("a"), "enum"),
        ("{properties: {a: {type: string}}}", json!({"a": 1}), FaultKind::Type, Some("a"), "type"),
        ("{properties: {a: {type: integer}}}", json!({"a": 1.5}), FaultKind::Type, Some("a"), "type"),
        ("{properties: {a: {minLength: 2}}}", json!({"a": "x"}), FaultKind::TooSmall, Some("a"), "minLength"),
        ("{properties: {a: {maxLength: 1}}}", json!({"a": "xy"}), FaultKind::TooBig, Some("a"), "maxLength"),
        ("{properties: {a: {minimum: 2}}}", json!({"a": 1}), FaultKind::TooSmall, Some("a"), "minimum"),
        (
            "{properties: {a: {exclusiveMaximum: 2}}}",
            json!({"a": 2}),
            FaultKind::TooBig,
            Some("a"),
            "exclusiveMaximum",
        ),
        ("{properties: {a: {minItems: 1}}}", json!({"a": []}), FaultKind::TooSmall, Some("a"), "minItems"),
        ("{properties: {a: {maxItems: 0}}}", json!({"a": [1]}), FaultKind::TooBig, Some("a"), "maxItems"),
        ("{properties: {a: {format: email}}}", json!({"a": "x"}), FaultKind::Format, Some("a"), "format"),
        ("{properties: {a: {format: date-time}}}", json!({"a": "x"}), FaultKind::Format, Some("a"), "format"),
        ("{properties: {a: {pattern: '^x$'}}}", json!({"a": "y"}), FaultKind::Format, Some("a"), "pattern"),
        ("{properties: {a: {enum: [x]}}}", json!({"a": "y"}), FaultKind::Enum, Some("a"), "enum"),
        ("{properties: {a: {const: x}}}", json!({"a": "y"}), FaultKind::Enum, Some("a"), "const"),
        ("{properties: {a: {multipleOf: 2}}}", json!({"a": 3}), FaultKind::Other, Some("a"), "multipleOf"),
        (
            "{additionalProperties: false}",
            json!({"zz": 3}),
            FaultKind::Other,
            Some("zz"),
            "additionalProperties",
        ),
    ];
    for (body, value, kind, field, keyword) in table {
        let fault = only(body, &value);
        assert_eq!(
            (fault.kind, fault.field.as_deref(), fault.keyword.as_str()),
            (kind, field, keyword),
            "{body}"
        );
        assert_eq!(fault.standing, Standing::Documented);
    }
}

#[test]
fn the_place_is_the_line_of_the_broken_keyword() {
    let schema = crate::common::contract(
        "{$ref: '#/components/schemas/Thing'}",
        "    Thing:
      type: object
      required: [name]
      properties:
        name:
          type: string
          maxLength: 3
        tags:
          items:
            enum: [a]",
    );
    let body = crate::common::body_of(&schema);
    let line = |value: Value| schema.locate(&body.faults(&value)[0].place).line;
    assert_eq!(line(json!({})), 16);
    assert_eq!(line(json!({"name": 1})), 19);
    assert_eq!(line(json!({"name": "four"})), 20);
    assert_eq!(line(json!({"name": "x", "tags": ["b"]})), 23);
}

#[test]
fn a_nested_part_is_named_by_its_way() {
    let body = "{properties: {a: {type: object, properties: {b: {type: array, items: {type: string}}}}}}";
    let fault = only(body, &json!({"a": {"b": ["x", 1]}}));
    assert_eq!((fault.field.as_deref(), fault.instance.as_str()), (Some("a.b.1"), "/a/b/1"));
}

#[test]
fn every_missing_property_is_told() {
    let found = faults("{type: object, required: [a, b]}", &json!({}));
    assert_eq!(found.iter().filter_map(|fault| fault.field.as_deref()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn a_value_of_another_type_is_one_fault_even_where_members_are_listed() {
    let fault = only("{properties: {a: {enum: [x, y], type: string}}}", &json!({"a": 1}));
    assert_eq!(fault.kind, FaultKind::Type);
    let fault = only("{properties: {a: {enum: [x, y], type: string}}}", &json!({"a": null}));
    assert_eq!(fault.kind, FaultKind::Null);
}

#[test]
fn the_most_basic_fault_of_a_part_comes_first() {
    let found = faults("{properties: {a: {enum: [x], format: email, minLength: 9}}}", &json!({"a": "y"}));
    let kinds: Vec<FaultKind> = found.iter().map(|fault| fault.kind).collect();
    assert_eq!(kinds, [FaultKind::TooSmall, FaultKind::Format, FaultKind::Enum]);
}

#[test]
fn of_alternatives_the_one_that_was_meant_is_told() {
    let body = "{properties: {a: {anyOf: [{type: string, maxLength: 2}, {type: 'null'}]}}}";
    let fault = only(body, &json!({"a": "long"}));
    assert_eq!((fault.kind, fault.field.as_deref()), (FaultKind::TooBig, Some("a")));
    assert!(fault.place.ends_with("/properties/a/anyOf/0/maxLength"), "{}", fault.place);
    assert_eq!(only(body, &json!({"a": 1})).kind, FaultKind::Type);
    let strict = "{properties: {a: {oneOf: [{type: string}, {type: integer}]}}}";
    assert_eq!(only(strict, &json!({"a": null})).kind, FaultKind::Null);
    let alike = "{properties: {a: {oneOf: [{type: string, maxLength: 1}, {type: string, pattern: q}]}}}";
    assert_eq!(only(alike, &json!({"a": "long"})).kind, FaultKind::Other);
}

#[test]
fn lengths_count_characters_and_not_bytes() {
    let schema = body_schema("{type: string, minLength: 2, maxLength: 2}", "    Unused: {}");
    assert!(schema.is_valid(&json!("éß")));
    assert!(schema.is_valid(&json!("日本")));
    assert!(schema.is_valid(&json!("🦀🦀")));
    assert!(!schema.is_valid(&json!("🦀")));
}

#[test]
fn big_integers_are_integers_and_keep_their_order() {
    let schema = body_schema("{type: integer, minimum: 0, maximum: 18446744073709551614}", "    Unused: {}");
    assert!(schema.is_valid(&json!(9_007_199_254_740_993_u64)));
    assert!(schema.is_valid(&json!(u64::MAX - 1)));
    assert!(!schema.is_valid(&json!(u64::MAX)));
    assert!(!schema.is_valid(&json!(i64::MIN)));
    let open = body_schema("{type: integer}", "    Unused: {}");
    let huge: Value = serde_json::from_str("123456789012345678901234567890").expect("a number");
    assert!(open.is_valid(&huge));
    assert!(open.is_valid(&json!(1.0)), "1.0 is the integer 1");
}

#[test]
fn formats_are_judged_and_unknown_ones_are_not() {
    let table = [
        ("date-time", "2026-05-26T17:21:09.412Z", "2026-05-26"),
        ("date", "2026-05-26", "2026-13-26"),
        ("email", "a@b.example", "a@"),
        ("uuid", "00000000-0000-4000-8000-000000000000", "0000"),
        ("uri", "https://a.example/", "no uri"),
        ("ipv4", "192.0.2.1", "192.0.2.256"),
    ];
    for (format, good, bad) in table {
        let schema = body_schema(&format!("{{type: string, format: {format}}}"), "    Unused: {}");
        assert!(schema.is_valid(&json!(good)), "{format} {good}");
        assert!(!schema.is_valid(&json!(bad)), "{format} {bad}");
    }
    assert!(body_schema("{type: string, format: house-style}", "    Unused: {}").is_valid(&json!("x")));
    assert!(body_schema("{type: integer, format: int32}", "    Unused: {}").is_valid(&json!(1)));
}

#[test]
fn messages_name_the_field_and_not_the_value() {
    let fault = only("{properties: {key: {type: string, maxLength: 3}}}", &json!({"key": "secret"}));
    assert_eq!(fault.message, "key must have at most 3 characters");
}
