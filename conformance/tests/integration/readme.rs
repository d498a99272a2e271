//! The tour in the project's README, command by command, output and all.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tokio::process::Command;

use crate::faulty_wire::{Fate, wrong_on_the_wire};
use crate::support::{Project, mock};

/// A command of the tour, and the output that the README shows; `…` stands for anything.
struct Shown {
    command: String,
    output: String,
}

/// The commands in the blocks of a text, each with the lines below it.
fn commands(text: &str) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    for block in text.split("```").skip(1).step_by(2) {
        let mut shown: Vec<Shown> = Vec::new();
        for line in block.lines().skip(1).filter(|line| !line.is_empty()) {
            match (line.strip_prefix("$ "), shown.last_mut()) {
                (Some(command), _) => {
                    shown.push(Shown { command: command.to_owned(), output: String::new() });
                }
                (None, Some(last)) if last.command.ends_with('\\') => {
                    last.command.pop();
                    last.command.push_str(line.trim_start());
                }
                (None, Some(last)) => {
                    last.output.push_str(line);
                    last.output.push('\n');
                }
                // What another terminal shows.
                (None, None) => {}
            }
        }
        all.append(&mut shown);
    }
    all
}

/// Whether a text is as a pattern says in which `…` stands for anything, line ends included.
fn is_like(text: &str, pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.trim_end().split('…').collect();
    let text = text.trim_end();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    if parts.len() == 1 {
        return text == *first;
    }
    let middle = &parts[1..parts.len() - 1];
    let Some(mut rest) = text.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else {
        return false;
    };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

/// The tour of the README.
fn tour() -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(readme).expect("a README");
    let (_, tour) = readme.split_once("## Five minutes").expect("a tour");
    let (tour, _) = tour.split_once("## Where things are").expect("an end of the tour");
    tour.to_owned()
}

/// The arguments and the output of a command of this program in the tour.
fn of_conformance(name: &str) -> (Vec<String>, String) {
    let start = format!("cargo run --release -p conformance -- {name} ");
    let shown = commands(&tour()).into_iter().find(|shown| shown.command.starts_with(&start));
    let shown = shown.expect("the tour has the command");
    let (_, arguments) = shown.command.split_once(" -- ").expect("arguments");
    (arguments.split_whitespace().map(str::to_owned).collect(), shown.output)
}

#[tokio::test]
async fn the_tour_of_the_mock_shows_what_the_server_answers() {
    let tour = tour();
    let server = mock().await;
    let origin = server.url().trim_end_matches("/api/v1").to_owned();
    let here = |text: &str| text.replace("http://127.0.0.1:4010", &origin);

    let mut setting = String::new();
    let mut tried = 0;
    for Shown { command, output } in commands(&tour) {
        if command.starts_with("export ") {
            setting = here(&command);
            continue;
        }
        if !command.starts_with("curl ") {
            continue;
        }
        let script = format!("{setting}\n{}", here(&command));
        let ended = Command::new("bash").args(["-c", &script]).output().await.expect("bash runs");
        let shown = String::from_utf8_lossy(&ended.stdout).replace("\r\n", "\n");
        assert!(is_like(&shown, &here(&output)), "$ {command}\n{output}\nshows\n{shown}");
        tried += 1;
    }
    assert!(tried >= 9, "the tour has {tried} calls");
}

#[tokio::test]
async fn the_tour_of_the_runner_shows_what_it_prints_of_the_mock() {
    let (arguments, output) = of_conformance("run");
    let server = mock().await;
    let arguments: Vec<&str> =
        arguments.iter().map(|one| if one == "$API" { server.url() } else { one.as_str() }).collect();
    let ended = Project::new().run(&arguments).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(is_like(&ended.out, &output), "{output}\nprints\n{}", ended.out);
}

/// Money that does not fit into 32 bits is the most that does.
fn narrow(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(narrow),
        Value::Object(map) => {
            for (name, member) in map {
                let most = i64::from(i32::MAX);
                if name == "mrr" && member.as_i64().is_some_and(|money| money > most) {
                    *member = most.into();
                }
                narrow(member);
            }
        }
        _ => {}
    }
}

/// A body in which money has 32 bits.
fn narrow_money(body: &str) -> String {
    serde_json::from_str::<Value>(body).map_or_else(
        |_| body.to_owned(),
        |mut value| {
            narrow(&mut value);
            value.to_string()
        },
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_of_the_runner_shows_what_it_prints_of_narrow_money() {
    let tour = tour();
    let block =
        tour.split("```").find(|block| block.starts_with("\nviolation[")).expect("a finding").trim_start();
    let server = mock().await;
    let url = wrong_on_the_wire(server.address(), |_| Fate::Rewritten(narrow_money)).await;
    let ended = Project::new().run(&["run", "--url", &url, "--api-key", "pivotal_test_demo"]).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    let from = ended.out.find("violation[").expect("a violation");
    assert!(is_like(&ended.out[from..], &format!("{block}…")), "{block}\nprints\n{}", ended.out);
}

#[tokio::test]
async fn the_tour_of_the_review_shows_what_it_prints() {
    let (arguments, output) = of_conformance("diff");
    let project = Project::new();
    fs::create_dir(project.path("schemas")).expect("a folder");
    let contract = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/openapi.yaml"));
    let contract = contract.expect("a contract");
    let file = project.path("schemas/openapi.yaml");
    fs::write(&file, &contract).expect("written");
    let git = "git init -q -b main && git add . && git -c user.name=a -c user.email=a@b commit -qm base";
    let made = Command::new("bash").args(["-c", git]).current_dir(project.path("")).status().await;
    assert!(made.expect("bash runs").success());
    fs::write(&file, contract.replace("slug_taken", "slug_in_use")).expect("written");
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ended = project.run(&arguments).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    let printed: String = ended.out.split_inclusive('\n').filter(|line| *line != "\n").collect();
    assert!(is_like(&printed, &output), "{output}\nprints\n{printed}");
}

#[test]
fn a_pattern_leaves_out_what_it_says() {
    assert!(is_like("{\"a\":1,\"b\":2}\n", "{\"a\":1,…}"));
    assert!(is_like("one\ntwo\nthree\n", "one\n…\n"));
    assert!(is_like("a b c d", "a…c…"));
    assert!(!is_like("a b c d", "a…d…c"));
    assert!(!is_like("ab", "a"));
    assert!(!is_like("aba", "ab…ba"));
}
