//! Keys go where the description says, and laws on keys ask for no more than it does.

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::Project;

const SECRET: &str = "sesame-of-mine";

/// A description of `GET /a`, which asks for some security, and of `GET /open`.
fn description(security: &Value) -> Value {
    let answers = json!({"200": {"description": "x", "content": {"application/json": {"schema": {"type": "object"}}}},
        "401": {"description": "x"}});
    let mut closed = json!({"operationId": "a", "responses": answers});
    if !security.is_null() {
        closed["security"] = security.clone();
    }
    json!({
        "openapi": "3.0.3", "info": {"title": "keys", "version": "1"},
        "paths": {"/a": {"get": closed}, "/open": {"get": {"operationId": "open", "responses": answers}}},
        "components": {"securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer"}, "basic": {"type": "http", "scheme": "basic"},
            "digest": {"type": "http", "scheme": "Token"}, "flow": {"type": "oauth2", "flows": {}},
            "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "raw": {"type": "apiKey", "in": "header", "name": "Authorization"},
            "query": {"type": "apiKey", "in": "query", "name": "key"},
            "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
        }}
    })
}

type LetsIn = fn(&Request) -> bool;

fn header(request: &Request, name: &str, value: &str) -> bool {
    request.headers.get(name).is_some_and(|given| given == value)
}

async fn target(lets_in: LetsIn) -> MockServer {
    let server = MockServer::start().await;
    let answer = move |request: &Request| match request.url.path() {
        _ if request.method.as_str() != "GET" => ResponseTemplate::new(405),
        "/open" => ResponseTemplate::new(200).set_body_json(json!({})),
        "/a" if lets_in(request) => ResponseTemplate::new(200).set_body_json(json!({})),
        "/a" => ResponseTemplate::new(401).set_body_json(json!({"message": "who are you?"})),
        _ => ResponseTemplate::new(404).set_body_json(json!({})),
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test]
async fn a_key_goes_where_its_scheme_says() {
    let table: [(Value, &[&str], LetsIn); 11] = [
        (json!([{"bearer": []}]), &["--api-key", SECRET], |it| {
            header(it, "authorization", "Bearer sesame-of-mine")
        }),
        (json!([{"flow": []}]), &["--api-key", SECRET], |it| {
            header(it, "authorization", "Bearer sesame-of-mine")
        }),
        (json!([{"digest": []}]), &["--api-key", SECRET], |it| {
            header(it, "authorization", "Token sesame-of-mine")
        }),
        (json!([{"header": []}]), &["--api-key", SECRET], |it| header(it, "x-key", "sesame-of-mine")),
        (json!([{"raw": []}]), &["--api-key", SECRET], |it| header(it, "authorization", "sesame-of-mine")),
        (json!([{"query": []}]), &["--api-key", SECRET], |it| it.url.query() == Some("key=sesame-of-mine")),
        (json!([{"cookie": []}]), &["--api-key", SECRET], |it| header(it, "cookie", "sid=sesame-of-mine")),
        (json!([{"basic": []}]), &["--api-key", "ann:sesame"], |it| {
            header(it, "authorization", "Basic YW5uOnNlc2FtZQ==")
        }),
        // The combination of which all is given, and a raw key that is an alternative to one with a word.
        (
            json!([{"bearer": []}, {"header": [], "query": []}]),
            &["--auth", "header=sesame-one", "--auth", "query=sesame-two"],
            |it| header(it, "x-key", "sesame-one") && it.url.query() == Some("key=sesame-two"),
        ),
        (json!([{"bearer": []}, {"raw": []}]), &["--api-key", SECRET], |it| {
            header(it, "authorization", "Bearer sesame-of-mine")
                || header(it, "authorization", "sesame-of-mine")
        }),
        // The description forgets to say.
        (Value::Null, &["--api-key", SECRET], |it| header(it, "authorization", "Bearer sesame-of-mine")),
    ];
    for (security, keys, lets_in) in table {
        let (project, server) = (Project::new(), target(lets_in).await);
        std::fs::write(project.path("api.json"), description(&security).to_string()).expect("written");
        let url = server.uri();
        let run = ["run", "api.json", "--url", &url, "--report", "json=r.json", "--strict"];
        let ended = project.run(&[&run, keys].concat()).await;
        assert_eq!(ended.code, 0, "{security}: {ended:#?}");
        let report = project.json("r.json");
        assert_eq!(report["summary"]["operations_tried"], 2, "{security}: {report:#}");
        let missing =
            report["laws"].as_array().expect("lines").iter().find(|line| line["law"] == "auth-missing");
        let judged = missing.is_some_and(|line| line["verdict"] == "passed" && line["operation"] == "a");
        assert_eq!(judged, !security.is_null(), "{security}: {missing:?}");
        assert_eq!(
            ended.err.contains("notice: the description does not say"),
            security.is_null(),
            "{ended:#?}"
        );
    }
}

#[tokio::test]
async fn a_reproduction_sends_the_key_where_the_target_wants_it_and_shows_none() {
    for (security, keys, shown) in [
        (json!([{"header": []}]), "header=sesame-of-mine", "-H 'X-Key: '\"$CONFORMANCE_AUTH_HEADER\""),
        (json!([{"query": []}]), "query=sesame-of-mine", "/a?key='\"$CONFORMANCE_AUTH_QUERY\"''"),
        (json!([{"cookie": []}]), "cookie=sesame-of-mine", "-H 'Cookie: sid='\"$CONFORMANCE_AUTH_COOKIE\""),
        (
            json!([{"basic": []}]),
            "basic=ann:sesame-of-mine",
            "Basic $(printf %s \"$CONFORMANCE_AUTH_BASIC\" | base64 -w0)",
        ),
    ] {
        let (project, server) = (Project::new(), MockServer::start().await);
        Mock::given(any())
            .respond_with(|request: &Request| {
                let said = format!("{} {:?}", request.url, request.headers);
                ResponseTemplate::new(418).set_body_json(json!({"message": said}))
            })
            .mount(&server)
            .await;
        std::fs::write(project.path("api.json"), description(&security).to_string()).expect("written");
        let url = server.uri();
        let ended = project.run(&["run", "api.json", "--url", &url, "--report", "all", "--auth", keys]).await;
        assert!(ended.out.contains(shown), "{security}: {ended:#?}");
        for file in project.files(".") {
            let text = std::fs::read(project.path(&file)).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            assert!(!text.contains("sesame-of-mine") && !text.contains("c2VzYW1l"), "{file}: {security}");
        }
        assert!(!ended.out.contains("sesame-of-mine"), "{ended:#?}");
    }
}

#[tokio::test]
async fn what_is_no_credential_of_a_scheme_is_told_without_showing_it() {
    let (project, server) = (Project::new(), target(|_| true).await);
    std::fs::write(project.path("api.json"), description(&json!([{"bearer": []}])).to_string())
        .expect("written");
    for (auth, message) in [
        ("sesame-of-mine", "--auth names no scheme"),
        ("baerer=sesame-of-mine", "declares no such security scheme"),
    ] {
        let url = server.uri();
        let ended = project.run(&["run", "api.json", "--url", &url, "--auth", auth]).await;
        assert_eq!(ended.code, 2, "{ended:#?}");
        assert!(ended.err.contains(message) && !ended.err.contains("sesame"), "{ended:#?}");
    }
}

#[tokio::test]
async fn a_command_prints_a_key_again_when_the_last_one_has_ended() {
    const ENDS: u128 = 2_000;
    let (project, server) = (Project::new(), MockServer::start().await);
    let begun = std::time::Instant::now();
    let answer = move |request: &Request| {
        let is_early = begun.elapsed().as_millis() < ENDS;
        let first = header(request, "authorization", "Bearer sesame-key-1") && is_early;
        let next = header(request, "authorization", "Bearer sesame-key-2");
        let fine = ResponseTemplate::new(200).set_body_json(json!({}));
        match request.url.path() {
            _ if request.method.as_str() != "GET" => ResponseTemplate::new(405),
            // What comes after this one finds the first key at its end.
            "/open" if is_early => fine.set_delay(std::time::Duration::from_millis(2_100)),
            "/open" => fine,
            "/a" if first || next => fine,
            "/a" => {
                ResponseTemplate::new(401).set_body_json(json!({"seen": format!("{:?}", request.headers)}))
            }
            _ => ResponseTemplate::new(404).set_body_json(json!({})),
        }
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    std::fs::write(project.path("api.json"), description(&json!([{"bearer": []}])).to_string())
        .expect("written");
    let url = server.uri();
    let print = "echo x >> count; echo sesame-key-$(wc -l < count | tr -d ' ')";
    let run = ["run", "api.json", "--url", &url, "--auth-command", print, "--report", "all", "--strict"];
    let ended = project.run(&run).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!(std::fs::read_to_string(project.path("count")).expect("it ran").lines().count(), 2);
    for file in project.files(".") {
        let text = std::fs::read(project.path(&file)).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&text).contains("sesame-key"), "{file}");
    }
    let ended = project.run(&["run", "api.json", "--url", &url, "--auth-command", "exit 7"]).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.err.contains("--auth-command gave no key"), "{ended:#?}");
}
