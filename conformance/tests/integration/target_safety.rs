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
