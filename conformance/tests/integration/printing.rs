//! Where the output goes to nobody, or to a disk that is full.

#![cfg(target_os = "linux")]

use std::fs::File;
use std::process::Stdio;

use crate::support::{Ended, KEY, Project, mock, plain, usual};

/// Commands that print, with how they end.
fn commands<'a>(contract: &'a str, url: &'a str) -> Vec<(Vec<&'a str>, i32)> {
    let mut run = usual(url);
    run.extend(["--law", "auth-*", "--no-generated"]);
    let mut lines = vec![
        (run, 0),
        (vec!["run", "--dry-run", "--url", url, "--api-key", KEY], 0),
        (vec!["laws"], 0),
        (vec!["laws", "--json"], 0),
        (vec!["explain", "unique-on-create"], 0),
        (vec!["config"], 0),
        (vec!["config", "--schema"], 0),
        (vec!["completions", "bash"], 0),
        (vec!["man", "pages"], 0),
        (vec!["diff", contract, contract], 0),
        (vec!["diff", "--rules"], 0),
        (vec!["--help"], 0),
        (vec!["run", "--help"], 0),
        (vec!["--version"], 0),
        (vec!["review", "--all", "--dir", "."], 0),
        (vec!["self-test", "--fault", "delete-once"], 0),
    ];
    // After the run, which keeps its findings.
    lines.push((vec!["baseline", "add", "--reason", "x"], 0));
    lines.push((vec!["merge", ".conformance/last-run.json", "--last-run", "other.json"], 0));
    lines
}

/// Runs each command with its output going somewhere.
async fn each(to: impl Fn() -> Stdio) -> Vec<(String, i32, Ended)> {
    let (project, server, contract) = (Project::new(), mock().await, plain());
    let mut all = Vec::new();
    for (arguments, code) in commands(&contract, server.url()) {
        let mut command = project.command(&arguments);
        let child = command.stdout(to()).stderr(Stdio::piped()).spawn().expect("it starts");
        let ended = Ended::of(&child.wait_with_output().await.expect("it ends"));
        all.push((arguments.join(" "), code, ended));
    }
    all
}

#[tokio::test]
async fn who_has_read_enough_gets_the_same_exit_code_and_no_complaint() {
    for (what, code, ended) in each(|| {
        // Nobody reads: the other end is closed before anything is written.
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        Stdio::from(writer)
    })
    .await
    {
        assert_eq!(ended.code, code, "{what}: {ended:#?}");
        assert!(!ended.err.contains("error") && !ended.err.contains("panicked"), "{what}: {ended:#?}");
    }
}

#[tokio::test]
async fn an_output_that_is_full_is_an_error() {
    for (what, _, ended) in each(|| File::create("/dev/full").expect("it is there").into()).await {
        assert_eq!(ended.code, 2, "{what}: {ended:#?}");
        assert!(ended.err.contains("error: failed to print: No space left"), "{what}: {ended:#?}");
        assert!(!ended.err.contains("panicked"), "{what}: {ended:#?}");
    }
}
