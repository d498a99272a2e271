//! The first requests: whether the API is there, and how fast it may be asked.

use mock_server::{MockServer, RateLimitMode};

use crate::faulty_wire::{Fate, wrong_on_the_wire};
use crate::support::{Ended, KEY, Project, mock};

/// A description of one operation without a key, with some responses.
fn description(responses: &str) -> String {
    format!(
        r#"{{"openapi": "3.1.0", "info": {{"title": "t", "version": "1"}}, "paths": {{"/thing": {{"get": {{
            "operationId": "thing", "responses": {responses}}}}}}}}}"#
    )
}

async fn run(responses: &str, answer: &'static str) -> Ended {
    let (project, server) = (Project::new(), mock().await);
    std::fs::write(project.path("api.json"), description(responses)).expect("a folder");
    let url = wrong_on_the_wire(server.address(), move |_| Fate::Instead(answer)).await;
    project.run(&["run", "--contract", "api.json", "--url", &url]).await
}

const PICTURE: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 4\r\nconnection: close\r\n\r\n\u{1}PNG";
const FOUND: &str =
    "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_stated_shows_that_the_api_is_there() {
    for range in ["image/png", "image/*", "*/*"] {
        let responses = format!(r#"{{"200": {{"description": "x", "content": {{"{range}": {{}}}}}}}}"#);
        let ended = run(&responses, PICTURE).await;
        assert!(!ended.err.contains("does not answer like an API"), "{range}: {ended:#?}");
    }
    let json = r#"{"200": {"description": "x", "content": {"application/json": {"schema": {}}}}}"#;
    let ended = run(json, PICTURE).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.err.contains("does not answer like an API"), "{ended:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_that_is_stated_is_an_answer() {
    for status in ["302", "3XX"] {
        let ended = run(&format!(r#"{{"{status}": {{"description": "x"}}}}"#), FOUND).await;
        assert!(!ended.err.contains("cannot be reached"), "{status}: {ended:#?}");
    }
    let ended = run(r#"{"200": {"description": "x"}, "default": {"description": "y"}}"#, FOUND).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.err.contains("status 302 redirects to /elsewhere"), "{ended:#?}");
}

#[tokio::test]
async fn how_long_it_takes_is_told_by_the_headers_of_the_target() {
    let (project, mode) = (Project::new(), RateLimitMode::PerMinute(6_000));
    let server = MockServer::builder().rate_limit(mode).start().await.expect("a free port");
    let ended = project.run(&["run", "--url", server.url(), "--api-key", KEY, "--law", "auth-missing"]).await;
    assert!(ended.err.contains("one key at 6000 a minute, as the target says: no waiting"), "{ended:#?}");
}
