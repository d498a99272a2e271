//! A sound target.

use serde_json::Value;

use crate::support::{KEY, Project, get, mock, plain, usual};

/// Every row of a workspace, as the lists show it.
pub(crate) async fn world(url: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    for list in ["customers", "onboardings"] {
        let mut cursor = String::new();
        loop {
            let page: Value = get(&format!("{url}/{list}?limit=100{cursor}")).await;
            rows.extend(page["data"].as_array().expect("rows").iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
    }
    rows
}

#[tokio::test]
async fn the_mock_server_holds_and_is_left_as_it_was() {
    let (project, server) = (Project::new(), mock().await);
    let before = world(server.url()).await;

    let mut arguments = usual(server.url());
    arguments.extend(["--report", "json=report.json", "--strict"]);
    let ended = project.run(&arguments).await;

    assert_eq!(ended.code, 0, "{ended:#?}");
    let report = project.json("report.json");
    assert_eq!(report["verdict"], "pass");
    assert_eq!(report["findings"], serde_json::json!([]));
    assert_eq!(report["leftovers"], 0);
    assert_eq!(
        report["summary"]["laws_not_judged"], 1,
        "only a refusal for going too fast is not met: {ended:#?}"
    );
    assert!(ended.out.contains("holds  0 violations, 0 warnings, 0 notes"), "{ended:#?}");
    assert_eq!(world(server.url()).await, before);
}

#[tokio::test]
async fn three_hundred_requests_exercise_every_law() {
    let (project, server) = (Project::new(), mock().await);
    let mut arguments = usual(server.url());
    arguments.extend(["--report", "json=report.json", "--max-requests", "300"]);
    let ended = project.run(&arguments).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!(project.json("report.json")["summary"]["laws_not_judged"], 1, "{ended:#?}");
}

#[tokio::test]
async fn the_requests_are_the_same_however_many_workers_there_are() {
    let mut counts = Vec::new();
    for workers in ["1", "7"] {
        let (project, server) = (Project::new(), mock().await);
        let mut arguments = usual(server.url());
        arguments.extend(["--report", "json=report.json", "--workers", workers, "--run-tag", "same"]);
        let ended = project.run(&arguments).await;
        assert_eq!(ended.code, 0, "{ended:#?}");
        counts.push(project.json("report.json")["requests"].clone());
    }
    assert_eq!(counts[0], counts[1]);
}

#[tokio::test]
async fn laws_that_want_another_key_are_not_judged_without_one() {
    let (project, server) = (Project::new(), mock().await);
    let ended = project
        .run(&[
            "run",
            "--url",
            server.url(),
            "--api-key",
            KEY,
            "--law",
            "auth-*",
            "--report",
            "json=report.json",
        ])
        .await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(ended.out.contains("not judged: no --other-key was given: auth-isolation"), "{ended:#?}");
    assert!(ended.out.contains("not judged: no --revoked-key was given: auth-revoked-key"), "{ended:#?}");
}

#[tokio::test]
async fn a_dry_run_prints_the_plan_and_sends_nothing() {
    let project = Project::new();
    let ended = project
        .run(&[
            "run",
            "--url",
            "http://127.0.0.1:1/v1",
            "--api-key",
            "key-of-mine",
            "--contract",
            &plain(),
            "--dry-run",
        ])
        .await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(ended.out.contains("valid-request-accepted/list-things"), "{ended:#?}");
    assert!(ended.out.ends_with("nothing was sent\n"), "{ended:#?}");
}

#[tokio::test]
async fn laws_are_listed_and_explained() {
    let project = Project::new();
    let laws = project.run(&["laws"]).await;
    assert_eq!(laws.code, 0, "{laws:#?}");
    assert!(laws.out.lines().count() > 80, "{laws:#?}");
    assert!(laws.out.contains("unique-on-create") && laws.out.contains("openapi.yaml:"), "{laws:#?}");
    let explained = project.run(&["explain", "unique-on-create"]).await;
    assert!(
        explained.out.contains("a create with a taken value is refused, and the answer names it."),
        "{explained:#?}"
    );
    let unknown = project.run(&["explain", "unique-on-creat"]).await;
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("did you mean unique-on-create?"), "{unknown:#?}");
}
