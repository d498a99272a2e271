//! The reports of shards, joined.

use serde_json::{Value, json};

use crate::report_forms::{check_html, check_json, check_sarif, expected_cases, read_junit};
use crate::support::{Project, mock, usual};

/// Runs all shards and writes their reports to `N.json`.
async fn shards(project: &Project, url: &str, of: usize) {
    for index in 1..=of {
        let (shard, report) = (format!("{index}/{of}"), format!("json={index}.json"));
        let mut arguments = usual(url);
        arguments.extend(["--shard", &shard, "--report", &report, "--run-tag", "merged", "--no-generated"]);
        arguments.extend(["--operation", "*-customer"]);
        let ended = project.run(&arguments).await;
        assert_eq!(ended.code, 0, "{ended:#?}");
    }
}

#[tokio::test]
async fn shards_joined_judge_what_one_run_judges() {
    let (project, server) = (Project::new(), mock().await);
    shards(&project, server.url(), 2).await;
    let merged = project.run(&["merge", "2.json", "1.json", "--report", "all"]).await;
    assert_eq!(merged.code, 0, "{merged:#?}");
    let report = project.json("conformance-report/report.json");
    check_json(&report);
    assert!(report.get("shard").is_none());
    assert_eq!(project.json(".conformance/last-run.json"), report);
    let whole = {
        let mut arguments = usual(server.url());
        arguments.extend(["--report", "json=whole.json", "--run-tag", "whole", "--no-generated"]);
        arguments.extend(["--operation", "*-customer"]);
        assert_eq!(project.run(&arguments).await.code, 0);
        project.json("whole.json")
    };
    let judged = |report: &Value| {
        let lines = report["laws"].as_array().expect("laws").iter();
        let mut judged: Vec<String> = lines
            .filter(|line| line["verdict"] == "passed")
            .map(|line| format!("{} {}", line["law"], line["operation"]))
            .collect();
        judged.sort();
        judged
    };
    // Shared rows are made in each shard, so that an answer may be met on more operations, never on fewer.
    let (joined, alone) = (judged(&report), judged(&whole));
    let lost: Vec<&String> = alone.iter().filter(|line| !joined.contains(line)).collect();
    assert_eq!(lost, Vec::<&String>::new());
    let sum = |name: &str| project.json(name)["requests"].as_u64().expect("a number");
    assert_eq!(report["requests"], sum("1.json") + sum("2.json"));
    check_sarif(&project.json("conformance-report/report.sarif"), &report);
    let read = |name: &str| std::fs::read_to_string(project.path(name)).expect("it was written");
    assert_eq!(read_junit(&read("conformance-report/junit.xml")), expected_cases(&report, false));
    check_html(&read("conformance-report/report.html"));
    assert!(!project.path("conformance-report/traffic.har").exists(), "reports hold no traffic");
}

/// A report of a shard in which something does not hold.
fn shard(index: usize, of: usize) -> Value {
    let finding = |id: &str, law: &str, severity: &str| {
        json!({
            "id": id, "law": law, "operation": "create-thing", "also": [], "standing": "documented",
            "severity": severity, "confirmed": true, "repeats": 3, "of_repeats": 3, "cases": 2,
            "message": format!("{law} is broken"), "contract": "api.yaml:3:4", "pointer": "/paths", "case": "c",
            "class": "accepted", "found_after": 9, "curl": "curl",
            "steps": [{"method": "POST", "path": "/things", "status": 201, "response": null, "here": true}]
        })
    };
    json!({
        "version": 1, "verdict": "pass", "target": "http://127.0.0.1/v1", "seed": 1, "tag": "t", "requests": 5,
        "duration_ms": 7, "leftovers": 0, "left": [], "shard": {"index": index, "of": of},
        "contract": {"title": "Things", "version": "1", "digest": "0".repeat(64)},
        "summary": {
            "violations": 0, "warnings": 1, "notes": 0, "baselined": 0, "laws_passed": 1, "laws_not_judged": 0
        },
        "findings": [finding("00000001", "unique-on-create", "warning")],
        "laws": [{"law": "unique-on-create", "operation": "create-thing", "verdict": "violated", "requests": 2}]
    })
}

fn write(project: &Project, name: &str, report: &Value) {
    std::fs::write(project.path(name), report.to_string()).expect("it is written");
}

#[tokio::test]
async fn findings_of_one_id_are_one_and_strictness_is_asked_of_the_merge() {
    let project = Project::new();
    let mut second = shard(2, 2);
    second["findings"][0]["also"] = json!(["update-thing"]);
    write(&project, "1.json", &shard(1, 2));
    write(&project, "2.json", &second);
    let lenient = project.run(&["merge", "1.json", "2.json", "--report", "json=all.json"]).await;
    assert_eq!(lenient.code, 0, "{lenient:#?}");
    let report = project.json("all.json");
    check_json(&report);
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1));
    assert_eq!(report["findings"][0]["also"], json!(["update-thing"]));
    assert_eq!((&report["findings"][0]["cases"], &report["summary"]["warnings"]), (&json!(4), &json!(1)));
    let strict = project.run(&["merge", "1.json", "2.json", "--strict"]).await;
    assert_eq!(strict.code, 1, "{strict:#?}");
    let demanding = project.run(&["merge", "1.json", "2.json", "--fail-on-not-judged", "auth-*"]).await;
    assert_eq!(demanding.code, 2, "{demanding:#?}");
    assert!(demanding.err.contains("no law that the contract states matches"), "{demanding:#?}");
}

#[tokio::test]
async fn a_shard_that_could_not_judge_or_was_interrupted_shows_in_the_exit_code() {
    let project = Project::new();
    write(&project, "1.json", &shard(1, 2));
    for (field, value, verdict, code) in
        [("error", json!("no target"), "error", 2), ("interrupted", json!(true), "pass", 130)]
    {
        let mut second = shard(2, 2);
        second[field] = value;
        second["verdict"] = json!(verdict);
        write(&project, "2.json", &second);
        let ended = project.run(&["merge", "1.json", "2.json"]).await;
        assert_eq!(ended.code, code, "{ended:#?}");
    }
}

type Change = fn(&mut Value);

#[tokio::test]
async fn reports_that_do_not_belong_together_are_refused() {
    let project = Project::new();
    write(&project, "1.json", &shard(1, 2));
    let table: &[(&str, Change, &str)] = &[
        ("version", |report| report["version"] = json!(2), "it has the version 2, and this program reads 1"),
        ("contract", |report| report["contract"]["digest"] = json!("f".repeat(64)), "the contract is 0000"),
        ("target", |report| report["target"] = json!("http://other"), "every shard against the same --url"),
        ("seed", |report| report["seed"] = json!(2), "the seed is 1 in the first and 2 in the second"),
        ("tag", |report| report["tag"] = json!("u"), "run every shard with the same --run-tag"),
        ("overlap", |report| report["shard"]["index"] = json!(1), "are both of shard 1"),
        ("of", |report| report["shard"]["of"] = json!(3), "the number of shards is 2 in the first"),
        ("whole", |report| report["shard"] = Value::Null, "is the report of a whole run"),
        ("form", |report| report["laws"] = json!(1), "failed to read 2.json"),
        ("nothing", |report| *report = json!({}), "it is no report"),
    ];
    for (name, change, message) in table {
        let mut second = shard(2, 2);
        change(&mut second);
        write(&project, "2.json", &second);
        let ended = project.run(&["merge", "1.json", "2.json", "--report", "json=all.json"]).await;
        assert_eq!(ended.code, 2, "{name}: {ended:#?}");
        assert!(ended.err.contains(message) && ended.err.contains("help: "), "{name}: {ended:#?}");
        assert!(!project.path("all.json").exists(), "{name}");
    }
    write(&project, "2.json", &shard(2, 2));
    let table: &[(&[&str], &str)] = &[
        (&["merge", "1.json"], "shards 2 of 2 are missing"),
        (&["merge", "1.json", "none.json"], "failed to read none.json"),
        (&["merge", "1.json", "2.json", "--report", "har"], "reports hold no traffic"),
        (&["merge", "1.json", "2.json", "--report", "json=1.json"], "two files would be written to 1.json"),
        (&["merge"], "required arguments"),
    ];
    for (arguments, message) in table {
        let ended = project.run(arguments).await;
        assert_eq!(ended.code, 2, "{arguments:?}: {ended:#?}");
        assert!(ended.err.contains(message), "{arguments:?}: {ended:#?}");
    }
}
