//! What the program prints for GitHub, where it runs there.

use crate::support::{Project, plain};

async fn run(project: &Project, actions: &str, more: &[&str]) -> (i32, String, Option<String>) {
    let plain = plain();
    let output = project
        .command(&["run", "--url", "http://127.0.0.1:1/v1", "--api-key", "k", "--contract", &plain])
        .args(more)
        .env("GITHUB_ACTIONS", actions)
        .env("GITHUB_STEP_SUMMARY", project.path("summary.md"))
        .output()
        .await
        .expect("it runs");
    let summary = std::fs::read_to_string(project.path("summary.md")).ok();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned(), summary)
}

#[tokio::test]
async fn a_run_that_cannot_judge_is_annotated_and_summed_up() {
    let project = Project::new();
    std::fs::write(project.path("summary.md"), "# Before\n").expect("a file");
    let (code, out, summary) = run(&project, "true", &[]).await;
    assert_eq!(code, 2);
    assert!(out.starts_with("::error title=conformance::the target http://127.0.0.1:1/v1 cannot"), "{out}");
    assert_eq!(out.lines().count(), 1, "{out}");
    let summary = summary.expect("it was written");
    assert!(summary.starts_with("# Before\n## ⚠️ Plain 1.0.0 could not be judged"), "{summary}");
}

#[tokio::test]
async fn elsewhere_github_is_told_nothing() {
    let project = Project::new();
    let (code, out, summary) = run(&project, "false", &[]).await;
    assert_eq!((code, out.as_str(), summary), (2, "", None));
}
