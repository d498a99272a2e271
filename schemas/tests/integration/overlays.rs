//! Overlays: what they add and take out, in what order, and what is wrong with them.

use std::path::PathBuf;

use schemas::{Contract, LoadOptions, Provenance, Rule};
use serde_json::{Value, json};

const PETS: &str = "openapi: 3.0.3
info: {title: Pets, version: '1'}
servers: [{url: /v1}]
paths:
  /pets:
    get:
      parameters:
        - {name: a, in: query, schema: {type: string}}
        - {name: b, in: query, schema: {type: string}}
        - {in: nowhere, name: c, schema: {type: string}}
      responses: {'200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    Pet: {type: object, properties: {id: {type: string, nullable: true}}}
";

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).expect("is written");
        path
    }

    fn load(&self, description: &str, overlays: &[&str]) -> Result<Contract, schemas::LoadError> {
        let path = self.file("api.yaml", description);
        let named = overlays.iter().enumerate();
        let overlays = named.map(|(index, text)| self.file(&format!("{index}.yaml"), text)).collect();
        Contract::load_with(&path, &LoadOptions { overlays, ..LoadOptions::default() })
    }
}

fn actions(text: &str) -> String {
    format!("overlay: 1.0.0\ninfo: {{title: T, version: 1.0.0}}\nactions:\n{text}")
}

fn value(description: &str, overlays: &[&str], pointer: &str) -> Value {
    let contract = Files::new().load(description, overlays).unwrap_or_else(|error| panic!("{error}"));
    contract.document().get(pointer).cloned().unwrap_or_default()
}

#[test]
fn updates_are_merged_and_arrays_grow() {
    let table = [
        (
            "{target: $.info, update: {title: Dogs, contact: {name: A}}}",
            "/info",
            json!({"title": "Dogs", "version": "1", "contact": {"name": "A"}}),
        ),
        ("{target: $.servers, update: {url: /v2}}", "/servers", json!([{"url": "/v1"}, {"url": "/v2"}])),
        ("{target: $, update: {servers: [{url: /v2}]}}", "/servers", json!([{"url": "/v1"}, {"url": "/v2"}])),
        ("{target: $.info.title, update: Cats}", "/info/title", json!("Cats")),
        (
            "{target: \"$.paths['/pets'].get.parameters[?@.name=='b']\", update: {required: true}}",
            "/paths/~1pets/get/parameters/1/required",
            json!(true),
        ),
        (
            "{target: \"$.paths.*[?@.responses]\", update: {summary: S}}",
            "/paths/~1pets/get/summary",
            json!("S"),
        ),
        (
            "{target: \"$.paths['/pets'].get.parameters[0]\", remove: true}",
            "/paths/~1pets/get/parameters/0/name",
            json!("b"),
        ),
        (
            "{target: \"$..parameters[?@.name!='b']\", remove: true}",
            "/paths/~1pets/get/parameters",
            json!([{"name": "b", "in": "query", "schema": {"type": "string"}}]),
        ),
        ("{target: $.servers, remove: true}", "/servers", Value::Null),
        (
            "{target: $.info, copy: \"$.paths['/pets'].get.parameters[0].schema\"}",
            "/info/type",
            json!("string"),
        ),
    ];
    for (action, pointer, wanted) in table {
        assert_eq!(value(PETS, &[&actions(&format!("  - {action}\n"))], pointer), wanted, "{action}");
    }
}

#[test]
fn overlays_are_applied_in_order_and_a_description_may_need_one_to_load() {
    let (first, second) = (
        actions("  - {target: $.info, update: {title: One, description: D}}\n"),
        actions("  - {target: $.info, update: {title: Two}}\n"),
    );
    assert_eq!(value(PETS, &[&first, &second], "/info/title"), "Two");
    assert_eq!(value(PETS, &[&second, &first], "/info/title"), "One");
    let without = PETS.replace("paths:", "ways:");
    let repaired = actions(
        "  - {target: $, copy: $.ways}\n  - {target: $, update: {paths: {/cats: {get: {responses: {}}}}}}\n",
    );
    assert_eq!(value(&without, &[&repaired], "/paths/~1cats/get"), json!({"responses": {}}));
}

#[test]
fn targets_may_be_in_the_words_of_the_file_or_of_what_it_is_converted_to() {
    let old = "swagger: '2.0'
info: {title: Old, version: '1'}
paths:
  /pets:
    post:
      parameters: [{name: body, in: body, schema: {$ref: '#/definitions/Pet'}}]
      responses: {'200': {description: x}}
definitions:
  Pet: {type: object, properties: {id: {type: string}}}
";
    let table = [
        ("$.definitions.Pet.properties.id", "/components/schemas/Pet/properties/id/title"),
        ("$.components.schemas.Pet.properties.id", "/components/schemas/Pet/properties/id/title"),
        ("$.paths['/pets'].post.requestBody", "/paths/~1pets/post/requestBody/title"),
        ("$.paths['/pets'].post", "/paths/~1pets/post/title"),
    ];
    for (target, pointer) in table {
        let overlay = actions(&format!("  - target: {target}\n    update: {{title: T}}\n"));
        assert_eq!(value(old, &[&overlay], pointer), "T", "{target}");
    }
}

#[test]
fn an_action_that_selects_nothing_is_a_notice_with_its_place() {
    let files = Files::new();
    let overlay =
        actions("  - {target: $.info, update: {title: A}}\n  - target: $.paths['/dogs']\n    remove: true\n");
    let contract = files.load(PETS, &[&overlay]).expect("loads");
    let told: Vec<String> = contract
        .problems()
        .iter()
        .filter(|problem| problem.rule == Some(Rule::OverlayIdle))
        .map(ToString::to_string)
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("0.yaml:5:5: notice[overlay-idle]: the target $.paths['/dogs'] selects nothing"),
        "{told:?}"
    );
}

#[test]
fn what_an_overlay_says_is_told_at_its_place() {
    let files = Files::new();
    let overlay = actions(
        "  - target: $.components.schemas.Pet\n    update:\n      x-contract-resource:\n        name: pet\n        identity: {id: nothing}\n",
    );
    let error = files.load(PETS, &[&overlay]).expect_err("there is no such property");
    assert!(error.to_string().contains("0.yaml:6:7: error[name]: there is no property nothing"), "{error}");
    let overlay = overlay.replace("nothing", "id");
    let contract = files.load(PETS, &[&overlay]).expect("loads");
    let Provenance::Overlay(place) = contract.provenance("/components/schemas/Pet/x-contract-resource/name")
    else {
        panic!("it is written in the overlay");
    };
    assert!(place.to_string().ends_with("0.yaml:7:9"), "{place}");
    let Provenance::Written(place) = contract.provenance("/components/schemas/Pet/properties/id") else {
        panic!("it is written in the description");
    };
    assert!(place.to_string().ends_with("api.yaml:14:38"), "{place}");
}

#[test]
fn places_stay_right_where_items_of_an_array_go() {
    let files = Files::new();
    let overlay = actions("  - {target: \"$.paths['/pets'].get.parameters[0]\", remove: true}\n");
    let contract = files.load(PETS, &[&overlay]).expect("loads");
    let told: Vec<String> = contract.problems().iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|one| one.contains("api.yaml:10:11") && one.contains("nowhere")), "{told:?}");
}

#[test]
fn what_is_no_overlay_is_refused_with_its_line() {
    let table = [
        ("title: x\n".to_owned(), ":1:1: error[overlay]: this is no overlay"),
        (
            "overlay: 2.0.0\nactions: []\n".to_owned(),
            ":1:1: error[overlay]: overlays of version 2.0.0 are not read",
        ),
        ("overlay: 1.0.0\n".to_owned(), "there is no list of actions"),
        (
            "overlay: 1.0.0\nactons: []\nactions: []\n".to_owned(),
            ":2:1: error[overlay]: actons is not a key of an overlay",
        ),
        (actions("  - {update: {}}\n"), ":4:5: error[overlay]: an action has no target"),
        (actions("  - {target: $.info}\n"), ":4:5: error[overlay]: an action says neither update nor remove"),
        (actions("  - {target: info, update: {}}\n"), ":4:6: error[overlay]: info is no JSONPath"),
        (
            actions("  - {target: $.info, remove: maybe}\n"),
            "remove is \"maybe\", which is neither true nor false",
        ),
        (actions("  - {target: $.info, updat: {}}\n"), "updat is not a key of an action"),
        (actions("  - {target: $.info, copy: $..schema}\n"), "copy selects 4 values; it copies one"),
        (actions("  - nothing\n"), "an action is an object"),
        ("overlay: 1.0.0\nactions: [\n".to_owned(), "not valid YAML"),
    ];
    for (text, wanted) in table {
        let error = Files::new().load(PETS, &[&text]).expect_err(&text).to_string();
        assert!(error.contains(wanted) && error.contains("0.yaml"), "{text}: {error}");
    }
    let options = LoadOptions { overlays: vec![PathBuf::from("no-such.yaml")], ..LoadOptions::default() };
    let error = Contract::from_text_with("api.yaml", PETS, &options).expect_err("there is none").to_string();
    assert!(error.contains("no-such.yaml:1:1: error[unreadable]: cannot be read"), "{error}");
}
