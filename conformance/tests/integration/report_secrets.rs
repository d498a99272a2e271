//! No output holds a secret, however the target writes it back.

use std::fmt::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::report_forms::check_all;
use crate::support::{Ended, Project, plain};

const KEY: &str = "a-very-secret/key+1";
const OTHER: &str = "another-secret-key";
const HIDDEN: &str = "p\"ssw\\rd & más <x>";
const LISTED: &str = "listed-secret";
const COOKIE: &str = "cookie-value-1234";
const SECRETS: [&str; 4] = [KEY, OTHER, HIDDEN, LISTED];

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "%{byte:02x}");
        all
    })
}

fn escapes(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut all, unit| {
        let _ = write!(all, "\\u{unit:04X}");
        all
    })
}

fn entities(text: &str) -> String {
    text.chars().fold(String::new(), |mut all, letter| {
        let _ = write!(all, "&#{};", u32::from(letter));
        all
    })
}

fn in_json(text: &str) -> String {
    serde_json::to_string(text).expect("JSON").trim_matches('"').to_owned()
}

/// A backslash before whatever is neither a letter nor a digit.
fn punctuated(text: &str) -> String {
    text.chars().fold(String::new(), |mut all, letter| {
        if letter.is_ascii_punctuation() || letter == ' ' {
            all.push('\\');
        }
        all.push(letter);
        all
    })
}

/// Every way in which a secret is written back, and searched for.
fn written(secret: &str) -> Vec<String> {
    vec![
        secret.to_owned(),
        percent(secret),
        form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        escapes(secret),
        entities(secret),
        in_json(secret),
        in_json(&in_json(secret)),
        STANDARD.encode(secret),
        STANDARD.encode(format!("user:{secret}")),
        URL_SAFE_NO_PAD.encode(format!("u:{secret}")),
        punctuated(secret),
        in_json(&punctuated(secret)),
        secret.chars().fold(String::new(), |all, letter| all + "\\" + &letter.to_string()),
        percent(&percent(secret)),
        secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"),
    ]
}

/// A target that echoes everything, in headers and bodies, JSON and not.
fn echo(request: &Request) -> ResponseTemplate {
    let told: Vec<String> = SECRETS.iter().flat_map(|secret| written(secret)).collect();
    let sent: Vec<String> = request
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    let answer = ResponseTemplate::new(200)
        .insert_header("set-cookie", format!("session={COOKIE}; HttpOnly"))
        .insert_header("x-echo", percent(KEY))
        .insert_header("x-key", KEY)
        .insert_header("location", format!("/next?after={}&key={}", percent(&percent(KEY)), punctuated(KEY)));
    match request.method.as_str() {
        "GET" => answer.set_body_raw(
            serde_json::to_string(&serde_json::json!([{"told": told, "sent": sent, KEY: 1}])).expect("JSON"),
            "application/json",
        ),
        // Cut in a report where a secret stands across the cut.
        "POST" => answer.set_body_raw(format!("{}{KEY} {}", "x".repeat(590), told.join(" ")), "text/html"),
        _ => answer.set_body_raw(told.join(" "), "text/plain"),
    }
}

/// Searches all bytes of all files, and what was printed.
fn search(project: &Project, ended: &Ended, wanted: &[String]) {
    let mut places = vec![
        ("stdout".to_owned(), ended.out.clone().into_bytes()),
        ("stderr".to_owned(), ended.err.clone().into_bytes()),
    ];
    let mut folders = vec![project.path("")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                places.push((path.display().to_string(), std::fs::read(&path).expect("a file")));
            }
        }
    }
    for (place, bytes) in places {
        for text in wanted {
            let found = bytes.windows(text.len()).position(|part| part == text.as_bytes());
            let around = found.map(|at| {
                String::from_utf8_lossy(&bytes[at.saturating_sub(80)..(at + 80).min(bytes.len())])
                    .into_owned()
            });
            assert!(around.is_none(), "{text} is in {place}: {}", around.unwrap_or_default());
        }
    }
}

#[tokio::test]
async fn no_output_holds_a_secret_that_the_target_tells_back() {
    let (project, server, plain) = (Project::new(), MockServer::start().await, plain());
    Mock::given(any()).respond_with(echo).mount(&server).await;
    let url = format!("{}/v1", server.uri());
    let output = project
        .command(&["run", "--url", &url, "--api-key", KEY, "--other-key", OTHER, "--contract", &plain, "-v"])
        .args(["--secret", HIDDEN, "--report", "all"])
        .env("CONFORMANCE_SECRETS", format!("{LISTED}, "))
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", project.path("summary.md"))
        .output()
        .await
        .expect("the program runs");
    let ended = Ended {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    assert_eq!(ended.code, 1, "{ended:#?}");
    check_all(&project, false);
    let mut wanted: Vec<String> = SECRETS.iter().flat_map(|secret| written(secret)).collect();
    wanted.push(COOKIE.to_owned());
    // As the forms write what they hold, and halves at a cut.
    wanted.push(in_json(HIDDEN));
    wanted.push(KEY[..10].to_owned());
    search(&project, &ended, &wanted);
    assert!(ended.out.contains("$PIVOTAL_API_KEY") && ended.out.contains("::error"), "{ended:#?}");
    let har =
        std::fs::read_to_string(project.path("conformance-report/traffic.har")).expect("it was written");
    assert!(har.contains("session=[cookie]; HttpOnly") && har.contains("[secret]"), "the traffic is told");
}

#[tokio::test]
async fn no_message_of_a_run_that_cannot_judge_holds_a_secret() {
    let (project, server, plain) = (Project::new(), MockServer::start().await, plain());
    let moved = ResponseTemplate::new(302)
        .insert_header("location", format!("http://elsewhere/?key={}&more={LISTED}", percent(KEY)));
    Mock::given(any()).respond_with(moved).mount(&server).await;
    let url = format!("{}/v1", server.uri());
    let target = ["--url", &url, "--api-key", KEY, "--contract", &plain, "--secret", LISTED];
    let mut arguments = vec!["run", "--report", "all"];
    arguments.extend(target);
    let ended = project.run(&arguments).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.err.contains("redirects to http://elsewhere/?key=$PIVOTAL_API_KEY"), "{ended:#?}");
    check_all(&project, false);
    let wanted: Vec<String> = [KEY, LISTED].iter().flat_map(|secret| written(secret)).collect();
    search(&project, &ended, &wanted);
}

#[tokio::test]
async fn a_secret_that_hides_nothing_or_everything_is_refused_and_not_shown() {
    let (project, plain) = (Project::new(), plain());
    let target = ["run", "--url", "http://127.0.0.1:1/v1", "--api-key", KEY, "--contract", &plain];
    for (secret, message) in [("", "--secret is empty"), ("q7z9w", "shorter than 6 bytes")] {
        let ended = project.command(&target).args(["--secret", secret]).output().await.expect("it runs");
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(2), "{told}");
        assert!(told.contains(message) && told.contains("\n  help: "), "{told}");
        assert!(secret.is_empty() || !told.contains(secret), "{told}");
    }
    let listed =
        project.command(&target).env("CONFORMANCE_SECRETS", "q7z9w").output().await.expect("it runs");
    assert!(String::from_utf8_lossy(&listed.stderr).contains("CONFORMANCE_SECRETS is shorter"));
    let url = project.run(&["run", "--url", "http://me:pass-word@127.0.0.1/?k=hush", "--api-key", KEY]).await;
    assert_eq!(url.code, 2);
    assert!(!url.err.contains("pass-word") && !url.err.contains("hush"), "{url:#?}");
    assert!(!Path::new(&project.path("conformance-report")).exists());
}

/// A target that names its rows by the key, and tells it in every answer.
async fn tells_keys(told: &str) -> MockServer {
    let (server, told) = (MockServer::start().await, told.to_owned());
    let answer = move |request: &Request| {
        let thing = serde_json::json!({"id": format!("id-{told}"), "name": told, "kept": [told]});
        let status = match (request.headers.contains_key("authorization"), request.method.as_str()) {
            (false, _) => 401,
            (true, "POST") => 201,
            (true, "DELETE") => 500,
            (true, _) => 200,
        };
        let body = if request.method.as_str() == "GET" && request.url.path() == "/v1/things" {
            serde_json::json!({"data": [thing], told.as_str(): told})
        } else {
            thing
        };
        ResponseTemplate::new(status).insert_header("link", format!("</?k={told}>")).set_body_json(body)
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test]
async fn no_ledger_record_or_baseline_holds_a_secret_that_names_rows() {
    let contract =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/hostile.yaml").display().to_string();
    for told in [KEY.to_owned(), percent(&percent(KEY)), punctuated(KEY)] {
        let (project, server) = (Project::new(), tells_keys(&told).await);
        let url = format!("{}/v1", server.uri());
        let target = ["--url", &url, "--api-key", KEY, "--contract", &contract];
        let run =
            project.run(&[&["run", "--report", "all", "--ledger", "l.jsonl"], &target[..]].concat()).await;
        assert!(project.path("l.jsonl").exists(), "rows are left: {run:#?}");
        let cleanup = project.run(&[&["cleanup", "--ledger", "l.jsonl"], &target[..]].concat()).await;
        let why = "its id holds a secret, which no ledger keeps";
        assert!(cleanup.code == 1 && cleanup.out.contains(why), "{told}: {cleanup:#?}");
        let more = ["--dir", "records", "--accept", "--ledger", "other.jsonl"];
        let record = project.run(&[&["record"], &target[..], &more].concat()).await;
        assert!(project.path("records").exists(), "{record:#?}");
        let baseline = project.run(&["baseline", "add", "--reason", "known"]).await;
        assert_eq!(baseline.code, 0, "{baseline:#?}");
        for ended in [run, cleanup, record, baseline] {
            search(&project, &ended, &written(KEY));
        }
    }
}
