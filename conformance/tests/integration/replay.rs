//! A finding is tried again by its name.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{Project, plain};

#[tokio::test]
async fn a_finding_is_still_there_until_it_is_mended() {
    let (project, server, mended) =
        (Project::new(), MockServer::start().await, Arc::new(AtomicBool::new(false)));
    let seen = Arc::clone(&mended);
    let answer = move |request: &Request| {
        let key = request.headers.get("authorization").is_some_and(|value| value == "Bearer key-of-mine");
        if key || !seen.load(Ordering::SeqCst) {
            ResponseTemplate::new(200).set_body_json(json!([]))
        } else {
            ResponseTemplate::new(401).set_body_json(json!({}))
        }
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let (url, plain) = (format!("{}/v1", server.uri()), plain());
    let target = ["--url", &url, "--api-key", "key-of-mine", "--contract", &plain];

    let mut run = vec!["run", "--law", "auth-missing", "--operation", "list-things"];
    run.extend(target);
    let found = project.run(&run).await;
    assert_eq!(found.code, 1, "{found:#?}");
    assert!(found.out.contains("3 of 3 repeats"), "{found:#?}");
    let id =
        project.json(".conformance/last-run.json")["findings"][0]["id"].as_str().expect("an id").to_owned();
    assert!(found.out.contains(&format!("conformance replay {id}")), "{found:#?}");

    let mut again = vec!["replay", id.as_str()];
    again.extend(target);
    let still = project.run(&again).await;
    assert_eq!(still.code, 1, "{still:#?}");
    assert!(still.out.contains("still there: 3 of 3 tries"), "{still:#?}");

    mended.store(true, Ordering::SeqCst);
    let gone = project.run(&again).await;
    assert_eq!(gone.code, 0, "{gone:#?}");
    assert!(gone.out.contains("no longer there: 0 of 3 tries"), "{gone:#?}");

    let mut other = vec!["replay", "00000000"];
    other.extend(target);
    let unknown = project.run(&other).await;
    assert_eq!(unknown.code, 2, "{unknown:#?}");
    assert!(unknown.err.contains(&id), "{unknown:#?}");
}
