//! A run ends when its time is up, whatever the target does.

use std::time::Duration;

use crate::faulty_wire::{Asked, Fate, wrong_on_the_wire};
use crate::support::{Ended, Project, mock};

/// Far longer than any of these runs takes, on whatever machine: a run beyond it hangs.
const HANGS: Duration = Duration::from_mins(2);

const TOO_MANY: &str = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-type: application/json\r\n\
                        content-length: 2\r\nconnection: close\r\n\r\n{}";

/// Runs the program against a target that is wrong, for four seconds at the most. One answer may take longer than that.
async fn run(fate: impl Fn(&Asked) -> Fate + Send + Sync + 'static) -> (Project, Ended) {
    let (project, server) = (Project::new(), mock().await);
    let url = wrong_on_the_wire(server.address(), fate).await;
    let mut arguments = vec!["run", "--url", &url, "--api-key", "pivotal_test_demo", "--no-generated"];
    arguments.extend(["--max-time", "4s", "--timeout", "600", "--report", "json=report.json"]);
    let ended = tokio::time::timeout(HANGS, project.run(&arguments)).await.expect("it ends");
    (project, ended)
}

/// Asserts that a run ends with exit code 2 where the target goes wrong in the preflight, and ends where it goes wrong later.
async fn ends(fate: Fate) {
    let (_, ended) = run(move |_| fate).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.err.contains("nothing was judged"), "{ended:#?}");
    let (project, ended) = run(move |asked| if asked.number < 60 { Fate::Answered } else { fate }).await;
    assert_ne!(ended.code, 0, "{ended:#?}");
    assert_ne!(project.json("report.json")["verdict"], "pass", "{ended:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_answers_drip() {
    ends(Fate::Dripping).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_answer_comes() {
    ends(Fate::Silent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_answers_have_no_end() {
    ends(Fate::Endless).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_every_answer_is_that_it_was_too_fast() {
    ends(Fate::Instead(TOO_MANY)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_only_deletions_drip_the_rows_that_are_left_are_told() {
    let (project, ended) =
        run(|asked| if asked.head.starts_with("DELETE ") { Fate::Dripping } else { Fate::Answered }).await;
    assert_ne!(ended.code, 0, "{ended:#?}");
    assert!(project.json("report.json")["leftovers"].as_u64() > Some(0), "{ended:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_drips_is_given_up_when_its_own_time_is_up() {
    let (project, server) = (Project::new(), mock().await);
    let url = wrong_on_the_wire(server.address(), |_| Fate::Dripping).await;
    let arguments = ["run", "--url", &url, "--api-key", "pivotal_test_demo", "--timeout", "1"];
    let ended = tokio::time::timeout(HANGS, project.run(&arguments)).await.expect("it ends");
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.err.contains("no whole answer within 1 seconds"), "{ended:#?}");
}
