//! Bodies and answers in other media types than JSON: forms, multipart bodies, text, and which answer is wanted.

use std::sync::Arc;

use mock_server::MockServer;
use schemas::Contract;

use crate::support::{Answer, Api};

const DESCRIPTION: &str = "openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /both:
    post:
      requestBody: &form
        required: true
        content:
          application/json: {schema: &schema {type: object, required: [n], properties: {n: {type: integer}, on: {type: boolean}, tags: {type: array, items: {type: integer}}, inner: {type: object, properties: {n: {type: integer}}}}}}
          application/x-www-form-urlencoded: {schema: *schema}
          multipart/form-data: {schema: *schema}
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object}}}}
        '422': {description: no, content: {application/json: {schema: {type: object, required: [message], properties: {message: {type: string}}}}}}
  /text:
    post:
      requestBody: {required: true, content: {text/plain: {schema: {type: string, minLength: 3}}}}
      responses: {'200': {description: ok}, '415': {description: no, content: {text/plain: {schema: {type: string}}}}}
  /xml:
    post:
      requestBody: {required: true, content: {application/xml: {schema: {type: object, required: [n]}}}}
      responses: {'200': {description: ok}}
  /report:
    get:
      responses: &report
        '200':
          description: ok
          content:
            application/json: {example: {a: 1}}
            text/csv: {example: 'a,b'}
  /strict:
    get:
      responses: {<<: *report, '406': {description: none of them}}
";

async fn played() -> (MockServer, Api) {
    let contract = Arc::new(Contract::from_text("api.yaml", DESCRIPTION).expect("loads"));
    let server = MockServer::builder().contract(contract.as_ref().clone()).start().await.unwrap();
    let api = Api::at(server.url(), contract);
    (server, api)
}

async fn sent(api: &Api, target: &str, media_type: &str, body: &'static str) -> Answer {
    api.send("POST", target, |request| request.header("Content-Type", media_type).body(body)).await
}

#[tokio::test]
async fn a_form_is_held_to_its_schema_with_texts_as_the_types_that_are_asked_for() {
    let (_server, api) = played().await;
    let form = "application/x-www-form-urlencoded";
    for body in ["n=1", "n=1&on=true&tags=1&tags=2", "n=1&tags[]=1&inner[n]=2", "n=1&extra=x"] {
        assert_eq!(sent(&api, "/both", form, body).await.status, 200, "{body}");
    }
    for (body, field) in [
        ("x=1", "n"),
        ("n=one", "n"),
        ("n=1&on=yes", "on"),
        ("n=1&tags=x", "tags"),
        ("n=1&inner[n]=x", "inner"),
    ] {
        let answer = sent(&api, "/both", form, body).await;
        let why = answer.is(422)["message"].as_str().unwrap().to_owned();
        assert!(why.contains(field), "{body}: {why}");
    }
}

#[tokio::test]
async fn a_multipart_body_is_read_part_by_part() {
    let (_server, api) = played().await;
    let multipart = "multipart/form-data; boundary=b";
    let fine = "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n7\r\n--b\r\nContent-Disposition: form-data; name=\"inner\"\r\nContent-Type: application/json\r\n\r\n{\"n\": 1}\r\n--b--\r\n";
    assert_eq!(sent(&api, "/both", multipart, fine).await.status, 200);
    let wrong = "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\nseven\r\n--b--\r\n";
    assert_eq!(sent(&api, "/both", multipart, wrong).await.status, 422);
    assert_eq!(sent(&api, "/both", multipart, "no parts").await.status, 422);
    assert_eq!(sent(&api, "/both", "multipart/form-data", fine).await.status, 422, "no boundary");
}

#[tokio::test]
async fn what_is_sent_in_a_media_type_that_is_not_taken_is_refused_as_described() {
    let (_server, api) = played().await;
    let answer = sent(&api, "/both", "text/csv", "n\n1").await;
    assert!(answer.is(422)["message"].as_str().unwrap().contains("text/csv"), "{answer}");
    assert_eq!(sent(&api, "/text", "application/json", "\"abc\"").await.status, 415);
    assert_eq!(sent(&api, "/xml", "text/plain", "a").await.status, 415);
    assert_eq!(sent(&api, "/text", "text/plain", "abc").await.status, 200);
    assert_eq!(sent(&api, "/text", "text/plain", "ab").await.status, 400);
    // What is not read is not judged.
    assert_eq!(sent(&api, "/xml", "application/xml", "<n/>").await.status, 200);
}

#[tokio::test]
async fn of_several_described_media_types_the_one_that_is_wanted_is_answered() {
    let (_server, api) = played().await;
    for (target, accept, status, media_type) in [
        ("/report", None, 200, "application/json"),
        ("/report", Some("*/*"), 200, "application/json"),
        ("/report", Some("text/csv"), 200, "text/csv"),
        ("/report", Some("application/json;q=0.1, text/*"), 200, "text/csv"),
        ("/report", Some("image/png"), 200, "application/json"),
        ("/strict", Some("text/csv"), 200, "text/csv"),
    ] {
        let answer = api
            .send("GET", target, |request| match accept {
                Some(accept) => request.header("Accept", accept),
                None => request,
            })
            .await;
        assert_eq!(answer.status, status, "{target} {accept:?}");
        assert_eq!(answer.headers["content-type"], media_type, "{target} {accept:?}");
    }
    let refused = api.send("GET", "/strict", |request| request.header("Accept", "image/png")).await;
    assert_eq!(refused.status, 406);
}
