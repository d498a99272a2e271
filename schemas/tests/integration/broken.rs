//! Descriptions that do not load, and what is said about them.

use std::path::Path;

use schemas::{Contract, Rule};

use crate::common::{self, description, refused};

fn told(text: &str) -> Vec<(usize, String)> {
    let line = |problem: &schemas::Problem| problem.location.as_ref().map_or(0, |place| place.line);
    refused(text).problems.iter().map(|problem| (line(problem), problem.what.clone())).collect()
}

#[test]
fn what_is_no_openapi_is_refused() {
    for (text, what) in [
        ("hello: world\n", "this is no OpenAPI description: it has no `openapi` key"),
        ("", "this is no OpenAPI description: it has no `openapi` key"),
        ("just text", "this is no OpenAPI description: it has no `openapi` key"),
        ("swagger: '1.2'\ninfo: {}\n", "Swagger 1.2 is not read"),
        ("openapi: 4.0.0\n", "OpenAPI 4.0.0 is not read"),
    ] {
        let error = refused(text);
        assert_eq!(error.problems.len(), 1, "{error}");
        assert_eq!(error.problems[0].what, what);
        assert_eq!(error.problems[0].rule, Some(Rule::Version));
        assert_eq!(
            error.problems[0].help.as_deref(),
            Some("Give a description that says `openapi: 3.0.x`, `3.1.x` or `3.2.x`, or `swagger: '2.0'`.")
        );
    }
    assert_eq!(told("info: {}\nopenapi: 4\n")[0].0, 2);
}

#[test]
fn a_description_that_breaks_openapi_is_told_so_with_the_line() {
    let text = "openapi: 3.1.0\ninfo: {title: Try}\npaths:\n  things: {}\n";
    let found = common::told(text);
    assert_eq!(found, [(Rule::OpenapiForm, 2), (Rule::OpenapiForm, 3), (Rule::OpenapiForm, 4)]);
}

#[test]
fn a_file_that_cannot_be_read_is_told_by_its_name() {
    let error = Contract::load(Path::new("/no/such/file.yaml")).expect_err("there is no such file");
    assert!(
        error.to_string().starts_with(
            "failed to load /no/such/file.yaml\n/no/such/file.yaml:1:1: error[unreadable]: cannot be read: "
        ),
        "{error}"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let error = Contract::load(folder.path()).expect_err("it is a folder");
    assert!(error.problems[0].what.starts_with("cannot be read: "), "{error}");
}

#[test]
fn text_that_does_not_parse_is_told_with_its_line() {
    let found = told("openapi: 3.1.0\ninfo: [\n");
    assert!(found[0].0 >= 2 && found[0].1.starts_with("not valid YAML: "), "{found:?}");
}

#[test]
fn references_that_lead_nowhere_or_in_a_circle_are_refused() {
    let components = "    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}";
    let found = told(&description("{$ref: '#/components/schemas/Nothing'}", components));
    assert_eq!(
        found,
        [
            (9, "#/components/schemas/Nothing leads nowhere".to_owned()),
            (14, "#/components/schemas/B leads back to itself".to_owned()),
            (15, "#/components/schemas/A leads back to itself".to_owned()),
        ]
    );
}

#[test]
fn keywords_that_say_nothing_are_told_wherever_they_stand() {
    for (body, what) in [
        ("{type: strin}", "type is \"strin\", which is no type; it is left out"),
        ("{minLength: a}", "minLength is \"a\", which it cannot be; it is left out"),
        ("{required: name}", "required is \"name\", which is no list of names; it is left out"),
        ("{items: 5}", "items is 5, which is no schema; it is left out"),
        ("{multipleOf: 0}", "multipleOf is 0, which it cannot be; it is left out"),
    ] {
        assert_eq!(told(&description(body, "    Unused: {}")), [(9, what.to_owned())]);
    }
    let unused = told(&description("{}", "    A: {}\n    Unused:\n      properties:\n        a: {type: 5}"));
    assert_eq!(unused[0].0, 17);
}

#[test]
fn a_pattern_that_is_none_is_told_with_its_line() {
    let found = told(&description("{}", "    A: {}\n    B:\n      properties:\n        a: {pattern: '('}"));
    assert_eq!(found, [(17, "the pattern \"(\" cannot be used; it is left out".to_owned())]);
}

#[test]
fn a_status_that_is_none_is_refused() {
    let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        2000: {description: Done.}\n";
    assert!(!told(text).is_empty());
}

#[test]
fn every_problem_is_told_at_once_in_the_order_of_the_file() {
    let text = "openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    get:
      x-contract-operation: {acton: read}
      responses: {200: {$ref: '#/components/responses/Nothing'}}
components:
  schemas:
    A: {x-contract-standin: assumed}
";
    let lines: Vec<usize> = told(text).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, [6, 7, 10]);
}

#[test]
fn every_kind_of_problem_is_in_the_readme() {
    let readme = include_str!("../../README.md");
    for rule in Rule::ALL {
        let row = format!("| `{rule}` | {} | {} |", rule.level(), rule.says());
        assert!(readme.contains(&row), "{row}");
    }
}

#[test]
fn a_schema_that_costs_too_much_to_judge_is_refused() {
    for word in ["minLength", "minItems", "minProperties"] {
        let found = told(&description(&format!("{{{word}: 1000000000}}"), "    Unused: {}"));
        assert_eq!(found, [(9, format!("{word} 1000000000 asks for a value that no request can hold"))]);
    }
    let names: Vec<String> = (0..3_000).map(|number| format!("p{number}: {{}}")).collect();
    let found = told(&description(&format!("{{properties: {{{}}}}}", names.join(", ")), "    Unused: {}"));
    assert_eq!(found, [(9, "3000 properties are more than can be judged one by one".to_owned())]);
    for word in ["allOf", "anyOf", "oneOf"] {
        let doubled = |number: usize| {
            let below = format!("{{$ref: '#/components/schemas/S{}'}}", number - 1);
            format!("    S{number}: {{{word}: [{below}, {below}]}}\n")
        };
        let parts: String = (1..40).map(doubled).collect();
        let found =
            told(&description("{$ref: '#/components/schemas/S39'}", &format!("    S0: {{}}\n{parts}")));
        assert!(
            found.len() == 1 && found[0].1.starts_with("one value has to be held to more than"),
            "{found:?}"
        );
        let parts: String = (1..8).map(doubled).collect();
        let text = description("{$ref: '#/components/schemas/S7'}", &format!("    S0: {{}}\n{parts}"));
        assert!(Contract::from_text("api.yaml", &text).is_ok(), "what is doubled a few times costs little");
    }
}

#[test]
fn schemas_that_lead_to_each_other_in_a_circle_cost_no_more_for_it() {
    let body = "{anyOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Node'}}]}";
    let text = description("{$ref: '#/components/schemas/Node'}", &format!("    Node: {body}"));
    assert!(Contract::from_text("api.yaml", &text).is_ok());
}
