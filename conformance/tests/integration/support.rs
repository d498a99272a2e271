//! Running the binary.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use mock_server::MockServer;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

/// A folder of its own, in which the program is run.
pub(crate) struct Project {
    folder: TempDir,
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn of(output: &std::process::Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Project {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program, ready to be run here, without anything of the tester's environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null()).kill_on_drop(true);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy().to_ascii_uppercase();
            if text.starts_with("PIVOTAL_")
                || text.starts_with("CONFORMANCE_")
                || text.starts_with("GITHUB_")
                || text.ends_with("_PROXY")
            {
                command.env_remove(&name);
            }
        }
        command
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(&self.command(arguments).output().await.expect("the program runs"))
    }

    /// The names of what is in a folder here, sorted.
    pub(crate) fn files(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(folder)).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// A JSON file here.
    pub(crate) fn json(&self, name: &str) -> Value {
        let text = std::fs::read_to_string(self.path(name)).expect("the file was written");
        serde_json::from_str(&text).expect("it is JSON")
    }

    /// The laws of the violations and warnings in a report here.
    pub(crate) fn laws_found(&self, name: &str) -> Vec<String> {
        let report = self.json(name);
        let findings = report["findings"].as_array().expect("findings").iter();
        let told = findings.filter(|finding| finding["severity"] != "note");
        told.map(|finding| finding["law"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// The plain description of a small API, without any semantics.
pub(crate) fn plain() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/plain.yaml").display().to_string()
}

/// A mock server of the built-in contract.
pub(crate) async fn mock() -> MockServer {
    MockServer::builder().start().await.expect("a free port")
}

/// The usual arguments of a run.
pub(crate) fn usual(url: &str) -> Vec<&str> {
    vec!["run", "--url", url, "--api-key", KEY, "--other-key", OTHER, "--revoked-key", REVOKED]
}

/// Keys of the mock server.
pub(crate) const KEY: &str = "pivotal_test_ws_conformance";
pub(crate) const OTHER: &str = "pivotal_test_other";
pub(crate) const REVOKED: &str = "pivotal_test_revoked";

/// The row that a create with a key of the mock server answers.
pub(crate) async fn post(url: &str, body: &Value) -> Value {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let request =
        reqwest::Client::new().post(url).header("authorization", format!("Bearer {KEY}")).json(body);
    request.send().await.expect("an answer").json().await.expect("JSON")
}

/// The body of an answer to a key of the mock server.
pub(crate) async fn get(url: &str) -> Value {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let request = reqwest::Client::new().get(url).header("authorization", format!("Bearer {KEY}"));
    request.send().await.expect("an answer").json().await.expect("JSON")
}
