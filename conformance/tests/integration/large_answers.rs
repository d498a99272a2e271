//! However much a target answers, the program keeps little of it.
#![cfg(target_os = "linux")]

use std::time::Duration;

use serde_json::{Value, json};

use crate::faulty_wire::{Fate, wrong_on_the_wire};
use crate::support::{Ended, Project, mock};

/// Kilobytes of memory that a run may take at its peak, with room for a build without optimisation.
const MOST: u64 = 160 << 10;

/// The most memory that a process has taken so far, in kilobytes; `None` where it has ended.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// Runs the program against answers that are rewritten; gives what it came to and the memory that it took.
async fn run(project: &Project, fate: Fate, arguments: &[&str]) -> (Ended, u64) {
    let server = mock().await;
    let url = wrong_on_the_wire(server.address(), move |_| fate).await;
    let mut all = vec!["run", "--url", &url, "--api-key", "pivotal_test_demo", "--no-generated"];
    all.extend(["--report", "json=report.json", "--report", "har=all.har"]);
    all.extend(arguments);
    let mut command = project.command(&all);
    let command = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = command.spawn().expect("it starts");
    let process = child.id().expect("it runs");
    let most = tokio::spawn(async move {
        let mut most = 0;
        while let Some(now) = peak(process) {
            most = now.max(most);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        most
    });
    let ended = Ended::of(&child.wait_with_output().await.expect("it ends"));
    (ended, most.await.expect("a figure"))
}

fn with_many_rows(body: &str) -> String {
    let Ok(mut page) = serde_json::from_str::<Value>(body) else { return body.to_owned() };
    if let Some(rows) = page.get_mut("data").and_then(Value::as_array_mut).filter(|rows| !rows.is_empty()) {
        *rows = rows.iter().cycle().take(5_000).cloned().collect();
    }
    page.to_string()
}

fn with_seven_megabytes(body: &str) -> String {
    let Ok(mut answer) = serde_json::from_str::<Value>(body) else { return body.to_owned() };
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("padding".to_owned(), json!("x".repeat(7 << 20)));
    }
    answer.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_thousands_of_rows_are_judged_in_little_memory() {
    let project = Project::new();
    let (ended, most) =
        run(&project, Fate::Rewritten(with_many_rows), &["--law", "list-*", "--law", "filter-*"]).await;
    assert!(most < MOST, "{most} kB; {ended:#?}");
    assert!(ended.code < 2, "{ended:#?}");
    assert_eq!(project.json("report.json")["leftovers"], 0, "{ended:#?}");
    let size = std::fs::metadata(project.path("report.json")).expect("a report").len();
    assert!(size < 1 << 20, "rows of a long list are counted, not written: {size} bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_megabytes_are_judged_in_little_memory() {
    let project = Project::new();
    let laws = ["--law", "valid-request-accepted"];
    let (ended, most) = run(&project, Fate::Rewritten(with_seven_megabytes), &laws).await;
    assert!(most < MOST, "{most} kB; {ended:#?}");
    assert!(ended.code < 2, "{ended:#?}");
    assert_eq!(project.json("report.json")["leftovers"], 0, "{ended:#?}");
    let bodies = project.json("all.har");
    let content = &bodies["log"]["entries"][0]["response"]["content"];
    assert!(content["size"].as_u64() > Some(7 << 20), "{}", content["size"]);
    assert!(
        content["comment"].as_str().is_some_and(|comment| comment.starts_with("cut after")),
        "{}",
        content["comment"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_an_end_is_too_large_to_judge() {
    let project = Project::new();
    let (ended, most) = run(&project, Fate::Endless, &[]).await;
    assert!(most < MOST, "{most} kB; {ended:#?}");
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.err.contains("the answer is too large to judge"), "{ended:#?}");
}
