//! Reports of runs that end in every way there is, and what reports have in common.

use std::path::Path;

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::report_forms::{USUAL, check_all, check_json};
use crate::support::{KEY, Project, mock, plain, usual};

/// A stand-in that breaks laws with text that every form must escape.
async fn broken() -> MockServer {
    let server = MockServer::start().await;
    let answer = |request: &Request| {
        let known = request.headers.contains_key("authorization");
        let odd = "</script><!-- ]]> & \u{1}\u{7f}\u{fffe} \"'`|*: 100% \u{1f980}\r\n::error::no";
        let body = json!([{"id": odd, "name": odd, odd: [1, null]}]);
        ResponseTemplate::new(if known { 200 } else { 401 }).set_body_json(body)
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

fn is_written(project: &Project) -> bool {
    USUAL.iter().all(|name| project.path("conformance-report").join(name).is_file())
}

#[tokio::test]
async fn a_run_that_passes_writes_every_kind() {
    let (project, server) = (Project::new(), mock().await);
    let mut arguments = usual(server.url());
    arguments.extend(["--report", "all", "--max-requests", "400", "--workers", "4"]);
    let ended = project.run(&arguments).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    let report = check_all(&project, false);
    assert_eq!(report["verdict"], "pass");
    assert!(ended.out.contains("covered: 18 of 18 operations"), "{ended:#?}");
}

#[tokio::test]
async fn a_run_that_fails_writes_every_kind() {
    let (project, server, plain) = (Project::new(), broken().await, plain());
    let url = format!("{}/v1", server.uri());
    let arguments = ["run", "--url", &url, "--api-key", KEY, "--contract", &plain, "--report", "all"];
    let ended = project.run(&arguments).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    let report = check_all(&project, false);
    assert_eq!(report["verdict"], "fail");
    assert!(report["findings"].as_array().is_some_and(|findings| findings.len() > 3));
    // What the target answers is shown in one line, and acts on nothing.
    assert!(!ended.out.contains('\u{7f}') && !ended.out.contains('\r'), "{ended:#?}");
    assert!(!ended.out.lines().any(|line| line.trim_start().starts_with("::")), "{ended:#?}");
}

#[tokio::test]
async fn a_run_that_cannot_judge_writes_every_kind() {
    let (project, plain) = (Project::new(), plain());
    let arguments =
        ["run", "--url", "http://127.0.0.1:1/v1", "--api-key", KEY, "--contract", &plain, "--report", "all"];
    let ended = project.run(&arguments).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    let report = check_all(&project, false);
    assert_eq!(report["verdict"], "error");
    assert!(report["error"].as_str().is_some_and(|error| error.contains("cannot be reached")));
    assert_eq!(report["contract"]["title"], "Plain");
}

#[tokio::test]
async fn a_strict_run_fails_by_its_warnings_in_junit_too() {
    let (project, server) = (Project::new(), replaying().await);
    let mut arguments = usual(server.url());
    arguments.extend(["--report", "all", "--strict", "--operation", "*-onboarding", "--no-generated"]);
    let ended = project.run(&arguments).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    let report = check_all(&project, true);
    assert!(report["summary"]["warnings"].as_u64() > Some(0), "{}", report["summary"]);
}

/// A mock server that answers fixtures whatever was asked: much does not hold, in every severity.
async fn replaying() -> mock_server::MockServer {
    mock_server::MockServer::builder().replay(true).start().await.expect("a free port")
}

#[tokio::test]
async fn one_run_twice_gives_the_same_bytes_but_for_times() {
    let mut told: Vec<Vec<String>> = Vec::new();
    for _ in 0..2 {
        let (project, server) = (Project::new(), mock().await);
        let mut arguments = usual(server.url());
        arguments.extend(["--report", "all", "--max-requests", "100", "--run-tag", "same", "--seed", "7"]);
        // So few requests reach no list that shows a clock, nor every law.
        assert_eq!(project.run(&arguments).await.code, 2);
        let address = server.address().to_string();
        let texts = USUAL.iter().map(|name| {
            let text = std::fs::read_to_string(project.path("conformance-report").join(name));
            timeless(name, &text.expect("it was written").replace(&address, "target"))
        });
        told.push(texts.collect());
    }
    for (name, (one, other)) in USUAL.iter().zip(told[0].iter().zip(&told[1])) {
        assert!(one == other, "{name} differs: {:?}", differing(one, other));
    }
}

fn differing<'a>(one: &'a str, other: &'a str) -> Option<(&'a str, &'a str)> {
    one.lines().zip(other.lines()).find(|(one, other)| one != other)
}

/// A report without its times.
fn timeless(name: &str, text: &str) -> String {
    let without = |mut value: Value| {
        erase(&mut value);
        serde_json::to_string_pretty(&value).expect("JSON")
    };
    match name {
        "report.html" => text.lines().filter(|line| !line.contains("<dt>Requests</dt>")).collect(),
        "junit.xml" => text.to_owned(),
        _ => without(serde_json::from_str(text).expect("it is JSON")),
    }
}

fn erase(value: &mut Value) {
    const TIMES: [&str; 5] = ["duration_ms", "startedDateTime", "time", "timings", "headers"];
    match value {
        Value::Object(map) => {
            map.retain(|name, _| !TIMES.contains(&name.as_str()));
            map.values_mut().for_each(erase);
        }
        Value::Array(items) => items.iter_mut().for_each(erase),
        Value::String(text) => {
            // Bodies hold the instants at which rows were made.
            if let Ok(mut inner) = serde_json::from_str::<Value>(text)
                && inner.is_object()
            {
                erase(&mut inner);
                *text = inner.to_string();
            } else if text.len() == 24 && text.ends_with('Z') && text.as_bytes()[4] == b'-' {
                text.clear();
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn a_path_that_cannot_be_written_is_told_before_any_request() {
    let (project, server) = (Project::new(), mock().await);
    std::fs::create_dir(project.path("folder")).expect("a folder");
    std::fs::write(project.path("file"), "").expect("a file");
    let table: &[(&[&str], &str)] = &[
        (&["--report", "json=folder"], "failed to open folder for a report"),
        (&["--report", "har=file/x.har"], "failed to open file/x.har for a report"),
        (
            &["--report", "json=a.json", "--report", "sarif=./a.json"],
            "two files would be written to ./a.json",
        ),
        (&["--report", "junit=new/../a", "--report", "html=a"], "two files would be written to a"),
        (&["--report", "json=.conformance/last-run.json"], "two files would be written to"),
        (&["--report", "yaml"], "the kinds are json, junit, sarif, har, html and all"),
        (&["--report", "json="], "the path is missing"),
        (&["--report", "html=-"], "a report goes to a file"),
        (&["--report", "all=x"], "name the kinds to choose paths"),
    ];
    for (more, message) in table {
        let mut arguments = usual(server.url());
        arguments.extend(*more);
        let ended = project.run(&arguments).await;
        assert_eq!(ended.code, 2, "{more:?}: {ended:#?}");
        assert!(ended.err.contains(message), "{more:?}: {ended:#?}");
        assert_eq!(ended.out, "", "{more:?}");
    }
    assert!(!is_written(&project));
}

#[tokio::test]
async fn folders_of_reports_are_made_and_a_name_outdoes_all() {
    let (project, server) = (Project::new(), mock().await);
    let mut arguments = usual(server.url());
    arguments.extend(["--report", "all", "--report", "json=deep/er/report.json", "--max-requests", "20"]);
    project.run(&arguments).await;
    check_json(&project.json("deep/er/report.json"));
    assert!(!project.path("conformance-report/report.json").exists());
    assert!(project.path("conformance-report/report.html").is_file());
}

/// The page as a browser shows it, where there is one: without, its form is checked all the same.
#[tokio::test]
async fn the_page_filters_in_a_browser() {
    let (project, server) = (Project::new(), mock().await);
    let mut arguments = usual(server.url());
    arguments.extend(["--report", "all", "--max-requests", "60"]);
    project.run(&arguments).await;
    let report = check_all(&project, false);
    let Some(browser) = browser() else { return };
    let page = format!("file://{}", project.path("conformance-report/report.html").display());
    let profile = format!("--user-data-dir={}", project.path("profile").display());
    let output = tokio::process::Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-sync", &profile, "--dump-dom", &page])
        .kill_on_drop(true)
        .output()
        .await
        .expect("the browser runs");
    let shown = String::from_utf8_lossy(&output.stdout);
    let mut laws: Vec<&str> = report["laws"]
        .as_array()
        .expect("laws")
        .iter()
        .filter(|line| line["operation"] != "")
        .filter_map(|line| line["law"].as_str())
        .collect();
    laws.sort_unstable();
    laws.dedup();
    assert!(shown.contains(&format!("<output>{} laws</output>", laws.len())), "{shown:.2000}");
}

fn browser() -> Option<std::path::PathBuf> {
    let folders = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    std::env::split_paths(&folders)
        .flat_map(|folder| names.map(|name| Path::new(&folder).join(name)))
        .find(|path| path.is_file())
}
