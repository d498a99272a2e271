//! How the program behaves towards a target that counts.

use std::sync::atomic::{AtomicUsize, Ordering};

use mock_server::{MockServer, RateLimitMode};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer as StandIn, Request, ResponseTemplate};

use crate::support::{Project, mock, plain};

fn refusal() -> ResponseTemplate {
    ResponseTemplate::new(429).insert_header("retry-after", "0").set_body_json(json!({"error": "slow down"}))
}

/// Runs the plain contract against a stand-in.
async fn run_plain(server: &StandIn, project: &Project) -> crate::support::Ended {
    let (url, plain) = (format!("{}/v1", server.uri()), plain());
    let mut arguments = vec!["run", "--url", &url, "--api-key", "key-of-mine", "--contract", &plain];
    arguments.extend(["--operation", "list-*", "--law", "valid-*", "--report", "json=report.json"]);
    project.run(&arguments).await
}

#[tokio::test]
async fn a_refusal_for_going_too_fast_is_honoured_where_the_contract_says_nothing_of_it() {
    let (project, server, count) = (Project::new(), StandIn::start().await, AtomicUsize::new(0));
    let answer = move |_: &Request| match count.fetch_add(1, Ordering::SeqCst) {
        1 => refusal(),
        _ => ResponseTemplate::new(200).set_body_json(json!([])),
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let ended = run_plain(&server, &project).await;
    assert_eq!(ended.code, 0, "a refusal is no answer to a law: {ended:#?}");
    assert_eq!(project.json("report.json")["throttled"], 1);
}

#[tokio::test]
async fn a_target_that_refuses_for_ever_is_left_alone() {
    let (project, server) = (Project::new(), StandIn::start().await);
    Mock::given(any()).respond_with(refusal()).mount(&server).await;
    let ended = run_plain(&server, &project).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.err.contains("refused it again and again for going too fast"), "{ended:#?}");
}

#[tokio::test]
async fn keys_of_one_workspace_share_the_load() {
    let project = Project::new();
    let limited = MockServer::builder().rate_limit(RateLimitMode::PerMinute(40));
    let server = limited.start().await.expect("a free port");
    let arguments =
        ["run", "--url", server.url(), "--api-key", "pivotal_test_demo", "--api-key", "pivotal_demo"];
    let mut arguments = arguments.to_vec();
    arguments.extend(["--allow-live", "--max-time", "20s", "--report", "json=report.json"]);
    let ended = project.run(&arguments).await;
    // The time does not reach every law.
    assert_eq!(ended.code, 2, "{ended:#?}");
    let report = project.json("report.json");
    assert_eq!((&report["throttled"], &report["leftovers"]), (&json!(0), &json!(0)), "{ended:#?}");
    let requests = report["requests"].as_u64().expect("a number");
    assert!(requests > 60, "one key alone could not: {requests}");
}

#[tokio::test]
async fn keys_of_two_workspaces_do_not_share_a_load() {
    let (project, server) = (Project::new(), mock().await);
    let run = ["run", "--url", server.url(), "--api-key", "pivotal_test_demo", "--api-key"];
    for (key, message) in [
        ("pivotal_test_other", "--api-key number 2 opens another workspace than the first"),
        ("pivotal_test_revoked", "refuses --api-key number 2 (401)"),
    ] {
        let mut arguments = run.to_vec();
        arguments.push(key);
        let ended = project.run(&arguments).await;
        assert_eq!(ended.code, 2, "{ended:#?}");
        assert!(ended.err.contains(message), "{ended:#?}");
    }
}

#[tokio::test]
async fn headers_of_ones_own_are_on_every_request() {
    let (project, server) = (Project::new(), StandIn::start().await);
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(json!([]))).mount(&server).await;
    let (url, plain) = (format!("{}/v1", server.uri()), plain());
    let mut arguments = vec!["run", "--url", &url, "--api-key", "key-of-mine", "--contract", &plain];
    arguments.extend(["--header", "X-Env: staging", "--header", "X-Gate: a: b"]);
    project.run(&arguments).await;
    let requests = server.received_requests().await.expect("they are recorded");
    assert!(requests.len() > 3);
    for request in requests {
        assert_eq!(request.headers["x-env"], "staging");
        assert_eq!(request.headers["x-gate"], "a: b");
    }
}

#[tokio::test]
async fn an_operation_with_a_limit_of_its_own_does_not_take_the_time_of_the_others() {
    let (project, server, count) = (Project::new(), StandIn::start().await, AtomicUsize::new(0));
    let answer = move |request: &Request| match (request.method.as_str(), request.url.path()) {
        ("POST", "/letters") if count.fetch_add(1, Ordering::SeqCst) > 0 => {
            refusal().insert_header("retry-after", "60")
        }
        ("POST", "/letters") | ("GET", "/a" | "/b") => ResponseTemplate::new(200).set_body_json(json!({})),
        _ => ResponseTemplate::new(404),
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let object = |required: &[&str]| {
        let schema = json!({"type": "object", "required": required});
        json!({"200": {"description": "x", "content": {"application/json": {"schema": schema}}}, "422": {"description": "x"}})
    };
    let body = json!({"required": true, "content": {"application/json": {"schema": {"type": "object", "required": ["text"],
        "properties": {"text": {"type": "string", "minLength": 1, "maxLength": 9}}}}}});
    let description = json!({"openapi": "3.0.3", "info": {"title": "x", "version": "1"}, "paths": {
        "/letters": {"post": {"operationId": "write", "requestBody": body, "responses": object(&[])}},
        "/a": {"get": {"operationId": "a", "responses": object(&["id"])}},
        "/b": {"get": {"operationId": "b", "responses": object(&["id"])}},
    }});
    std::fs::write(project.path("api.json"), description.to_string()).expect("written");
    let url = server.uri();
    let begun = std::time::Instant::now();
    let run = ["run", "api.json", "--url", &url, "--max-time", "60s", "--report", "json=r.json"];
    let ended = project.run(&run).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert!(begun.elapsed().as_secs() < 20, "{ended:#?}");
    let report = project.json("r.json");
    let found = report["findings"].as_array().expect("findings");
    assert!(found.iter().all(|one| one["law"] == "response-schema" && one["repeats"] == 3), "{report:#}");
    assert_eq!(found.len(), 1, "{report:#}");
    assert!(report.to_string().contains("write may be called so seldom"), "{report:#}");
}
