//! A run that lost what it wanted to judge does not hold.

use crate::faulty_wire::{Asked, Fate, wrong_on_the_wire};
use crate::support::{Ended, Project, mock};

/// Runs the program against the mock behind a wire that is wrong.
async fn run(
    project: &Project,
    fate: impl Fn(&Asked) -> Fate + Send + Sync + 'static,
    arguments: &[&str],
) -> Ended {
    let server = mock().await;
    let url = wrong_on_the_wire(server.address(), fate).await;
    let mut all = vec!["run", "--url", &url, "--api-key", "pivotal_test_demo", "--timeout", "1"];
    all.extend(["--no-generated", "--report", "json=report.json"]);
    all.extend(arguments);
    project.run(&all).await
}

const TOO_MANY: &str = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 0\r\ncontent-type: application/json\r\n\
                        content-length: 2\r\nconnection: close\r\n\r\n{}";
const LOGIN: &str =
    "HTTP/1.1 302 Found\r\nlocation: /login\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_wire_that_is_sound_loses_nothing() {
    let project = Project::new();
    let ended = run(&project, |_| Fate::Answered, &[]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    let summary = &project.json("report.json")["summary"];
    let unjudged = project.json("report.json")["laws"]
        .as_array()
        .expect("lines")
        .iter()
        .filter(|line| line.get("lost").is_some())
        .count();
    assert_eq!(unjudged, 0, "{summary}");
}

/// Asserts that nothing is found, and that it does not hold.
async fn is_not_judged(fate: fn(&Asked) -> Fate) {
    let project = Project::new();
    let ended = run(&project, fate, &[]).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.out.contains("could not be judged"), "{ended:#?}");
    assert!(ended.out.contains("pairs judged"), "{ended:#?}");
    let report = project.json("report.json");
    assert_eq!(report["verdict"], "error", "{ended:#?}");
    let summary = &report["summary"];
    assert!(summary["pairs_judged"].as_u64() < summary["pairs"].as_u64(), "{summary}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_dies_midway_does_not_hold() {
    is_not_judged(|asked| if asked.number < 150 { Fate::Answered } else { Fate::Dead }).await;
}

/// Asserts that one law is violated and no other: that every request is answered.
async fn leaves_requests_without_an_answer(fate: fn(&Asked) -> Fate) {
    let project = Project::new();
    let ended = run(&project, fate, &[]).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    let laws = project.laws_found("report.json");
    assert_eq!(laws, ["every-request-answered"], "{ended:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delete_that_is_never_answered_is_a_violation() {
    leaves_requests_without_an_answer(|asked| {
        if asked.head.starts_with("DELETE ") { Fate::Dropped } else { Fate::Answered }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_without_a_key_that_is_never_answered_is_a_violation() {
    leaves_requests_without_an_answer(|asked| {
        let answered = asked.has_header("authorization") || asked.head.contains("/health");
        if answered { Fate::Answered } else { Fate::Dropped }
    })
    .await;
}

const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\
                    connection: close\r\n\r\nbusy";
const FAILED: &str = "HTTP/1.1 500 Internal Server Error\r\ncontent-type: application/json\r\n\
                      content-length: 2\r\nconnection: close\r\n\r\n{}";

/// Whether a request is among so many of a hundred, without a pattern that repeats.
fn is_among(asked: &Asked, of_hundred: usize) -> bool {
    asked.number > 8 && asked.number.wrapping_mul(0x9E37_79B9).rotate_right(7) % 100 < of_hundred
}

/// Asserts that failures which come and go are told as such, and that no row is left.
async fn is_unstable(fate: fn(&Asked) -> Fate, arguments: &[&str]) {
    let project = Project::new();
    let ended = run(&project, fate, arguments).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert_eq!(project.laws_found("report.json"), ["stable-target"], "{ended:#?}");
    assert!(ended.out.contains("the target is unstable"), "{ended:#?}");
    assert_eq!(project.json("report.json")["leftovers"], 0, "{ended:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn server_errors_that_come_and_go_blame_no_law() {
    is_unstable(|asked| if is_among(asked, 3) { Fate::Instead(FAILED) } else { Fate::Answered }, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_busy_every_third_time_blames_no_law() {
    let few = ["--max-requests", "3000"];
    is_unstable(|asked| if is_among(asked, 30) { Fate::Instead(BUSY) } else { Fate::Answered }, &few).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_now_and_then_blame_no_law() {
    is_unstable(|asked| if is_among(asked, 10) { Fate::Dropped } else { Fate::Answered }, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_out_now_and_then_blames_no_law() {
    let few = ["--law", "refuses-*", "--workers", "8"];
    is_unstable(|asked| if is_among(asked, 3) { Fate::Silent } else { Fate::Answered }, &few).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_somebody_else_deletes_are_told_and_no_law_is_blamed() {
    let project = Project::new();
    let fate = |asked: &Asked| if asked.number == 300 { Fate::Forgotten } else { Fate::Answered };
    let ended = run(&project, fate, &[]).await;
    assert_eq!(project.laws_found("report.json"), ["rows-kept"], "{ended:#?}");
    assert!(ended.out.contains("rows vanish that the run did not delete"), "{ended:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_only_asks_for_patience_does_not_hold() {
    is_not_judged(|asked| if asked.number < 150 { Fate::Answered } else { Fate::Instead(TOO_MANY) }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_an_answer_and_the_wrong_one() {
    let project = Project::new();
    let fate = |asked: &Asked| {
        if asked.has_header("authorization") || asked.head.contains("/health") {
            Fate::Answered
        } else {
            Fate::Instead(LOGIN)
        }
    };
    let ended = run(&project, fate, &["--law", "auth-*"]).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert!(ended.out.contains("violation[auth-missing]"), "{ended:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_that_reaches_no_law_of_a_kind_is_too_small() {
    let project = Project::new();
    let ended = run(&project, |_| Fate::Answered, &["--max-requests", "40"]).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.out.contains("raise --max-requests"), "{ended:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_cannot_be_written_ends_with_two() {
    let project = Project::new();
    let ended = run(&project, |_| Fate::Answered, &["--ledger", "/dev/full"]).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
}
