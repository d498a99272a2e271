//! The tour in the project's README, command by command, output and all.

use std::fs;
use std::path::Path;

use tokio::process::Command;

use crate::support::mock;

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

#[tokio::test]
async fn the_tour_of_the_mock_shows_what_the_server_answers() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(readme).expect("a README");
    let (_, tour) = readme.split_once("## Five minutes").expect("a tour");
    let (tour, _) = tour.split_once("## Where things are").expect("an end of the tour");
    let server = mock().await;
    let origin = server.url().trim_end_matches("/api/v1").to_owned();
    let here = |text: &str| text.replace("http://127.0.0.1:4010", &origin);

    let mut setting = String::new();
    let mut tried = 0;
    for Shown { command, output } in commands(tour) {
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

#[test]
fn a_pattern_leaves_out_what_it_says() {
    assert!(is_like("{\"a\":1,\"b\":2}\n", "{\"a\":1,…}"));
    assert!(is_like("one\ntwo\nthree\n", "one\n…\n"));
    assert!(is_like("a b c d", "a…c…"));
    assert!(!is_like("a b c d", "a…d…c"));
    assert!(!is_like("ab", "a"));
    assert!(!is_like("aba", "ab…ba"));
}
