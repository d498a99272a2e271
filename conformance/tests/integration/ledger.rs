//! What a killed run leaves is in the ledger, and `cleanup` deletes it.

use std::fs;
use std::process::Stdio;

use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::clean::world;
use crate::support::{KEY, OTHER, Project, mock, usual};
use crate::wire::Wire;

/// The head of a ledger of a target.
fn head(url: &str) -> Value {
    json!({"event": "run", "version": 2, "target": url, "tag": "abc", "workspace": {}})
}

/// A ledger as a run with a key would write it.
fn sealed(key: &str, lines: &[Value]) -> String {
    let mut last = String::new();
    lines.iter().fold(String::new(), |text, line| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key");
        mac.update(format!("conformance ledger\n{last}\n{line}").as_bytes());
        last = hex(&mac.finalize().into_bytes()[..16]);
        let mut line = line.clone();
        line["seal"] = json!(last);
        text + &format!("{line}\n")
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
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
    let write = |name: &str, text: &str| fs::write(project.path(name), text).expect("written");

    let mut untagged = head(url);
    untagged["tag"] = json!("");
    let mine = sealed(KEY, &[head(url), row.clone()]);
    write("target.jsonl", &sealed(KEY, &[head("http://127.0.0.1:1/api")]));
    write("workspace.jsonl", &mine);
    write("by-hand.jsonl", &format!("{}\n{row}\n", head(url)));
    write("other-key.jsonl", &sealed("pivotal_test_demo", &[head(url), row.clone()]));
    write("changed.jsonl", &mine.replace("nobody", "another"));
    write("added.jsonl", &format!("{mine}{row}\n"));
    write("untagged.jsonl", &sealed(KEY, &[untagged, row]));
    write("garbage.jsonl", "no ledger\n");
    let before = world(url).await;
    for (name, message) in [
        ("target.jsonl", "is of the target http://127.0.0.1:1/api, not of"),
        ("workspace.jsonl", "is of another workspace than --api-key opens"),
        (
            "by-hand.jsonl",
            "is not as a run with this key wrote it: the seal of line 1 is of another key, or of none",
        ),
        ("other-key.jsonl", "the seal of line 1 is of another key, or of none"),
        ("changed.jsonl", "the seal of line 2 does not fit"),
        ("added.jsonl", "the seal of line 3 does not fit"),
        ("untagged.jsonl", "it names no mark of a run"),
        ("garbage.jsonl", "line 1 is no line of a ledger"),
        ("none.jsonl", "failed to read the ledger none.jsonl"),
    ] {
        let ended = project.run(&cleanup(name)).await;
        assert_eq!(ended.code, 2, "{name}: {ended:#?}");
        assert!(ended.err.contains(message) && ended.out.is_empty(), "{name}: {ended:#?}");
        assert!(ended.err.contains("\n  help: "), "{name}: {ended:#?}");
    }
    assert_eq!(world(url).await, before, "nothing was touched");
    let unnamed = project.run(&["cleanup", "--url", url, "--api-key", KEY]).await;
    assert!(unnamed.code == 2 && unnamed.err.contains("there is none in .conformance"), "{unnamed:#?}");
    fs::create_dir(project.path(".conformance")).expect("made");
    fs::write(project.path(".conformance/ledger-abc.jsonl"), "").expect("written");
    let unnamed = project.run(&["cleanup", "--url", url, "--api-key", KEY]).await;
    assert!(unnamed.err.contains("give --ledger .conformance/ledger-abc.jsonl"), "{unnamed:#?}");
}

/// The head of a ledger of the workspace that a key opens.
async fn my_head(url: &str) -> Value {
    let me: Value = crate::support::get(&format!("{url}/me")).await;
    let mut head = head(url);
    head["workspace"] = json!({"organization": digest(&me["organization"]["id"])});
    head
}

#[tokio::test]
async fn gone_is_gone_and_what_is_left_is_told() {
    let (project, server) = (Project::new(), mock().await);
    let url = server.url();
    let before = world(url).await;
    let lines = [
        my_head(url).await,
        json!({"event": "created", "number": 1, "resource": "customer", "id": "czzzzzzzzzzzzzzzzzzzzzzz"}),
        json!({"event": "created", "number": 2, "resource": "spaceship", "id": "one"}),
        json!({"event": "created", "number": 3, "resource": "customer", "id": "two", "other": true}),
        json!({"event": "created", "number": 4, "resource": "customer", "id": ".."}),
        json!({"event": "created", "number": 5, "resource": "customer", "id": "a/../b"}),
        json!({"event": "deleting", "resource": "customer", "id": "czzzzzzzzzzzzzzzzzzzzzzz"}),
    ];
    fs::write(project.path("ledger.jsonl"), sealed(KEY, &lines)).expect("written");
    let cleanup = ["cleanup", "--url", url, "--api-key", KEY, "--ledger", "ledger.jsonl"];
    let ended = project.run(&cleanup).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    for left in [
        "left behind: spaceship one: the contract has no such resource",
        "left behind: customer two: it was created with the other key",
        "left behind: customer ..: the id \"..\" cannot stand in a path: it would shorten the path",
        "left behind: customer a/../b: the id \"a/../b\" cannot stand in a path: it holds a slash",
    ] {
        assert!(ended.out.contains(left), "{left}: {ended:#?}");
    }
    assert!(ended.out.ends_with("1 of 5 rows are gone, 4 left behind\n"), "{ended:#?}");
    let kept = fs::read_to_string(project.path("ledger.jsonl")).expect("it is kept for what is left");
    assert!(
        kept.contains(r#"{"event":"deleted","resource":"customer","id":"czzzzzzzzzzzzzzzzzzzzzzz","seal":"#),
        "{kept}"
    );
    assert_eq!(world(url).await, before, "nothing else was touched");
    let ended = project.run(&cleanup).await;
    assert!(ended.out.ends_with("0 of 4 rows are gone, 4 left behind\n"), "it goes on: {ended:#?}");
}

#[tokio::test]
async fn a_row_that_the_target_does_not_know_is_gone_only_if_it_knows_others() {
    let (project, server) = (Project::new(), mock().await);
    let url = server.url();
    let head = my_head(url).await;
    let unknown = |number: usize| json!({"event": "created", "number": number, "resource": "customer", "id": format!("czz{number}")});
    let cleanup = ["cleanup", "--url", url, "--api-key", KEY, "--ledger", "ledger.jsonl"];
    let lines = [head.clone(), unknown(1), unknown(2)];
    fs::write(project.path("ledger.jsonl"), sealed(KEY, &lines)).expect("written");
    let ended = project.run(&cleanup).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert!(ended.out.contains("the target knows neither it nor any other row of the ledger"), "{ended:#?}");
    assert!(ended.out.ends_with("0 of 2 rows are gone, 2 left behind\n"), "{ended:#?}");

    let made = crate::support::post(&format!("{url}/customers"), &json!({"name": "tabc-1"})).await;
    let known = json!({"event": "created", "number": 3, "resource": "customer", "id": made["id"]});
    let lines = [head, unknown(1), known, unknown(2)];
    fs::write(project.path("ledger.jsonl"), sealed(KEY, &lines)).expect("written");
    let ended = project.run(&cleanup).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(ended.out.ends_with("3 of 3 rows are gone, 0 left behind\n"), "{ended:#?}");
    assert!(!project.path("ledger.jsonl").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_what_a_run_writes() {
    use std::os::unix::fs::PermissionsExt as _;
    let (project, server) = (Project::new(), mock().await);
    let wire = Wire::to(&server).await;
    let mut arguments = usual(&wire.url);
    arguments.extend(["--ledger", "made/ledger.jsonl", "--report", "all"]);
    let mut child =
        project.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    wire.until(60).await;
    child.kill().await.expect("it is killed");
    let ended = project
        .run(&["run", "--url", "http://127.0.0.1:1/v1", "--api-key", KEY, "--report", "json=r.json"])
        .await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    let mut arguments = usual(server.url());
    arguments.extend(["--law", "auth-missing", "--no-generated"]);
    assert_eq!(project.run(&arguments).await.code, 0);
    let mut files =
        vec!["made/ledger.jsonl".to_owned(), "r.json".to_owned(), ".conformance/last-run.json".to_owned()];
    files.extend(project.files("conformance-report").iter().map(|name| format!("conformance-report/{name}")));
    assert_eq!(files.len(), 8, "{files:?}");
    for file in files {
        let mode = fs::metadata(project.path(&file)).expect(&file).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

/// As ledgers name things without naming them.
fn digest(id: &Value) -> String {
    hex(&Sha256::digest(format!("conformance ledger\n{id}").as_bytes())[..6])
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
