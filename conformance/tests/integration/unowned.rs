//! Nothing is changed or deleted that the run did not make.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{Ended, Project};

const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/unowned.yaml");

/// A target that keeps notes, and answers everything else as if it did what was asked.
async fn target() -> MockServer {
    let server = MockServer::start().await;
    let rows: Arc<Mutex<Vec<Value>>> = Arc::default();
    let answer = move |request: &Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let (method, path) = (request.method.as_str(), request.url.path());
        let mut rows = rows.lock().expect("no panic");
        let place = |rows: &Vec<Value>, id: &str| rows.iter().position(|row| row["id"] == id);
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (method, parts.as_slice()) {
            ("GET", ["notes"]) => ResponseTemplate::new(200).set_body_json(&*rows),
            ("POST", ["notes"]) => match body["name"].as_str().map(|name| name.chars().count()) {
                Some(1..=40) => {
                    let row = json!({"id": format!("n{}", rows.len() + 1), "name": body["name"]});
                    rows.push(row.clone());
                    ResponseTemplate::new(201).set_body_json(row)
                }
                _ => ResponseTemplate::new(400),
            },
            (_, ["notes", id, ..]) => match (method, place(&rows, id)) {
                (_, None) => ResponseTemplate::new(404).set_body_json(json!({"message": "no such note"})),
                ("GET", Some(at)) => ResponseTemplate::new(200).set_body_json(&rows[at]),
                ("DELETE", Some(at)) => {
                    rows[at] = Value::Null;
                    ResponseTemplate::new(204)
                }
                ("POST", Some(_)) => ResponseTemplate::new(204),
                _ => ResponseTemplate::new(405),
            },
            ("PROPFIND", _) => ResponseTemplate::new(405),
            ("POST", ["search"]) if body["name"].as_str().is_none_or(str::is_empty) => {
                ResponseTemplate::new(422)
            }
            ("GET", ["me" | "users" | "teams", ..]) | ("PUT" | "PATCH" | "POST" | "DELETE", _) => {
                ResponseTemplate::new(200).set_body_json(json!({}))
            }
            _ => ResponseTemplate::new(404),
        }
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// What was asked for that may change something, but for notes that the target made.
async fn foreign(server: &MockServer) -> BTreeSet<String> {
    let requests = server.received_requests().await.expect("they are kept");
    let writes = requests.iter().filter(|request| !matches!(request.method.as_str(), "GET" | "PROPFIND"));
    let asked = writes.map(|request| format!("{} {}", request.method, request.url.path()));
    asked
        .filter(|asked| {
            !["POST /notes", "POST /search"].contains(&asked.as_str()) && !asked.contains(" /notes/")
        })
        .collect()
}

async fn call(server: &MockServer, project: &Project, command: &[&str]) -> Ended {
    let url = server.uri();
    project.run(&[command, &["--url", &url, "--contract", CONTRACT]].concat()).await
}

#[tokio::test]
async fn nothing_is_called_that_may_change_what_the_run_did_not_make() {
    let (project, server) = (Project::new(), target().await);
    let ended = call(&server, &project, &["run", "--report", "json=r.json"]).await;
    assert_eq!(foreign(&server).await, BTreeSet::new());
    let report = project.json("r.json");
    let reason = |operation: &str| {
        let mut lines = report["laws"].as_array().expect("lines").iter();
        let line =
            lines.find(|line| line["operation"] == operation && line["law"] == "valid-request-accepted");
        line.and_then(|line| line["reason"].as_str()).unwrap_or_default().to_owned()
    };
    for (operation, why) in [
        ("delete-me", "would delete what the run did not make; --call delete-me"),
        ("replace-me", "would change what the run did not make"),
        ("change-all", "would change what the run did not make"),
        ("stop-it", "may shutdown what the run did not make"),
        ("flushCache", "may flush what the run did not make"),
        ("leave", "although it is a GET"),
        ("change-user", "would change what the run did not make"),
        ("delete-user", "would delete what the run did not make"),
        ("write-to-user", "would act on what {user} names"),
        ("read-team", "needs a value for {team}: annotate it, give an example, or --value team="),
    ] {
        assert!(reason(operation).contains(why), "{operation}: {:?}", reason(operation));
    }
    for operation in
        ["me", "list-notes", "create-note", "read-note", "delete-note", "archive-note", "read-user", "search"]
    {
        assert_eq!(reason(operation), "", "{operation}");
    }
    assert!(
        !ended.out.contains("\nholds  "),
        "a run that tried less than all is no plain success: {ended:#?}"
    );
    assert!(ended.out.contains("8 of 18 operations tried"), "{ended:#?}");
    let dry = call(&server, &project, &["run", "--dry-run"]).await;
    assert!(dry.out.contains("not tried  delete-me  DELETE /me: not called: it would delete"), "{dry:#?}");

    let recorded = call(&server, &project, &["record", "--dir", "snaps"]).await;
    assert_eq!(foreign(&server).await, BTreeSet::new(), "{recorded:#?}");
}

#[tokio::test]
async fn what_is_named_is_called_left_out_and_put_into_paths() {
    let (project, server) = (Project::new(), target().await);
    let wishes =
        ["run", "--call", "delete-me", "--skip", "archive-*", "--value", "team=blue", "--law", "!auth-*"];
    let ended = call(&server, &project, &[&wishes[..], &["--report", "json=r.json"]].concat()).await;
    assert_eq!(foreign(&server).await, BTreeSet::from(["DELETE /me".to_owned()]), "{ended:#?}");
    let requests = server.received_requests().await.expect("they are kept");
    let paths: BTreeSet<&str> = requests.iter().map(|request| request.url.path()).collect();
    assert!(
        paths.contains("/teams/blue") && !paths.iter().any(|path| path.ends_with("/archive")),
        "{paths:?}"
    );
    let laws = project.json("r.json")["laws"].clone();
    assert!(
        laws.as_array()
            .expect("lines")
            .iter()
            .all(|line| !line["law"].as_str().unwrap_or("").starts_with("auth-"))
    );
    for (option, message) in [
        (["--call", "dlete-me"], "--call dlete-me matches no operation of the contract"),
        (["--skip", "nothing"], "--skip nothing matches no operation"),
        (["--value", "taem=blue"], "--value taem matches no path parameter"),
        (["--value", "team"], "write it as in userId=7"),
    ] {
        let wrong = call(&server, &project, &[&["run"], &option[..]].concat()).await;
        assert_eq!(wrong.code, 2, "{wrong:#?}");
        assert!(wrong.err.contains(message), "{wrong:#?}");
    }
}
