//! A real server behind the mock: what goes there, and what is told of it.

use mock_server::UpstreamOptions;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, Request, ResponseTemplate};

use crate::support::client::client;
use crate::support::process::{Program, run};
use crate::support::server::{Own, shared_url};

const KEY: &str = "Bearer key_of_mine_77";

/// A real server that answers everything alike.
async fn target(answer: ResponseTemplate) -> wiremock::MockServer {
    let server = wiremock::MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

async fn validating(url: String, record: Option<std::path::PathBuf>) -> Own {
    Own::start(|builder| builder.upstream(UpstreamOptions { url, validate: true, record })).await
}

/// The deviations that an answer tells of.
fn told(answer: &reqwest::Response) -> Vec<String> {
    answer
        .headers()
        .get_all("mock-deviation")
        .iter()
        .map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

async fn get(own: &Own, path: &str) -> reqwest::Response {
    let url = format!("{}{path}", own.server.url());
    client().get(url).header("authorization", KEY).send().await.unwrap()
}

/// A customer as the mock answers it.
async fn customer() -> Value {
    let url = format!("{}/customers/128", shared_url());
    let answer = client().get(url).header("authorization", "Bearer pivotal_test_demo").send().await.unwrap();
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

fn with(mut value: Value, change: impl FnOnce(&mut Value)) -> Value {
    change(&mut value);
    value
}

#[tokio::test]
async fn each_single_wrong_answer_is_told_and_a_sound_one_is_not() {
    let sound = customer().await;
    let json_of = |status: u16, body: &Value| ResponseTemplate::new(status).set_body_json(body);
    let error = |kind: &str| json!({"error": {"type": kind, "code": "customer_not_found", "message": "no"}});
    let cases = [
        (json_of(200, &sound), None),
        (json_of(404, &error("not_found")), None),
        (json_of(200, &with(sound.clone(), |row| row["name"] = json!(7))), Some("name")),
        (
            json_of(200, &with(sound.clone(), |row| drop(row.as_object_mut().unwrap().remove("id")))),
            Some("id is required"),
        ),
        (json_of(200, &with(sound.clone(), |row| row["display_id"] = json!("x"))), Some("display_id")),
        (
            ResponseTemplate::new(200).set_body_raw(sound.to_string(), "text/plain"),
            Some("content type text/plain"),
        ),
        (ResponseTemplate::new(200).set_body_raw("<html>", "application/json"), Some("is not JSON")),
        (json_of(207, &sound), Some("207, which is not described")),
        (json_of(404, &json!({"message": "no"})), Some("not in the error envelope")),
        (json_of(404, &error("conflict")), Some("has the type conflict")),
        (ResponseTemplate::new(503), Some("answered 503")),
    ];
    for (answer, wrong) in cases {
        let target = target(answer).await;
        let own = validating(target.uri(), None).await;
        let told = told(&get(&own, "/customers/128").await);
        match wrong {
            None => assert!(told.is_empty(), "{told:?}"),
            Some(part) => {
                assert_eq!(told.len(), 1, "{part}: {told:?}");
                assert!(told[0].starts_with("answer: ") && told[0].contains(part), "{part}: {told:?}");
            }
        }
        assert_eq!(own.server.deviations().len(), told.len());
    }
}

#[tokio::test]
async fn a_wrong_request_is_told_and_goes_on_all_the_same() {
    let target = target(ResponseTemplate::new(201).set_body_json(customer().await)).await;
    let own = validating(format!("{}/v9", target.uri()), None).await;
    for (path, body, wrong) in [
        ("/customers", json!({"name": "Fine"}), None),
        ("/customers", json!({"slug": "a"}), Some("request: create-customer: name is required")),
        ("/nowhere", json!({}), Some("request: POST /api/v1/nowhere is not described")),
    ] {
        let url = format!("{}{path}?page=2", own.server.url());
        let sent = client().post(url).header("authorization", KEY).body(body.to_string());
        let answer = sent.send().await.unwrap();
        assert_eq!(answer.status(), 201);
        assert_eq!(told(&answer).first().map(String::as_str), wrong, "{path}");
        let requests: Vec<Request> = target.received_requests().await.unwrap();
        let last = requests.last().unwrap();
        assert_eq!((last.url.path(), last.url.query()), (&*format!("/v9{path}"), Some("page=2")));
        assert_eq!(last.headers["authorization"], KEY);
        assert_eq!(last.body, body.to_string().as_bytes());
    }
}

#[tokio::test]
async fn without_validation_only_what_is_not_described_goes_there() {
    let target = target(ResponseTemplate::new(200).set_body_string("there")).await;
    let options = UpstreamOptions { url: target.uri(), validate: false, record: None };
    let own = Own::start(|builder| builder.upstream(options)).await;
    own.api.get("/me").await.is(200);
    assert!(target.received_requests().await.unwrap().is_empty());
    let answer = get(&own, "/elsewhere").await;
    assert_eq!(answer.headers()["mock-upstream"], target.uri());
    assert!(told(&answer).is_empty());
    assert_eq!(answer.text().await.unwrap(), "there");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_502_that_says_so() {
    let own = validating("http://127.0.0.1:9".to_owned(), None).await;
    let answer = get(&own, "/me").await;
    assert_eq!(answer.status(), 502);
    let text = answer.text().await.unwrap();
    assert!(text.contains("http://127.0.0.1:9 did not answer"), "{text}");
}

#[tokio::test]
async fn answers_are_recorded_as_examples_without_secrets_and_played_again() {
    let folder = tempfile::tempdir().unwrap();
    let row = with(customer().await, |row| row["name"] = json!("Recorded for key_of_mine_77"));
    let target = target(ResponseTemplate::new(200).set_body_json(&row)).await;
    let own = validating(target.uri(), Some(folder.path().to_owned())).await;
    get(&own, "/customers/128").await;
    let path = folder.path().join("examples/get-customer/default.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains("Recorded for removed") && !text.contains("key_of_mine"), "{text}");
    let contract = schemas::Contract::builtin().unwrap();
    let recorded = fixtures::Fixtures::load(folder.path(), &contract).unwrap();
    let example = recorded.examples.find("get-customer", "default").unwrap();
    assert_eq!((example.status, &example.body.as_ref().unwrap()["id"]), (200, &row["id"]));
}

#[tokio::test]
async fn the_end_tells_what_deviated_and_can_be_a_failure() {
    let target = target(ResponseTemplate::new(200).set_body_string("odd")).await;
    let uri = target.uri();
    for (options, code) in [(&["--fail"][..], 1), (&[], 0)] {
        let program = Program::start(&[&["--upstream", &uri, "--validate"], options].concat(), &[]).await;
        client().get(format!("{}/health", program.url())).send().await.unwrap();
        let end = program.stop().await;
        assert_eq!(end.code, Some(code), "{}", end.stderr);
        for part in ["deviation: answer: ", "deviations from the description", "get-health"] {
            assert!(end.stderr.contains(part), "{part}: {}", end.stderr);
        }
    }
    let sound = Program::start(&["--upstream", &uri, "--validate", "--fail"], &[]).await.stop().await;
    assert_eq!(sound.code, Some(0));
    assert!(sound.stderr.contains("is as described"), "{}", sound.stderr);
}

#[tokio::test]
async fn what_is_no_server_is_wrong_usage() {
    for url in ["nowhere", "ftp://a", "http://", "http://a/?q=1", "http://u:p@a"] {
        let end = run(&["--upstream", url], &[]).await;
        assert_eq!(end.code, Some(2), "{url}");
        assert!(end.stderr.contains("--upstream"), "{url}: {}", end.stderr);
    }
    assert_eq!(run(&["--validate"], &[]).await.code, Some(2));
    assert_eq!(run(&["--record", "x"], &[]).await.code, Some(2));
}
