//! Known findings are suppressed until a date; new ones fail.

use std::fs;

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{Ended, Project, plain};

/// A target of the plain contract that answers reads with the wrong content type, and if `crashes`, crashes on a wrong
/// method.
async fn target(crashes: bool) -> MockServer {
    let server = MockServer::start().await;
    let answer = move |request: &Request| {
        let known = request.headers.get("authorization").is_some_and(|value| value == "Bearer key-of-mine");
        match (request.method.as_str(), request.url.path(), known) {
            (_, "/v1/things", false) => ResponseTemplate::new(401),
            ("GET", "/v1/things", _) => ResponseTemplate::new(200).set_body_raw("[]", "text/plain"),
            ("PROPFIND", "/v1/things", _) if crashes => ResponseTemplate::new(500),
            ("PROPFIND" | "PUT" | "PATCH" | "DELETE", "/v1/things", _) => ResponseTemplate::new(405),
            ("POST", "/v1/things", _) => ResponseTemplate::new(400),
            _ => ResponseTemplate::new(404),
        }
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

async fn run(project: &Project, server: &MockServer, more: &[&str]) -> (Ended, Value) {
    let (url, plain) = (format!("{}/v1", server.uri()), plain());
    let mut arguments = vec!["run", "--url", &url, "--api-key", "key-of-mine", "--contract", &plain];
    arguments.extend(["--report", "json=report.json", "--report", "junit=report.xml"]);
    arguments.extend(more);
    let ended = project.run(&arguments).await;
    let report = if project.path("report.json").exists() { project.json("report.json") } else { Value::Null };
    (ended, report)
}

#[tokio::test]
async fn known_findings_are_told_and_fail_nothing_and_new_ones_do() {
    let (project, server) = (Project::new(), target(false).await);
    let (ended, report) = run(&project, &server, &[]).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    let before = report["summary"]["violations"].as_u64().expect("a number");
    assert!(before > 0);

    let ended = project.run(&["baseline", "add", "--reason", "wrong since ever", "--owner", "us"]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    let text = fs::read_to_string(project.path("conformance-baseline.yaml")).expect("it was written");
    assert!(text.contains("reason: wrong since ever") && text.contains("owner: us"), "{text}");

    let (ended, report) = run(&project, &server, &["--strict"]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!((&report["verdict"], &report["summary"]["violations"]), (&json!("pass"), &json!(0)));
    assert!(report["summary"]["baselined"].as_u64() >= Some(before));
    assert_eq!(report["findings"][0]["baselined"], true);
    assert!(ended.out.contains("known["), "{ended:#?}");
    let junit = fs::read_to_string(project.path("report.xml")).expect("it was written");
    assert!(!junit.contains("<failure"), "{junit}");

    let (ended, report) = run(&project, &target(true).await, &[]).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert_eq!(report["summary"]["violations"], 1, "{ended:#?}");
    assert!(ended.out.contains("violation[no-server-error]"), "{ended:#?}");

    // An entry of a law that was not selected was not judged; a fixed one is reported, and dropped.
    let (ended, report) = run(&project, &server, &["--law", "route-*"]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(!report["baseline"]["not_judged"].as_array().expect("ids").is_empty(), "{report:#}");
    let ended = project.run(&["baseline", "prune"]).await;
    assert!(ended.code == 0 && ended.out.contains("found nothing fixed"), "{ended:#?}");
}

#[tokio::test]
async fn what_is_borne_no_longer_fails_and_what_is_fixed_is_dropped() {
    let (project, server) = (Project::new(), target(true).await);
    run(&project, &server, &[]).await;
    let ended = project.run(&["baseline", "add", "--reason", "r", "--expires", "2020-01-01"]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    let (ended, report) = run(&project, &server, &[]).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert_eq!(report["summary"]["baselined"], 0);
    assert!(ended.out.contains("the baseline no longer suppresses it"), "{ended:#?}");

    let ended = project.run(&["baseline", "add", "--reason", "r", "--expires", "9999-12-31"]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    let (ended, report) = run(&project, &target(false).await, &[]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!(report["baseline"]["fixed"].as_array().map(Vec::len), Some(1), "{ended:#?}");
    let ended = project.run(&["baseline", "prune"]).await;
    assert!(ended.out.contains("no-server-error on ") && ended.out.contains("1 removed"), "{ended:#?}");
    let (_, report) = run(&project, &target(false).await, &[]).await;
    assert_eq!(report["baseline"]["fixed"], json!([]));
}

#[tokio::test]
async fn a_baseline_that_does_not_fit_stops_the_run_before_any_request() {
    let (project, server) = (Project::new(), target(false).await);
    let entry = "- {id: a, law: b, operation: c, class: d, reason: ";
    let head = "version: 1\ncontract: {title: Things, version: '1'}\nfindings:\n";
    let table = [
        (
            "version: 1\ncontract: {title: Other API, version: '1.0'}\n".to_owned(),
            "it is of Other API 1.0, not of",
        ),
        ("version: 2\ncontract: {title: Things, version: '1'}\n".to_owned(), "of version 2"),
        (format!("{head}{entry}''}}\n"), "a has no reason"),
        (format!("{head}{entry}r, expires: soon}}\n"), "\"soon\" is no day"),
        (format!("{head}{entry}r, expiers: 2026-01-01}}\n"), "expiers"),
        ("nonsense".to_owned(), "cannot be used"),
    ];
    for (text, message) in table {
        fs::write(project.path("known.yaml"), &text).expect("written");
        let (ended, _) = run(&project, &server, &["--baseline", "known.yaml"]).await;
        assert_eq!(ended.code, 2, "{text}: {ended:#?}");
        assert!(ended.err.contains(message), "{text}: {ended:#?}");
    }
    let (ended, _) = run(&project, &server, &["--baseline", "none.yaml"]).await;
    assert!(ended.code == 2 && ended.err.contains("the baseline none.yaml cannot be used"), "{ended:#?}");
    assert_eq!(server.received_requests().await.expect("they are recorded").len(), 0);
    for arguments in [
        vec!["baseline", "add"],
        vec!["baseline", "add", "--reason", " "],
        vec!["baseline", "add", "--reason", "r", "--expires", "soon"],
        vec!["baseline", "add", "--reason", "r"],
        vec!["baseline", "prune"],
    ] {
        let ended = project.run(&arguments).await;
        assert!(ended.code == 2 && !ended.err.is_empty(), "{arguments:?}: {ended:#?}");
    }
    run(&project, &server, &[]).await;
    let ended = project.run(&["baseline", "add", "--reason", "r", "12345678"]).await;
    assert!(ended.code == 2 && ended.err.contains("the last run has no finding 12345678"), "{ended:#?}");
}
