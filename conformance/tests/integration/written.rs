//! Requests as a description wants them written, tried whole, and answers held to all that it states. The target reads every
//! request by the description and refuses what is wrong, but for one planted fault.

use schemas::{Contract, ParameterLocation, cookie_pairs, query_pairs};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::Project;

const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/written.yaml");

/// What is wrong with the target: its answer to some request, where that is not the right one.
type Fault = fn(&Sent) -> Option<ResponseTemplate>;

/// What was sent: the operation, its body, and what its parameters came to.
struct Sent {
    operation: String,
    body: Value,
}

/// A request as the description reads it; the status of the refusal of a wrong one.
fn read(contract: &Contract, request: &Request) -> Result<Sent, u16> {
    let (method, path) = (request.method.as_str(), request.url.path());
    let at = |operation: &&schemas::Operation| operation.path.as_str() == path;
    let known: Vec<_> = contract.operations().iter().filter(at).collect();
    if known.is_empty() {
        return Err(404);
    }
    let operation = known.into_iter().find(|operation| operation.method.as_str() == method).ok_or(405_u16)?;
    let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
    for parameter in &operation.parameters {
        let sent = match parameter.location {
            ParameterLocation::Query => query_pairs(request.url.query().unwrap_or_default()),
            ParameterLocation::Cookie => cookie_pairs(header("cookie").unwrap_or_default()),
            ParameterLocation::Header | ParameterLocation::Path => header(&parameter.name)
                .map(|text| (parameter.name.clone(), text.to_owned()))
                .into_iter()
                .collect(),
        };
        match parameter.read(sent.iter().map(|(name, text)| (name.as_str(), text.as_str()))) {
            None if parameter.required => return Err(400),
            Some(value) if !parameter.schema.is_valid(&value) => return Err(400),
            _ => {}
        }
    }
    let mut body = Value::Null;
    if let Some(stated) = &operation.body {
        let sent = header("content-type").unwrap_or_default();
        let view = stated.view_of(Some(sent)).ok_or(415_u16)?;
        body = view.read(sent, &request.body).map_err(|_| 400_u16)?.unwrap_or_default();
        if !view.schema.is_valid(&body) {
            return Err(400);
        }
    }
    Ok(Sent { operation: operation.id.clone(), body })
}

fn right(sent: &Sent) -> ResponseTemplate {
    match sent.operation.as_str() {
        "pets" => ResponseTemplate::new(200)
            .insert_header("X-Total", "2")
            .set_body_json(json!([{"kind": "Cat", "lives": 7}, {"kind": "Dog", "barks": true}])),
        "version" => ResponseTemplate::new(200).set_body_string("1.2.3"),
        _ => ResponseTemplate::new(200).set_body_json(json!({})),
    }
}

/// The laws that a run finds broken on the target with a fault, and its report.
async fn found(fault: Fault) -> (Vec<String>, Value) {
    let contract = Contract::load(std::path::Path::new(CONTRACT)).expect("loads");
    let server = MockServer::start().await;
    let answer = move |request: &Request| match read(&contract, request) {
        Err(status) => ResponseTemplate::new(status).set_body_json(json!({})),
        Ok(sent) => fault(&sent).unwrap_or_else(|| right(&sent)),
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let project = Project::new();
    let url = server.uri();
    let ended = project.run(&["run", "--url", &url, "--contract", CONTRACT, "--report", "json=r.json"]).await;
    let laws = project.laws_found("r.json");
    assert_eq!(ended.code == 0, laws.is_empty(), "{ended:#?}");
    (laws, project.json("r.json"))
}

#[tokio::test]
async fn a_target_that_reads_strictly_holds() {
    let (laws, report) = found(|_| None).await;
    assert_eq!(laws, Vec::<String>::new(), "{:#}", report["findings"]);
    let lines = report["laws"].as_array().expect("lines");
    let line = |operation: &str, law: &str| {
        let found = lines.iter().find(|line| line["operation"] == operation && line["law"] == law);
        found.cloned().unwrap_or_default()
    };
    for operation in ["form", "upload", "search", "body", "version"] {
        let line = line(operation, "valid-request-accepted");
        assert_eq!(line["verdict"], "passed", "{operation}: {line}");
    }
    // What is not written is nobody's fault but the runner's.
    let reason = line("document", "valid-request-accepted")["reason"].as_str().unwrap_or_default().to_owned();
    assert!(reason.contains("application/xml"), "{reason}");
    assert_eq!(line("pets", "response-headers")["verdict"], "passed");
}

fn fails(sent: &Sent, operation: &str, pointer: &str, with: fn(&Value) -> bool) -> Option<ResponseTemplate> {
    let fails = sent.operation == operation && sent.body.pointer(pointer).is_some_and(with);
    fails.then(|| ResponseTemplate::new(500))
}

#[tokio::test]
async fn faults_of_what_is_optional_and_nested_are_found() {
    let faults: [(&str, Fault); 8] = [
        ("a null deep inside", |sent| fails(sent, "body", "/user/nick", Value::is_null)),
        ("an optional nested text", |sent| fails(sent, "body", "/user/nick", Value::is_string)),
        ("another alternative", |sent| fails(sent, "body", "/owner", Value::is_string)),
        ("an item of a list", |sent| fails(sent, "body", "/rows/0/on", |on| *on == json!(false))),
        ("two items", |sent| fails(sent, "body", "/rows/1", |_| true)),
        ("a number in a form", |sent| fails(sent, "form", "/inner/count", |_| true)),
        ("an object in a part", |sent| fails(sent, "upload", "/about/title", |_| true)),
        ("odd text", |sent| {
            fails(sent, "body", "/user/name", |name| {
                name.as_str().is_some_and(|name| name.contains('\u{202e}'))
            })
        }),
    ];
    let tried = faults.map(|(name, fault)| async move { (name, found(fault).await.0) });
    for (name, laws) in futures_util::future::join_all(tried).await {
        let told = ["no-server-error", "odd-input-survived"];
        assert!(laws.iter().any(|law| told.contains(&law.as_str())), "{name}: {laws:?}");
    }
}

#[tokio::test]
async fn answers_are_held_to_all_that_is_stated() {
    let faults: [(&str, Fault); 5] = [
        ("response-headers", |sent| {
            (sent.operation == "pets").then(|| ResponseTemplate::new(200).set_body_json(json!([])))
        }),
        ("response-headers", |sent| {
            let many =
                || ResponseTemplate::new(200).insert_header("X-Total", "many").set_body_json(json!([]));
            (sent.operation == "pets").then(many)
        }),
        ("content-type", |sent| {
            (sent.operation == "version").then(|| ResponseTemplate::new(200).set_body_json(json!("1.2")))
        }),
        ("response-schema", |sent| {
            (sent.operation == "version").then(|| ResponseTemplate::new(200).set_body_string("far too long"))
        }),
        ("response-schema", |sent| {
            // Valid as a cat, and said to be a dog.
            let dog = || json!([{"kind": "Dog", "lives": 7}]);
            let answer = || ResponseTemplate::new(200).insert_header("X-Total", "1").set_body_json(dog());
            (sent.operation == "pets").then(answer)
        }),
    ];
    for (law, fault) in faults {
        let laws = found(fault).await.0;
        assert!(laws.iter().any(|found| found == law), "{law}: {laws:?}");
    }
}
