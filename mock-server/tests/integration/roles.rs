//! Rows of descriptions that work otherwise than the built-in one: their ids, owners, envelopes, pages and keys.

use std::sync::Arc;

use mock_server::{Clock, MockServer};
use schemas::Contract;
use serde_json::{Value, json};

use crate::support::{Answer, Api};

/// A running server of a description in this folder, and a caller without a key. Every answer is held to the description.
async fn played(name: &str) -> (MockServer, Api) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/roles").join(name);
    let contract = Arc::new(Contract::load(&path).unwrap_or_else(|error| panic!("{error}")));
    let server = MockServer::builder()
        .contract(contract.as_ref().clone())
        .clock(Clock::Fixed(1_779_816_069_412))
        .seed(7)
        .start()
        .await
        .unwrap();
    let api = Api::at(server.url(), contract);
    (server, api)
}

fn column(rows: &Value, name: &str) -> Vec<String> {
    let text = |row: &Value| row[name].as_str().map_or_else(|| row[name].to_string(), str::to_owned);
    rows.as_array().unwrap_or_else(|| panic!("no rows: {rows}")).iter().map(text).collect()
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.header(name).unwrap_or_else(|| panic!("{answer} has no {name}"))
}

async fn put(api: &Api, target: &str, body: Value) -> Answer {
    api.send("PUT", target, |request| request.json(&body)).await
}

#[tokio::test]
async fn ids_follow_from_their_schemas() {
    let (_server, api) = played("ids.yaml").await;
    for (kind, fits) in [
        ("numbers", "^1$"),
        ("texts", "^c[0-9a-z]{24}$"),
        ("uuids", "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"),
        ("patterns", "^ORD-[A-Z0-9]{6}$"),
        ("shorts", "^c[0-9a-z]{7}$"),
    ] {
        let made = api.post(&format!("/{kind}"), json!({"title": "A"})).await.is(201);
        let id = made["id"].as_str().map_or_else(|| made["id"].to_string(), str::to_owned);
        let pattern = json!({"pattern": fits});
        assert!(jsonschema_is_valid(&pattern, &id), "{kind}: {id}");
        assert_eq!(api.get(&format!("/{kind}/{id}")).await.is(200), made);
        let second = api.post(&format!("/{kind}"), json!({"title": "B"})).await.is(201);
        assert_ne!(second["id"], made["id"]);
        assert_eq!(column(&api.get(&format!("/{kind}")).await.is(200), "title"), ["B", "A"]);
        assert_eq!(api.delete(&format!("/{kind}/{id}")).await.status, 204);
        assert_eq!(api.get(&format!("/{kind}/{id}")).await.status, 404);
    }
    assert_eq!(api.post("/numbers", json!({"title": "C"})).await.is(201)["id"], 3);
}

fn jsonschema_is_valid(schema: &Value, text: &str) -> bool {
    let description = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {},
        "components": {"schemas": {"Text": schema}}});
    let contract = Contract::from_text("t.json", &description.to_string()).unwrap();
    contract.schema(schemas::Side::Response, "/components/schemas/Text").unwrap().is_valid(&json!(text))
}

#[tokio::test]
async fn a_natural_key_is_taken_once_and_a_rename_moves_the_row() {
    let (_server, api) = played("teams.yaml").await;
    let team = api.post("/teams", json!({"slug": "red", "note": "n"})).await;
    assert_eq!(team.is(201), json!({"slug": "red", "note": "n", "size": 3}));
    assert_eq!(header(&team, "location"), "/v1/teams/red");
    let taken = api.post("/teams", json!({"slug": "red"})).await;
    assert!(taken.is(409)["detail"].as_str().unwrap().contains("slug"), "{taken}");
    let moved = api.patch("/teams/red", json!({"slug": "blue"})).await.is(200);
    assert_eq!((&moved["slug"], &moved["note"]), (&json!("blue"), &json!("n")));
    assert_eq!((api.get("/teams/red").await.status, api.get("/teams/blue").await.status), (404, 200));
    api.post("/teams", json!({"slug": "red"})).await.is(201);
    assert_eq!(api.patch("/teams/red", json!({"slug": "blue"})).await.status, 409);
    assert_eq!(api.delete("/teams/blue").await.status, 204);
    api.post("/teams", json!({"slug": "blue"})).await.is(201);
}

#[tokio::test]
async fn a_replacement_forgets_what_is_left_out_and_an_upsert_makes_what_is_not_there() {
    let (_server, api) = played("teams.yaml").await;
    api.post("/teams", json!({"slug": "red", "note": "n", "size": 9})).await.is(201);
    let replaced = put(&api, "/teams/red", json!({"size": 5})).await.is(200);
    assert_eq!(replaced, json!({"slug": "red", "note": null, "size": 5}));
    assert_eq!(api.get("/teams/red").await.is(200), replaced);
    assert_eq!(put(&api, "/teams/nobody", json!({"size": 5})).await.status, 404);
    let made = put(&api, "/teams/red/members/ann", json!({"member": {"rank": 2}})).await;
    assert_eq!(made.is(201), json!({"member": {"login": "ann", "rank": 2}}));
    let again = put(&api, "/teams/red/members/ann", json!({"member": {}})).await;
    assert_eq!(again.is(200), json!({"member": {"login": "ann", "rank": 1}}));
}

#[tokio::test]
async fn rows_are_their_owners_however_deep() {
    let (_server, api) = played("teams.yaml").await;
    for team in ["red", "blue"] {
        api.post("/teams", json!({"slug": team})).await.is(201);
        let made = api.post(&format!("/teams/{team}/members"), json!({"member": {"login": "ann"}})).await;
        assert_eq!((made.status, made.body.len()), (201, 0));
        assert_eq!(header(&made, "location"), format!("/v1/teams/{team}/members/ann"));
    }
    assert_eq!(api.post("/teams/red/members", json!({"member": {"login": "ann"}})).await.status, 422);
    api.post("/teams/red/members", json!({"member": {"login": "bob"}})).await;
    assert_eq!(column(&api.get("/teams/red/members").await.is(200)["members"], "login"), ["ann", "bob"]);
    assert_eq!(column(&api.get("/teams/blue/members").await.is(200)["members"], "login"), ["ann"]);
    let badge = api.post("/teams/red/members/bob/badges", json!({"name": "gold"})).await.is(201);
    assert_eq!(badge["id"], 1);
    assert_eq!(column(&api.get("/teams/red/members/bob/badges").await.is(200), "name"), ["gold"]);
    assert_eq!(api.get("/teams/red/members/bob/badges/1").await.is(200), badge);
    assert_eq!(column(&api.get("/teams/red/members/ann/badges").await.is(200), "name"), Vec::<String>::new());
    for path in [
        "/teams/red/members/ann/badges/1",
        "/teams/blue/members/bob/badges",
        "/teams/nobody/members/ann/badges",
        "/teams/nobody/members",
    ] {
        assert_eq!(api.get(path).await.status, 404, "{path}");
    }
    assert_eq!(api.post("/teams/nobody/members", json!({"member": {"login": "cy"}})).await.status, 404);
    assert_eq!(api.delete("/teams/red/members/bob").await.is(200), json!({"done": true}));
    assert_eq!(api.get("/teams/red/members/bob/badges").await.status, 404);
}

#[tokio::test]
async fn every_style_walks_all_rows() {
    let (_server, api) = played("pages.yaml").await;
    for number in 1..=5 {
        api.post("/rows", json!({"tag": if number == 3 { "odd" } else { "even" }})).await.is(201);
    }
    let ids = |rows: &Value| column(rows, "id").join(" ");
    let offset = api.get("/by-offset?limit=2&skip=2").await.is(200);
    assert_eq!(ids(&offset["items"]), "3 4");
    assert_eq!(offset["meta"], json!({"total": 5, "offset": 2, "limit": "2"}));
    assert_eq!(ids(&api.get("/by-offset?skip=9").await.is(200)["items"]), "");
    let page = api.get("/by-page?page=2&per_page=2").await;
    assert_eq!(ids(&page.is(200)), "3 4");
    assert_eq!((header(&page, "x-total-count"), header(&page, "x-total-pages")), ("5", "3"));
    let link = header(&page, "link");
    assert!(link.contains("page=1>; rel=\"prev\"") && link.contains("page=3>; rel=\"next\""), "{link}");
    let last = api.get("/by-page?page=3&per_page=2").await;
    assert_eq!(ids(&last.is(200)), "5");
    assert!(!header(&last, "link").contains("next"));
    let after = api.get("/by-row?limit=2&starting_after=2").await.is(200);
    assert_eq!((ids(&after["data"]).as_str(), &after["has_more"]), ("3 4", &json!(true)));
    assert_eq!(api.get("/by-row?starting_after=5").await.is(200), json!({"data": [], "has_more": false}));
    assert_eq!(api.get("/by-row?starting_after=99").await.status, 400);
    let (mut path, mut met) = ("/by-token?limit=2".to_owned(), Vec::new());
    loop {
        let page = api.get(&path).await.is(200);
        met.extend(column(&page["rows"], "id"));
        match page["next"].as_str() {
            Some(next) => path = format!("/by-token?limit=2&next={next}"),
            None => break,
        }
    }
    assert_eq!(met, ["1", "2", "3", "4", "5"]);
    let url = api.get("/by-url?limit=2").await.is(200);
    assert_eq!(
        (ids(&url["results"]).as_str(), &url["count"], &url["previous"]),
        ("1 2", &json!(5), &Value::Null)
    );
    let next = url["next"].as_str().unwrap();
    assert!(next.starts_with("http://127.0.0.1:") && next.ends_with("/by-url?limit=2&offset=2"), "{next}");
    assert_eq!(ids(&api.get("/whole").await.is(200)), "1 2 3 4 5");
    assert_eq!(ids(&api.get("/whole?tag=odd").await.is(200)), "3");
    assert_eq!(ids(&api.get("/whole?tags=odd&tags=even").await.is(200)), "1 2 3 4 5");
    assert_eq!(ids(&api.get("/whole?tags=odd").await.is(200)), "3");
}

#[tokio::test]
async fn what_a_body_cannot_give_is_filled_by_the_row_schema() {
    let (_server, api) = played("pages.yaml").await;
    let made = api.post("/rows", json!({})).await.is(201);
    assert_eq!(
        made,
        json!({"id": 1, "tag": "even", "note": null, "at": "2026-05-26T17:21:09.412Z", "epoch": 1_779_816_069,
            "marks": [], "level": 5, "url": "https://example.com/"})
    );
    assert_eq!(column(&api.get("/summaries").await.is(200), "id"), ["1"]);
    assert_eq!(api.get("/summaries").await.is(200)[0], json!({"id": 1, "tag": "even"}));
}

#[tokio::test]
async fn a_credential_of_the_described_form_opens_the_one_world() {
    let (_server, api) = played("keys.yaml").await;
    let call = async |path: &str, headers: &[(&str, &str)]| {
        let with = |request| {
            headers.iter().fold(request, |request: reqwest::RequestBuilder, (name, value)| {
                request.header(*name, *value)
            })
        };
        api.send("GET", path, with).await
    };
    let refused = call("/header", &[]).await;
    assert_eq!(
        refused.is(401)["reason"].as_str().unwrap(),
        "No credential was sent. Send it as the header `X-Key`."
    );
    for (path, good, bad) in [
        ("/header", ("X-Key", "k"), ("Authorization", "Bearer k")),
        ("/cookie", ("Cookie", "sid=k"), ("Cookie", "other=k")),
        ("/bearer", ("Authorization", "Bearer k"), ("Authorization", "Basic dTpw")),
        ("/basic", ("Authorization", "Basic dTpw"), ("Authorization", "Bearer k")),
        ("/either", ("X-Key", "k"), ("Cookie", "sid=k")),
        ("/either", ("Authorization", "Bearer k"), ("Authorization", "k")),
    ] {
        assert_eq!(call(path, &[good]).await.status, 200, "{path} {good:?}");
        assert_eq!(call(path, &[bad]).await.status, 401, "{path} {bad:?}");
    }
    assert_eq!(call("/query?key=k", &[]).await.status, 200);
    assert_eq!(call("/query", &[("X-Key", "k")]).await.status, 401);
    assert_eq!(call("/both", &[("X-Key", "k")]).await.status, 401);
    assert_eq!(call("/both?key=k", &[("X-Key", "k")]).await.status, 200);
    assert_eq!(call("/optional", &[]).await.status, 200);
    let made = api
        .send("POST", "/header", |request| request.header("X-Key", "a").json(&json!({"name": "Ann"})))
        .await;
    made.is(201);
    assert_eq!(column(&call("/bearer", &[("Authorization", "Bearer b")]).await.is(200), "name"), ["Ann"]);
    assert_eq!(column(&call("/optional", &[]).await.is(200), "name"), ["Ann"]);
}

#[tokio::test]
async fn rows_that_nobody_wrote_come_from_the_examples_else_from_the_schemas() {
    let (_server, api) = played("first.yaml").await;
    let shelves = api.get("/shelves").await.is(200);
    assert_eq!(shelves[0], json!({"id": 1, "label": "label 1", "wood": "oak"}));
    assert_eq!(
        (column(&shelves, "id").join(" "), column(&shelves, "wood").join(" ")),
        ("1 2 3".into(), "oak ash oak".into())
    );
    assert_eq!(api.post("/shelves", json!({"label": "x"})).await.is(201)["id"], 4);
    let books = api.get("/shelves/2/books").await.is(200);
    assert_eq!(column(&books, "title"), ["title 4", "title 5", "title 6"]);
    assert_eq!(api.get("/shelves/4/books").await.is(200), json!([]));
    assert_eq!(column(&api.get("/authors").await.is(200)["data"], "slug"), ["austen", "joyce"]);
    assert_eq!(
        api.get("/kept").await.is(200),
        json!([]),
        "a description that names its rows says which there are"
    );
    let (_other, again) = played("first.yaml").await;
    assert_eq!(again.get("/shelves/2/books").await.is(200), books, "the same for a seed");
}

#[tokio::test]
async fn a_world_may_begin_empty_all_the_same() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/roles/first.yaml");
    let contract = Arc::new(Contract::load(&path).unwrap());
    let server = MockServer::builder().contract(contract.as_ref().clone()).empty(true).start().await.unwrap();
    let api = Api::at(server.url(), contract);
    assert_eq!(api.get("/shelves").await.is(200), json!([]));
}
