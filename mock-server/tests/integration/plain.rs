//! A description without a word beyond OpenAPI: answered from its examples, else from its schemas.

use std::path::Path;
use std::sync::Arc;

use mock_server::MockServer;
use schemas::Contract;
use serde_json::{Value, json};

use crate::support::process::Program;
use crate::support::{Answer, Api};

fn description() -> Arc<Contract> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/bookshop/plain.yaml");
    Arc::new(Contract::load(&path).unwrap_or_else(|error| panic!("{error}")))
}

async fn played() -> (MockServer, Api) {
    let contract = description();
    let server = MockServer::builder().contract(contract.as_ref().clone()).start().await.unwrap();
    let api = Api::at(server.url(), contract);
    (server, api)
}

/// Asserts a refusal in the envelope that is used where the description states none.
#[track_caller]
fn refused<'f>(answer: &Answer, status: u16, field: impl Into<Option<&'f str>>) {
    let error = &answer.is(status)["error"];
    assert!(
        error["type"].is_string() && error["code"].is_string() && error["message"].is_string(),
        "{answer}"
    );
    assert_eq!(error["field"].as_str(), field.into(), "{answer}");
}

#[tokio::test]
async fn an_example_of_the_description_is_the_answer() {
    let (_server, api) = played().await;
    assert_eq!(api.get("/books/1").await.is(200), json!({"title": "Emma", "pages": 474, "sequel": null}));
    assert_eq!(api.get("/books/1?__example=ulysses").await.is(200)["title"], "Ulysses");
    assert_eq!(api.delete("/books/1").await.status, 204);
    assert_eq!(api.get("/books/1?__code=404").await.status, 404);
}

#[tokio::test]
async fn without_an_example_a_value_is_made_that_fits_the_schema() {
    let (_server, api) = played().await;
    let books = api.get("/books").await.is(200);
    assert!(!books.as_array().unwrap().is_empty());
    assert_eq!(books, api.get("/books").await.is(200), "the same every time");
    let made = api.post("/books", json!({"title": "Emma"})).await.is(201);
    assert!(made["title"].is_string());
}

#[tokio::test]
async fn requests_are_held_to_the_description() {
    let (_server, api) = played().await;
    for body in [
        json!({}),
        json!({"title": ""}),
        json!({"title": "a".repeat(21)}),
        json!({"title": "a", "pages": 0}),
        json!({"title": "a", "isbn": "12x"}),
        json!([]),
    ] {
        // The description says what this refusal looks like.
        assert_eq!(api.post("/books", body).await.is(400), json!({"sorry": "no"}));
    }
    refused(&api.get("/books?size=6").await, 400, "size");
    let odd = api.get("/books?tags=new&tags=odd").await;
    refused(&odd, 400, "tags");
    assert!(odd.json()["error"]["message"].as_str().unwrap().starts_with("tags.1 "), "{odd}");
    api.get("/books?size=5&tags=new&tags=old").await.is(200);
    refused(&api.get("/books/0").await, 400, "id");
    refused(&api.get("/books/x").await, 400, "id");
    refused(&api.get("/nothing").await, 404, None);
    refused(&api.send("PUT", "/books", |request| request).await, 405, None);
}

#[tokio::test]
async fn a_recursive_body_is_checked_all_the_way_down() {
    let (_server, api) = played().await;
    let deep = |title: &str| json!({"title": "a", "sequel": {"title": "b", "sequel": {"title": title, "sequel": null}}});
    api.post("/books", deep("c")).await.is(201);
    assert_eq!(api.post("/books", deep("")).await.is(400), json!({"sorry": "no"}));
}

#[tokio::test]
async fn the_program_plays_it_without_keys_or_fixtures() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/bookshop/plain.yaml");
    let program = Program::start(&["--contract", path.to_str().unwrap()], &[]).await;
    let api = Api::at(program.url(), description());
    assert_eq!(api.get("/books/1").await.is(200)["title"], "Emma");
    let end = program.stop().await;
    assert_eq!(end.code, Some(0));
    assert!(end.stderr.contains("Bookshop"), "{}", end.stderr);
}

#[tokio::test]
async fn nothing_is_remembered() {
    let (_server, api) = played().await;
    api.post("/books", json!({"title": "Mine"})).await.is(201);
    let titles: Vec<Value> = api.get("/books").await.is(200).as_array().unwrap().clone();
    assert!(titles.iter().all(|book| book["title"] != "Mine"));
}
