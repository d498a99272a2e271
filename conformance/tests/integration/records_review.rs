//! A change of behaviour: it is shown, waits for review, and is accepted or rejected.

use std::fs;

use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, Request, ResponseTemplate};

use crate::records::changed;
use crate::support::{KEY, Project, mock, plain};

/// Other codes for a taken slug and a key that was used.
const OTHER_CODES: [(&str, &str); 2] =
    [("code: slug_taken", "code: slug_in_use"), ("code: idempotency_key_reused", "code: key_in_use")];
const ONLY: [&str; 4] = ["--dir", "records", "--operation", "create-customer"];

#[tokio::test]
async fn a_changed_answer_is_shown_and_waits_until_it_is_accepted_or_rejected() {
    let (project, before, after) = (Project::new(), mock().await, changed(&OTHER_CODES).await);
    assert_eq!(project.record(before.url(), &ONLY).await.code, 0);
    let check = [&ONLY[..], &["--check"]].concat();

    let quiet = project.record(after.url(), &[&check[..], &["--no-pending"]].concat()).await;
    assert_eq!(quiet.code, 1, "{quiet:#?}");
    assert!(quiet.out.contains("help: nothing was written"), "{quiet:#?}");
    assert!(project.records("records", ".snap.new").is_empty());

    let checked = project.record(after.url(), &check).await;
    assert_eq!(checked.code, 1, "{checked:#?}");
    for line in [
        "changed  create-customer/slug-taken  records/create-customer/slug-taken.snap",
        "  POST /customers: slug is taken",
        "  error.code was slug_taken and is slug_in_use",
        "    -     code: slug_taken",
        "    +     code: slug_in_use",
        "2 changed, 0 new, 0 vanished",
        "help: 2 records wait for review: `conformance review --dir records`",
    ] {
        assert!(checked.out.contains(line), "{line}: {checked:#?}");
    }
    let waiting = project.records("records", ".snap.new");
    assert_eq!(waiting.len(), 2);
    assert!(waiting.iter().all(|(_, text)| text.contains("_in_use")));

    let shown = project.run_outside_ci(&["review", "--all", "--dir", "records"]).await;
    assert_eq!(shown.code, 1, "{shown:#?}");
    assert!(
        shown.out.contains("+     code: slug_in_use") && shown.out.ends_with("2 records wait for review\n")
    );

    let rejected =
        project.run_outside_ci(&["reject", "create-customer/key-reused", "--dir", "records"]).await;
    assert_eq!(
        (rejected.code, rejected.out.as_str()),
        (0, "rejected  create-customer/key-reused\n1 rejected\n")
    );
    let accepted =
        project.run_outside_ci(&["accept", "create-customer/slug-taken", "--dir", "records"]).await;
    assert_eq!(
        (accepted.code, accepted.out.as_str()),
        (0, "accepted  create-customer/slug-taken\n1 accepted\n")
    );
    let snap = fs::read_to_string(project.path("records/create-customer/slug-taken.snap")).expect("a record");
    assert!(snap.contains("code: slug_in_use") && !snap.contains("assertion_line"), "{snap}");

    let again = project.record(after.url(), &check).await;
    assert!(again.out.contains("1 changed, 0 new, 0 vanished"), "{again:#?}");
    assert_eq!(project.run_outside_ci(&["accept", "--all", "--dir", "records"]).await.code, 0);
    let holds = project.record(after.url(), &check).await;
    assert_eq!(holds.code, 0, "{holds:#?}");
    let nothing = project.run_outside_ci(&["review", "--all", "--dir", "records"]).await;
    assert_eq!((nothing.code, nothing.out.as_str()), (0, "0 records wait for review\n"));
}

#[tokio::test]
async fn in_ci_nothing_is_written() {
    let (project, before, after) = (Project::new(), mock().await, changed(&OTHER_CODES).await);
    assert_eq!(project.record(before.url(), &ONLY).await.code, 0);
    let files = project.records("records", "");
    let arguments = [&["record", "--url", after.url(), "--api-key", KEY][..], &ONLY, &["--check"]].concat();
    let output = project.command(&arguments).env("CI", "true").output().await.expect("the program runs");
    assert_eq!(output.status.code(), Some(1), "{output:#?}");
    assert_eq!(project.records("records", ""), files);
}

#[tokio::test]
async fn what_differs_waits_and_what_is_new_is_accepted_when_it_is_recorded_again() {
    let (project, before, after) = (Project::new(), mock().await, changed(&OTHER_CODES).await);
    assert_eq!(project.record(before.url(), &ONLY).await.code, 0);
    fs::remove_file(project.path("records/create-customer/least-body.snap")).expect("a record");
    let ended = project.record(after.url(), &ONLY).await;
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert!(ended.out.contains("2 changed, 1 new, 0 vanished"), "{ended:#?}");
    assert!(project.path("records/create-customer/least-body.snap").exists());
    assert_eq!(project.records("records", ".snap.new").len(), 2);
    assert_eq!(project.record(before.url(), &ONLY).await.code, 0, "as it was");
    assert!(project.records("records", ".snap.new").is_empty(), "what waited is settled");
}

#[tokio::test]
async fn a_refusal_that_is_none_is_recorded_the_same_whatever_came_before() {
    let lenient = [("maxLength: 255", "maxLength: 300"), ("minimum: 0", "minimum: -5")];
    let (project, server) = (Project::new(), changed(&lenient).await);
    let only = ["--dir", "records", "--operation", "update-customer"];
    assert_eq!(project.record(server.url(), &only).await.code, 0);
    let text =
        fs::read_to_string(project.path("records/update-customer/name-too-long.snap")).expect("a record");
    assert!(text.contains("status: 200") && text.contains("name: <sent>"), "{text}");
    let again = [&only[..], &["--check", "--workers", "5", "--run-tag", "z"]].concat();
    let ended = project.record(server.url(), &again).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
}

#[tokio::test]
async fn a_plain_description_is_recorded_whatever_rows_there_are() {
    let (project, server) = (Project::new(), wiremock::MockServer::start().await);
    let rows = std::sync::atomic::AtomicUsize::new(0);
    Mock::given(any())
        .respond_with(move |request: &Request| {
            let count = rows.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let row = |id: usize| json!({"id": id, "name": format!("thing {id}")});
            match request.method.as_str() {
                "GET" if request.url.path() != "/v1/things" => ResponseTemplate::new(404),
                "GET" => {
                    ResponseTemplate::new(200).set_body_json((0..count % 3).map(row).collect::<Vec<_>>())
                }
                _ => ResponseTemplate::new(201).set_body_json(row(count)),
            }
        })
        .mount(&server)
        .await;
    let url = format!("{}/v1", server.uri());
    let arguments =
        ["record", "--url", &url, "--api-key", "key-of-mine", "--contract", &plain(), "--dir", "records"];
    let first = project.run_outside_ci(&arguments).await;
    assert_eq!(first.code, 0, "{first:#?}");
    let list = fs::read_to_string(project.path("records/list-things/plain.snap")).expect("a record");
    assert!(list.ends_with("body: <rows>\n"), "{list}");
    let made = fs::read_to_string(project.path("records/create-thing/least-body.snap")).expect("a record");
    assert!(made.ends_with("body:\n  id: <integer>\n  name: <text>\n"), "{made}");
    let second = project.run_outside_ci(&[&arguments[..], &["--check"]].concat()).await;
    assert_eq!(second.code, 0, "{second:#?}");
}
