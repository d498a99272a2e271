//! Stand-ins with one wrong answer each, under a plain description.

use serde_json::{Value, json};
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{Project, plain};

const KEY: &str = "key-of-mine";

fn no(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"message": "no"}))
}

/// A sound implementation of the plain description.
fn sound(request: &Request) -> ResponseTemplate {
    let key = request.headers.get("authorization").and_then(|value| value.to_str().ok());
    if key != Some("Bearer key-of-mine") {
        return no(401);
    }
    match (request.method.as_str(), request.url.path()) {
        ("GET", "/v1/things") => ResponseTemplate::new(200).set_body_json(json!([{"id": 1, "name": "a"}])),
        ("POST", "/v1/things") => create(request),
        (_, "/v1/things") => no(405),
        _ => no(404),
    }
}

fn create(request: &Request) -> ResponseTemplate {
    let Ok(Value::Object(body)) = serde_json::from_slice(&request.body) else { return no(400) };
    let name = body.get("name").and_then(Value::as_str).map(|name| name.chars().count());
    let count = body.get("count").is_none_or(|count| count.as_u64().is_some_and(|count| count <= 9));
    let kind = body.get("kind").is_none_or(|kind| kind == "big" || kind == "small");
    if name.is_some_and(|length| (1..=20).contains(&length)) && count && kind {
        ResponseTemplate::new(201).set_body_json(json!({"id": 2, "name": body["name"]}))
    } else {
        no(400)
    }
}

/// A stand-in that is sound but for what `wrong` answers.
async fn stand_in(
    wrong: impl Fn(&Request) -> Option<ResponseTemplate> + Send + Sync + 'static,
) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(move |request: &Request| wrong(request).unwrap_or_else(|| sound(request)))
        .mount(&server)
        .await;
    server
}

async fn laws_broken(server: &MockServer) -> (i32, Vec<String>) {
    let project = Project::new();
    let url = format!("{}/v1", server.uri());
    let ended = project
        .run(&[
            "run",
            "--url",
            &url,
            "--api-key",
            KEY,
            "--contract",
            &plain(),
            "--report",
            "json=report.json",
        ])
        .await;
    let findings = project.json("report.json")["findings"].clone();
    let laws = findings
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|finding| finding["law"].as_str().map(str::to_owned));
    (ended.code, laws.collect())
}

#[tokio::test]
async fn a_sound_stand_in_holds() {
    let server = stand_in(|_| None).await;
    assert_eq!(laws_broken(&server).await, (0, Vec::new()));
}

/// What is wrong with a stand-in: the answer to some request, where it is not the right one.
type Wrong = fn(&Request) -> Option<ResponseTemplate>;

#[tokio::test]
async fn one_wrong_answer_is_one_finding() {
    fn body(request: &Request) -> Value {
        serde_json::from_slice(&request.body).unwrap_or_default()
    }
    fn is(request: &Request, method: &str) -> bool {
        let known = request.headers.get("authorization").is_some_and(|value| value == "Bearer key-of-mine");
        known && request.method.as_str() == method && request.url.path() == "/v1/things"
    }
    fn made() -> ResponseTemplate {
        ResponseTemplate::new(201).set_body_json(json!({"id": 3, "name": "a"}))
    }
    let table: &[(&str, Wrong)] = &[
        ("response-schema", |request| {
            is(request, "GET")
                .then(|| ResponseTemplate::new(200).set_body_json(json!([{"id": "1", "name": "a"}])))
        }),
        ("content-type", |request| {
            is(request, "GET").then(|| ResponseTemplate::new(200).set_body_raw("[]", "text/plain"))
        }),
        ("valid-request-accepted", |request| {
            is(request, "GET").then(|| ResponseTemplate::new(202).set_body_json(json!([])))
        }),
        ("no-server-error", |request| {
            (is(request, "POST") && body(request)["name"] == Value::Null).then(|| ResponseTemplate::new(500))
        }),
        ("nothing-leaks", |request| {
            (request.method.as_str() == "PROPFIND")
                .then(|| no(405).set_body_string("Traceback (most recent call last)"))
        }),
        ("auth-missing", |request| {
            (request.headers.get("authorization").is_none() && request.method.as_str() == "GET")
                .then(|| ResponseTemplate::new(200).set_body_json(json!([])))
        }),
        ("auth-unknown-key", |request| {
            request
                .headers
                .get("authorization")
                .is_some_and(|value| value.to_str().is_ok_and(|text| text.starts_with("Bearer nobody")))
                .then(|| no(403))
        }),
        ("refuses-missing", |request| {
            (is(request, "POST") && body(request).is_object() && body(request).get("name").is_none())
                .then(made)
        }),
        ("refuses-type", |request| (is(request, "POST") && body(request)["count"] == "12").then(made)),
        ("refuses-too-big", |request| (is(request, "POST") && body(request)["count"] == 10).then(made)),
        ("refuses-too-small", |request| (is(request, "POST") && body(request)["name"] == "").then(made)),
        ("refuses-enum", |request| {
            (is(request, "POST") && body(request)["kind"] == "no_such_value").then(made)
        }),
        ("refuses-unparsable", |request| (is(request, "POST") && request.body == b"name=a").then(made)),
        ("refuses-non-object", |request| (is(request, "POST") && request.body == b"[]").then(made)),
        ("bound-accepted", |request| (is(request, "POST") && body(request)["count"] == 9).then(|| no(400))),
        ("route-unknown", |request| (request.url.path() != "/v1/things").then(|| ResponseTemplate::new(200))),
        ("method-unknown", |request| {
            (request.method.as_str() == "PROPFIND").then(|| ResponseTemplate::new(200))
        }),
    ];
    for (law, wrong) in table {
        let server = stand_in(wrong).await;
        assert_eq!(laws_broken(&server).await, (1, vec![(*law).to_owned()]), "{law}");
    }
}

#[tokio::test]
async fn what_cannot_be_made_is_not_judged() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).and(path("/v1/things")).respond_with(sound).mount(&server).await;
    Mock::given(any()).respond_with(no(400)).mount(&server).await;
    let (code, laws) = laws_broken(&server).await;
    assert_eq!(code, 1);
    assert!(
        laws.contains(&"valid-request-accepted".to_owned()) && !laws.contains(&"bound-accepted".to_owned()),
        "{laws:?}"
    );
}
