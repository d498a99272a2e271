//! `diff`: the review of a change, as a reviewer meets it.

use std::fs;
use std::process::Command;

use schemas::{Contract, Side};
use serde_json::{Value, json};

use crate::support::{Ended, Project};

/// A small description.
const BOOKS: &str = "openapi: 3.1.0
info: {title: Books, version: 1.2.0}
servers: [{url: https://books.example/v1}]
paths:
  /books:
    post:
      operationId: create-book
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                title: {type: string, maxLength: 200}
      responses:
        '201': {description: Made., content: {application/json: {schema: {$ref: 'parts.yaml#/Book'}}}}
";

/// The other file it refers to.
const PARTS: &str = "Book:
  type: object
  required: [id, title]
  properties:
    id: {type: string}
    title: {type: string}
    note: {type: string}
";

/// A record of what it answers.
const RECORD: &str = "request: POST /books\nclass: a title alone\nstatus: 201\nheaders:\n  content-type: application/json\nbody:\n  id: <id#1>\n  title: <text>\n";

fn write(project: &Project, name: &str, text: &str) {
    let path = project.path(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// A project with the description as it was and as it is after some replacements.
fn changed(replace: &[(&str, &str)]) -> Project {
    let project = Project::new();
    let (mut books, mut parts) = (BOOKS.to_owned(), PARTS.to_owned());
    for (old, new) in replace {
        assert!(books.contains(old) || parts.contains(old), "{old}");
        (books, parts) = (books.replace(old, new), parts.replace(old, new));
    }
    write(&project, "old/books.yaml", BOOKS);
    write(&project, "old/parts.yaml", PARTS);
    write(&project, "new/books.yaml", &books);
    write(&project, "new/parts.yaml", &parts);
    project
}

async fn diff(project: &Project, more: &[&str]) -> Ended {
    let mut arguments = vec!["diff", "old/books.yaml", "new/books.yaml"];
    arguments.extend(more);
    project.run(&arguments).await
}

const SHORTER: (&str, &str) = ("maxLength: 200", "maxLength: 100");
const LOST: (&str, &str) = ("    note: {type: string}\n", "");

#[tokio::test]
async fn what_breaks_is_told_with_its_place_and_fails() {
    let ended = diff(&changed(&[SHORTER, LOST]), &[]).await;
    assert_eq!(ended.code, 1, "{ended:?}");
    let bound = "breaking[request-length-tightened] create-book (POST /books) request body /title maxLength  200 → 100  new/books.yaml:14:39";
    let lost = "breaking[optional-response-property-removed] create-book (POST /books) response 201 body /note  string → gone  old/parts.yaml:7:5 (base)";
    assert!(ended.out.contains(bound) && ended.out.contains(lost), "{}", ended.out);
    assert!(ended.out.starts_with("breaks  2 breaking, 0 unclear, 0 allowed"), "{}", ended.out);
    let version = "version: a major step is due, to 2.0.0 at least; it is still 1.2.0";
    assert!(ended.out.contains(version), "{}", ended.out);
}

#[tokio::test]
async fn what_is_allowed_passes_and_the_version_is_held_to_it() {
    let more = ("    note: {type: string}\n", "    note: {type: string}\n    lamp: {type: boolean}\n");
    let ended = diff(&changed(&[more, ("version: 1.2.0", "version: 1.3.0")]), &[]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended
            .out
            .contains("allowed[response-property-added] create-book (POST /books) response 201 body /lamp"),
        "{}",
        ended.out
    );
    assert!(ended.out.contains("a minor step is due, and done: 1.2.0 → 1.3.0"), "{}", ended.out);
}

#[tokio::test]
async fn a_description_against_itself_is_no_change() {
    let ended = diff(&changed(&[]), &[]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{ended:?}");
    assert!(ended.out.starts_with("no change"), "{}", ended.out);
}

#[tokio::test]
async fn what_is_unclear_fails_under_strict_alone() {
    let project = changed(&[("maxLength: 200", "maxLength: 200, default: Untitled")]);
    assert_eq!(diff(&project, &[]).await.code, 0);
    let ended = diff(&project, &["--strict"]).await;
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.out.contains("unclear[request-default-stated]"), "{}", ended.out);
}

fn git(project: &Project, arguments: &[&str]) {
    let status = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(project.path("."))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git runs");
    assert!(status.status.success(), "{status:?}");
}

#[tokio::test]
async fn a_revision_is_read_with_the_files_it_refers_to() {
    let project = changed(&[LOST]);
    write(&project, "api/books.yaml", BOOKS);
    write(&project, "api/parts.yaml", PARTS);
    write(&project, "records/create-book/plain.snap", RECORD);
    git(&project, &["init", "-q", "-b", "main"]);
    git(&project, &["add", "."]);
    git(&project, &["commit", "-q", "-m", "first"]);
    write(&project, "api/parts.yaml", &PARTS.replace(LOST.0, LOST.1));
    write(&project, "records/create-book/plain.snap", &RECORD.replace("201", "200"));
    let ended = project.run(&["diff", "main:api/books.yaml", "api/books.yaml"]).await;
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.out.contains("main:api/parts.yaml:7:5 (base)"), "{}", ended.out);
    let ended = project.run(&["diff", "HEAD:records", "records"]).await;
    assert_eq!(ended.code, 1, "{ended:?}");
    let moved = "breaking[observed-status-changed] create-book (POST /books) a title alone: status  201 → 200  records/create-book/plain.snap";
    assert!(ended.out.contains(moved), "{}", ended.out);
}

#[tokio::test]
async fn a_side_that_cannot_be_read_is_told_with_what_to_do() {
    let project = changed(&[]);
    write(&project, "broken.yaml", "openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {/a: {get: [\n");
    write(&project, "records/create-book/plain.snap", "status: many\n");
    git(&project, &["init", "-q", "-b", "main"]);
    for (arguments, why) in [
        (vec!["nowhere.yaml", "new/books.yaml"], "nowhere.yaml: there is no such file or folder"),
        (vec!["old/books.yaml", "broken.yaml"], "broken.yaml:"),
        (vec!["nobody:api.yaml", "new/books.yaml"], "failed to read nobody:api.yaml"),
        (vec!["old/books.yaml", "records"], "records/create-book/plain.snap is no record"),
        (vec!["old/books.yaml", "old"], "compare two descriptions, or two folders of records"),
        (vec!["old/books.yaml"], "HEAD"),
        (vec!["--explain", "no-such-rule"], "there is no rule no-such-rule"),
        (vec!["old/books.yaml", "new/books.yaml", "--accepted", "none.yaml"], "failed to read none.yaml"),
        (
            vec!["old/books.yaml", "new/books.yaml", "--records", "new/books.yaml", "old"],
            "--records takes folders of records",
        ),
    ] {
        let mut all = vec!["diff"];
        all.extend(arguments);
        let ended = project.run(&all).await;
        assert_eq!(ended.code, 2, "{all:?}: {ended:?}");
        assert!(ended.err.contains(why), "{all:?}: {}", ended.err);
        assert!(ended.out.is_empty(), "{all:?}: {}", ended.out);
    }
}

#[tokio::test]
async fn what_is_accepted_no_longer_fails_until_it_is_gone() {
    let project = changed(&[SHORTER, LOST]);
    let ended = diff(&project, &["--accept-all", "agreed with: \"all\" clients"]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.err.contains("2 changes accepted in conformance/accepted-changes.yaml"), "{}", ended.err);
    let ended = diff(&project, &[]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.contains("accepted: agreed with: \"all\" clients"), "{}", ended.out);
    let gone = project.run(&["diff", "old/books.yaml", "old/books.yaml"]).await;
    assert!(gone.out.contains("accepts a change that is not there"), "{}", gone.out);
}

/// What is wrong with a report by its published schema.
fn faults(report: &Value) -> Vec<String> {
    let mut schema: Value =
        serde_json::from_str(include_str!("../../../diff.schema.json")).expect("it is JSON");
    let parts = schema.as_object_mut().and_then(|map| map.remove("$defs")).expect("has parts");
    let text = schema.to_string().replace("#/$defs/", "#/components/schemas/");
    let mut schemas = parts;
    schemas["Review"] = serde_json::from_str(&text).expect("it is JSON");
    let description = json!({"openapi": "3.1.0", "info": {"title": "review", "version": "1"}, "paths": {},
        "components": {"schemas": schemas}});
    let contract = Contract::from_text("review.json", &description.to_string()).expect("the schema loads");
    let schema = contract.schema(Side::Response, "/components/schemas/Review").expect("it compiles");
    schema.faults(report).into_iter().map(|fault| format!("{}: {}", fault.instance, fault.message)).collect()
}

#[tokio::test]
async fn the_json_report_fits_its_published_schema() {
    let project = changed(&[SHORTER, LOST]);
    write(&project, "before/create-book/plain.snap", RECORD);
    write(&project, "after/create-book/plain.snap", &RECORD.replace("title: <text>", "title: null"));
    write(&project, "some.yaml", "changes:\n  - {fingerprint: 'abc', reason: of old, expires: 2020-01-01}\n");
    let ended =
        diff(&project, &["--format", "json", "--records", "before", "after", "--accepted", "some.yaml"])
            .await;
    let report: Value = serde_json::from_str(&ended.out).expect("it is JSON");
    assert_eq!(faults(&report), Vec::<String>::new(), "{report:#}");
    assert_eq!(report["verdict"], "fail");
    assert_eq!(report["operations"][0]["outcome"], "drift");
    assert_eq!(report["notices"].as_array().map(Vec::len), Some(1));
    assert!(!faults(&json!({"version": 2, "verdict": "fail"})).is_empty());
}

#[tokio::test]
async fn records_tell_drift_from_what_was_delivered() {
    let project = changed(&[LOST]);
    write(&project, "before/create-book/plain.snap", RECORD);
    write(&project, "after/create-book/plain.snap", &RECORD.replace("201", "200"));
    let same = ["diff", "old/books.yaml", "old/books.yaml", "--records"];
    let run = |old: &'static str, new: &'static str| {
        let mut all = same.to_vec();
        all.extend([old, new]);
        all
    };
    let drift = project.run(&run("before", "after")).await;
    assert_eq!(drift.code, 1, "{drift:?}");
    assert!(
        drift
            .out
            .contains("drift        behaviour moved, and no change of the contract says so: create-book"),
        "{}",
        drift.out
    );
    let nothing = project.run(&run("before", "before")).await;
    assert_eq!(nothing.code, 0, "{nothing:?}");
    let noted = RECORD.replace("  title: <text>\n", "  title: <text>\n  note: <text>\n");
    write(&project, "noted/create-book/plain.snap", &noted);
    let undelivered = diff(&project, &["--records", "noted", "noted"]).await;
    assert!(
        undelivered.out.contains("undelivered  records show that the contract moved alone: create-book"),
        "{}",
        undelivered.out
    );
    let delivered = diff(&project, &["--records", "noted", "before"]).await;
    assert!(
        delivered.out.contains("delivered    behaviour moved as the contract says: create-book"),
        "{}",
        delivered.out
    );
    let hidden = diff(&project, &["--records", "before", "after"]).await;
    assert!(hidden.out.contains("drift        behaviour moved"), "{}", hidden.out);
}

#[tokio::test]
async fn other_forms_say_the_same() {
    let project = changed(&[SHORTER, LOST]);
    let markdown = diff(&project, &["--format", "markdown"]).await;
    assert_eq!(markdown.code, 1, "{markdown:?}");
    assert!(markdown.out.starts_with("### ❌ The change breaks clients\n"), "{}", markdown.out);
    assert!(
        markdown.out.contains("<details open>\n<summary><b>2 breaking</b></summary>"),
        "{}",
        markdown.out
    );
    let github = diff(&project, &["--format", "github"]).await;
    assert_eq!(github.code, 1, "{github:?}");
    let lines: Vec<&str> = github.out.lines().collect();
    assert!(
        lines[0].starts_with("::error file=new/books.yaml,line=14,col=39,title=request-length-tightened::"),
        "{lines:?}"
    );
    assert!(
        lines[1].starts_with("::error file=old/parts.yaml,title=optional-response-property-removed::"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn every_rule_is_listed_and_can_be_explained() {
    let project = Project::new();
    let list = project.run(&["diff", "--rules"]).await;
    assert_eq!(list.code, 0, "{list:?}");
    let ids: Vec<&str> = list.out.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
    assert!(ids.len() > 60 && ids.contains(&"response-property-removed"), "{ids:?}");
    let one = project.run(&["diff", "--explain", "response-property-removed"]).await;
    assert_eq!(one.code, 0, "{one:?}");
    assert!(one.out.contains("also known as  response-required-property-removed"), "{}", one.out);
}
