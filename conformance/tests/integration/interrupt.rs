//! Ctrl-C: what was created is deleted; twice, and the program says what is left.
#![cfg(unix)]

use std::process::Stdio;

use serde_json::Value;
use tokio::io::AsyncReadExt as _;
use tokio::process::Child;

use crate::support::{Project, get, mock, usual};
use crate::wire::Wire;

/// Sends a signal to the program.
pub(crate) async fn signal(child: &Child, name: &str) {
    let id = child.id().expect("it runs").to_string();
    let sent = tokio::process::Command::new("kill").args([name, &id]).status().await.expect("kill");
    assert!(sent.success());
}

#[tokio::test]
async fn an_interrupted_run_takes_away_what_it_made() {
    let (project, server) = (Project::new(), mock().await);
    let wire = Wire::to(&server).await;
    let mut arguments = usual(&wire.url);
    arguments.extend(["--report", "all"]);
    let mut command = project.command(&arguments);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    wire.until(60).await;
    signal(&child, "-INT").await;
    let status = child.wait().await.expect("it ends");
    assert_eq!(status.code(), Some(130));
    let report = crate::report_forms::check_all(&project, false);
    assert_eq!(report["interrupted"], true);
    assert_eq!(report["leftovers"], 0);
    let requests = report["requests"].as_u64().expect("a number");
    assert!(requests < 600, "it ended early: {requests}");
    let tag = report["tag"].as_str().expect("a tag").to_owned();
    let page: Value = get(&format!("{}/customers?limit=100", server.url())).await;
    assert!(!page.to_string().contains(&format!("t{tag}-")), "rows of the run are left");
    assert_eq!(project.files(".conformance"), ["last-run.json"], "the ledger is gone with the last row");
}

#[tokio::test]
async fn interrupted_twice_it_ends_at_once_and_says_what_is_left() {
    let (project, server) = (Project::new(), mock().await);
    let wire = Wire::to(&server).await;
    let mut command = project.command(&usual(&wire.url));
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    wire.hold_at(60).await;
    signal(&child, "-INT").await;
    let mut err = String::new();
    let mut stderr = child.stderr.take().expect("it is piped");
    let mut buffer = [0; 4096];
    while !err.contains("once more to stop at once") {
        let count = stderr.read(&mut buffer).await.expect("it speaks");
        assert!(count > 0, "{err}");
        err.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    signal(&child, "-INT").await;
    stderr.read_to_string(&mut err).await.expect("it speaks");
    assert_eq!(child.wait().await.expect("it ends").code(), Some(130));
    let ledger = project.files(".conformance").into_iter().find(|name| name.starts_with("ledger-"));
    let told = format!(
        "rows are left; conformance cleanup --url {} --ledger .conformance/{} deletes them",
        wire.url,
        ledger.expect("a ledger")
    );
    assert!(err.contains(&told), "{err}");
}
