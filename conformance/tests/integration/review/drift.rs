//! Records beside descriptions: behaviour that moved is delivered only where the contract says that very thing.

use std::collections::BTreeMap;

use conformance::record::{Record, RecordId};
use conformance::review::{Content, Outcome, Review, Side};
use schemas::Contract;
use serde_json::{Value, json};

/// An API of notes, with a vocabulary of errors.
fn description() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Notes", "version": "1.0.0"},
        "servers": [{"url": "https://notes.example"}],
        "x-contract": {"vocabulary": 1, "errors": {
            "schema": "#/components/schemas/Error",
            "pointers": {"type": "/type", "code": "/code", "message": "/message", "field": "/field"},
            "types": {"400": {"type": "bad"}, "404": {"type": "gone"}, "409": {"type": "taken"}},
            "rejections": {"value-type": {"status": 400, "code": "wrong_type", "field": true},
                "value-other": {"status": 400}}
        }},
        "paths": {"/notes": {
            "get": {"operationId": "list-notes",
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 50}}],
                "responses": {"200": {"description": "All.", "content": {"application/json": {"schema":
                    {"type": "object", "required": ["data"], "properties": {"data": {"type": "array", "items":
                        {"$ref": "#/components/schemas/Note"}}}}}}}, "400": {"description": "No."}}},
            "post": {"operationId": "make-note",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object",
                    "required": ["text"], "properties": {"text": {"type": "string", "maxLength": 20},
                        "mark": {"type": "string"}}}}}},
                "responses": {
                    "201": {"description": "Made.", "headers": {"X-Mark": {"schema": {"type": "string"}}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}},
                    "400": {"description": "No.", "content": {"application/json": {"schema":
                        {"$ref": "#/components/schemas/Error"}}}}}}
        }},
        "components": {"schemas": {
            "Note": {"type": "object", "required": ["id", "text"], "properties": {"id": {"type": "string"},
                "text": {"type": "string"}, "mark": {"type": "string"}, "size": {"type": "integer"}}},
            "Error": {"type": "object", "required": ["code"], "properties": {"type": {"type": "string"},
                "code": {"type": "string"}, "message": {"type": "string"}, "field": {"type": "string"}}}
        }}
    })
}

fn records() -> Value {
    let refusal = |sent: &str, field: &str, code: &str| {
        json!({"request": "POST /notes", "class": "refused", "sends": {"text": sent}, "status": 400,
            "body": {"type": "bad", "code": code, "message": "<text>", "field": field}})
    };
    json!({
        "make-note/whole": {"request": "POST /notes", "class": "a whole note",
            "sends": {"text": "<text of 15 characters>", "mark": "<text>"}, "status": 201,
            "headers": {"x-mark": "<text>"},
            "body": {"id": "<id#1>", "text": "<sent>", "mark": "<sent>", "size": 15}},
        "make-note/text-too-long": refusal("<text of 21 characters>", "text", "too_long"),
        "make-note/text-type": {"request": "POST /notes", "class": "a number for a text", "sends": {"text": 1},
            "status": 400, "body": {"type": "bad", "code": "wrong_type", "message": "<text>", "field": "text"}},
        "list-notes/plain": {"request": "GET /notes", "class": "all notes", "status": 200,
            "body": {"data": [{"id": "<id#1>", "text": "<text>", "mark": "a", "size": 1}]}},
        "list-notes/limit": {"request": "GET /notes?limit=40", "class": "forty notes", "status": 200,
            "body": {"data": []}}
    })
}

/// A value with a patch: pointers to values; `$gone` removes.
fn patched(mut value: Value, patch: &Value) -> Value {
    for (at, new) in patch.as_object().into_iter().flatten() {
        let (owner, _) = at.rsplit_once('/').expect("a pointer");
        let last = schemas::pointer::tokens(at).last().expect("a token");
        let owner = value.pointer_mut(owner).unwrap_or_else(|| panic!("{at} has no owner"));
        match owner {
            Value::Object(map) if new == "$gone" => assert!(map.shift_remove(&last).is_some(), "{at}"),
            Value::Object(map) => {
                map.insert(last, new.clone());
            }
            Value::Array(list) => list.push(new.clone()),
            _ => panic!("{at} is in a scalar"),
        }
    }
    value
}

fn contract(patch: &Value) -> Side {
    let text = patched(description(), patch).to_string();
    let contract = Contract::from_text("notes.json", &text).unwrap_or_else(|error| panic!("{error}"));
    Side { name: "notes.json".to_owned(), content: Content::Contract(contract) }
}

fn observed(patch: &Value) -> Side {
    let all = patched(records(), patch);
    let records: BTreeMap<RecordId, Record> = all
        .as_object()
        .expect("an object")
        .iter()
        .map(|(id, record)| {
            let (operation, name) = id.split_once('/').expect("an id");
            let id = RecordId { operation: operation.to_owned(), name: name.to_owned() };
            (id, serde_json::from_value(record.clone()).expect("a record"))
        })
        .collect();
    Side { name: "records".to_owned(), content: Content::Records(records) }
}

const NOTE: &str = "/components/schemas/Note/properties";
const SENT: &str = "/paths/~1notes/post/requestBody/content/application~1json/schema";
const MADE: &str = "/paths/~1notes/post/responses";

/// Patches of the contract and of the records, the operation that is looked at, and what becomes of it.
fn cases() -> Vec<(&'static str, Value, Value, &'static str, Outcome)> {
    let whole = |at: &str| format!("/make-note~1whole{at}");
    let row = |at: &str| format!("/list-notes~1plain/body/data/0{at}");
    let (make, list) = ("make-note", "list-notes");
    vec![
        (
            "a server more explains nothing",
            json!({"/servers/1": {"url": "https://two.example"}}),
            json!({whole("/status"): 200}),
            make,
            Outcome::Drift,
        ),
        (
            "being deprecated explains nothing",
            json!({"/paths/~1notes/post/deprecated": true}),
            json!({whole("/body/size"): "<text>"}),
            make,
            Outcome::Drift,
        ),
        (
            "another status that is stated",
            json!({format!("{MADE}/200"): {"description": "Made."}}),
            json!({whole("/status"): 200}),
            make,
            Outcome::Delivered,
        ),
        (
            "another status than the one that is stated",
            json!({format!("{MADE}/202"): {"description": "Made."}}),
            json!({whole("/status"): 200}),
            make,
            Outcome::Drift,
        ),
        (
            "an error more does not let a good request be refused",
            json!({format!("{MADE}/422"): {"description": "No."}}),
            json!({whole("/status"): 422}),
            make,
            Outcome::Drift,
        ),
        (
            "a shorter text is refused",
            json!({format!("{SENT}/properties/text/maxLength"): 10}),
            json!({whole("/status"): 400, whole("/body"): {"code": "too_long", "field": "text"}}),
            make,
            Outcome::Delivered,
        ),
        (
            "a shorter text is refused for another field",
            json!({format!("{SENT}/properties/text/maxLength"): 10}),
            json!({whole("/status"): 400, whole("/body"): {"code": "odd", "field": "mark"}}),
            make,
            Outcome::Drift,
        ),
        (
            "a bound that the value keeps explains no refusal",
            json!({format!("{SENT}/properties/text/maxLength"): 18}),
            json!({whole("/status"): 400, whole("/body"): {"code": "too_long", "field": "text"}}),
            make,
            Outcome::Drift,
        ),
        (
            "a longer text is accepted",
            json!({format!("{SENT}/properties/text/maxLength"): 30}),
            json!({"/make-note~1text-too-long/status": 201}),
            make,
            Outcome::Delivered,
        ),
        (
            "a longer text is still refused",
            json!({format!("{SENT}/properties/text/maxLength"): 30}),
            json!({}),
            make,
            Outcome::Undelivered,
        ),
        (
            "a bound that no record meets",
            json!({format!("{SENT}/properties/text/maxLength"): 16}),
            json!({}),
            make,
            Outcome::Nothing,
        ),
        (
            "a property goes",
            json!({format!("{NOTE}/mark"): "$gone"}),
            json!({whole("/body/mark"): "$gone", row("/mark"): "$gone"}),
            make,
            Outcome::Delivered,
        ),
        (
            "a property goes, and another goes on the wire",
            json!({format!("{NOTE}/mark"): "$gone"}),
            json!({row("/size"): "$gone"}),
            list,
            Outcome::Drift,
        ),
        (
            "a property goes, and is still answered",
            json!({format!("{NOTE}/mark"): "$gone"}),
            json!({}),
            list,
            Outcome::Undelivered,
        ),
        (
            "a property comes",
            json!({format!("{NOTE}/tone"): {"type": "string"}}),
            json!({row("/tone"): "<text>"}),
            list,
            Outcome::Delivered,
        ),
        (
            "a property comes that need not be there",
            json!({format!("{NOTE}/tone"): {"type": "string"}}),
            json!({}),
            list,
            Outcome::Nothing,
        ),
        (
            "a property has to come, and does not",
            json!({format!("{NOTE}/tone"): {"type": "string"},
            "/components/schemas/Note/required/2": "tone"}),
            json!({}),
            list,
            Outcome::Undelivered,
        ),
        (
            "a property comes with the contract silent",
            json!({format!("{NOTE}/mark/maxLength"): 9}),
            json!({row("/tone"): "<text>"}),
            list,
            Outcome::Drift,
        ),
        (
            "another type",
            json!({format!("{NOTE}/size/type"): "string"}),
            json!({row("/size"): "1"}),
            list,
            Outcome::Delivered,
        ),
        (
            "another type than the contract says",
            json!({format!("{NOTE}/size/type"): "boolean"}),
            json!({row("/size"): "1"}),
            list,
            Outcome::Drift,
        ),
        (
            "null where the contract lets it",
            json!({format!("{NOTE}/mark/type"): ["string", "null"]}),
            json!({row("/mark"): null}),
            list,
            Outcome::Delivered,
        ),
        (
            "null elsewhere",
            json!({format!("{NOTE}/mark/type"): ["string", "null"]}),
            json!({row("/size"): null}),
            list,
            Outcome::Drift,
        ),
        (
            "a header goes",
            json!({format!("{MADE}/201/headers/X-Mark"): "$gone"}),
            json!({whole("/headers/x-mark"): "$gone"}),
            make,
            Outcome::Delivered,
        ),
        (
            "a header comes that the contract does not know",
            json!({format!("{MADE}/201/headers/X-Mark"): "$gone"}),
            json!({whole("/headers/x-mark"): "$gone", whole("/headers/x-other"): "a"}),
            make,
            Outcome::Drift,
        ),
        (
            "another code",
            json!({"/x-contract/errors/rejections/value-type/code": "bad_type"}),
            json!({"/make-note~1text-type/body/code": "bad_type"}),
            make,
            Outcome::Delivered,
        ),
        (
            "another code than the contract says",
            json!({"/x-contract/errors/rejections/value-type/code": "bad_type"}),
            json!({"/make-note~1text-type/body/code": "odd_type"}),
            make,
            Outcome::Drift,
        ),
        (
            "a code that is as it was",
            json!({"/x-contract/errors/rejections/value-type/code": "bad_type"}),
            json!({}),
            make,
            Outcome::Undelivered,
        ),
        (
            "a lower limit",
            json!({"/paths/~1notes/get/parameters/0/schema/maximum": 30}),
            json!({"/list-notes~1limit/status": 400}),
            list,
            Outcome::Delivered,
        ),
        (
            "a lower limit does not touch who sends none",
            json!({"/paths/~1notes/get/parameters/0/schema/maximum": 30}),
            json!({"/list-notes~1plain/status": 400}),
            list,
            Outcome::Drift,
        ),
        (
            "a case goes with its property",
            json!({format!("{SENT}/properties/text/maxLength"): "$gone"}),
            json!({"/make-note~1text-too-long": "$gone"}),
            make,
            Outcome::Delivered,
        ),
        (
            "a case goes",
            json!({format!("{NOTE}/mark/maxLength"): 9}),
            json!({"/make-note~1text-too-long": "$gone"}),
            make,
            Outcome::Drift,
        ),
        ("the contract is as it was", json!({}), json!({whole("/status"): 200}), make, Outcome::Drift),
        ("nothing moved", json!({}), json!({}), make, Outcome::Nothing),
    ]
}

#[test]
fn behaviour_is_delivered_only_where_the_contract_says_that_very_thing() {
    let mut wrong = Vec::new();
    for (says, of_contract, of_records, operation, expected) in cases() {
        let (base, head) = (contract(&json!({})), contract(&of_contract));
        let (before, after) = (observed(&json!({})), observed(&of_records));
        let review = Review::new(&base, &head, Some((&before, &after)), None).expect("is compared");
        let line = review.operations.iter().find(|line| line.operation == operation).expect("is there");
        let told: Vec<String> = review
            .changes
            .iter()
            .map(|one| format!("{} {} {:?} accepted {:?}", one.verdict, one.rule, one.subject, one.accepted))
            .collect();
        if line.outcome != expected {
            let told = told.join("\n    ");
            wrong.push(format!(
                "{says}: {} instead of {}\n    {told}",
                line.outcome.as_str(),
                expected.as_str()
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn drift_fails_however_much_of_the_contract_moved() {
    let (base, head) = (contract(&json!({})), contract(&json!({"/paths/~1notes/post/deprecated": true})));
    let after = observed(&json!({"/make-note~1whole/body/text": "$gone"}));
    let review = Review::new(&base, &head, Some((&observed(&json!({})), &after)), None).expect("is compared");
    assert!(review.has_failed());
}

/// The built-in contract and the mock's own records of it: rows may share a slug, and whoever creates one is let.
#[test]
fn what_becomes_of_a_uniqueness_is_told_operation_by_operation() {
    let whole = Contract::builtin().expect("loads").document().value().clone();
    let lifted = patched(
        whole.clone(),
        &json!({"/components/schemas/Customer/properties/slug/x-contract-field/unique": "$gone"}),
    );
    let side = |value: &Value| {
        let contract = Contract::from_text("contract.json", &value.to_string()).expect("loads");
        Side { name: "contract.json".to_owned(), content: Content::Contract(contract) }
    };
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let before = conformance::record::load(&folder).expect("is read");
    let mut after = before.clone();
    let taken = RecordId { operation: "create-customer".to_owned(), name: "slug-taken".to_owned() };
    let record = after.get_mut(&taken).expect("is recorded");
    record.status = 201;
    record.body = None;
    let records = |all| Side { name: "records".to_owned(), content: Content::Records(all) };
    let review = Review::new(&side(&whole), &side(&lifted), Some((&records(before), &records(after))), None);
    let review = review.expect("is compared");
    let outcome = |operation: &str| {
        review.operations.iter().find(|line| line.operation == operation).expect("is there").outcome
    };
    assert_eq!(outcome("create-customer"), Outcome::Delivered);
    assert_eq!(outcome("update-customer"), Outcome::Undelivered);
    assert_eq!(outcome("create-onboarding"), Outcome::Nothing);
    assert_eq!(review.changes.iter().filter(|change| change.rule == "field-no-longer-unique").count(), 1);
    assert!(review.has_failed(), "a removed uniqueness breaks");
}
