//! Another API: the same program plays a bookshop, from its description alone.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fixtures::Fixtures;
use mock_server::MockServer;
use schemas::Contract;
use serde_json::{Value, json};

use crate::support::process::Program;
use crate::support::{Answer, Api};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/bookshop")
}

/// A running bookshop, and a caller with a card.
async fn bookshop() -> (MockServer, Api) {
    let contract =
        Arc::new(Contract::load(&folder().join("openapi.yaml")).unwrap_or_else(|error| panic!("{error}")));
    let world =
        Fixtures::load(&folder().join("fixtures"), &contract).unwrap_or_else(|error| panic!("{error}"));
    let server =
        MockServer::builder().contract(contract.as_ref().clone()).fixtures(world).start().await.unwrap();
    let api = Api::at(server.url(), contract).with_key("shop_main");
    (server, api)
}

#[track_caller]
fn refused<'f>(answer: &Answer, status: u16, why: &str, place: impl Into<Option<&'f str>>) {
    let body = answer.is(status);
    assert_eq!((body["why"].as_str(), body["where"].as_str()), (Some(why), place.into()), "{answer}");
}

fn titles(page: &Value) -> Vec<&str> {
    page["page"]["items"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_world_is_there_under_the_descriptions_own_names() {
    let (_server, api) = bookshop().await;
    assert_eq!(api.get("/card").await.is(200), json!({"holder": "Ann"}));
    assert_eq!(api.get("/books/b1").await.is(200)["title"], "Emma");
    let page = api.get("/shelves/s1/books").await.is(200);
    assert_eq!(titles(&page), ["Ulysses", "Odes"], "two a page, newest first");
    assert_eq!(page["page"]["more"], true);
    let cursor = page["page"]["next"].as_str().unwrap();
    let last = api.get(&format!("/shelves/1/books?before={cursor}")).await.is(200);
    assert_eq!(
        last["page"],
        json!({"items": [api.get("/books/b1").await.json()], "more": false, "next": null})
    );
    assert_eq!(titles(&api.get("/shelves/s1/books?genre=novel").await.is(200)), ["Ulysses", "Emma"]);
}

#[tokio::test]
async fn rows_are_made_unique_listed_and_deleted_by_its_rules() {
    let (_server, api) = bookshop().await;
    let sent = json!({"isbn": " 555 ", "title": "Middlemarch", "shelf_id": "s9", "price": 5});
    let made = api.make("/shelves/4/books", sent.clone()).await;
    assert_eq!(
        (&made["isbn"], &made["genre"], &made["pages"]),
        (&json!("555"), &json!("novel"), &Value::Null)
    );
    assert_eq!(made["shelf_id"], "s3");
    assert!(made.get("price").is_none());
    refused(&api.post("/shelves/s1/books", sent).await, 409, "isbn_used", "isbn");
    refused(&api.post("/shelves", json!({"label": "a"})).await, 409, "label_used", "label");
    assert_eq!(api.make("/shelves", json!({})).await["label"], Value::Null);
    let path = format!("/books/{}", made["id"].as_str().unwrap());
    let gone = api.delete(&path).await;
    assert_eq!((gone.status, gone.body.len()), (204, 0));
    refused(&api.get(&path).await, 404, "no_row", None);
    refused(&api.delete(&path).await, 404, "no_row", None);
    assert_eq!(titles(&api.get("/shelves/s3/books").await.is(200)), Vec::<&str>::new());
}

#[tokio::test]
async fn refusals_have_its_statuses_codes_and_envelope() {
    let (_server, api) = bookshop().await;
    let books = "/shelves/s1/books";
    refused(&api.without_key().get("/card").await, 401, "no_card", None);
    refused(&api.with_key("shop_nobody").get("/card").await, 401, "bad_card", None);
    refused(&api.with_key("shop_branch").get("/books/b1").await, 404, "no_row", None);
    refused(&api.get("/shelves/s77/books").await, 404, "no_shelf", None);
    refused(&api.get("/magazines").await, 404, "nowhere", None);
    refused(&api.send("PUT", "/shelves", |request| request).await, 405, "not_so", None);
    refused(&api.post_bytes(books, "{").await, 422, "garbled", None);
    refused(&api.post(books, json!([])).await, 422, "shape", None);
    refused(&api.post(books, json!({"title": "a"})).await, 422, "absent", "isbn");
    refused(&api.post(books, json!({"isbn": "12", "title": "a"})).await, 422, "short", "isbn");
    refused(
        &api.post(books, json!({"isbn": "999", "title": "a", "genre": "x"})).await,
        422,
        "unlisted",
        "genre",
    );
    refused(
        &api.post(books, json!({"isbn": "999", "title": "a", "pages": null})).await,
        422,
        "shape",
        "pages",
    );
    refused(&api.get(&format!("{books}?size=6")).await, 422, "long", "size");
    refused(&api.get(&format!("{books}?before=x")).await, 422, "form", "before");
}

#[tokio::test]
async fn its_own_header_makes_a_post_idempotent() {
    let (_server, api) = bookshop().await;
    let once = async |key: &str, label: &str| {
        let body = json!({"label": label});
        api.send("POST", "/shelves", |request| request.header("Once", key).json(&body)).await
    };
    let first = once("k", "x").await;
    assert_eq!((first.status, once("k", "x").await.body), (201, first.body.clone()));
    refused(&once("k", "y").await, 409, "once_reused", None);
    refused(&once("elevenbytes", "z").await, 422, "long", None);
}

#[tokio::test]
async fn its_own_headers_tell_the_allowance() {
    let (_server, api) = bookshop().await;
    assert_eq!(api.get("/card").await.number("Calls-Limit"), 100);
    assert_eq!(api.with_key("shop_test_own_1").get("/card").await.number("Calls-Limit"), 10);
}

#[tokio::test]
async fn the_program_plays_it_too() {
    let (contract, world) = (folder().join("openapi.yaml"), folder().join("fixtures"));
    let arguments =
        ["--contract", contract.to_str().unwrap(), "--fixtures", world.to_str().unwrap(), "--log", "off"];
    let program = Program::start(&arguments, &[]).await;
    assert!(program.url().ends_with("/shop"));
    let api = Api::at(program.url(), Arc::new(Contract::load(&contract).unwrap())).with_key("shop_main");
    assert_eq!(api.get("/books/b4").await.is(200)["title"], "Walden");
    refused(&api.get("/books/b4?__example=missing").await, 404, "no_row", None);
    assert_eq!(program.stop().await.code, Some(0));
}

#[tokio::test]
async fn without_fixtures_it_begins_empty_and_takes_any_key() {
    let contract = folder().join("openapi.yaml");
    let program = Program::start(&["--contract", contract.to_str().unwrap(), "--log", "off"], &[]).await;
    let api = Api::at(program.url(), Arc::new(Contract::load(&contract).unwrap()));
    refused(&api.get("/shelves").await, 401, "no_card", None);
    let api = api.with_key("whatever");
    assert_eq!(api.get("/shelves").await.is(200)["page"], json!({"items": [], "more": false, "next": null}));
    let shelf = api.make("/shelves", json!({"label": "a"})).await;
    assert_eq!((&shelf["number"], &shelf["label"]), (&json!(1), &json!("a")));
    let book = api.make("/shelves/1/books", json!({"isbn": "123", "title": "a"})).await;
    assert_eq!(api.get("/shelves/1/books").await.is(200)["page"]["items"], json!([book]));
}

#[tokio::test]
async fn keys_open_their_worlds_where_the_description_has_no_rules_on_keys() {
    let text = std::fs::read_to_string(folder().join("openapi.yaml")).unwrap();
    let (before, rules) = text.split_once("  authentication:\n").unwrap();
    let (_, after) = rules.split_once("  errors:\n").unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("openapi.yaml");
    std::fs::write(&path, format!("{before}  errors:\n{after}")).unwrap();
    let contract = Arc::new(Contract::load(&path).unwrap_or_else(|error| panic!("{error}")));
    let world =
        Fixtures::load(&folder().join("fixtures"), &contract).unwrap_or_else(|error| panic!("{error}"));
    let server =
        MockServer::builder().contract(contract.as_ref().clone()).fixtures(world).start().await.unwrap();
    let with = |key: &str| Api::at(server.url(), Arc::clone(&contract)).with_key(key);
    let (one, other) = (with("shop_test_own_a"), with("shop_test_own_b"));
    assert!(one.delete("/books/b1").await.status < 300);
    assert_eq!(one.get("/books/b1").await.status, 404);
    assert_eq!(other.get("/books/b1").await.status, 200, "a copy of its own");
    assert_eq!(with("shop_main").get("/books/b1").await.status, 200, "and the world as it was");
}
