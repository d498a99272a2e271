//! Reports: their form, and what is never in them.

use schemas::{Contract, Side};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{Project, mock, plain, usual};

/// What is wrong with a report by its published schema.
fn faults(report: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(include_str!("../../report.schema.json")).expect("it is JSON");
    let description = json!({
        "openapi": "3.1.0", "info": {"title": "report", "version": "1"}, "paths": {},
        "components": {"schemas": {"Report": schema}},
    });
    let contract = Contract::from_text("report.json", &description.to_string()).expect("the schema loads");
    let schema = contract.schema(Side::Response, "/components/schemas/Report").expect("it compiles");
    schema.faults(report).into_iter().map(|fault| format!("{}: {}", fault.instance, fault.message)).collect()
}

#[tokio::test]
async fn a_report_fits_its_published_schema() {
    let (project, server) = (Project::new(), mock().await);
    let mut arguments = usual(server.url());
    arguments.extend(["--report", "json=report.json", "--max-requests", "60"]);
    project.run(&arguments).await;
    assert_eq!(faults(&project.json("report.json")), Vec::<String>::new());
}

#[tokio::test]
async fn no_report_holds_a_key_even_when_the_target_tells_it() {
    let (project, server) = (Project::new(), MockServer::start().await);
    let secret = "a-very-secret-key";
    let answer = |request: &Request| {
        let key = request
            .headers
            .get("authorization")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        ResponseTemplate::new(200).set_body_json(json!([{"id": 1, "name": key.clone(), key: true}]))
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let (url, plain) = (format!("{}/v1", server.uri()), plain());
    let ended = project
        .run(&[
            "run",
            "--url",
            &url,
            "--api-key",
            secret,
            "--contract",
            &plain,
            "-v",
            "--report",
            "json=report.json",
            "--report",
            "junit=report.xml",
        ])
        .await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    let report = project.json("report.json");
    assert_eq!(faults(&report), Vec::<String>::new());
    let junit = std::fs::read_to_string(project.path("report.xml")).expect("it was written");
    let kept = std::fs::read_to_string(project.path(".conformance/last-run.json")).expect("it was written");
    for (name, text) in [
        ("out", &ended.out),
        ("err", &ended.err),
        ("json", &report.to_string()),
        ("junit", &junit),
        ("kept", &kept),
    ] {
        assert!(!text.contains(secret), "{name}: {text}");
    }
    assert!(ended.out.contains("$PIVOTAL_API_KEY"), "{ended:#?}");
    assert!(junit.contains("<failure type=\"violation\""), "{junit}");
}
