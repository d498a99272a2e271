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
