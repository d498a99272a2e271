//! A command with a server beside it.

#![cfg(unix)]

use crate::support::client::client;
use crate::support::process::{Program, run};

/// Runs a line of a shell beside a server.
fn line<'a>(options: &[&'a str], line: &'a str) -> Vec<&'a str> {
    [&["exec"], options, &["--", "/bin/sh", "-c", line]].concat()
}

#[tokio::test]
async fn a_command_finds_the_url_of_a_server_that_answers() {
    let script = "trap 'exit 5' TERM; echo \"ready $API_URL\"; while :; do sleep 0.02; done";
    let program = Program::start(&line(&["--env", "API_URL"], script), &[]).await;
    program.api().get("/me").await.is(200);
    let url = program.url().to_owned();
    let end = program.stop().await;
    assert_eq!(end.code, Some(5), "the signal reached the command, and its code came back: {}", end.stderr);
    assert!(client().get(url).send().await.is_err(), "the server ends with the command");
}

#[tokio::test]
async fn the_command_has_the_output_and_the_exit_code_to_itself() {
    let end = run(&line(&[], "echo \"$MOCK_SERVER_URL\"; exit 7"), &[]).await;
    assert_eq!((end.code, end.stderr.as_str()), (Some(7), ""));
    assert!(
        end.stdout.starts_with("http://127.0.0.1:") && end.stdout.ends_with("/api/v1\n"),
        "{}",
        end.stdout
    );
    let killed = run(&line(&[], "kill -KILL $$"), &[]).await;
    assert_eq!(killed.code, Some(128 + 9));
    assert_eq!(run(&line(&[], "exit 0"), &[]).await.code, Some(0));
}

#[tokio::test]
async fn ctrl_c_reaches_a_command_that_has_no_terminal() {
    let script = "trap 'exit 6' INT; echo \"ready $MOCK_SERVER_URL\"; while :; do sleep 0.02; done";
    let program = Program::start(&line(&[], script), &[]).await;
    program.signal("INT").await;
    assert_eq!(program.end().await.code, Some(6));
}

#[tokio::test]
async fn options_of_the_server_stand_before_the_command() {
    let script = "echo \"ready $MOCK_SERVER_URL\"; exec sleep 30";
    let options = ["--clock", "2026-05-26T17:21:09.412Z", "--host", "localhost", "--log", "json"];
    let program = Program::start(&line(&options, script), &[]).await;
    assert!(program.url().starts_with("http://localhost:"), "{}", program.url());
    assert_eq!(program.api().get("/health").await.is(200)["timestamp"], "2026-05-26T17:21:09.412Z");
    let end = program.stop().await;
    assert_eq!(end.code, Some(128 + 15));
    assert!(end.stderr.contains("\"/api/v1/health\""), "{}", end.stderr);
}

#[tokio::test]
async fn a_command_that_never_starts_is_told_plainly() {
    let folder = tempfile::tempdir().unwrap();
    let plain = folder.path().join("plain.txt");
    std::fs::write(&plain, "no program").unwrap();
    for (command, code, told) in [
        ("nmp-run", 127, "failed to start `nmp-run`: there is no such program"),
        (plain.to_str().unwrap(), 126, "may not be run"),
    ] {
        let end = run(&["exec", "--", command], &[]).await;
        assert_eq!((end.code, end.stdout.as_str()), (Some(code), ""));
        assert!(end.stderr.contains(told) && end.stderr.contains("help: "), "{}", end.stderr);
    }
    for wrong in [&["exec"][..], &["exec", "--"], &["exec", "--env", "A=B", "--", "true"], &["exec", "--log"]]
    {
        assert_eq!(run(wrong, &[]).await.code, Some(2), "{wrong:?}");
    }
    let end = run(&["exec", "--contract", "/no/such.yaml", "--", "/bin/sh", "-c", "echo ran"], &[]).await;
    assert_eq!((end.code, end.stdout.as_str()), (Some(3), ""), "nothing runs without a server");
}
