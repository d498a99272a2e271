//! What the program writes to stderr while it serves.

use serde_json::{Value, json};

use crate::support::process::{Ended, Program};
use crate::support::server::address_of;

/// Serves a few requests and returns what was logged.
async fn logged(arguments: &[&str]) -> Ended {
    let program = Program::start(arguments, &[]).await;
    let api = program.api();
    api.get("/customers/128").await.is(200);
    api.post("/customers", json!({"name": "a", "slug": "a"})).await.is(201);
    api.post("/customers", json!({"name": "a", "slug": "a"})).await.is(409);
    api.post("/customers", json!({})).await.is(400);
    api.get("/customers/no%0Abody%1B%5B31m?x=%0A").await.is(404);
    api.send("PUT", "/customers", |request| request).await.is(405);
    api.without_key().get("/customers").await.is(401);
    api.with_key("pivotal_s3cr3t").get("/customers").await.is(401);
    api.with_key("s3cr3t-without-prefix").get("/customers").await.is(401);
    api.with_key("pivotal_test_revoked").get("/customers").await.is(401);
    api.with_key("pivotal_test_ws_s3cr3t")
        .get("/customers?api_key=pivotal_test_ws_s3cr3t&limit=1")
        .await
        .is(200);
    api.without_key().get("/customers?key=pivotal_s3cr3t").await.is(401);
    api.send("GET", "/me", |request| request.header("Authorization", "Basic s3cr3t")).await.is(401);
    program.stop().await
}

const CALLS: usize = 13;

#[tokio::test]
async fn json_logs_are_one_object_a_line() {
    let end = logged(&["--log", "json"]).await;
    let lines: Vec<Value> = end
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")))
        .collect();
    let requests: Vec<&Value> = lines.iter().filter(|line| line["method"].is_string()).collect();
    assert_eq!(requests.len(), CALLS, "{}", end.stderr);
    let taken = requests[2];
    assert_eq!((&taken["method"], &taken["status"]), (&json!("POST"), &json!(409)));
    assert_eq!((&taken["operation"], &taken["workspace"]), (&json!("create-customer"), &json!("demo")));
    assert!(taken["reason"].as_str().unwrap().contains("slug_taken"));
    assert!(requests.iter().all(|line| line["at"].is_string() && line["micros"].is_u64()));
}

#[tokio::test]
async fn pretty_logs_are_a_line_a_request_with_the_reason_of_a_refusal_beneath() {
    let end = logged(&["--log", "pretty"]).await;
    let lines: Vec<&str> = end.stderr.lines().collect();
    let at = lines.iter().position(|line| line.contains(" 409 ")).expect("a line of the conflict");
    assert!(lines[at].contains("POST") && lines[at].contains("/customers"), "{}", lines[at]);
    assert!(lines[at + 1].contains("slug_taken"), "{}", lines[at + 1]);
    for status in ["200", "201", "400", "401", "404", "405", "409"] {
        assert!(lines.iter().any(|line| line.contains(&format!(" {status} "))), "{status}");
    }
    assert!(!end.stderr.contains('\u{1b}'), "no colours but on a terminal, and nothing a client sent");
}

#[tokio::test]
async fn logs_that_are_off_are_silent() {
    let end = logged(&["--log", "off"]).await;
    assert_eq!((end.stderr.as_str(), end.stdout.as_str()), ("", ""));
}

#[tokio::test]
async fn no_log_holds_a_key() {
    for format in ["json", "pretty"] {
        let end = logged(&["--log", format]).await;
        let served: String =
            end.stderr.lines().filter(|line| !line.trim_start().starts_with("keys ")).collect();
        for secret in [
            "pivotal_s3cr3t",
            "s3cr3t-without-prefix",
            "ws_s3cr3t",
            "pivotal_test_revoked",
            "Basic s3cr3t",
            "pivotal_test_demo",
        ] {
            assert!(!served.contains(secret), "{format}: {secret} in {served}");
        }
    }
}

#[tokio::test]
async fn a_log_that_nobody_reads_delays_no_answer_and_no_end() {
    let program = Program::start(&[], &[]).await;
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let api = program.api().without_key();
            tokio::spawn(async move {
                for _ in 0..500 {
                    api.get("/health").await.is(200);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(program.stop().await.code, Some(0));
}

#[tokio::test]
async fn lines_that_nobody_read_are_counted_when_someone_does() {
    let mut program = Program::start(&["--log", "json"], &[]).await;
    let api = program.api();
    let target = format!("/customers?x={}", "x".repeat(20_000));
    for _ in 0..150 {
        api.get(&target).await.is(200);
    }
    let told: Value = serde_json::from_str(&program.told(r#"{"dropped":"#).await).unwrap();
    assert!(told["dropped"].as_u64().unwrap() > 0, "{told}");
    assert!(told["reason"].as_str().unwrap().ends_with("lines of the log were dropped"), "{told}");
}

#[tokio::test]
async fn a_private_workspace_that_is_freed_for_another_is_told() {
    for format in ["pretty", "json"] {
        let program = Program::start(&["--log", format, "--max-workspaces", "1"], &[]).await;
        for key in ["pivotal_test_ws_first", "pivotal_test_ws_second"] {
            program.api().with_key(key).get("/me").await.is(200);
        }
        let end = program.stop().await;
        let line = end.stderr.lines().find(|line| line.contains("freed")).expect("a line");
        assert!(line.contains("demo~first") && line.contains("--max-workspaces"), "{line}");
        if format == "json" {
            assert!(serde_json::from_str::<Value>(line).unwrap()["notice"].is_string(), "{line}");
        }
    }
}

#[tokio::test]
async fn nothing_that_a_contract_says_reaches_the_terminal_as_an_instruction() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.json");
    let text = r#"{"openapi": "3.1.0", "info": {"title": "T\u001b]0;x\u0007\u202e\nready", "version": "1\u009b2J"},
        "servers": [{"url": "/v\u001b1"}], "paths": {"/a\u001b[2J": {"get": {"operationId": "a\u001b", "responses": {"200": {"description": "Done."}}}}}}"#;
    std::fs::write(&path, text).unwrap();
    for format in ["pretty", "json"] {
        let program = Program::start(&["--contract", path.to_str().unwrap(), "--log", format], &[]).await;
        for target in ["/v%1B1/a%1B[2J", "/%1b%9b"] {
            let url = format!("http://{}{target}", address_of(program.url()));
            crate::support::client().get(url).send().await.unwrap();
        }
        let end = program.stop().await;
        let raw = |letter: char| letter != '\n' && schemas::is_unprintable(letter);
        assert!(!end.stderr.contains(raw) && !end.stdout.contains(raw), "{:?}", end.stderr);
    }
    std::fs::write(&path, text.replace("\"version\"", "\"version\\u001b\"")).unwrap();
    let end = crate::support::process::run(&["--check", path.to_str().unwrap()], &[]).await;
    let told = end.stdout + &end.stderr;
    assert!(end.code == Some(0) && told.contains("notice") && !told.contains('\u{1b}'), "{told:?}");
}
