//! A target that wishes its callers ill, under a description that does as well: no id leads a write elsewhere, no text
//! reaches a terminal or a CI server as anything but a text, and no record leaves its folder.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{Ended, Project};

const KEY: &str = "key-of-mine";
/// Whatever a terminal, a CI server or a reader might take for more than a text.
const EVIL: &str = "e\u{1b}[31m\u{1b}]0;title\u{7}\u{9b}2J\u{85}\u{202e}\u{2066}\u{2028}\r\n::error::forged\n::stop-commands::x ##[error]forged ##vso[x]\u{0}";
/// Ids that would change a path.
const IDS: [&str; 8] = ["..", ".", "", "../..", "a/b", "a\\b", "%2e%2e", "line\r\n::error::forged"];

fn hostile() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/hostile.yaml").display().to_string()
}

/// A target that plays along, with texts and ids of its own.
async fn target(ids: &'static [&'static str]) -> MockServer {
    let (server, made) = (MockServer::start().await, AtomicUsize::new(0));
    let answer = move |request: &Request| {
        let thing = |number: usize| json!({"id": ids[number % ids.len()], "name": EVIL, EVIL: EVIL});
        let ok = |status: u16, body: Value| ResponseTemplate::new(status).set_body_json(body);
        let key = request.headers.get("authorization").and_then(|value| value.to_str().ok());
        if key != Some("Bearer key-of-mine") {
            return ok(401, json!({"error": EVIL}));
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        match (request.method.as_str(), request.url.path()) {
            ("GET", "/v1/things") => ok(200, json!({"data": [thing(0)], EVIL: EVIL})),
            ("POST", "/v1/things") if body["name"].is_string() => {
                ok(201, thing(made.fetch_add(1, Ordering::SeqCst)))
            }
            ("POST", "/v1/things") => ok(400, json!({"error": EVIL})),
            ("DELETE", _) => ok(500, json!({"error": EVIL})),
            _ => ok(200, thing(0)),
        }
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// Nothing of what was printed is more than a text. `commands` is how many commands of the program's own there may be.
fn harmless(what: &str, text: &str, commands: bool) {
    for letter in text.chars() {
        let own = letter == '\n'
            || !(letter.is_control() || "\u{202e}\u{2066}\u{2028}\u{85}\u{9b}".contains(letter));
        assert!(own, "{what} has {letter:?}: {text}");
    }
    for line in text.lines() {
        let line = line.trim_start();
        assert!(!line.contains("##[") && !line.contains("##vso["), "{what}: {line:?}");
        let ours = ["::error file=", "::warning file=", "::notice file=", "::error title=conformance::"];
        let own = commands && ours.iter().any(|own| line.starts_with(own));
        assert!(own || !line.starts_with("::"), "{what}: {line:?}");
    }
}

fn printed(what: &str, ended: &Ended) {
    assert!((0..=2).contains(&ended.code), "{what}: {ended:#?}");
    harmless(what, &ended.out, false);
    harmless(what, &ended.err, false);
}

#[tokio::test]
async fn no_id_of_a_target_leads_a_write_elsewhere() {
    let (project, server, contract) = (Project::new(), target(&IDS).await, hostile());
    let url = format!("{}/v1", server.uri());
    let target = ["--url", &url, "--api-key", KEY, "--contract", &contract];
    let ended = project.run(&[&["run", "--report", "json=r.json"], &target[..]].concat()).await;
    assert!(ended.code == 1 || ended.code == 2, "{ended:#?}");
    let requests = server.received_requests().await.expect("they are kept");
    assert!(requests.iter().any(|request| request.method.as_str() == "POST"), "rows were made");
    for request in requests {
        let (method, path) = (request.method.as_str(), request.url.path());
        let write = !matches!(method, "GET" | "POST" | "HEAD" | "OPTIONS");
        let below =
            path.strip_prefix("/v1/things/").is_some_and(|id| !id.is_empty() && !id.contains(['/', '\\']));
        let encoded =
            ["%2f", "%5c", "%0d", "%0a", "%2e"].iter().any(|part| path.to_lowercase().contains(part));
        // What is no operation at all is asked for on purpose.
        let on_purpose = path == "/v1/things" || matches!(method, "PUT");
        assert!(!write || on_purpose || (below && !encoded), "{method} {path}");
        assert!(method != "DELETE" || (below && !encoded), "{method} {path}");
    }
    let report = project.json("r.json");
    let left = report["left"].as_array().expect("rows").clone();
    assert!(!left.is_empty(), "{report:#}");
    for id in ["..", ".", ""] {
        let told = left.iter().find(|row| row["id"] == id).expect(id);
        let reason = told["reason"].as_str().unwrap_or_default();
        assert!(reason.contains("cannot stand in a path: it "), "{told}");
    }
}

#[tokio::test]
async fn every_text_of_a_target_and_a_contract_is_printed_as_a_text() {
    let (project, contract) = (Project::new(), hostile());
    let server = target(&["one\u{1b}]0;x\u{7}\n::error::forged", "two", EVIL]).await;
    let url = format!("{}/v1", server.uri());
    let target = ["--url", &url, "--api-key", KEY, "--contract", &contract];
    let reports = ["--report", "all", "--report", "json=r.json"];
    let run = [&["run", "-v"], &target[..], &reports].concat();
    let ended = project.run(&run).await;
    assert!(
        ended.code != 0 && ended.out.contains("left behind: thing ") && ended.out.contains("\\u{1b}"),
        "{ended:#?}"
    );
    printed("run", &ended);
    let known = project.json("r.json")["findings"][0]["id"].as_str().expect("a finding").to_owned();

    for command in [
        &["baseline", "add", "--reason", "known"][..],
        &["merge", "r.json", "--last-run", "other.json"],
        &["laws", "--contract", &contract],
        &["explain", "valid-request-accepted", "--contract", &contract],
        &["diff", &contract, "hostile.yaml"],
        &["diff", &contract, "hostile.yaml", "--format", "markdown"],
        &["config", "--law", EVIL.trim_end_matches('\0')],
    ] {
        let changed = fs::read_to_string(&contract).expect("it is there").replace("NewThing'", "Thing'");
        fs::write(project.path("hostile.yaml"), changed).expect("written");
        let ended = project.run(command).await;
        assert!(!ended.out.is_empty(), "{command:?}: {ended:#?}");
        printed(command[0], &ended);
    }
    for command in [
        [&["run"], &target[..]].concat(),
        [&["run", "--dry-run"], &target[..]].concat(),
        [&["replay", &known], &target[..]].concat(),
        [&["record", "--dir", "records"], &target[..]].concat(),
        [&["record", "--dir", "records", "--check"], &target[..]].concat(),
        vec!["review", "--all", "--dir", "records"],
        vec!["accept", "--all", "--dir", "records"],
        vec!["reject", "no-such-record", "--dir", "records"],
    ] {
        let ended = project.run_outside_ci(&command).await;
        printed(command[0], &ended);
        if command == [&["run"], &target[..]].concat() {
            assert!(ended.out.contains("known["), "the baseline knows them: {ended:#?}");
        }
    }

    let ended = project.command(&run).env("GITHUB_ACTIONS", "true").output().await.expect("the program runs");
    let ended = Ended::of(&ended);
    assert!(ended.out.contains("::error "), "{ended:#?}");
    harmless("annotations", &ended.out, true);
    for name in project.files("conformance-report") {
        let text = fs::read_to_string(project.path(&format!("conformance-report/{name}"))).expect("a report");
        let kind = name.rsplit('.').next().unwrap_or_default();
        for letter in text.chars().filter(|_| !["json", "har"].contains(&kind)) {
            assert!(matches!(letter, '\n' | '\t') || !letter.is_control(), "{name} has {letter:?}");
            assert!(!"\u{202e}\u{2066}\u{2028}".contains(letter) || kind == "sarif", "{name} has {letter:?}");
        }
    }
}

#[tokio::test]
async fn no_record_leaves_its_folder_and_each_is_known_again() {
    let (project, server, contract) = (Project::new(), target(&["one", "two", "three"]).await, hostile());
    fs::create_dir_all(project.path("deep/down")).expect("made");
    let url = format!("{}/v1", server.uri());
    let record = |more: &'static [&'static str]| {
        let target = ["--url", &url, "--api-key", KEY, "--contract", &contract];
        let arguments = [&["record", "--dir", "deep/down/records"], &target[..], more].concat();
        arguments.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let run = async |arguments: Vec<String>| {
        project.run_outside_ci(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).await
    };
    let ended = run(record(&["--accept"])).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!(project.files("deep"), ["down"]);
    assert_eq!(project.files("deep/down"), ["records"]);
    let folders = project.files("deep/down/records");
    for folder in [
        "%2E.%2F..%2Fthings%2Fcreate",
        "%2Fthings%2Fread",
        "things%2Flist",
        "things%0A%3A%3Aerror%3A%3Aforged",
    ] {
        assert!(folders.iter().any(|known| known == folder), "{folder}: {folders:?}");
    }
    let ended = run(record(&["--check"])).await;
    assert!(ended.out.contains(" 0 new, 0 vanished"), "{ended:#?}");
    let ended = project.run(&["diff", "deep/down/records", "deep/down/records"]).await;
    assert!(ended.code == 0 && ended.out.contains("no change"), "{ended:#?}");
}

#[tokio::test]
async fn a_proxy_that_would_be_passed_over_is_a_wrong_usage() {
    let (project, server) = (Project::new(), crate::support::mock().await);
    let mut arguments = crate::support::usual(server.url());
    arguments.extend(["--proxy", "ftp://me:pass-word@127.0.0.1:1"]);
    let ended = project.run(&arguments).await;
    assert!(ended.code == 2 && ended.out.is_empty(), "{ended:#?}");
    assert!(
        ended.err.contains("--proxy cannot be used: \"ftp\"") && ended.err.contains("help: "),
        "{ended:#?}"
    );
    assert!(!ended.err.contains("pass-word"), "{ended:#?}");
}
