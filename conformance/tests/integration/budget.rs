//! Budgets bound the whole run, taking away included.

use mock_server::{MockServer, RateLimitMode};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer as StandIn, ResponseTemplate};

use crate::clean::world;
use crate::support::{Project, mock, plain, usual};

fn reasons(report: &Value) -> Vec<&str> {
    let lines = report["laws"].as_array().expect("lines").iter();
    lines.filter_map(|line| line["reason"].as_str()).collect()
}

#[tokio::test]
async fn no_run_sends_more_than_it_may_and_all_is_taken_away() {
    for (most, workers) in [("12", "1"), ("30", "1"), ("77", "4"), ("200", "1")] {
        let (project, server) = (Project::new(), mock().await);
        let before = world(server.url()).await;
        let mut arguments = usual(server.url());
        arguments.extend(["--max-requests", most, "--workers", workers, "--report", "json=report.json"]);
        let ended = project.run(&arguments).await;
        // Laws that the budget does not reach on any operation are not judged.
        assert_eq!(ended.code, 2, "{most}: {ended:#?}");
        let report = project.json("report.json");
        let requests = report["requests"].as_u64().expect("a number");
        let bound: u64 = most.parse().expect("a number");
        assert!(requests <= bound && requests + 8 >= bound, "{most}: {requests}");
        assert_eq!(report["leftovers"], 0, "{most}: {ended:#?}");
        assert!(reasons(&report).contains(&"the requests are used up"), "{most}: {ended:#?}");
        assert!(ended.out.contains("not judged: the requests are used up"), "{most}: {ended:#?}");
        assert_eq!(world(server.url()).await, before, "{most}");
    }
}

#[tokio::test]
async fn the_time_bounds_the_whole_run() {
    let (project, server) = (Project::new(), StandIn::start().await);
    let slow =
        ResponseTemplate::new(200).set_body_json(json!([])).set_delay(std::time::Duration::from_millis(40));
    Mock::given(any()).respond_with(slow).mount(&server).await;
    let (url, plain) = (format!("{}/v1", server.uri()), plain());
    let mut arguments = vec!["run", "--url", &url, "--api-key", "key-of-mine", "--contract", &plain];
    arguments.extend(["--max-time", "1s", "--report", "json=report.json"]);
    project.run(&arguments).await;
    let report = project.json("report.json");
    assert!(reasons(&report).iter().any(|reason| reason.contains("the time is used up")), "{report:#}");
}

#[tokio::test]
async fn an_allowance_that_ends_before_the_time_does_is_kept_for_taking_away() {
    let project = Project::new();
    let limited = MockServer::builder().rate_limit(RateLimitMode::PerMinute(40));
    let server = limited.start().await.expect("a free port");
    let mut arguments = usual(server.url());
    arguments.extend(["--max-time", "20s", "--report", "json=report.json"]);
    let ended = project.run(&arguments).await;
    let report = project.json("report.json");
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert_eq!(report["throttled"], 0, "no refusal was provoked: {ended:#?}");
    assert_eq!(report["leftovers"], 0, "{ended:#?}");
    let requests = report["requests"].as_u64().expect("a number");
    assert!((30..=60).contains(&requests), "the allowance was used: {requests}");
    assert!(report["duration_ms"].as_u64() < Some(15_000), "nobody waited for what cannot be");
}

#[tokio::test]
async fn what_it_will_cost_is_told_first_in_one_line() {
    let (project, server) = (Project::new(), mock().await);
    let mut arguments = usual(server.url());
    arguments.extend(["--max-requests", "60", "--law", "auth-*"]);
    let ended = project.run(&arguments).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    let lines: Vec<&str> = ended.err.lines().collect();
    assert_eq!(lines.len(), 1, "{ended:#?}");
    assert!(lines[0].starts_with("plan: ") && lines[0].contains("one key at 30 a minute"), "{ended:#?}");
}
