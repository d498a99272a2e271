//! Laws that have to be judged, and what was covered.

use crate::report_forms::check_json;
use crate::support::{Project, mock, usual};

#[tokio::test]
async fn a_law_that_had_to_be_judged_and_was_not_fails_the_run() {
    let (project, server) = (Project::new(), mock().await);
    // The revoked key is not given, so that its law cannot be judged.
    let arguments = [
        "run",
        "--url",
        server.url(),
        "--api-key",
        crate::support::KEY,
        "--law",
        "auth-*",
        "--operation",
        "get-me",
        "--report",
        "json=report.json",
        "--report",
        "junit=junit.xml",
    ];
    let fine = project.run(&arguments).await;
    assert_eq!(fine.code, 0, "{fine:#?}");
    let mut demanding = arguments.to_vec();
    demanding.extend(["--fail-on-not-judged", "auth-*-key", "--fail-on-not-judged", "unique-on-create"]);
    let ended = project.run(&demanding).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    let report = project.json("report.json");
    check_json(&report);
    assert_eq!(report["verdict"], "fail");
    let told = |law: &str| {
        let unmet = report["unmet"].as_array().expect("unmet").iter();
        unmet.filter(|unmet| unmet["law"] == law).map(|unmet| unmet["reason"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(told("auth-revoked-key"), ["no --revoked-key was given"]);
    assert_eq!(told("unique-on-create"), ["it was not selected"]);
    assert_eq!(told("auth-unknown-key"), Vec::<&str>::new());
    assert!(ended.out.contains("auth-revoked-key had to be judged (auth-*-key) and was not"), "{ended:#?}");
    let junit = std::fs::read_to_string(project.path("junit.xml")).expect("it was written");
    assert_eq!(
        crate::report_forms::read_junit(&junit).failures,
        report["unmet"].as_array().expect("unmet").len()
    );
}

#[tokio::test]
async fn a_pattern_that_no_law_can_meet_is_refused() {
    let (project, server) = (Project::new(), mock().await);
    let table: &[(&[&str], &str)] = &[
        (&["--fail-on-not-judged", "auth-mising"], "did you mean auth-missing?"),
        (&["--fail-on-not-judged", "zzz*"], "`conformance laws` lists them"),
        (&["--fail-on-not-judged", "auth-*", "--shard", "1/2"], "give it to `conformance merge`"),
    ];
    for (more, message) in table {
        let mut arguments = usual(server.url());
        arguments.extend(*more);
        let ended = project.run(&arguments).await;
        assert_eq!(ended.code, 2, "{ended:#?}");
        assert!(ended.err.contains(message), "{ended:#?}");
    }
    // The plain description states no uniqueness.
    let plain = crate::support::plain();
    let mut arguments = usual(server.url());
    arguments.extend(["--contract", &plain, "--fail-on-not-judged", "unique-*"]);
    let ended = project.run(&arguments).await;
    assert!(ended.err.contains("no law that the contract states matches"), "{ended:#?}");
}

#[tokio::test]
async fn coverage_tells_what_was_sent_and_seen() {
    let (project, server) = (Project::new(), mock().await);
    let mut arguments = usual(server.url());
    arguments.extend(["--report", "json=report.json", "--operation", "create-customer", "--no-generated"]);
    let ended = project.run(&arguments).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    let report = project.json("report.json");
    let line = report["coverage"]["operations"]
        .as_array()
        .expect("operations")
        .iter()
        .find(|line| line["operation"] == "create-customer")
        .expect("it is there");
    let find = |list: &str, key: &str, name: &str| {
        let found = line[list].as_array().expect("a list").iter().find(|one| one[key] == name);
        found.cloned().unwrap_or_else(|| panic!("{name} in {list}"))
    };
    let count = |value: &serde_json::Value| value.as_u64().expect("a number");
    for status in ["201", "400", "401", "409"] {
        let seen = find("statuses", "status", status);
        assert!(count(&seen["seen"]) > 0 && seen["documented"] == true, "{seen}");
    }
    let name = find("request", "name", "name");
    assert!(count(&name["valid"]) > 10 && count(&name["wrong"]) > 2, "{name}");
    assert!(count(&find("response", "name", "id")["seen"]) > 10);
    assert!(count(&find("response", "name", "error.type")["seen"]) > 3);
    let header = find("parameters", "name", "Idempotency-Key");
    assert!(count(&header["valid"]) > 0 && header["in"] == "header", "{header}");
    let answers: u64 =
        line["statuses"].as_array().expect("a list").iter().map(|one| count(&one["seen"])).sum();
    assert_eq!(answers, count(&line["requests"]));
    let whole: u64 = report["coverage"]["operations"]
        .as_array()
        .expect("operations")
        .iter()
        .map(|line| count(&line["requests"]))
        .sum();
    assert_eq!(whole + count(&report["coverage"]["elsewhere"]), count(&report["requests"]));
}
