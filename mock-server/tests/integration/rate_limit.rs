//! How often a key may call, and what every answer says about it.

use mock_server::{Builder, Clock, RateLimitMode};
use serde_json::json;

use crate::support::{Answer, Own, client};

fn per_minute(number: u32) -> impl FnOnce(Builder) -> Builder {
    move |builder| builder.rate_limit(RateLimitMode::PerMinute(number))
}

fn allowance(answer: &Answer) -> (i64, i64) {
    (answer.number("X-RateLimit-Limit"), answer.number("X-RateLimit-Remaining"))
}

#[tokio::test]
async fn every_answer_says_what_is_left() {
    let own = Own::start(|builder| builder).await;
    let api = &own.api;
    for answer in [
        api.get("/me").await,
        api.get("/customers").await,
        api.post("/customers", json!({})).await,
        api.post("/customers", json!({"name": "a", "slug": "atlas-meridian"})).await,
        api.get("/customers/nobody").await,
        api.get("/no/such/path").await,
        api.send("PUT", "/customers", |request| request).await,
        api.without_key().get("/me").await,
        api.with_key("pivotal_nobody").get("/me").await,
        api.get("/me?__code=409").await,
    ] {
        let (limit, remaining) = allowance(&answer);
        assert!(limit >= 1 && (0..=limit).contains(&remaining), "{answer}");
        assert!(answer.number("X-RateLimit-Reset") > 1_700_000_000, "{answer}");
        assert_eq!(answer.header("Retry-After"), None, "{answer}");
    }
}

#[tokio::test]
async fn the_allowance_counts_down_to_a_refusal() {
    let own = Own::start(per_minute(3)).await;
    for left in [2, 1, 0] {
        let answer = own.api.get("/me").await;
        answer.is(200);
        assert_eq!(allowance(&answer), (3, left));
    }
    for _ in 0..3 {
        let refused = own.api.get("/customers").await;
        refused.refused(429, "rate_limited", None);
        assert_eq!(allowance(&refused), (3, 0));
        let wait = refused.number("Retry-After");
        assert!((1..=60).contains(&wait), "{wait}");
    }
}

#[tokio::test]
async fn the_reset_is_when_the_wait_is_over() {
    let noon: Clock = "2026-05-26T12:00:00Z".parse().unwrap();
    let own = Own::start(|builder| per_minute(1)(builder).clock(noon)).await;
    own.api.get("/me").await.is(200);
    let refused = own.api.get("/me").await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.number("X-RateLimit-Reset"), 1_779_796_800 + refused.number("Retry-After"));
}

#[tokio::test]
async fn every_authenticated_call_counts_whatever_it_is_answered() {
    let own = Own::start(per_minute(5)).await;
    let api = &own.api;
    api.get("/me").await.is(200);
    api.get("/customers/nobody").await.is(404);
    api.post("/customers", json!({})).await.is(400);
    api.get("/no/such/path").await.is(404);
    api.send("PUT", "/customers", |request| request).await.is(405);
    api.get("/me").await.refused(429, "rate_limited", None);
}

#[tokio::test]
async fn a_refused_write_over_the_limit_does_nothing() {
    let own = Own::start(per_minute(1)).await;
    own.api.post_once("/customers", "k", json!({"name": "a", "slug": "mine"})).await.is(201);
    own.api.delete("/customers/128").await.refused(429, "rate_limited", None);
    own.api.post("/customers", json!({"name": "a", "slug": "other"})).await.refused(
        429,
        "rate_limited",
        None,
    );
    let live = own.api.with_key("pivotal_demo");
    assert_eq!(live.get("/customers?slug=other").await.is(200)["data"], json!([]));
}

#[tokio::test]
async fn calls_that_are_not_authenticated_count_against_nobody() {
    let own = Own::start(per_minute(1)).await;
    for _ in 0..3 {
        own.api.without_key().get("/me").await.refused(401, "missing_api_key", None);
        own.api.with_key("pivotal_nobody").get("/me").await.refused(401, "invalid_api_key", None);
        own.api.with_key("pivotal_test_revoked").get("/me").await.refused(401, "api_key_revoked", None);
    }
    own.api.get("/me").await.is(200);
}

#[tokio::test]
async fn health_and_preflights_do_not_count() {
    let own = Own::start(per_minute(1)).await;
    for _ in 0..3 {
        own.api.get("/health").await.is(200);
        let preflight = client()
            .request(reqwest::Method::OPTIONS, format!("{}/customers", own.server.url()))
            .header("Origin", "http://localhost:3000")
            .header("Access-Control-Request-Method", "POST");
        assert_eq!(preflight.send().await.unwrap().status(), 204);
    }
    own.api.get("/me").await.is(200);
    own.api.get("/health").await.is(200);
}

#[tokio::test]
async fn every_key_has_an_allowance_of_its_own() {
    let own = Own::start(per_minute(1)).await;
    for key in
        ["pivotal_demo", "pivotal_test_demo", "pivotal_test_other", "pivotal_test_ws_a", "pivotal_test_ws_b"]
    {
        own.api.with_key(key).get("/me").await.is(200);
        own.api.with_key(key).get("/me").await.refused(429, "rate_limited", None);
    }
}

#[tokio::test]
async fn the_documented_limits_follow_the_tier_of_the_key() {
    let own = Own::start(|builder| builder.rate_limit(RateLimitMode::Documented)).await;
    for (key, limit) in [("pivotal_demo", 60), ("pivotal_test_demo", 30), ("pivotal_test_ws_a", 30)] {
        let api = own.api.with_key(key);
        for used in 1..=limit {
            let answer = api.get("/me").await;
            answer.is(200);
            assert_eq!(allowance(&answer), (limit, limit - used));
        }
        api.get("/me").await.refused(429, "rate_limited", None);
    }
}

#[tokio::test]
async fn without_a_limit_nobody_is_refused() {
    let own = Own::start(|builder| builder).await;
    for _ in 0..100 {
        own.api.get("/me").await.is(200);
    }
}
