//! The templates for CI servers do what they say: their shell steps are run as they stand.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::clean::world;
use crate::support::{Ended, KEY, OTHER, Project, REVOKED, mock};
use crate::wire::Wire;

type Variables = BTreeMap<String, String>;

fn template(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ci").join(name);
    let text = fs::read_to_string(path).expect("the template");
    yaml_serde::from_str(&text).expect("it is YAML")
}

/// Runs lines with bash as CI servers do, with the program on the path.
async fn bash(project: &Project, lines: &str, variables: &Variables) -> Ended {
    let program = Path::new(env!("CARGO_BIN_EXE_conformance")).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = tokio::process::Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", lines]).current_dir(project.path("."));
    command.env_clear().env("PATH", format!("{}:{path}", program.display())).envs(variables);
    Ended::of(&command.output().await.expect("bash runs"))
}

/// The steps of the action with their variables, the inputs put in.
fn steps(inputs: &[(&str, &str)]) -> Vec<(String, Variables)> {
    let action = template("action.yml");
    let value = |name: &str| {
        let given = inputs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        given.unwrap_or_else(|| action["inputs"][name]["default"].as_str().expect(name).to_owned())
    };
    let put = |text: &str| {
        let name = text.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}"));
        name.map_or_else(|| text.to_owned(), value)
    };
    let all = action["runs"]["steps"].as_array().expect("steps").iter();
    all.filter_map(|step| {
        assert!(step["run"].is_null() || step["shell"] == "bash");
        let variables = step["env"].as_object().into_iter().flatten();
        let variables = variables.map(|(name, value)| (name.clone(), put(value.as_str().expect("a text"))));
        Some((step["run"].as_str()?.to_owned(), variables.collect()))
    })
    .collect()
}

#[tokio::test]
async fn the_action_runs_reports_and_leaves_nothing() {
    let (project, server) = (Project::new(), mock().await);
    let before = world(server.url()).await;
    let inputs = [
        ("url", server.url()),
        ("api-key", KEY),
        ("other-key", OTHER),
        ("revoked-key", REVOKED),
        ("max-requests", "400"),
        ("shard", "2/3"),
        ("args", "--law=auth-*\n--law=unique-*"),
        ("run-tag", "fromci"),
    ];
    let output = project.path("output").display().to_string();
    for (lines, mut variables) in steps(&inputs) {
        variables.insert("GITHUB_OUTPUT".to_owned(), output.clone());
        let ended = bash(&project, &lines, &variables).await;
        assert_eq!(ended.code, 0, "{lines}: {ended:#?}");
    }
    assert_eq!(fs::read_to_string(output).expect("written"), "report=conformance-report/report.json\n");
    let report = project.json("conformance-report/report.json");
    assert_eq!((&report["shard"]["index"], &report["tag"]), (&Value::from(2), &Value::from("fromci")));
    assert_eq!(project.files("conformance-report"), ["junit.xml", "report.json"]);
    assert_eq!(world(server.url()).await, before);
}

#[tokio::test]
async fn the_action_takes_away_what_a_killed_run_left() {
    let (project, server) = (Project::new(), mock().await);
    let before = world(server.url()).await;
    let wire = Wire::to(&server).await;
    let inputs =
        [("url", wire.url.as_str()), ("api-key", KEY), ("run-tag", "r1"), ("args", "--allow-live\n--strict")];
    let [(_, first), (lines, second)] = steps(&inputs).try_into().expect("two steps");
    let mut command = project.command(&["run", "--url", &wire.url, "--api-key", KEY]);
    command.env("CONFORMANCE_LEDGER", &first["CONFORMANCE_LEDGER"]);
    let mut child = command.stderr(std::process::Stdio::null()).spawn().expect("it starts");
    wire.until(60).await;
    child.kill().await.expect("it is killed");
    let ended = bash(&project, &lines, &second).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!(world(server.url()).await, before);
}

#[tokio::test]
async fn the_gitlab_job_runs_reports_and_leaves_nothing() {
    let (project, server) = (Project::new(), mock().await);
    let before = world(server.url()).await;
    let job = &template("gitlab.yml")[".conformance"];
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let mut variables: Variables = job["variables"]
        .as_object()
        .expect("variables")
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    for (name, value) in [
        ("PIVOTAL_API_URL", server.url()),
        ("PIVOTAL_API_KEY", KEY),
        ("CI_NODE_INDEX", "1"),
        ("CI_NODE_TOTAL", "4"),
        ("CI_PIPELINE_IID", "12"),
        ("CONFORMANCE_MAX_REQUESTS", "400"),
    ] {
        variables.insert(name.to_owned(), value.to_owned());
    }
    for part in ["script", "after_script"] {
        let lines: Vec<String> = job[part].as_array().expect("lines").iter().map(text).collect();
        let ended = bash(&project, &lines.join("\n"), &variables).await;
        assert_eq!(ended.code, 0, "{part}: {ended:#?}");
    }
    let report = project.json("conformance-report/report.json");
    assert_eq!(report["shard"], serde_json::json!({"index": 1, "of": 4}));
    assert_eq!(report["tag"], "p12");
    assert!(job["artifacts"]["reports"]["junit"].as_str().is_some_and(|path| project.path(path).exists()));
    assert_eq!(world(server.url()).await, before);
}
