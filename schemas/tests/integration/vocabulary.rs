//! Slips in the keys of the vocabulary.

use crate::common::{description, refused};
use schemas::Contract;
use serde_json::Value;

/// The one problem of a body schema: its line and the advice.
fn slip(body: &str) -> (usize, String, String) {
    let error = refused(&description(body, "    Unused: {}"));
    assert_eq!(error.problems.len(), 1, "{error}");
    let problem = &error.problems[0];
    let place = problem.location.as_ref().expect("has a place");
    assert_eq!(&*place.file, "api.yaml");
    (place.line, problem.what.clone(), problem.help.clone().unwrap_or_default())
}

#[test]
fn a_misspelt_prefix_is_refused_with_its_place_and_what_was_meant() {
    let (line, what, help) = slip("{type: object, x-contarct-standing: assumed}");
    assert_eq!((line, what.as_str()), (9, "x-contarct-standing is not in the vocabulary"));
    assert_eq!(help, "Did you mean x-contract-standing?");
}

#[test]
fn a_misspelt_key_is_refused_with_what_was_meant() {
    let (line, _, help) = slip("{type: object,\n              x-contract-standin: assumed}");
    assert_eq!((line, help.as_str()), (10, "Did you mean x-contract-standing?"));
    let (_, _, help) = slip("{x-contract-colour: blue}");
    assert!(help.starts_with("Known here: x-contract, "), "{help}");
}

#[test]
fn a_misspelt_nested_key_is_refused_with_what_was_meant() {
    let (line, what, help) = slip(
        "{properties: {a: {\n              x-contract-field: {unique: {scope: parent, rejecton: {status: 409}}}}}}",
    );
    // That the key that was meant is missing goes without saying.
    assert_eq!((line, what.as_str()), (10, "rejecton is not a key of x-contract-field.unique"));
    assert_eq!(help, "Did you mean rejection?");
}

#[test]
fn a_misspelt_key_of_a_shared_part_is_refused_with_what_was_meant() {
    let (_, what, help) = slip(
        "{properties: {a: {x-contract-field: {unique: {scope: parent, rejection: {status: 409, code_standin: assumed}}}}}}",
    );
    assert_eq!(what, "code_standin is not a key of x-contract-field.unique.rejection");
    assert_eq!(help, "Did you mean code_standing?");
}

#[test]
fn a_misspelt_standing_is_refused_with_what_was_meant() {
    let (_, what, help) = slip("{x-contract-standing: asumed}");
    assert_eq!(what, "\"asumed\" is not a value of x-contract-standing");
    assert_eq!(help, "Did you mean assumed?");
    let (_, what, help) = slip("{x-contract-standing: {maxLength: infered}}");
    assert_eq!(what, "\"infered\" is not a value of x-contract-standing.maxLength");
    assert_eq!(help, "Did you mean inferred?");
}

#[test]
fn a_misspelt_keyword_of_a_standing_is_refused_with_what_was_meant() {
    let (_, what, help) = slip("{x-contract-standing: {maxLenght: assumed}}");
    assert_eq!(what, "maxLenght is not a key of x-contract-standing");
    assert_eq!(help, "Did you mean maxLength?");
}

#[test]
fn a_key_at_a_place_where_it_means_nothing_is_refused() {
    let (_, what, help) = slip("{x-contract-operation: {action: create}}");
    assert_eq!(what, "x-contract-operation means nothing here");
    assert_eq!(help, "It belongs on an operation, such as paths./a.get.");
    let text = "openapi: 3.1.0\ninfo: {title: T, version: '1', x-contract-resource: {name: a, identity: {id: id}}}\npaths: {}\n";
    let error = Contract::from_text("api.yaml", text).expect_err("info is no schema");
    let help = error.problems[0].help.as_deref();
    assert_eq!(help, Some("It belongs on a schema, such as one of components.schemas."));
}

#[test]
fn keys_below_a_default_response_are_checked_like_any_other() {
    let text = "openapi: 3.1.0
info: {title: Try, version: 1.0.0}
paths:
  /things:
    get:
      responses:
        default:
          description: Done.
          content:
            application/json:
              schema: {x-contract-standing: asumed}
";
    assert_eq!(refused(text).problems[0].location.as_ref().map(|place| place.line), Some(11));
}

#[test]
fn extensions_of_others_are_left_alone() {
    let body = "{x-contact: {name: Ann}, x-context: 1, x-internal: true, x-go: {x-contract-nonsense: 1}}";
    Contract::from_text("api.yaml", &description(body, "    Unused: {}")).expect("loads");
    let data = "{default: {x-contract-nonsense: 1, $ref: nowhere}, examples: [{x-contract-nonsense: 1}]}";
    Contract::from_text("api.yaml", &description(data, "    Unused: {}")).expect("loads");
}

#[test]
fn names_that_name_nothing_are_refused() {
    let text = "openapi: 3.1.0
info: {title: Try, version: 1.0.0}
x-contract:
  vocabulary: 1
  authentication:
    scheme: Nobody
    rejections: {missing: {status: 401}, malformed: {status: 401}, unknown: {status: 401}}
  errors:
    schema: '#/components/schemas/Nothing'
    pointers: {type: /type, code: /code, message: /message, field: /field}
    types: {}
    rejections: {}
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      x-contract-operation: {resource: nobody, action: read, parent: {parameter: owner}, statuses: {'404': inferred}}
      responses: {200: {description: Done.}}
    delete:
      x-contract-operation: {action: delete}
      responses: {200: {description: Done.}}
components:
  schemas:
    Thing:
      x-contract-resource: {name: thing, identity: {id: key}, parent: {resource: owner, field: id}}
      properties:
        id: {x-contract-field: {references: {resource: other}}}
        at: {x-contract-field: {stamp: [{at: write, when: {field: gone}}]}}
";
    let told: Vec<String> = refused(text)
        .problems
        .iter()
        .map(|problem| {
            format!("{} {}", problem.location.as_ref().map_or(0, |place| place.line), problem.what)
        })
        .collect();
    assert_eq!(
        told,
        [
            "6 there is no security scheme Nobody",
            "9 #/components/schemas/Nothing leads nowhere",
            "17 there is no resource nobody",
            "17 there is no path parameter owner",
            "17 404 is not among the responses of this operation",
            "20 this action needs a resource",
            "25 there is no property key",
            "25 there is no resource owner",
            "27 there is no resource other",
            "28 there is no property gone",
        ]
    );
}

/// The built-in description with one line replaced: what is said about it, without what its place says.
fn told_of(from: &str, to: &str) -> Vec<(usize, String, String)> {
    let text = Contract::builtin_text();
    assert!(text.contains(from), "{from}");
    let start = text.find(from).expect("it is there");
    let line = text[..start].matches('\n').count();
    let problems = refused(&text.replacen(from, to, 1)).problems;
    let told = problems.into_iter().map(|problem| {
        let own = problem.location.as_ref().expect("has a place").line;
        (own - line, problem.what, problem.help.unwrap_or_default())
    });
    told.collect()
}

#[test]
fn page_sizes_that_rule_each_other_out_are_refused() {
    let text = Contract::builtin_text();
    let whole = text.lines().find(|line| line.starts_with("    limit: {")).expect("the rule of pages");
    let rule = |numbers: &str| format!("    limit:\n      parameter: limit\n{numbers}");
    let told = told_of(whole, &rule("      default: 5\n      minimum: 9\n      maximum: 8\n"));
    assert_eq!(
        told,
        [(
            4,
            "the smallest page, 9, is larger than the largest, 8".to_owned(),
            "Exchange minimum and maximum, or correct one.".to_owned()
        )]
    );
    let told = told_of(
        whole,
        &rule("      default: 101\n      also_defaults: [50, 1]\n      minimum: 2\n      maximum: 100\n"),
    );
    assert_eq!(told.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [3, 4], "{told:?}");
    assert_eq!(told[0].1, "a page of 101 rows by default may not be asked for");
    assert_eq!(told[1].2, "Write a number from 2 to 100, as minimum and maximum say.");
}

#[test]
fn numbers_too_large_or_too_small_to_hold_are_refused() {
    let text = Contract::builtin_text();
    for key in ["max_bytes", "retention_seconds", "window_seconds", "default", "minimum", "maximum"] {
        let rules = text.find("x-contract:").expect("the rules");
        let start = rules + text[rules..].find(&format!("{key}: ")).expect("a number");
        let end = start + text[start..].find([',', '}', '\n']).expect("an end");
        let line = &text[start..end];
        assert!(line.ends_with(|last: char| last.is_ascii_digit()), "{line}");
        for number in ["18446744073709551615", "18446744073709551616", "1000000001", "0", "-1"] {
            let changed = format!("{}{key}: {number}{}", &text[..start], &text[end..]);
            let problems = refused(&changed).problems;
            assert!(
                problems.iter().any(|problem| problem.what.contains(&format!("{key} is "))
                    && problem.help.as_ref().is_some_and(|help| help.starts_with("Write a number"))),
                "{key} {number}: {problems:?}"
            );
        }
    }
    let told = told_of("tiers:", "tiers: {x: 18446744073709551615}\n    headers_: {}\n    tiers_:");
    assert!(told.iter().any(|(_, what, _)| what.contains("may be 1000000000 at the most")), "{told:?}");
}

/// Every key of the vocabulary's schema, with its own schema.
fn keys(schema: &Value, found: &mut Vec<(String, Value)>) {
    for (name, own) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        found.push((name.clone(), own.clone()));
        keys(own, found);
    }
    for part in ["items", "additionalProperties"].into_iter().filter_map(|part| schema.get(part)) {
        keys(part, found);
    }
    for own in schema.get("$defs").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::values) {
        keys(own, found);
    }
}

#[test]
fn every_key_has_a_description_and_is_in_the_readme() {
    let schema: Value = serde_json::from_str(include_str!("../../x-contract.schema.json")).expect("is JSON");
    let readme = include_str!("../../README.md");
    let mut found = Vec::new();
    keys(&schema, &mut found);
    assert!(found.len() > 120, "only {} keys were found", found.len());
    for (name, own) in found {
        assert!(own.get("description").is_some(), "{name} has no description");
        assert!(readme.contains(&name), "{name} is not in the readme");
    }
}
