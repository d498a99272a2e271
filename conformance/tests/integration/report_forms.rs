//! Holding reports to the published forms of their kinds.

use std::collections::BTreeMap;
use std::path::Path;

use html5gum::{DefaultEmitter, Token, Tokenizer};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Value, json};

use crate::support::Project;

/// Every kind, where `--report all` writes it.
pub(crate) const USUAL: [&str; 5] =
    ["report.json", "junit.xml", "report.sarif", "traffic.har", "report.html"];

/// What is wrong with a JSON value by a JSON Schema.
fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).expect("the schema compiles");
    let told = validator.iter_errors(value).take(5);
    told.map(|error| format!("{}: {error:.200}", error.instance_path())).collect()
}

fn schema(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let text = std::fs::read_to_string(&path).expect("the schema is there");
    serde_json::from_str(&text).expect("it is JSON")
}

/// A report must fit `report.schema.json`.
pub(crate) fn check_json(report: &Value) {
    assert_eq!(faults(&schema("report.schema.json"), report), Vec::<String>::new());
}

/// A SARIF file must fit the standard's schema and hold a result for each finding, at its place.
pub(crate) fn check_sarif(sarif: &Value, report: &Value) {
    let mut schema = schema("tests/schemas/sarif-2.1.0.json");
    // A pattern of its own that is none, for a property that is not written.
    for owner in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{owner}/properties/language"));
        let language = language.and_then(Value::as_object_mut).expect("the property is there");
        language.remove("pattern").expect("the pattern is there");
    }
    assert_eq!(faults(&schema, sarif), Vec::<String>::new());
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    let findings = report["findings"].as_array().expect("findings");
    assert_eq!(results.len(), findings.len());
    for (result, finding) in results.iter().zip(findings) {
        assert_eq!(result["ruleId"], finding["law"]);
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], finding["law"]);
        assert_eq!(result["partialFingerprints"]["conformanceFinding/v1"], finding["id"]);
        let level = match finding["severity"].as_str() {
            Some("violation") => "error",
            Some(other) => other,
            None => "none",
        };
        assert_eq!(result["level"], level);
        let place = &result["locations"][0]["physicalLocation"];
        let told = format!(":{}:{}", place["region"]["startLine"], place["region"]["startColumn"]);
        assert!(finding["contract"].as_str().expect("a place").ends_with(&told), "{told}");
    }
    let went_well = report["verdict"] != "error" && report["interrupted"] != true;
    assert_eq!(run["invocations"][0]["executionSuccessful"], went_well);
}

/// A HAR file must fit the schema of HAR 1.2; gives its entries.
pub(crate) fn check_har(har: &Value) -> Vec<Value> {
    // One file each, which name each other: bound into one.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/har");
    let mut parts = serde_json::Map::new();
    for file in std::fs::read_dir(folder).expect("the folder is there") {
        let name = file.expect("a file").file_name().into_string().expect("text");
        if let Some(part) = name.strip_suffix(".json") {
            let mut schema = schema(&format!("tests/schemas/har/{name}"));
            bind(&mut schema);
            parts.insert(part.to_owned(), schema);
        }
    }
    let whole = json!({"$ref": "#/definitions/har", "definitions": parts});
    assert_eq!(faults(&whole, har), Vec::<String>::new());
    har["log"]["entries"].as_array().expect("entries").clone()
}

fn bind(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.remove("$id");
            map.remove("$schema");
            if let Some(Value::String(reference)) = map.get_mut("$ref")
                && let Some(part) = reference.strip_suffix(".json#")
            {
                *reference = format!("#/definitions/{part}");
            }
            map.values_mut().for_each(bind);
        }
        Value::Array(items) => items.iter_mut().for_each(bind),
        _ => {}
    }
}

/// The cases of a JUnit file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Cases {
    pub(crate) all: usize,
    pub(crate) failures: usize,
    pub(crate) errors: usize,
    pub(crate) skipped: usize,
    pub(crate) outputs: usize,
}

/// Reads a JUnit file, whose counts must be those of its cases.
pub(crate) fn read_junit(xml: &str) -> Cases {
    let attribute = |element: &BytesStart<'_>, name: &str| -> usize {
        let found = element.try_get_attribute(name).expect("it parses").expect(name);
        String::from_utf8_lossy(&found.value).parse().expect("a number")
    };
    let (mut cases, mut told, mut suites) = (Cases::default(), Cases::default(), Cases::default());
    let mut reader = Reader::from_str(xml);
    loop {
        let event = reader.read_event().expect("it is XML");
        let (Event::Start(element) | Event::Empty(element)) = event else {
            if event == Event::Eof {
                break;
            }
            continue;
        };
        match element.name().as_ref() {
            b"testsuites" => {
                told.all = attribute(&element, "tests");
                told.failures = attribute(&element, "failures");
                told.errors = attribute(&element, "errors");
            }
            b"testsuite" => {
                suites.all += attribute(&element, "tests");
                suites.failures += attribute(&element, "failures");
                suites.errors += attribute(&element, "errors");
                suites.skipped += attribute(&element, "skipped");
            }
            b"testcase" => cases.all += 1,
            b"failure" => cases.failures += 1,
            b"error" => cases.errors += 1,
            b"skipped" => cases.skipped += 1,
            b"system-out" => cases.outputs += 1,
            _ => {}
        }
    }
    let counted = |cases: &Cases| (cases.all, cases.failures, cases.errors);
    assert_eq!(counted(&cases), counted(&told), "{xml}");
    assert_eq!(counted(&cases), counted(&suites), "{xml}");
    assert_eq!(cases.skipped, suites.skipped, "{xml}");
    cases
}

/// Cases as they follow from a JSON report.
pub(crate) fn expected_cases(report: &Value, strict: bool) -> Cases {
    let lines = report["laws"].as_array().expect("laws");
    let findings = report["findings"].as_array().expect("findings");
    let has = |list: &Value, one: &Value| list.as_array().is_some_and(|list| list.contains(one));
    let mut cases = Cases::default();
    for line in lines {
        cases.all += 1;
        let about: Vec<&Value> = findings
            .iter()
            .filter(|finding| {
                let law = finding["law"] == line["law"]
                    || (line["verdict"] == "violated" && has(&finding["also_laws"], &line["law"]));
                law && (finding["operation"] == line["operation"]
                    || has(&finding["also"], &line["operation"]))
            })
            .collect();
        let fails = |finding: &&&Value| {
            finding["severity"] == "violation" || (strict && finding["severity"] == "warning")
        };
        if about.iter().any(|finding| fails(&finding)) {
            cases.failures += 1;
        } else if line["verdict"] == "not-judged" {
            cases.skipped += 1;
        }
        cases.outputs += usize::from(about.iter().any(|finding| !fails(&finding)));
    }
    let whole = usize::from(report["error"].is_string()) + usize::from(report["interrupted"] == true);
    let unmet = report["unmet"].as_array().map_or(0, Vec::len);
    cases.errors += whole;
    cases.failures += unmet;
    cases.all += whole + unmet;
    cases
}

/// A page must be sound HTML that needs nothing outside of it; gives its text.
pub(crate) fn check_html(html: &str) -> String {
    const VOID: [&str; 6] = ["meta", "input", "br", "hr", "img", "link"];
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let (mut open, mut text) = (Vec::new(), String::new());
    for token in Tokenizer::new_with_emitter(html, emitter) {
        match token.expect("a text can be read") {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                for (attribute, value) in &tag.attributes {
                    let attribute = String::from_utf8_lossy(attribute);
                    let local = value.starts_with(b"#");
                    let refers = matches!(attribute.as_ref(), "src" | "href" | "action" | "srcset");
                    assert!(local || !refers, "{name} refers to something outside");
                    assert!(!attribute.starts_with("on"), "{name} holds a script in {attribute}");
                }
                if !VOID.contains(&name.as_str()) {
                    open.push(name);
                }
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                assert_eq!(open.pop(), Some(name), "tags nest");
            }
            Token::String(more) => text.push_str(&String::from_utf8_lossy(&more)),
            Token::Error(error) => panic!("{error:?}"),
            Token::Comment(_) | Token::Doctype(_) => {}
        }
    }
    assert_eq!(open, Vec::<String>::new(), "all tags end");
    assert!(!html.contains("@import") && !html.contains("url("), "the style refers to something outside");
    text
}

/// Holds all reports of one run to their forms and to each other; gives the JSON one.
pub(crate) fn check_all(project: &Project, strict: bool) -> Value {
    let read = |name: &str| {
        std::fs::read_to_string(project.path("conformance-report").join(name)).expect("it was written")
    };
    let texts: BTreeMap<&str, String> = USUAL.into_iter().map(|name| (name, read(name))).collect();
    let value = |name: &str| -> Value { serde_json::from_str(&texts[name]).expect("it is JSON") };
    let report = value("report.json");
    check_json(&report);
    check_sarif(&value("report.sarif"), &report);
    assert_eq!(read_junit(&texts["junit.xml"]), expected_cases(&report, strict));
    let entries = check_har(&value("traffic.har"));
    if report["verdict"] != "error" {
        assert_eq!(report["requests"], entries.len());
    }
    let text = check_html(&texts["report.html"]);
    for finding in report["findings"].as_array().expect("findings") {
        for told in ["message", "law", "curl", "contract"] {
            let told = finding[told].as_str().expect("text");
            assert!(text.contains(told), "the page does not tell {told}");
        }
    }
    report
}
