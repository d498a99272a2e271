//! What a killed run leaves is in the ledger, and `cleanup` deletes it.

use std::fs;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::clean::world;
use crate::support::{KEY, OTHER, Project, mock, usual};
use crate::wire::Wire;

/// A ledger of a target, by hand.
fn ledger(url: &str, lines: &[Value]) -> String {
    let header = json!({"event": "run", "version": 1, "target": url, "tag": "abc", "workspace": {}});
    std::iter::once(&header).chain(lines).fold(String::new(), |text, line| text + &line.to_string() + "\n")
}

#[cfg(unix)]
#[tokio::test]
async fn what_a_killed_run_left_is_taken_away_afterwards() {
    let (project, server) = (Project::new(), mock().await);
    let before = world(server.url()).await;
    // Where it is killed, a create may be on its way.
    for requests in [33, 60, 97] {
        let wire = Wire::to(&server).await;
        let mut arguments = usual(&wire.url);
        arguments.extend(["--ledger", "made/ledger.jsonl"]);
        let mut command = project.command(&arguments);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        wire.until(requests).await;
        child.kill().await.expect("it is killed");
        assert_ne!(world(server.url()).await, before, "rows of the run are left");

        // The killed run's wire is another address: the ledger is of that one.
        let ended = project.run(&usual_of("run", &wire.url, "made/ledger.jsonl")).await;
        assert_eq!(ended.code, 2, "{ended:#?}");
        assert!(ended.err.contains("conformance cleanup --ledger made/ledger.jsonl"), "{ended:#?}");

        let ended = project.run(&usual_of("cleanup", &wire.url, "made/ledger.jsonl")).await;
        assert_eq!(ended.code, 0, "{ended:#?}");
        assert!(ended.out.ends_with("rows are gone, 0 left behind\n"), "{ended:#?}");
        assert_eq!(world(server.url()).await, before, "{ended:#?}");
        assert_eq!(project.files("made"), Vec::<String>::new(), "the ledger is gone with the last row");
    }
}

#[cfg(unix)]
fn usual_of<'a>(command: &'a str, url: &'a str, ledger: &'a str) -> Vec<&'a str> {
    vec![command, "--url", url, "--api-key", KEY, "--other-key", OTHER, "--ledger", ledger]
}

#[tokio::test]
async fn a_ledger_of_somewhere_else_is_refused() {
    let (project, server) = (Project::new(), mock().await);
    let url = server.url();
    let row = json!({"event": "created", "number": 1, "resource": "customer", "id": "nobody"});
    let cleanup = |ledger: &'static str| vec!["cleanup", "--url", url, "--api-key", KEY, "--ledger", ledger];

    fs::write(project.path("target.jsonl"), ledger("http://127.0.0.1:1/api", &[])).expect("written");
    fs::write(project.path("workspace.jsonl"), ledger(url, std::slice::from_ref(&row))).expect("written");
    fs::write(project.path("garbage.jsonl"), "no ledger\n").expect("written");
    for (name, message) in [
        ("target.jsonl", "is of the target http://127.0.0.1:1/api, not of"),
        ("workspace.jsonl", "is of another workspace than --api-key opens"),
        ("garbage.jsonl", "line 1 is no line of a ledger"),
        ("none.jsonl", "failed to read the ledger none.jsonl"),
    ] {
        let ended = project.run(&cleanup(name)).await;
        assert_eq!(ended.code, 2, "{name}: {ended:#?}");
        assert!(ended.err.contains(message) && ended.out.is_empty(), "{name}: {ended:#?}");
    }
    let unnamed = project.run(&["cleanup", "--url", url, "--api-key", KEY]).await;
    assert!(unnamed.code == 2 && unnamed.err.contains("there is none in .conformance"), "{unnamed:#?}");
    fs::create_dir(project.path(".conformance")).expect("made");
    fs::write(project.path(".conformance/ledger-abc.jsonl"), "").expect("written");
    let unnamed = project.run(&["cleanup", "--url", url, "--api-key", KEY]).await;
    assert!(unnamed.err.contains("give --ledger .conformance/ledger-abc.jsonl"), "{unnamed:#?}");
}

#[tokio::test]
async fn gone_is_gone_and_what_is_left_is_told() {
    let (project, server) = (Project::new(), mock().await);
    let url = server.url();
    // A run that was cut off leaves the head of a ledger that fits; the rows are written by hand.
    let before = world(url).await;
    let rows = [
        json!({"event": "created", "number": 1, "resource": "customer", "id": "czzzzzzzzzzzzzzzzzzzzzzz"}),
        json!({"event": "created", "number": 2, "resource": "spaceship", "id": "one"}),
        json!({"event": "created", "number": 3, "resource": "customer", "id": "two", "other": true}),
    ];
    let me: Value = crate::support::get(&format!("{url}/me")).await;
    let mut header: Value =
        serde_json::from_str(ledger(url, &[]).lines().next().expect("a line")).expect("JSON");
    header["workspace"] = json!({"organization": digest(&me["organization"]["id"])});
    let mut text = format!("{header}\n");
    for row in &rows {
        text += &(row.to_string() + "\n");
    }
    fs::write(project.path("ledger.jsonl"), text).expect("written");
    let ended = project.run(&["cleanup", "--url", url, "--api-key", KEY, "--ledger", "ledger.jsonl"]).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert!(
        ended.out.contains("left behind: spaceship one: the contract has no such resource"),
        "{ended:#?}"
    );
    assert!(ended.out.contains("left behind: customer two: it was created with the other key"), "{ended:#?}");
    assert!(ended.out.ends_with("1 of 3 rows are gone, 2 left behind\n"), "{ended:#?}");
    let kept = fs::read_to_string(project.path("ledger.jsonl")).expect("it is kept for what is left");
    assert!(
        kept.contains(r#"{"event":"deleted","resource":"customer","id":"czzzzzzzzzzzzzzzzzzzzzzz"}"#),
        "{kept}"
    );
    assert_eq!(world(url).await, before, "nothing else was touched");
}

/// As ledgers name things without naming them.
fn digest(id: &Value) -> String {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::digest(format!("conformance ledger\n{id}").as_bytes());
    digest[..6].iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[tokio::test]
async fn a_ledger_that_cannot_be_written_stops_the_run_before_it_makes_anything() {
    let (project, server) = (Project::new(), mock().await);
    let before = world(server.url()).await;
    let mut arguments = usual(server.url());
    arguments.extend(["--ledger", "/proc/none/ledger.jsonl"]);
    let ended = project.run(&arguments).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.err.contains("failed to write the ledger /proc/none/ledger.jsonl"), "{ended:#?}");
    assert_eq!(world(server.url()).await, before);
}
