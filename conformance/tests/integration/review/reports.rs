//! The reports of a review, and what a reviewer can choose: what is left out, what fails, and which verdict a rule has.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Ended, Project};

/// An API of as many operations, each of two tags, that share a schema.
fn description(operations: usize, row: &Value) -> Value {
    let paths: serde_json::Map<String, Value> = (0..operations)
        .map(|number| {
            let tag = if number % 2 == 0 { "even" } else { "odd" };
            let answer = json!({"description": "A row.", "content": {"application/json": {"schema":
                {"$ref": "#/components/schemas/Row"}}}});
            let operation = json!({"operationId": format!("read-{number}"), "tags": [tag],
                "responses": {"200": answer}});
            (format!("/rows-{number}"), json!({"get": operation}))
        })
        .collect();
    json!({"openapi": "3.1.0", "info": {"title": "Rows", "version": "1.0.0"}, "paths": paths,
        "components": {"schemas": {"Row": row}}})
}

/// A row of as many properties of a type.
fn row(properties: usize, kind: &str) -> Value {
    let all: serde_json::Map<String, Value> = (0..properties)
        .map(|number| (format!("property_number_{number}"), json!({ "type": kind })))
        .collect();
    json!({"type": "object", "properties": all})
}

async fn diff(old: &Value, new: &Value, more: &[&str]) -> Ended {
    let project = Project::new();
    fs::write(project.path("old.json"), old.to_string()).expect("a file");
    fs::write(project.path("new.json"), new.to_string()).expect("a file");
    let mut arguments = vec!["diff", "old.json", "new.json"];
    arguments.extend(more);
    project.run(&arguments).await
}

#[tokio::test]
async fn a_comment_fits_however_much_changed_and_counts_what_does_not() {
    let (old, new) = (description(120, &row(400, "string")), description(120, &row(400, "integer")));
    let ended = diff(&old, &new, &["--format", "markdown"]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.out.chars().count() < 65_536, "{}", ended.out.chars().count());
    assert!(ended.out.starts_with("### ❌ The change breaks clients\n"), "{}", &ended.out[..200]);
    assert!(ended.out.contains("**400 breaking, 0 unclear, 0 allowed**"), "{}", &ended.out[..400]);
    let line = ended.out.lines().find(|line| line.starts_with("- … and ")).expect("a count");
    let shown = ended.out.matches("- **response-type-changed**").count();
    assert_eq!(line, format!("- … and {} more that no longer fit here", 400 - shown));
    assert!(ended.out.contains("and 109 more response 200"), "operations are counted");
    let text = diff(&old, &new, &[]).await;
    assert!(text.out.starts_with("breaks  400 breaking"), "{}", &text.out[..200]);
}

#[tokio::test]
async fn what_is_unclear_is_neither_folded_away_nor_called_kept() {
    let enums =
        |values: Value| description(1, &json!({"type": "object", "properties": {"kind": {"enum": values}}}));
    let (old, new) = (enums(json!(["a", "b", "c"])), enums(json!(["a", "b"])));
    let ended = diff(&old, &new, &["--format", "markdown"]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.starts_with("### ⚠️ The change breaks nothing for certain; 1 change"), "{}", ended.out);
    assert!(ended.out.contains("<details open>\n<summary><b>1 unclear</b>"), "{}", ended.out);
    assert!(ended.out.contains("<code>read-0 (GET /rows-0)</code>"), "{}", ended.out);
}

#[tokio::test]
async fn what_fails_can_be_chosen() {
    let (old, new) = (description(1, &row(2, "string")), description(1, &row(3, "string")));
    assert_eq!(diff(&old, &new, &[]).await.code, 0);
    assert_eq!(diff(&old, &new, &["--fail-on", "allowed"]).await.code, 1);
    assert_eq!(diff(&new, &old, &[]).await.code, 1);
    assert_eq!(diff(&new, &old, &["--fail-on", "never"]).await.code, 0);
    assert_eq!(diff(&new, &old, &["--fail-on", "never", "--strict"]).await.code, 2);
}

#[tokio::test]
async fn paths_tags_and_rules_can_be_left_out_and_it_is_said() {
    let (old, new) = (description(4, &row(2, "string")), description(4, &row(1, "string")));
    for (exclusions, left) in [
        (vec!["--exclude", "tag=even"], 2),
        (vec!["--exclude", "path=/rows-?"], 0),
        (vec!["--exclude", "path=/rows-3", "--exclude", "path=/rows-1"], 2),
        (vec!["--exclude", "rule=optional-*"], 0),
        (vec!["--exclude", "tag=none"], 4),
    ] {
        let mut more = vec!["--format", "json"];
        more.extend(exclusions.clone());
        let ended = diff(&old, &new, &more).await;
        let report: Value = serde_json::from_str(&ended.out).expect("it is JSON");
        assert_eq!(report["summary"]["breaking"], left, "{exclusions:?}");
        assert_eq!(report["groups"]["breaking"], i32::from(left > 0), "{exclusions:?}");
        assert!(report["notices"][0].as_str().is_some_and(|notice| notice.starts_with("exclude ")));
        assert_eq!(report["advice"]["bump"], if left > 0 { "major" } else { "patch" });
    }
    let ended = diff(&old, &new, &["--exclude", "rule=no-such"]).await;
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("it matches no rule"), "{}", ended.err);
}

#[tokio::test]
async fn a_rule_can_have_another_verdict() {
    let (old, new) = (description(1, &row(2, "string")), description(1, &row(1, "string")));
    let milder = ["--severity", "optional-response-property-removed=unclear"];
    let ended = diff(&old, &new, &milder).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.contains("By choice unclear, not breaking."), "{}", ended.out);
    let ended = diff(&old, &new, &["--severity", "response-propery-removed=unclear"]).await;
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("did you mean response-property-removed?"), "{}", ended.err);
}

#[tokio::test]
async fn what_is_chosen_can_stand_in_the_file_of_accepted_changes() {
    let project = Project::new();
    fs::write(project.path("old.json"), description(2, &row(2, "string")).to_string()).expect("a file");
    fs::write(project.path("new.json"), description(2, &row(1, "string")).to_string()).expect("a file");
    fs::create_dir_all(project.path("conformance")).expect("a folder");
    let chosen = "severities: {optional-response-property-removed: unclear}\nexclude: ['tag=odd']\n";
    fs::write(project.path("conformance/accepted-changes.yaml"), chosen).expect("a file");
    let ended = project.run(&["diff", "old.json", "new.json"]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.contains("exclude tag=odd leaves 1 change out"), "{}", ended.out);
    let strict = ["--severity", "optional-response-property-removed=breaking"];
    let ended = project.run(&[&["diff", "old.json", "new.json"][..], &strict[..]].concat()).await;
    assert_eq!(ended.code, 1, "{ended:?}");
}

#[tokio::test]
async fn a_page_stands_on_its_own_and_hides_nothing_that_matters() {
    let (old, new) = (description(3, &row(2, "string")), description(3, &row(1, "<script>")));
    let old = old.to_string().replace("property_number_1", "<b>bold</b>");
    let old: Value = serde_json::from_str(&old).expect("JSON");
    let new = json!({"openapi": "3.1.0", "info": {"title": "Rows", "version": "1.0.0"},
        "paths": new["paths"], "components": {"schemas": {"Row": row(1, "string")}}});
    let ended = diff(&old, &new, &["--format", "html"]).await;
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.out.starts_with("<!doctype html>"), "{}", ended.out);
    assert!(ended.out.contains("<h1 class=\"failed\">The change breaks clients</h1>"), "{}", ended.out);
    assert!(ended.out.contains("<details class=\"breaking\" open>"), "{}", ended.out);
    assert!(!ended.out.contains("<b>bold") && !ended.out.contains("http"), "{}", ended.out);
    assert!(ended.out.contains("read-0 (GET &#x2f;rows-0)"), "{}", ended.out);
}

#[tokio::test]
async fn a_changelog_tells_clients_by_method_and_path() {
    let (old, mut new) = (description(2, &row(2, "string")), description(3, &row(1, "string")));
    new["info"]["version"] = "2.0.0".into();
    let ended = diff(&old, &new, &["--format", "changelog"]).await;
    let expected = "## 2.0.0 (from 1.0.0)

### Breaking

- <code>GET /rows-0</code>, <code>GET /rows-1</code>: a property that was sometimes answered is gone: response 200 body /property\\_number\\_1 string → gone

### Compatible

- <code>GET /rows-2</code>: an operation is new

";
    assert_eq!(ended.out, expected);
}
