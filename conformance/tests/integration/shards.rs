//! Several runs that judge a contract together judge what one run judges.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::clean::world;
use crate::support::{Project, mock, usual};
use crate::wire::{Loses, Wire};

/// What was judged, and how it went: law, operation, verdict.
fn judged(report: &Value) -> BTreeSet<(String, String, String)> {
    let text = |line: &Value, name: &str| line[name].as_str().expect("a text").to_owned();
    let lines = report["laws"].as_array().expect("lines").iter();
    lines
        .filter(|line| line["verdict"] != "not-judged")
        .map(|line| (text(line, "law"), text(line, "operation"), text(line, "verdict")))
        .collect()
}

#[tokio::test]
async fn the_plans_of_all_shards_are_the_plan() {
    let project = Project::new();
    let arguments = ["run", "--url", "http://127.0.0.1:1/v1", "--api-key", "pivotal_test_k", "--dry-run"];
    let cases = |out: &str| -> Vec<String> {
        let lines = out.lines().filter(|line| line.contains('/'));
        lines.filter_map(|line| line.split_whitespace().last()).map(str::to_owned).collect()
    };
    let whole: BTreeSet<String> = cases(&project.run(&arguments).await.out).into_iter().collect();
    assert!(whole.len() > 400, "{}", whole.len());
    let mut parts = BTreeSet::new();
    for shard in ["1/3", "2/3", "3/3"] {
        let mut arguments = arguments.to_vec();
        arguments.extend(["--shard", shard]);
        for case in cases(&project.run(&arguments).await.out) {
            assert!(parts.insert(case.clone()), "{case} twice");
        }
    }
    assert_eq!(parts, whole);
}

#[tokio::test]
async fn shards_judge_together_what_one_run_judges() {
    let (project, server) = (Project::new(), mock().await);
    let mut arguments = usual(server.url());
    arguments.extend(["--report", "json=whole.json", "--no-generated"]);
    assert_eq!(project.run(&arguments).await.code, 0);
    let whole = project.json("whole.json");
    assert!(whole.get("shard").is_none());

    let mut together = BTreeSet::new();
    for (index, shard) in ["1/2", "2/2"].iter().enumerate() {
        let report = format!("json={index}.json");
        let mut arguments = usual(server.url());
        arguments.extend(["--no-generated", "--shard", shard, "--report", &report]);
        let ended = project.run(&arguments).await;
        assert_eq!(ended.code, 0, "{ended:#?}");
        let report = project.json(&format!("{index}.json"));
        assert_eq!(report["shard"], serde_json::json!({"index": index + 1, "of": 2}));
        assert_eq!(report["contract"], whole["contract"]);
        assert!(report["requests"].as_u64() < whole["requests"].as_u64().map(|all| all * 3 / 4));
        together.extend(judged(&report));
    }
    let whole = judged(&whole);
    let lost: Vec<_> = whole.difference(&together).collect();
    let more: Vec<_> = together.difference(&whole).collect();
    assert!(lost.is_empty() && more.is_empty(), "lost {lost:#?}, more {more:#?}");
}

#[tokio::test]
async fn shards_of_one_tag_run_beside_each_other() {
    let (project, server) = (Project::new(), mock().await);
    let mut children = Vec::new();
    for shard in ["1/2", "2/2"] {
        let mut arguments = usual(server.url());
        arguments.extend(["--law", "unique-*", "--run-tag", "together", "--shard", shard]);
        let mut command = project.command(&arguments);
        children.push(command.stdout(std::process::Stdio::piped()).spawn().expect("it starts"));
    }
    for child in children {
        let output = child.wait_with_output().await.expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

#[tokio::test]
async fn a_shard_finds_the_rows_whose_create_got_no_answer() {
    let (project, server) = (Project::new(), mock().await);
    let before = world(server.url()).await;
    for shard in ["1/2", "2/2"] {
        // Customers have no owner: only their texts show whose they are.
        let lost = Loses { head: "POST /api/v1/customers HTTP", every: 3 };
        let wire = Wire::losing(&server, Some(lost)).await;
        let mut arguments = usual(&wire.url);
        arguments.extend([
            "--law",
            "unique-*",
            "--law",
            "valid-*",
            "--no-generated",
            "--run-tag",
            "together",
        ]);
        arguments.extend(["--shard", shard, "--report", "json=report.json"]);
        let ended = project.run(&arguments).await;
        let report = project.json("report.json");
        assert_eq!(report["leftovers"], 0, "{shard}: {ended:#?}");
        let losses = wire.matching.load(std::sync::atomic::Ordering::SeqCst) / lost.every;
        assert!(losses > 0, "an answer was lost in {shard}: {ended:#?}");
        assert_eq!(world(server.url()).await, before, "{shard}: {ended:#?}");
    }
}
