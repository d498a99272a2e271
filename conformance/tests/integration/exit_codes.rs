//! What the program's exit codes mean.

use std::fs;

use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{Project, mock, plain, usual};

#[tokio::test]
async fn every_code_is_what_it_is_documented_to_be() {
    let (project, server) = (Project::new(), mock().await);
    let mut holds = usual(server.url());
    holds.extend(["--law", "auth-missing"]);
    assert_eq!(project.run(&holds).await.code, i32::from(conformance::exit::HOLDS));

    let faulty = MockServer::start().await;
    let answer = |request: &Request| match request.method.as_str() {
        "GET" => ResponseTemplate::new(200).set_body_json(json!([])),
        _ => ResponseTemplate::new(500),
    };
    Mock::given(any()).respond_with(answer).mount(&faulty).await;
    let (url, plain) = (format!("{}/v1", faulty.uri()), plain());
    let violated = ["run", "--url", &url, "--api-key", "key-of-mine", "--contract", &plain];
    assert_eq!(project.run(&violated).await.code, i32::from(conformance::exit::VIOLATED));

    let unreachable = ["run", "--url", "http://127.0.0.1:1/v1", "--api-key", "key-of-mine"];
    assert_eq!(project.run(&unreachable).await.code, i32::from(conformance::exit::CANNOT_JUDGE));
    assert_eq!(project.run(&["run", "--frobnicate"]).await.code, i32::from(conformance::exit::CANNOT_JUDGE));
    // 130 is tested where a run is interrupted.
}

#[tokio::test]
async fn completions_and_pages_are_made_for_every_command() {
    let project = Project::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = project.run(&["completions", shell]).await;
        assert_eq!(ended.code, 0, "{ended:#?}");
        assert!(ended.out.contains("max-requests") && ended.out.contains("cleanup"), "{shell}");
    }
    assert_eq!(project.run(&["completions", "tcsh"]).await.code, 2);
    let ended = project.run(&["man", "pages"]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    let pages = project.files("pages");
    for page in ["conformance.1", "conformance-run.1", "conformance-cleanup.1", "conformance-baseline-add.1"]
    {
        assert!(pages.contains(&page.to_owned()), "{page}: {pages:?}");
    }
    let run = fs::read_to_string(project.path("pages/conformance-run.1")).expect("it was written");
    assert!(run.contains("\\-\\-max\\-time"), "{run}");
    assert_eq!(project.run(&["man", "/proc/none"]).await.code, 2);
}

#[tokio::test]
async fn a_pattern_that_matches_nothing_is_refused() {
    let (project, server) = (Project::new(), MockServer::start().await);
    for (flag, pattern, message) in [
        (
            "--law",
            "unique-on-creat",
            "--law unique-on-creat matches no law\n  help: did you mean unique-on-create?",
        ),
        ("--law", "banana*", "`conformance laws` lists them"),
        ("--operation", "create-custmer", "did you mean create-customer?"),
        ("--operation", "x*", "it has get-me, "),
    ] {
        let ended = project.run(&["run", "--url", &server.uri(), "--api-key", "k", flag, pattern]).await;
        assert!(ended.code == 2 && ended.err.contains(message), "{ended:#?}");
    }
    assert_eq!(server.received_requests().await.map(|requests| requests.len()), Some(0));
}
