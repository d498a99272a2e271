//! What the server takes on at the most, and how it says so.

use mock_server::Limits;
use serde_json::json;

use crate::support::Own;
use crate::support::api::id;

async fn bounded(with: impl FnOnce(&mut Limits)) -> Own {
    let mut limits = Limits::default();
    with(&mut limits);
    Own::start(|builder| builder.limits(limits)).await
}

#[tokio::test]
async fn one_private_workspace_too_many_takes_the_place_of_the_one_not_used_for_longest() {
    let own = bounded(|limits| limits.workspaces = 2).await;
    let key = |name: &str| own.api.with_key(&format!("pivotal_test_ws_{name}"));
    let body = || json!({"name": "a", "slug": "mine"});
    let first = key("a").post_once("/customers", "once", body()).await.is(201);
    key("b").make("/customers", body()).await;
    key("a").get("/customers").await.is(200);
    key("c").make("/customers", body()).await;
    assert_eq!(key("a").get(&format!("/customers/{}", id(&first))).await.is(200), first);
    key("b").make("/customers", body()).await;
    key("b").post("/customers", body()).await.refused(409, "slug_taken", "slug");
    key("c").make("/customers", body()).await;
    let again = key("a").post_once("/customers", "once", body()).await.is(201);
    assert_eq!(again["id"], first["id"], "it begins anew, and no answer of before is given");
    own.api.get("/customers/128").await.is(200);
    own.api.with_key("pivotal_test_other").get("/customers/1").await.is(200);
}

#[tokio::test]
async fn where_there_may_be_no_private_workspace_none_is_opened() {
    let own = bounded(|limits| limits.workspaces = 0).await;
    let refused = own.api.with_key("pivotal_test_ws_a").get("/customers").await;
    assert_eq!(refused.is(400)["error"]["code"], "mock_limit_reached");
    assert!(refused.json()["error"]["message"].as_str().unwrap().contains("--max-workspaces"));
}

#[tokio::test]
async fn deleted_rows_make_room_for_new_ones() {
    let own = bounded(|limits| limits.rows = 60).await;
    let api = own.api.with_key("pivotal_test_other");
    let first = api.make("/customers", json!({"name": "first"})).await;
    api.delete(&format!("/customers/{}", id(&first))).await.is(200);
    let mut last = first.clone();
    for _ in 0..200 {
        last = api.make("/customers", json!({"name": "next"})).await;
        api.delete(&format!("/customers/{}", id(&last))).await.is(200);
    }
    api.delete(&format!("/customers/{}", id(&last))).await.is(200);
    let gone = api.delete(&format!("/customers/{}", id(&first))).await;
    gone.refused(404, "customer_not_found", None);
    let kept = api.make("/customers", json!({"name": "kept"})).await;
    assert_ne!((&kept["id"], &kept["display_id"]), (&last["id"], &last["display_id"]));
    assert_eq!(api.get(&format!("/customers/{}", id(&kept))).await.is(200), kept);
}

#[tokio::test]
async fn one_row_too_many_is_refused_and_nothing_is_lost() {
    let own = bounded(|limits| limits.rows = 10).await;
    let api = own.api.with_key("pivotal_test_other");
    let mut made = Vec::new();
    let refused = loop {
        let answer = api.post("/customers", json!({"name": "a"})).await;
        if answer.status != 201 {
            break answer;
        }
        made.push(answer.json());
        assert!(made.len() <= 10);
    };
    assert_eq!(refused.is(400)["error"]["code"], "mock_limit_reached");
    assert!(refused.json()["error"]["message"].as_str().unwrap().contains("--max-rows"));
    let contact = json!({"name": "a", "email": "a@x.example"});
    assert_eq!(
        api.post("/customers/1/contacts", contact).await.is(400)["error"]["code"],
        "mock_limit_reached"
    );
    for row in &made {
        assert_eq!(&api.get(&format!("/customers/{}", id(row))).await.is(200), row);
    }
    api.patch("/customers/1", json!({"name": "still"})).await.is(200);
    api.delete("/customers/1").await.is(200);
}

#[tokio::test]
async fn one_idempotency_key_too_many_is_refused_and_those_kept_still_answer() {
    let own = bounded(|limits| limits.idempotency_entries = 2).await;
    let mut bodies = Vec::new();
    for key in ["a", "b"] {
        bodies.push(own.api.post_once("/customers", key, json!({"name": key})).await.body);
    }
    let refused = own.api.post_once("/customers", "c", json!({"name": "c"})).await;
    assert_eq!(refused.is(400)["error"]["code"], "mock_limit_reached");
    assert!(refused.json()["error"]["message"].as_str().unwrap().contains("--max-idempotency-keys"));
    for (key, body) in ["a", "b"].iter().zip(bodies) {
        assert_eq!(own.api.post_once("/customers", key, json!({"name": key})).await.body, body);
    }
    own.api.post("/customers", json!({"name": "without"})).await.is(201);
}

#[tokio::test]
async fn a_failed_request_takes_no_place_among_the_idempotency_keys() {
    let own = bounded(|limits| limits.idempotency_entries = 1).await;
    for key in ["a", "b", "c"] {
        own.api.post_once("/customers", key, json!({})).await.refused(400, "missing_field", "name");
    }
    own.api.post_once("/customers", "d", json!({"name": "d"})).await.is(201);
}

#[tokio::test]
async fn a_private_key_that_is_too_long_is_unknown() {
    let own = Own::start(|builder| builder).await;
    let key = format!("pivotal_test_ws_{}", "x".repeat(5_000));
    own.api.with_key(&key).get("/me").await.refused(401, "invalid_api_key", None);
}
