//! Descriptions of several files.

use std::fs;
use std::path::{Path, PathBuf};

use schemas::{Contract, LoadOptions, Method};
use serde_json::json;
use tempfile::TempDir;

use crate::common::body_of;

fn folder(files: &[(&str, &str)]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("is in the folder")).expect("a folder");
        fs::write(path, text).expect("is written");
    }
    let root = folder.path().join(files[0].0);
    (folder, root)
}

const ROOT: &str = "openapi: 3.1.0
info: {title: Try, version: 1.0.0}
paths:
  /things/{id}: {$ref: paths/things.yaml}
  /others:
    post:
      requestBody: {$ref: 'shared.json#/bodies/Other'}
      responses:
        200: {description: Done.}
components:
  schemas:
    Name: {type: string, maxLength: 3}
    Thing: {$ref: schemas/thing.yaml}
";
const THINGS: &str = "parameters:
  - {name: id, in: path, required: true, schema: {type: string}}
post:
  operationId: post-thing
  requestBody:
    content:
      application/json:
        schema: {$ref: ../schemas/thing.yaml}
  responses:
    200: {description: Done.}
";
const THING: &str = "# A whole file is one schema.
type: object
properties:
  name: {$ref: '../root.yaml#/components/schemas/Name'}
  size: {$ref: '#/definitions/Size'}
  color: {$ref: '../shared.json#/schemas/Color'}
  parts: {type: array, items: {$ref: thing.yaml}}
definitions:
  Size:
    type: integer
    minimum: 1
";
const SHARED: &str = r##"{
	"schemas": {
		"Color": {"enum": ["red", "green"]}
	},
	"bodies": {
		"Other": {"content": {"application/json": {"schema": {"$ref": "#/schemas/Color"}}}}
	}
}
"##;

fn whole() -> (TempDir, Contract) {
    let (folder, root) = folder(&[
        ("root.yaml", ROOT),
        ("paths/things.yaml", THINGS),
        ("schemas/thing.yaml", THING),
        ("shared.json", SHARED),
    ]);
    let contract = Contract::load(&root).expect("the description loads");
    (folder, contract)
}

#[test]
fn paths_schemas_and_bodies_may_stand_in_other_files_of_either_format() {
    let (_folder, contract) = whole();
    let ids: Vec<&str> = contract.operations().iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids, ["post-thing", "post-others"]);
    let thing = contract.operation_at(Method::Post, "/things/{id}").expect("is described");
    let schema = &thing.body.as_ref().expect("a body").schema;
    assert_eq!(schema.faults(&json!({"name": "abc", "size": 1, "color": "red", "parts": [{"size": 2}]})), []);
    let other = contract.operation("post-others").and_then(|o| o.body.as_ref()).expect("a body");
    assert!(other.schema.is_valid(&json!("green")) && !other.schema.is_valid(&json!("blue")));
}

#[test]
fn places_lead_into_the_file_where_the_keyword_stands() {
    let (folder, contract) = whole();
    let schema = body_of(&contract);
    let place = |value: serde_json::Value| {
        let location = contract.locate(&schema.faults(&value)[0].place);
        let file = Path::new(&*location.file).canonicalize().expect("exists");
        let root = folder.path().canonicalize().expect("exists");
        (file.strip_prefix(root).expect("is in the folder").display().to_string(), location.line)
    };
    assert_eq!(place(json!({"name": "long"})), ("root.yaml".to_owned(), 12));
    assert_eq!(place(json!({"size": 0})), ("schemas/thing.yaml".to_owned(), 11));
    assert_eq!(place(json!({"color": "blue"})), ("shared.json".to_owned(), 3));
    assert_eq!(place(json!({"parts": [{"size": 0}]})), ("schemas/thing.yaml".to_owned(), 11));
    let thing = contract.operation("post-thing").expect("is described");
    assert_eq!(contract.locate(&thing.pointer).line, 3);
}

#[test]
fn problems_are_told_by_the_file_they_are_in() {
    let (_folder, root) = folder(&[
        ("root.yaml", ROOT),
        ("paths/things.yaml", THINGS),
        (
            "schemas/thing.yaml",
            "type: object\nx-contract-standin: assumed\nproperties:\n  a: {$ref: '#/gone'}\n",
        ),
        ("shared.json", SHARED),
    ]);
    let error = Contract::load_with(&root, &LoadOptions::strict()).expect_err("two slips");
    let told: Vec<(bool, usize, &str)> = error
        .problems
        .iter()
        .map(|problem| {
            let place = problem.location.as_ref().expect("has a place");
            (place.file.ends_with("thing.yaml"), place.line, problem.pointer.as_str())
        })
        .collect();
    assert_eq!(told, [(true, 2, "/x-contract-standin"), (true, 4, "/properties/a/$ref")], "{error}");
}

#[test]
fn a_resource_may_stand_in_another_file() {
    let (_folder, root) = folder(&[
        (
            "root.yaml",
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    Thing: {$ref: thing.yaml}\n    Same: {$ref: '#/components/schemas/Thing'}\n",
        ),
        (
            "thing.yaml",
            "x-contract-resource: {name: thing, identity: {id: id}}\nproperties:\n  id: {type: string}\n",
        ),
    ]);
    let error = Contract::load(&root).expect_err("Same names the file too");
    assert!(error.problems[0].what.contains("the resource thing is described twice"), "{error}");
}

#[test]
fn a_file_that_is_not_there_is_told_where_it_is_named() {
    let (_folder, root) = folder(&[("root.yaml", ROOT)]);
    let error = Contract::load_with(&root, &LoadOptions::strict()).expect_err("the other files are missing");
    let problem = &error.problems[0];
    assert!(problem.what.starts_with("the reference paths/things.yaml cannot be followed: "), "{error}");
    assert_eq!(problem.location.as_ref().map(|place| place.line), Some(4));
}

#[test]
fn no_message_holds_what_stands_in_a_file_that_is_no_description() {
    let secret = "s3cr3t";
    for (name, text) in [
        ("passwd", "root:x:0:0:s3cr3t:/root:/bin/sh\nuser:x:1:1:s3cr3t:/:\n"),
        ("token", "s3cr3t\n"),
        ("number.json", "1"),
        ("env", "A=s3cr3t\n# comment\nB='s3cr3t'\n"),
        ("twice.yaml", "s3cr3t: 1\ns3cr3t: 2\n"),
        ("twice.json", "{\"a\": {\"s3cr3t\": 1, \"s3cr3t\": 2}}"),
        ("inner.yaml", "s3cr3t: {deep: .inf}\n"),
        ("broken.json", "{\"type\": \"s3cr3t\",}"),
        ("account.json", "{\"type\": \"s3cr3t\", \"pattern\": \"s3cr3t(\"}"),
        ("pattern.json", "{\"pattern\": \"s3cr3t(\"}"),
        ("list.yaml", "[s3cr3t]\n"),
        ("required.yaml", "required: s3cr3t\n"),
    ] {
        for (target, root) in [
            (name.to_owned(), "paths: {}\ncomponents: {schemas: {A: {$ref: 'TARGET'}}}\n"),
            (name.to_owned(), "paths: {/a: {$ref: 'TARGET'}}\n"),
            (name.to_owned(), "x-a: {}\ncomponents: 5\nbad: {$ref: 'TARGET'}\n"),
            (format!("{name}#/type"), "paths: {}\ncomponents: {schemas: {A: {$ref: 'TARGET'}}}\n"),
            (name.to_owned(), "bad: {$ref: 'TARGET'}\n"),
        ] {
            let root = format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\n{root}");
            let (_folder, root) = folder(&[("root.yaml", &root.replace("TARGET", &target)), (name, text)]);
            match Contract::load(&root) {
                Ok(_) => {}
                Err(error) => assert!(!error.to_string().contains(secret), "{name}: {error}"),
            }
        }
    }
}

#[test]
fn a_reference_to_a_file_of_another_kind_is_refused_where_it_stands() {
    let root = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    A: {$ref: a.txt}\n";
    let (_folder, root) = folder(&[("root.yaml", root), ("a.txt", "just a text\n")]);
    let contract = Contract::load(&root).expect("the rest of it loads");
    let problem = &contract.problems()[0];
    assert!(problem.what.ends_with("leads to a file of another kind"), "{problem}");
    assert_eq!(problem.location.as_ref().map(|place| place.line), Some(6), "{problem}");
}

#[test]
fn references_out_of_the_machine_or_out_of_a_text_are_refused() {
    let text = |target: &str| crate::common::description(&format!("{{$ref: '{target}'}}"), "    Unused: {}");
    let error = crate::common::refused(&text("https://a.example/x.yaml"));
    assert!(error.problems[0].what.ends_with("leaves this machine"), "{error}");
    let error = crate::common::refused(&text("x.yaml"));
    assert!(error.problems[0].what.ends_with("names another file"), "{error}");
}

#[test]
fn places_in_json_files_are_told_by_line() {
    let text = "{\n\t\"openapi\": \"3.1.0\",\n\t\"info\": {\"title\": \"T\", \"version\": \"1\"},\n\t\"paths\": {},\n\t\"x-contrct\": {\"vocabulary\": 1}\n}";
    let error = Contract::from_text_with("api.json", text, &LoadOptions::strict()).expect_err("a slip");
    assert_eq!(
        error.problems[0].location.as_ref().map(|place| (place.line, place.column)),
        Some((5, 2)),
        "{error}"
    );
}

#[test]
fn a_description_of_several_megabytes_loads() {
    use std::fmt::Write as _;
    let mut text = String::from("openapi: 3.1.0\ninfo: {title: Big, version: '1'}\npaths:\n");
    for index in 0..1_500 {
        let next = (index + 1) % 1_500;
        let reference = format!("{{$ref: '#/components/schemas/S{index}'}}");
        let media = format!("content: {{application/json: {{schema: {reference}}}}}");
        write!(
            text,
            "  /things{index}/{{id}}:\n    parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]\n    post:\n      operationId: op-{index}\n      summary: {0}\n      requestBody: {{{media}}}\n      responses: {{200: {{description: Done., {media}}}}}\n    get:\n      operationId: read-{index}\n      description: {0}\n      responses: {{200: {{description: See {next}., {media}}}}}\n",
            "A long text that says nothing. ".repeat(20)
        )
        .expect("a text");
    }
    text.push_str("components:\n  schemas:\n");
    for index in 0..1_500 {
        write!(text, "    S{index}:\n      type: object\n      required: [name]\n      properties:\n")
            .expect("a text");
        for property in 0..10 {
            writeln!(
                text,
                "        p{property}: {{type: string, maxLength: {index}, description: Number {property}.}}"
            )
            .expect("a text");
        }
        for step in [1, 7, 31] {
            let other = (index + step) % 1_500;
            writeln!(text, "        r{step}: {{$ref: '#/components/schemas/S{other}'}}").expect("a text");
        }
        writeln!(text, "        name: {{type: string, minLength: 1}}").expect("a text");
    }
    assert!(text.len() > 3_000_000, "{}", text.len());
    let contract = Contract::from_text("big.yaml", &text).expect("the description loads");
    assert_eq!(contract.operations().len(), 3_000);
    let body = contract.operation("op-7").and_then(|operation| operation.body.as_ref()).expect("a body");
    assert_eq!(
        body.schema.faults(&json!({"name": "x", "r7": {"name": ""}}))[0].field.as_deref(),
        Some("r7.name")
    );
}

/// Files that stand nowhere but here.
struct Kept;

impl schemas::Files for Kept {
    fn text(&self, path: &std::path::Path) -> std::io::Result<String> {
        match path.to_str() {
            Some("api/root.yaml") => Ok("openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n\
                components: {schemas: {A: {$ref: parts/a.yaml}}}\n"
                .to_owned()),
            Some("api/parts/a.yaml") => Ok("type: string\n".to_owned()),
            _ => Err(std::io::ErrorKind::NotFound.into()),
        }
    }

    fn canonical(&self, path: &std::path::Path) -> std::path::PathBuf {
        path.to_path_buf()
    }
}

#[test]
fn files_may_come_from_elsewhere_and_keep_their_names() {
    let path = std::path::Path::new("api/root.yaml");
    let contract = schemas::Contract::load_from("v1:api/root.yaml", path, &Kept).expect("loads");
    let (at, schema) = contract.document().resolve("/components/schemas/A").expect("is there");
    assert_eq!(schema["type"], "string");
    assert_eq!(contract.locate(&at).to_string(), "v1:api/parts/a.yaml:1:1");
    let missing = schemas::Contract::load_from("v1:none.yaml", std::path::Path::new("none.yaml"), &Kept);
    assert!(missing.expect_err("is not there").to_string().contains("v1:none.yaml"));
}

#[test]
fn an_operation_may_stand_in_a_file_of_its_own() {
    let operation =
        "operationId: own\nresponses: {200: {$ref: '#/answers/ok'}}\nanswers: {ok: {description: ok}}\n";
    for version in ["openapi: 3.0.3", "openapi: 3.1.0", "swagger: '2.0'"] {
        let root = format!(
            "{version}\ninfo: {{title: T, version: '1'}}\npaths: {{/a: {{get: {{$ref: own.yaml}}}}}}\n"
        );
        let (_folder, root) = folder(&[("root.yaml", &root), ("own.yaml", operation)]);
        let contract = Contract::load(&root).expect("loads");
        let own = contract.operation("own").expect("is there");
        assert!(own.response(200).is_some(), "{version}");
    }
}
