//! From a parameter's text to a value.

use schemas::{Contract, Parameter, ParameterLocation};
use serde_json::{Value, json};

fn parameter(schema: &str) -> Parameter {
    let text = format!(
        "openapi: 3.1.0
info: {{title: Try, version: 1.0.0}}
paths:
  /things:
    get:
      parameters:
        - {{name: a, in: query, schema: {schema}}}
      responses:
        200: {{description: Done.}}
"
    );
    let contract = Contract::from_text("api.yaml", &text).expect("the description loads");
    contract.operations()[0].parameter(ParameterLocation::Query, "a").expect("is described").clone()
}

#[test]
fn a_text_becomes_the_type_that_the_schema_admits() {
    let table = [
        ("{type: string}", "1", json!("1")),
        ("{type: integer}", "1", json!(1)),
        ("{type: integer}", "-7", json!(-7)),
        ("{type: number}", "1.5", json!(1.5)),
        ("{type: boolean}", "true", json!(true)),
        ("{type: [integer, boolean]}", "false", json!(false)),
        ("{type: integer}", "18446744073709551615", json!(u64::MAX)),
    ];
    for (schema, text, value) in table {
        let parameter = parameter(schema);
        assert_eq!(parameter.decode(&[text]), value, "{schema} {text}");
        assert!(parameter.schema.is_valid(&value), "{schema} {text}");
    }
}

#[test]
fn what_only_looks_like_a_value_stays_a_text_and_is_refused() {
    for text in ["", " 1", "+1", "0x1", "1e", "01", "1.", "NaN", "one", "１"] {
        let parameter = parameter("{type: integer}");
        let value = parameter.decode(&[text]);
        assert_eq!(value, Value::String(text.to_owned()));
        assert!(!parameter.schema.is_valid(&value), "{text}");
    }
    assert_eq!(parameter("{type: boolean}").decode(&["yes"]), json!("yes"));
}

#[test]
fn repeats_make_an_array_where_one_is_admitted() {
    assert_eq!(parameter("{type: array, items: {type: integer}}").decode(&["1", "x"]), json!([1, "x"]));
    assert_eq!(parameter("{type: array}").decode(&["1"]), json!(["1"]));
    assert_eq!(parameter("{type: integer}").decode(&["1", "2"]), json!(1));
    assert_eq!(parameter("{type: integer}").decode(&[]), Value::Null);
}

#[test]
fn values_are_read_by_their_style() {
    let list = "schema: {type: array, items: {type: integer}}";
    let object = "schema: {type: object, properties: {x: {type: integer}, y: {type: string}}}";
    for (rules, texts, value) in [
        (format!("in: query, {list}"), &["1", "2"][..], json!([1, 2])),
        (format!("in: query, explode: false, {list}"), &["1,2"], json!([1, 2])),
        (format!("in: query, style: spaceDelimited, {list}"), &["1 2"], json!([1, 2])),
        (format!("in: query, style: pipeDelimited, {list}"), &["1|2"], json!([1, 2])),
        (format!("in: header, {list}"), &["1,2"], json!([1, 2])),
        (format!("in: path, required: true, {list}"), &["1,2"], json!([1, 2])),
        (format!("in: path, required: true, style: label, {list}"), &[".1.2"], json!([1, 2])),
        (format!("in: path, required: true, style: matrix, {list}"), &[";p=1,2"], json!([1, 2])),
        (
            format!("in: path, required: true, style: matrix, explode: true, {list}"),
            &[";p=1;p=2"],
            json!([1, 2]),
        ),
        ("in: path, required: true, style: matrix, schema: {type: integer}".to_owned(), &[";p=1"], json!(1)),
        (format!("in: query, explode: false, {object}"), &["x,1,y,b"], json!({"x": 1, "y": "b"})),
        (format!("in: header, explode: true, {object}"), &["x=1,y=b"], json!({"x": 1, "y": "b"})),
        (
            format!("in: path, required: true, style: matrix, explode: true, {object}"),
            &[";x=1;y=b"],
            json!({"x": 1, "y": "b"}),
        ),
        (
            "in: query, schema: {anyOf: [{type: array, items: {type: integer}}, {type: 'null'}]}".to_owned(),
            &["1"],
            json!([1]),
        ),
        ("in: query, schema: {allOf: [{type: integer}]}".to_owned(), &["1"], json!(1)),
        (
            "in: query, content: {application/json: {schema: {type: object}}}".to_owned(),
            &["{\"a\":1}"],
            json!({"a": 1}),
        ),
    ] {
        let parameter = stated(&rules);
        assert_eq!(parameter.decode(texts), value, "{rules}");
    }
}

#[test]
fn objects_may_be_sent_member_by_member() {
    let sent = [("p[x]", "1"), ("q[x]", "2"), ("y", "b"), ("p[tags][]", "c")];
    let schema =
        "schema: {type: object, properties: {x: {type: integer}, y: {type: string}, tags: {type: array}}}";
    let deep = stated(&format!("in: query, style: deepObject, {schema}"));
    assert!(deep.is_spread());
    assert_eq!(deep.gather(sent.into_iter()), Some(json!({"x": 1, "tags": ["c"]})));
    let spread = stated(&format!("in: query, {schema}"));
    assert_eq!(spread.gather(sent.into_iter()), Some(json!({"y": "b"})));
    assert_eq!(spread.gather([("z", "1")].into_iter()), None);
    assert!(!stated("in: query, schema: {type: string}").is_spread());
}

/// A parameter `p` with these rules.
fn stated(rules: &str) -> schemas::Parameter {
    let path = if rules.contains("in: path") { "/a/{p}" } else { "/a" };
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  {path}:\n    get:\n      parameters: [{{name: p, {rules}}}]\n      responses: {{200: {{description: ok}}}}\n"
    );
    let contract = schemas::Contract::from_text("api.yaml", &text).expect("loads");
    contract.operations()[0].parameters[0].clone()
}
