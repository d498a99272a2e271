//! Behaviour records: what the mock server answers is what is committed, and a recording depends on nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use mock_server::{Clock, MockServer};
use schemas::Contract;
use serde_json::json;

use crate::support::{Ended, KEY, OTHER, Project, REVOKED, mock};

/// The records of the mock server, as they are committed.
const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots");

impl Project {
    /// `record`, with the usual keys and whatever else is said.
    pub(crate) async fn record(&self, url: &str, more: &[&str]) -> Ended {
        let mut arguments = vec!["record", "--url", url, "--other-key", OTHER, "--revoked-key", REVOKED];
        if !more.contains(&"--api-key") {
            arguments.extend(["--api-key", KEY]);
        }
        arguments.extend(more);
        self.run_outside_ci(&arguments).await
    }

    /// The program, as on a developer's machine.
    pub(crate) async fn run_outside_ci(&self, arguments: &[&str]) -> Ended {
        let output = self.command(arguments).env_remove("CI").output().await.expect("the program runs");
        Ended {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Every file below a folder here whose name ends so, with its text.
    pub(crate) fn records(&self, folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        for below in fs::read_dir(self.path(folder)).expect("the folder").flatten() {
            for file in fs::read_dir(below.path()).into_iter().flatten().flatten() {
                if file.file_name().to_string_lossy().ends_with(ending) {
                    found.push((file.path(), fs::read_to_string(file.path()).expect("a text")));
                }
            }
        }
        found
    }
}

/// A mock server of the built-in contract with some of its text replaced.
pub(crate) async fn changed(replacements: &[(&str, &str)]) -> MockServer {
    let mut text = Contract::builtin_text().to_owned();
    for (from, to) in replacements {
        assert!(text.contains(from), "{from} is in the contract");
        text = text.replace(from, to);
    }
    let contract = Contract::from_text("openapi.yaml", &text).expect("the contract loads");
    let fixtures = fixtures::Fixtures::builtin(&contract).expect("the fixtures load");
    MockServer::builder().contract(contract).fixtures(fixtures).start().await.expect("a free port")
}

async fn is_as_committed(url: &str, more: &[&str]) {
    let mut arguments = vec!["--dir", COMMITTED, "--check", "--no-pending"];
    arguments.extend(more);
    let ended = Project::new().record(url, &arguments).await;
    assert_eq!(ended.code, 0, "record again with --accept and commit where this is meant: {ended:#?}");
    assert!(ended.out.starts_with("as recorded  "), "{ended:#?}");
    assert!(ended.out.contains("0 not recorded") && ended.out.contains("0 left behind"), "{ended:#?}");
}

#[tokio::test]
async fn the_mock_server_answers_as_the_committed_records_say() {
    let server = mock().await;
    is_as_committed(server.url(), &[]).await;
}

#[tokio::test]
async fn other_ids_times_tags_workers_and_rows_of_others_make_no_difference() {
    let server =
        MockServer::builder().seed(7).clock(Clock::Fixed(1_900_000_000_000)).start().await.expect("a port");
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::new();
    for slug in ["history-a", "history-b"] {
        let body = json!({"name": "History", "slug": slug, "status": "onboarding"});
        let request =
            client.post(format!("{}/customers", server.url())).bearer_auth("pivotal_demo").json(&body);
        assert_eq!(request.send().await.expect("an answer").status(), 201);
    }
    // Two keys of one workspace, one of which is live.
    let keys = "pivotal_demo,pivotal_test_demo";
    is_as_committed(
        server.url(),
        &["--api-key", keys, "--allow-live", "--workers", "6", "--run-tag", "abcdefghijkl"],
    )
    .await;
}

#[tokio::test]
async fn a_recording_writes_the_committed_files_and_no_key_tag_or_id_is_in_them() {
    let (project, server) = (Project::new(), mock().await);
    let ended = project.record(server.url(), &["--dir", "records", "--run-tag", "qxqxqx"]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(
        ended.out.starts_with("recorded  0 as before, 0 changed, ") && !ended.out.contains(" 0 new"),
        "a first recording is no news: {ended:#?}"
    );
    let files = project.records("records", ".snap");
    assert!(files.len() > 400, "{}", files.len());
    for (path, text) in &files {
        let name = path.strip_prefix(project.path("records")).expect("below it");
        let committed = fs::read_to_string(Path::new(COMMITTED).join(name));
        assert_eq!(committed.ok().as_ref(), Some(text), "{}", name.display());
        let name = name.to_string_lossy();
        assert!(!name.contains("__") && !name.contains(' '), "{name}");
        for secret in [KEY, OTHER, REVOKED, "tqxqxqx", "TQXQXQX", "127.0.0.1"] {
            assert!(!text.contains(secret), "{name} holds {secret}: {text}");
        }
        let looks_like_an_id = |word: &&str| {
            word.len() == 25 && word.starts_with('c') && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let id = text.split(|letter: char| !letter.is_ascii_alphanumeric()).find(looks_like_an_id);
        assert_eq!(id, None, "{name}: {text}");
    }
}

#[tokio::test]
async fn new_and_vanished_records_are_told_apart() {
    let (project, server) = (Project::new(), mock().await);
    let only = ["--dir", "records", "--operation", "get-me", "--operation", "get-health"];
    assert_eq!(project.record(server.url(), &only).await.code, 0);
    let folder = project.path("records/get-me");
    fs::rename(folder.join("plain.snap"), folder.join("ghost.snap")).expect("renamed");

    let checked = project.record(server.url(), &[&only[..], &["--check"]].concat()).await;
    assert_eq!(checked.code, 1, "{checked:#?}");
    assert!(checked.out.contains("new  get-me/plain  ") && checked.out.contains("vanished  get-me/ghost  "));
    assert!(checked.out.contains("0 changed, 1 new, 1 vanished"), "{checked:#?}");
    assert!(folder.join("plain.snap.new").exists() && folder.join("ghost.snap").exists());

    let elsewhere = ["--dir", "records", "--operation", "get-health", "--check"];
    let elsewhere = project.record(server.url(), &elsewhere).await;
    assert_eq!(elsewhere.code, 0, "only what was asked for can vanish: {elsewhere:#?}");

    let accepted = project.record(server.url(), &[&only[..], &["--accept"]].concat()).await;
    assert_eq!(accepted.code, 0, "{accepted:#?}");
    assert!(folder.join("plain.snap").exists() && !folder.join("ghost.snap").exists());
    assert!(!folder.join("plain.snap.new").exists(), "nothing is pending any more");
    assert_eq!(project.record(server.url(), &[&only[..], &["--check"]].concat()).await.code, 0);
}

#[tokio::test]
async fn what_cannot_be_provoked_is_told_and_has_not_vanished() {
    let (project, server) = (Project::new(), mock().await);
    let ended = project
        .run_outside_ci(&[
            "record",
            "--url",
            server.url(),
            "--api-key",
            KEY,
            "--dir",
            COMMITTED,
            "--check",
            "--no-pending",
            "--operation",
            "get-customer",
        ])
        .await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(
        ended.out.contains("not recorded: no --other-key was given: get-customer/row-of-another-workspace"),
        "{ended:#?}"
    );
    assert!(ended.out.contains("not recorded: no --revoked-key was given"), "{ended:#?}");
    assert!(ended.out.contains("0 vanished, 2 not recorded"), "{ended:#?}");
}

#[tokio::test]
async fn wrong_usage_of_records_is_told_before_any_request() {
    let project = Project::new();
    let dead = "http://127.0.0.1:1/api/v1";
    fs::write(project.path("file"), "").expect("a file");
    fs::create_dir_all(project.path("merged/get-me")).expect("a folder");
    fs::write(project.path("merged/get-me/plain.snap"), "---\n---\n<<<<<<< ours\n").expect("a file");
    fs::create_dir_all(project.path("empty")).expect("a folder");
    let table: &[(&[&str], &str)] = &[
        (&["record", "--url", dead, "--dir", "none", "--check"], "there are no records in none"),
        (&["record", "--url", dead, "--dir", "empty", "--check"], "there are no records in empty"),
        (&["record", "--url", dead, "--dir", "file"], "failed to write to the folder file"),
        (&["record", "--url", dead, "--dir", "file", "--check"], "failed to read file"),
        (&["record", "--url", dead, "--dir", "/proc/none"], "failed to write to the folder /proc/none"),
        (&["record", "--url", dead, "--dir", "merged"], "a merge that was not resolved"),
        (&["record", "--url", dead, "--dir", "merged", "--check", "--accept"], "cannot be used with"),
        (&["record", "--url", dead, "--dir", "new", "--no-pending"], "--check"),
        (&["record", "--url", dead, "--dir", "new", "--operation", "no-such-*"], "no operation was selected"),
        (&["record", "--url", dead, "--dir", "new"], "cannot be reached"),
        (&["review"], "there is no terminal to ask at"),
        (&["review", "--all", "--dir", "none"], "failed to read none"),
        (&["accept"], "nothing was named"),
        (&["reject"], "nothing was named"),
        (&["accept", "--dir", "empty", "get-me/plain"], "nothing is pending"),
        (&["accept", "--all", "get-me/plain"], "cannot be used with"),
    ];
    for (arguments, message) in table {
        let mut arguments = arguments.to_vec();
        if arguments[0] == "record" {
            arguments.extend(["--api-key", KEY]);
        }
        let ended = project.run_outside_ci(&arguments).await;
        assert_eq!(ended.code, 2, "{arguments:?}: {ended:#?}");
        assert!(ended.err.contains(message), "{arguments:?}: {ended:#?}");
        assert!(ended.err.contains("help: ") || ended.err.contains("Usage: "), "{arguments:?}: {ended:#?}");
        assert_eq!(ended.out, "", "{arguments:?}");
    }
}

#[tokio::test]
async fn where_the_key_is_refused_nothing_is_recorded() {
    let (project, server) = (Project::new(), mock().await);
    let ended = project.record(server.url(), &["--api-key", "pivotal_test_nobody", "--dir", "records"]).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.err.contains("the target refuses the key"), "{ended:#?}");
    assert!(project.records("records", ".snap").is_empty());
}

#[test]
fn the_committed_records_can_be_read_by_the_library() {
    let records = conformance::record::load(Path::new(COMMITTED)).expect("the records");
    assert!(records.len() > 400);
    for (id, record) in &records {
        let text = fs::read_to_string(id.path(Path::new(COMMITTED))).expect("a text");
        assert!(text.ends_with(&record.render()), "{id} is written as it is rendered");
    }
}
