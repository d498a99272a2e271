//! Any documented answer on demand: `Prefer`, its query twins, and replay.

use schemas::StatusPattern;
use serde_json::json;

use crate::support::api::Api;
use crate::support::contract::in_envelope;
use crate::support::server::shared_url;
use crate::support::{Answer, Own, builtin, client, world};

async fn prefer(api: &Api, method: &str, target: &str, value: &str) -> Answer {
    api.send(method, target, |request| request.header("Prefer", value)).await
}

#[tokio::test]
async fn a_code_is_answered_with_an_example_of_it() {
    let api = Api::private();
    let answer = prefer(&api, "POST", "/customers", "code=409").await;
    assert_eq!(answer.is(409)["error"]["type"], "conflict");
    assert_eq!(answer.header("Preference-Applied"), Some("code=409"));
    assert_eq!(
        api.get("/customers?limit=100").await.is(200)["data"].as_array().unwrap().len(),
        64,
        "nothing was done"
    );
}

#[tokio::test]
async fn an_example_is_answered_by_name() {
    let api = Api::private();
    let answer = prefer(&api, "POST", "/customers", "example=slug_taken").await;
    answer.refused(409, "slug_taken", "slug");
    assert_eq!(answer.header("Preference-Applied"), Some("example=slug_taken"));
    let answer = prefer(&api, "PATCH", "/onboardings/1", "code=200, example=waiting").await;
    assert_eq!(answer.is(200)["state"], "waiting");
    assert_eq!(answer.header("Preference-Applied"), Some("code=200, example=waiting"));
}

#[tokio::test]
async fn the_query_twins_do_the_same() {
    let api = Api::private();
    let answer = api.get("/customers?__code=429").await;
    answer.refused(429, "rate_limited", None);
    assert!(answer.number("Retry-After") > 0);
    let answer = api.get("/customers?__example=empty&limit=0").await;
    assert_eq!(answer.is(200)["data"], json!([]));
    assert_eq!(answer.header("Preference-Applied"), Some("example=empty"));
}

#[tokio::test]
async fn every_documented_status_can_be_asked_for() {
    let api = Api::private();
    for operation in builtin().operations() {
        let path = operation.path.expand(|_| Some("128".to_owned()));
        for response in &operation.responses {
            let StatusPattern::Exact(status) = response.status else { panic!("{}", operation.id) };
            let answer = prefer(&api, operation.method.as_str(), &path, &format!("code={status}")).await;
            answer.is(status);
        }
    }
}

#[tokio::test]
async fn an_internal_error_can_be_asked_for() {
    let url = format!("{}/customers?__code=500", shared_url());
    let response = client().get(url).bearer_auth("pivotal_demo").send().await.unwrap();
    assert_eq!(response.status(), 500);
    let body = response.bytes().await.unwrap();
    in_envelope(&builtin(), 500, &body, "a failure on demand");
}

#[tokio::test]
async fn every_fixture_can_be_asked_for_by_name() {
    let api = Api::private();
    let world = world();
    for operation in builtin().operations() {
        let path = operation.path.expand(|_| Some("128".to_owned()));
        for example in world.examples.of(&operation.id) {
            let target = format!("{path}?__code={}&__example={}", example.status, example.name);
            let answer = api.send(operation.method.as_str(), &target, |request| request).await;
            let body = answer.is(example.status);
            if operation.id != "get-health" {
                assert_eq!(Some(body), example.body, "{} {}", operation.id, example.name);
            }
        }
    }
}

#[tokio::test]
async fn what_there_is_no_example_of_is_refused_by_name() {
    let api = Api::private();
    for value in ["code=teapot", "code=99", "code=", "example=nothing", "code=200, example=slug_taken"] {
        let answer = prefer(&api, "POST", "/customers", value).await;
        assert_eq!(answer.status, 400, "{answer}");
        assert_eq!(answer.header("Preference-Applied"), None);
    }
}

#[tokio::test]
async fn other_preferences_are_left_alone() {
    let api = Api::private();
    let answer = prefer(&api, "GET", "/customers/128", "respond-async, wait=10").await;
    assert_eq!(answer.is(200)["display_id"], 128);
    assert_eq!(answer.header("Preference-Applied"), None);
}

#[tokio::test]
async fn a_preference_needs_a_key() {
    Api::shared().get("/customers?__code=200").await.refused(401, "missing_api_key", None);
}

#[tokio::test]
async fn replay_answers_the_example_whatever_the_state() {
    let own = Own::start(|builder| builder.replay(true)).await;
    let api = &own.api;
    let world = world();
    for operation in builtin().operations() {
        let path = operation.path.expand(|_| Some("whatever".to_owned()));
        let default = world.examples.find(&operation.id, "default").expect("a default");
        for _ in 0..2 {
            let answer = api
                .send(operation.method.as_str(), &path, |request| {
                    request.json(&json!({"name": "n", "email": "n@x.example", "customer_id": "x"}))
                })
                .await;
            let body = answer.is(default.status);
            if operation.id != "get-health" && operation.id != "get-me" {
                assert_eq!(Some(body), default.body, "{}", operation.id);
            }
        }
    }
}

#[tokio::test]
async fn replay_still_turns_away_and_still_validates() {
    let own = Own::start(|builder| builder.replay(true)).await;
    own.api.without_key().get("/customers").await.refused(401, "missing_api_key", None);
    own.api.post("/customers", json!({})).await.refused(400, "missing_field", "name");
    own.api.get("/customers?limit=0").await.refused(400, "too_small", "limit");
    own.api.get("/customers?__example=empty").await.is(200);
}
