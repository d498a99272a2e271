//! What is written is read back: parameters in every style, bodies in every media type.

use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::strategy::BoxedStrategy;
use proptest::test_runner::{Config, TestRunner};
use schemas::{
    Body, Contract, Parameter, ParameterLocation, cookie_pairs, cookie_text, query_pairs, query_text,
};
use serde_json::{Map, Value, json};

const TYPES: [(&str, Kind); 8] = [
    ("{type: string}", Kind::Text),
    ("{type: integer}", Kind::Integer),
    ("{type: number}", Kind::Number),
    ("{type: boolean}", Kind::Boolean),
    ("{type: array, items: {type: string}}", Kind::Texts),
    ("{type: array, items: {type: integer}}", Kind::Integers),
    ("{type: object, properties: {x: {type: integer}, y: {type: string}, z: {type: boolean}}}", Kind::Object),
    (
        "{type: object, properties: {x: {type: integer}, y: {type: object, properties: {t: {type: array, items: {type: string}}, o: {type: array, items: {type: object, properties: {n: {type: integer}}}}}}}}",
        Kind::Nested,
    ),
];

const STYLES: [(&str, &[&str]); 4] = [
    ("path", &["simple", "label", "matrix"]),
    ("query", &["form", "spaceDelimited", "pipeDelimited", "deepObject", "json"]),
    ("header", &["simple", "json"]),
    ("cookie", &["form", "json"]),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    Texts,
    Integers,
    Object,
    Nested,
}

fn text() -> BoxedStrategy<Value> {
    prop_oneof!["[a-z0-9 ,.;=|&+%#/?\"'\\[\\]äж🚀-]{0,6}", "[a-z]{1,3}", Just("true".to_owned())]
        .prop_map(Value::from)
        .boxed()
}

fn values(kind: Kind) -> BoxedStrategy<Value> {
    let list =
        |item: BoxedStrategy<Value>| proptest::collection::vec(item, 0..4).prop_map(Value::Array).boxed();
    match kind {
        Kind::Text => text(),
        Kind::Integer => {
            prop_oneof![any::<i64>().prop_map(Value::from), any::<u64>().prop_map(Value::from)].boxed()
        }
        Kind::Number => any::<f32>().prop_map(|number| json!(f64::from(number))).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Texts => list(text()),
        Kind::Integers => list(values(Kind::Integer)),
        Kind::Object => (any::<i64>(), text(), any::<Option<bool>>())
            .prop_map(|(x, y, z)| {
                let mut map = Map::from_iter([("x".to_owned(), json!(x)), ("y".to_owned(), y)]);
                map.extend(z.map(|z| ("z".to_owned(), json!(z))));
                Value::Object(map)
            })
            .boxed(),
        Kind::Nested => (
            any::<i64>(),
            proptest::collection::vec(text(), 1..3),
            proptest::collection::vec(any::<i32>(), 1..3),
        )
            .prop_map(|(x, t, o)| {
                let o: Vec<Value> = o.into_iter().map(|n| json!({"n": n})).collect();
                json!({"x": x, "y": {"t": t, "o": o}})
            })
            .boxed(),
    }
}

fn parameter(place: &str, style: &str, explode: bool, schema: &str) -> Parameter {
    let path = if place == "path" { "/things/{a}" } else { "/things" };
    let how = match style {
        "json" => format!("content: {{application/json: {{schema: {schema}}}}}"),
        style => format!("style: {style}, explode: {explode}, schema: {schema}"),
    };
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  {path}:\n    get:\n      parameters:\n        - {{name: a, in: {place}, required: true, {how}}}\n      responses: {{'200': {{description: ok}}}}\n"
    );
    let contract = Contract::from_text("a.yaml", &text).expect("loads");
    contract.operations()[0].parameters[0].clone()
}

/// What a server sees of what a client sends.
fn sent(parameter: &Parameter, pairs: &[(String, String)]) -> Vec<(String, String)> {
    match parameter.location {
        ParameterLocation::Query => query_pairs(&query_text(pairs, pairs.len().is_multiple_of(2))),
        ParameterLocation::Cookie => cookie_pairs(&cookie_text(pairs)),
        ParameterLocation::Path | ParameterLocation::Header => pairs.to_vec(),
    }
}

#[test]
fn a_parameter_is_read_as_it_was_written_in_every_style_place_and_type() {
    for (place, styles) in STYLES {
        for style in styles {
            for explode in [false, true] {
                for (schema, kind) in TYPES {
                    let parameter = parameter(place, style, explode, schema);
                    let written = std::cell::Cell::new(0);
                    let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
                    TestRunner::new(config)
                        .run(&values(kind), |value| {
                            let Ok(pairs) = parameter.write(&value) else { return Ok(()) };
                            written.set(written.get() + 1);
                            let sent = sent(&parameter, &pairs);
                            let read = parameter
                                .read(sent.iter().map(|(name, text)| (name.as_str(), text.as_str())));
                            proptest::prop_assert_eq!(read, Some(value), "{:?}", pairs);
                            Ok(())
                        })
                        .unwrap_or_else(|why| panic!("{place} {style} explode {explode} {schema}: {why}"));
                    let deep = *style == "deepObject";
                    let flat = !matches!(kind, Kind::Object | Kind::Nested);
                    // What has no written form: lists in deepObject, and what is nested elsewhere.
                    let unwritable = deep && flat || kind == Kind::Nested && !deep && *style != "json";
                    assert_eq!(written.get() == 0, unwritable, "{place} {style} {explode} {kind:?}");
                }
            }
        }
    }
}

fn body(media_type: &str, more: &str) -> Body {
    let text = format!(
        "openapi: 3.1.0
info: {{title: T, version: '1'}}
paths:
  /things:
    post:
      requestBody:
        content:
          {media_type}:
            schema:
              type: object
              additionalProperties: {{type: integer}}
              properties:
                text: {{type: string}}
                number: {{type: number}}
                flag: {{type: boolean}}
                texts: {{type: array, items: {{type: string}}}}
                numbers: {{type: array, items: {{type: integer}}}}
                'odd[]': {{type: array, items: {{type: string}}}}
                file: {{type: string, format: binary}}
                inner: {{type: object, properties: {{n: {{type: integer}}, list: {{type: array, items: {{type: boolean}}}}}}}}
                rows: {{type: array, items: {{type: object, properties: {{n: {{type: integer}}, t: {{type: string}}}}}}}}
{more}
      responses: {{'200': {{description: ok}}}}
"
    );
    let contract = Contract::from_text("a.yaml", &text).expect("loads");
    contract.operations()[0].body.clone().expect("takes a body")
}

fn objects() -> BoxedStrategy<Value> {
    let texts = || proptest::collection::vec(text(), 1..3);
    let rows = proptest::collection::vec((any::<i32>(), text()), 1..3)
        .prop_map(|rows| Value::Array(rows.into_iter().map(|(n, t)| json!({"n": n, "t": t})).collect()));
    (
        text(),
        any::<f32>(),
        any::<bool>(),
        texts(),
        proptest::collection::vec(any::<i64>(), 1..3),
        text(),
        (any::<u64>(), any::<bool>(), rows),
    )
        .prop_map(|(text, number, flag, texts, numbers, file, (n, item, rows))| {
            json!({"text": text, "number": f64::from(number), "flag": flag, "texts": texts, "numbers": numbers,
                "odd[]": texts, "file": file, "inner": {"n": n, "list": [item]}, "rows": rows, "more": 7})
        })
        .boxed()
}

#[test]
fn a_body_is_read_as_it_was_written_in_every_media_type() {
    let deep = "            encoding: {texts: {style: deepObject, explode: true}, rows: {contentType: application/json}, numbers: {style: form, explode: false}}";
    for (media_type, more) in [
        ("application/json", ""),
        ("application/vnd.api+json", ""),
        ("application/x-www-form-urlencoded", ""),
        ("application/x-www-form-urlencoded", deep),
        ("multipart/form-data", ""),
        (
            "multipart/form-data",
            "            encoding: {rows: {contentType: application/json}, file: {contentType: application/octet-stream}}",
        ),
    ] {
        let body = body(media_type, more);
        let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
        TestRunner::new(config)
            .run(&objects(), |value| {
                let written = body
                    .usual()
                    .write(&value)
                    .map_err(|why| proptest::test_runner::TestCaseError::fail(why.to_string()))?;
                let view = body.view_of(Some(&written.content_type)).expect("is taken");
                proptest::prop_assert_eq!(view.read(&written.content_type, &written.bytes), Ok(Some(value)));
                Ok(())
            })
            .unwrap_or_else(|why| panic!("{media_type} {more}: {why}"));
    }
}

#[test]
fn forms_of_other_writers_are_read_too() {
    let body = body("application/x-www-form-urlencoded", "");
    for (form, value) in [
        (
            "inner[n]=1&inner[list][]=true&inner[list][]=false",
            json!({"inner": {"n": 1, "list": [true, false]}}),
        ),
        ("texts[]=a&texts[]=b", json!({"texts": ["a", "b"]})),
        ("texts[1]=b&texts[0]=a", json!({"texts": ["a", "b"]})),
        ("texts=a", json!({"texts": ["a"]})),
        ("texts=%5B%22a%22%5D&inner=%7B%22n%22%3A1%7D", json!({"texts": ["a"], "inner": {"n": 1}})),
        ("rows[0][n]=1&rows[0][t]=x&rows[1][n]=2", json!({"rows": [{"n": 1, "t": "x"}, {"n": 2}]})),
        ("number=x&flag=yes&more=5", json!({"number": "x", "flag": "yes", "more": 5})),
        ("text=a+b%26c&text[x]=1", json!({"text": {"x": "1"}})),
        ("", json!({})),
    ] {
        let read = body.usual().read("application/x-www-form-urlencoded", form.as_bytes());
        assert_eq!(read, Ok(Some(value)), "{form}");
    }
}

#[test]
fn a_multipart_body_of_another_writer_is_read() {
    let body = body("multipart/form-data", "");
    let sent = "preamble\r\n--b1\r\nContent-Disposition: form-data; name=\"number\"\r\n\r\n1.5\r\n--b1\r\nContent-Type: image/png\r\ncontent-disposition: form-data; name=file; filename=\"a;b.png\"\r\n\r\n--b\r\nx\r\n--b1\r\nContent-Disposition: form-data; name=\"inner\"\r\nContent-Type: application/json\r\n\r\n{\"n\": 2}\r\n--b1--\r\n";
    let read = body.usual().read("multipart/form-data; boundary=b1", sent.as_bytes());
    assert_eq!(read, Ok(Some(json!({"number": 1.5, "file": "--b\r\nx", "inner": {"n": 2}}))));
    assert!(body.usual().read("multipart/form-data", sent.as_bytes()).is_err());
}

#[test]
fn what_has_no_written_form_is_told() {
    let form = body("application/x-www-form-urlencoded", "");
    for (value, why) in [
        (json!({"text": null}), "text is null"),
        (json!({"texts": []}), "no items"),
        (json!([1]), "objects alone"),
        (json!({"inner": {}}), "without members"),
    ] {
        let told = form.usual().write(&value).expect_err("has none").to_string();
        assert!(told.contains(why), "{value}: {told}");
    }
    let xml = body("application/xml", "").usual().write(&json!({})).expect_err("is not written").to_string();
    assert!(xml.contains("application/xml"), "{xml}");
    let read = body("application/xml", "").usual().read("application/xml", b"<a/>");
    assert_eq!(read, Ok(None));
}

#[test]
fn the_content_type_decides_which_body_it_is() {
    let text = "openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /things:
    post:
      requestBody:
        content:
          image/*: {schema: {type: string}}
          multipart/form-data: {schema: {type: object}}
          application/x-www-form-urlencoded: {schema: {type: object}}
          application/json: {schema: {type: object}}
      responses: {'200': {description: ok}}
";
    let contract = Contract::from_text("a.yaml", text).expect("loads");
    let body = contract.operations()[0].body.as_ref().expect("takes a body");
    assert_eq!(body.media_type, "application/json");
    for (sent, taken) in [
        (None, Some("application/json")),
        (Some("application/json; charset=utf-8"), Some("application/json")),
        (Some("application/merge-patch+json"), Some("application/json")),
        (Some("Application/X-WWW-Form-Urlencoded"), Some("application/x-www-form-urlencoded")),
        (Some("multipart/form-data; boundary=x"), Some("multipart/form-data")),
        (Some("image/png"), Some("image/*")),
        (Some("text/plain"), None),
    ] {
        assert_eq!(body.view_of(sent).map(|view| view.media_type), taken, "{sent:?}");
    }
}
