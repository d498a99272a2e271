//! `Idempotency-Key`: the same request twice makes one row.

use serde_json::json;

use crate::support::api::{Api, id};
use crate::support::{Own, Wire};

async fn count(api: &Api, name: &str) -> usize {
    api.walk("/customers?limit=100").await.iter().filter(|row| row["name"] == name).count()
}

#[tokio::test]
async fn the_same_key_and_body_answer_the_same_bytes_and_make_no_second_row() {
    let api = Api::private();
    let body = json!({"name": "Once", "slug": "once"});
    let first = api.post_once("/customers", "k1", body.clone()).await;
    first.is(201);
    api.patch(&format!("/customers/{}", id(&first.json())), json!({"plan": "changed"})).await.is(200);
    for _ in 0..3 {
        let again = api.post_once("/customers", "k1", body.clone()).await;
        assert_eq!((again.status, &again.body), (201, &first.body));
    }
    assert_eq!(count(&api, "Once").await, 1);
}

#[tokio::test]
async fn every_post_takes_a_key() {
    let api = Api::private();
    for (target, body) in [
        ("/customers", json!({"name": "a"})),
        ("/customers/128/contacts", json!({"name": "a", "email": "once@x.example"})),
        ("/onboardings", json!({"customer_id": "128"})),
    ] {
        let first = api.post_once(target, "every", body.clone()).await;
        first.is(201);
        assert_eq!(api.post_once(target, "every", body).await.body, first.body, "{target}");
    }
}

#[tokio::test]
async fn without_a_key_the_same_body_makes_two_rows() {
    let api = Api::private();
    for _ in 0..2 {
        api.make("/customers", json!({"name": "Twice"})).await;
    }
    assert_eq!(count(&api, "Twice").await, 2);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_a_conflict() {
    let api = Api::private();
    api.post_once("/customers", "k", json!({"name": "a"})).await.is(201);
    for body in [json!({"name": "b"}), json!({"name": "a", "plan": "p"}), json!({})] {
        let refused = api.post_once("/customers", "k", body).await;
        refused.refused(409, "idempotency_key_reused", None);
    }
    assert_eq!(count(&api, "b").await, 0);
    api.post_once("/customers", "k", json!({"name": "a"})).await.is(201);
}

#[tokio::test]
async fn a_key_belongs_to_its_endpoint() {
    let api = Api::private();
    let contact = json!({"name": "a", "email": "e@x.example"});
    api.post_once("/customers", "k", json!({"name": "a"})).await.is(201);
    api.post_once("/onboardings", "k", json!({"customer_id": "128"})).await.is(201);
    api.post_once("/customers/128/contacts", "k", contact.clone()).await.is(201);
    api.post_once("/customers/5/contacts", "k", contact).await.is(201);
}

#[tokio::test]
async fn a_key_belongs_to_its_workspace() {
    let (one, two) = (Api::private(), Api::private());
    let first = one.post_once("/customers", "k", json!({"name": "a"})).await;
    let second = two.post_once("/customers", "k", json!({"name": "b"})).await;
    assert_ne!(first.is(201)["id"], second.is(201)["id"]);
}

#[tokio::test]
async fn two_keys_of_one_workspace_share_idempotency_keys() {
    let own = Own::start(|builder| builder).await;
    let body = json!({"name": "a"});
    let first = own.api.post_once("/customers", "k", body.clone()).await;
    let again = own.api.with_key("pivotal_demo").post_once("/customers", "k", body).await;
    assert_eq!(first.body, again.body);
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    let api = Api::private();
    api.post_once("/customers", "k", json!({"name": ""})).await.refused(400, "too_small", "name");
    let taken = json!({"name": "a", "slug": "atlas-meridian"});
    api.post_once("/customers", "k", taken.clone()).await.refused(409, "slug_taken", "slug");
    api.delete("/customers/5").await.is(200);
    let made = api.post_once("/customers", "k", taken.clone()).await;
    made.is(201);
    assert_eq!(api.post_once("/customers", "k", taken).await.body, made.body);
}

#[tokio::test]
async fn a_body_that_does_not_parse_is_not_kept() {
    let api = Api::private();
    let broken =
        api.send("POST", "/customers", |request| request.header("Idempotency-Key", "k").body("{")).await;
    broken.refused(400, "invalid_json", None);
    api.post_once("/customers", "k", json!({"name": "a"})).await.is(201);
}

#[tokio::test]
async fn a_key_may_have_255_bytes_and_no_more() {
    let api = Api::private();
    let (longest, over) = ("k".repeat(255), "k".repeat(256));
    let first = api.post_once("/customers", &longest, json!({"name": "a"})).await;
    first.is(201);
    assert_eq!(api.post_once("/customers", &longest, json!({"name": "a"})).await.body, first.body);
    let refused = api.post_once("/customers", &over, json!({"name": "a"})).await;
    assert_eq!(refused.is(400)["error"]["code"], "too_big");
    assert_eq!(count(&api, "a").await, 1);
}

#[tokio::test]
async fn the_length_of_a_key_is_counted_in_bytes_and_any_bytes_will_do() {
    let api = Api::private();
    let send = |key: Vec<u8>| {
        let api = api.clone();
        async move {
            let value = reqwest::header::HeaderValue::from_bytes(&key).unwrap();
            api.send("POST", "/customers", |request| {
                request.header("Idempotency-Key", value).json(&json!({"name": "bytes"}))
            })
            .await
        }
    };
    let first = send("ключ".into()).await;
    first.is(201);
    assert_eq!(send("ключ".into()).await.body, first.body);
    assert_ne!(send("замок".into()).await.body, first.body);
    send("é".repeat(127).into()).await.is(201);
    assert_eq!(send("é".repeat(128).into()).await.status, 400, "256 bytes in 128 characters");
}

#[tokio::test]
async fn a_key_on_a_get_a_patch_or_a_delete_means_nothing() {
    let api = Api::private();
    for (method, target) in [
        ("GET", "/customers/128"),
        ("PATCH", "/customers/128"),
        ("PATCH", "/customers/5"),
        ("DELETE", "/customers/5"),
    ] {
        let answer = api
            .send(method, target, |request| {
                request.header("Idempotency-Key", "k").json(&json!({"plan": target}))
            })
            .await;
        answer.is(200);
    }
}

#[tokio::test]
async fn a_key_whose_first_request_is_still_on_its_way_is_in_flight() {
    let api = Api::private();
    let head = format!(
        "POST /api/v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nIdempotency-Key: flight\r\n\
         Content-Length: 14\r\nExpect: 100-continue\r\n\r\n",
        api.key()
    );
    let mut wire = Wire::shared().await;
    assert!(wire.send(head).await);
    // The server asks for the body once it has claimed the key.
    assert_eq!(wire.answer().await.status, 100);
    for body in [json!({"name": "a"}), json!({"name": "b"})] {
        api.post_once("/customers", "flight", body).await.refused(409, "idempotency_in_flight", None);
    }
    api.post_once("/customers", "another", json!({"name": "a"})).await.is(201);
    assert!(wire.send(r#"{"name":"held"#).await);
    api.post_once("/customers", "flight", json!({"name": "b"})).await.refused(
        409,
        "idempotency_in_flight",
        None,
    );
    assert!(wire.send("\"").await);
    let broken = wire.answer().await;
    broken.refused(400);
    api.post_once("/customers", "flight", json!({"name": "after"})).await.is(201);
}

#[tokio::test]
async fn a_key_is_free_again_when_its_first_request_breaks_off() {
    let api = Api::private();
    let head = format!(
        "POST /api/v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nIdempotency-Key: broken\r\n\
         Content-Length: 100\r\nExpect: 100-continue\r\n\r\n",
        api.key()
    );
    let mut wire = Wire::shared().await;
    assert!(wire.send(head).await);
    assert_eq!(wire.answer().await.status, 100);
    wire.half_close().await;
    wire.ends().await;
    api.post_once("/customers", "broken", json!({"name": "a"})).await.is(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_concurrent_requests_with_one_key_one_makes_the_row() {
    let api = Api::private();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let api = api.clone();
        tasks.spawn(async move { api.post_once("/customers", "race", json!({"name": "Race"})).await });
    }
    let answers = tasks.join_all().await;
    let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert!(!made.is_empty() && made.iter().all(|answer| answer.body == made[0].body));
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "idempotency_in_flight", None);
    }
    assert_eq!(count(&api, "Race").await, 1);
}
