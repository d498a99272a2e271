//! What a plain description leaves open is no violation, and what it says is judged.

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{Ended, Project};

/// Runs a description of some operations against a target that answers by a table.
async fn run(paths: Value, answer: fn(&Request) -> ResponseTemplate, more: &[&str]) -> (Ended, Value) {
    let (project, server) = (Project::new(), MockServer::start().await);
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let mut description = json!({"openapi": "3.0.3", "info": {"title": "x", "version": "1"}, "paths": paths});
    description["servers"] = json!([{"url": "https://x.example.com/api"}]);
    std::fs::write(project.path("api.json"), description.to_string()).expect("written");
    let url = server.uri();
    let ended =
        project.run(&[&["run", "api.json", "--url", &url, "--report", "json=r.json"], more].concat()).await;
    let report = project.json("r.json");
    (ended, report)
}

fn get(id: &str, status: &str) -> Value {
    json!({"get": {"operationId": id, "responses": {status: {"description": "x"}}}})
}

fn fine() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({}))
}

fn found(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("findings").iter();
    findings
        .map(|one| format!("{} {} {}", one["severity"], one["law"], one["operation"]).replace('"', ""))
        .collect()
}

#[tokio::test]
async fn refusals_that_may_be_right_are_warnings_and_a_made_up_login_says_nothing() {
    let object = |properties: Value| {
        json!({"required": true, "content": {"application/json": {"schema": {"type": "object",
            "required": properties.as_object().expect("some").keys().collect::<Vec<_>>(), "properties": properties}}}})
    };
    let post = |id: &str, properties: Value| json!({"post": {"operationId": id, "requestBody": object(properties), "responses": {"200": {"description": "x"}, "422": {"description": "x"}}}});
    let text = json!({"type": "string", "minLength": 1, "maxLength": 40});
    let paths = json!({
        "/a": get("a", "200"),
        "/sign-in": post("sign-in", json!({"email": text, "password": text})),
        "/staff": get("staff", "200"),
        "/notes": post("note", json!({"author_id": text})),
        "/tags": post("tag", json!({"name": text})),
        "/people/{name}": {"parameters": [{"name": "name", "in": "path", "required": true, "schema": {"type": "string"}, "example": "ann"}],
            "get": {"operationId": "person", "responses": {"200": {"description": "x"}}}},
    });
    let (ended, report) = run(paths, desk, &[]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    let expected = [
        "warning valid-request-accepted staff",
        "warning valid-request-accepted note",
        "warning valid-request-accepted tag",
    ];
    let mut found = found(&report);
    found.retain(|one| !one.starts_with("note "));
    found.sort();
    let mut expected: Vec<String> = expected.iter().map(|one| (*one).to_owned()).collect();
    expected.sort();
    assert_eq!(found, expected, "{report:#}");
    let note = report["findings"]
        .as_array()
        .expect("some")
        .iter()
        .find(|one| one["operation"] == "note")
        .expect("it");
    assert_eq!((&note["also"], &note["merged"][0]["operation"]), (&json!(["person"]), &json!("person")));
    assert!(
        note["merged"][0]["steps"][0]["path"] == "/people/ann" && ended.out.contains("may need data"),
        "{note:#}"
    );
    let lines = report["laws"].as_array().expect("lines");
    let login =
        lines.iter().find(|line| line["operation"] == "sign-in" && line["law"] == "valid-request-accepted");
    assert_eq!(login.map(|line| &line["verdict"]), Some(&json!("not-judged")), "{login:#?}");
}

#[tokio::test]
async fn redirects_that_are_stated_and_pages_of_a_user_interface_are_fine() {
    let paths = json!({"/v1/old": get("old", "302"), "/v1/new": get("new", "200")});
    let (ended, report) = run(paths.clone(), moved, &["--strict"]).await;
    assert_eq!((ended.code, found(&report)), (0, Vec::new()), "{ended:#?}");
    // Below the API's own path it is told, and no more.
    let (ended, report) = run(paths, page, &["--strict"]).await;
    assert_eq!((ended.code, found(&report)), (0, vec!["note route-unknown old".to_owned()]), "{ended:#?}");
}

#[tokio::test]
async fn a_base_path_that_the_url_lacks_is_told() {
    let (ended, report) = run(json!({"/a": get("a", "200")}), |_| ResponseTemplate::new(404), &[]).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.err.contains("lacks the base path /api of the description"), "{ended:#?}");
    assert!(report["error"].as_str().is_some_and(|error| error.contains("/api")), "{report:#}");
}

#[tokio::test]
async fn what_the_description_allows_is_answered_without_a_failure() {
    let whole = |location: &str, required: bool| json!([{"name": "n", "in": location, "required": required, "schema": {"type": "integer", "minimum": 1}, "example": 5}]);
    let mut listed = get("list", "200");
    listed["get"]["parameters"] = whole("query", false);
    let mut single = get("single", "200");
    single["get"]["parameters"] = whole("path", true);
    let (ended, report) =
        run(json!({"/l": listed, "/s/{n}": single}), overflowing, &["--law", "odd-*"]).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    let one = &report["findings"][0];
    assert_eq!(
        (&one["law"], one["also"].as_array().map(Vec::len)),
        (&json!("no-server-error"), Some(1)),
        "{report:#}"
    );
}

fn desk(request: &Request) -> ResponseTemplate {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let has = |name: &str| body[name].as_str().is_some_and(|text| (1..=40).contains(&text.chars().count()));
    match (request.method.as_str(), request.url.path()) {
        ("GET", "/a") => fine(),
        ("POST", "/sign-in") if has("email") && has("password") => ResponseTemplate::new(401),
        ("GET", "/staff") => ResponseTemplate::new(403),
        ("POST", "/notes") if has("author_id") => ResponseTemplate::new(404),
        ("POST", "/tags") if has("name") => ResponseTemplate::new(409),
        ("POST", "/sign-in" | "/notes" | "/tags") => ResponseTemplate::new(422),
        ("GET", path) if path.starts_with("/people/") => ResponseTemplate::new(404),
        (_, "/a" | "/staff") => ResponseTemplate::new(405),
        _ => ResponseTemplate::new(404),
    }
}

fn moved(request: &Request) -> ResponseTemplate {
    match (request.method.as_str(), request.url.path()) {
        ("GET", "/v1/old") => ResponseTemplate::new(302).insert_header("location", "/v1/new"),
        ("GET", "/v1/new") => ResponseTemplate::new(200),
        (_, "/v1/old" | "/v1/new") => ResponseTemplate::new(405),
        (_, path) if path.starts_with("/v1") => ResponseTemplate::new(404),
        _ => ResponseTemplate::new(200).set_body_raw("<!doctype html>", "text/html"),
    }
}

fn page(request: &Request) -> ResponseTemplate {
    match request.url.path() {
        "/v1/old" | "/v1/new" => moved(request),
        _ => ResponseTemplate::new(200).set_body_raw("<!doctype html>", "text/html"),
    }
}

fn overflowing(request: &Request) -> ResponseTemplate {
    let text = format!("{} ", request.url);
    if text.contains("99999999999999999999999999") {
        ResponseTemplate::new(500)
    } else {
        ResponseTemplate::new(200)
    }
}
