//! The program: how it starts, is configured, and ends.

use std::path::Path;

use serde_json::json;

use crate::support::Wire;
use crate::support::process::{Ended, Program, code_with_stdout, run, run_with};
use crate::support::server::address_of;

const BOOKSHOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/bookshop");

/// Asserts an end without a server: nothing on stdout, and on stderr what `told` says.
#[track_caller]
fn ended(end: &Ended, code: i32, told: &[&str]) {
    assert_eq!((end.code, end.stdout.as_str()), (Some(code), ""), "{}", end.stderr);
    for part in told {
        assert!(end.stderr.contains(part), "{part} is not in {}", end.stderr);
    }
}

#[tokio::test]
async fn the_ready_line_is_the_only_line_on_stdout() {
    let program = Program::start(&[], &[]).await;
    assert!(program.url().starts_with("http://127.0.0.1:") && program.url().ends_with("/api/v1"));
    assert!(!program.url().contains(":0/"));
    program.api().get("/me").await.is(200);
    program.api().get("/customers/nobody").await.is(404);
    let end = program.stop().await;
    assert_eq!((end.code, end.stdout.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn the_banner_says_which_keys_to_use_and_where_to_look() {
    let program = Program::start(&[], &[]).await;
    let look = format!("http://{}/__mock/", address_of(program.url()));
    let end = program.stop().await;
    for part in ["Pivotal API", "pivotal_demo", "pivotal_test_ws_<name>", &look] {
        assert!(end.stderr.contains(part), "{part} is not in {}", end.stderr);
    }
    assert!(!end.stderr.contains("pivotal_test_revoked"));
}

#[tokio::test]
async fn it_listens_when_it_says_so() {
    for _ in 0..5 {
        let program = Program::start(&["--log", "off"], &[]).await;
        let mut wire = Wire::to(address_of(program.url())).await;
        assert!(wire.send("GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n").await);
        assert_eq!(wire.answer().await.status, 200);
    }
}

#[tokio::test]
async fn a_stdout_that_takes_nothing_does_not_keep_it_from_serving() {
    assert_eq!(code_with_stdout(std::process::Stdio::piped()).await, Some(0), "closed by the reader");
    #[cfg(target_os = "linux")]
    {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        assert_eq!(code_with_stdout(full.into()).await, Some(0), "on a full disk");
    }
}

#[tokio::test]
async fn names_to_be_called_by_can_be_added() {
    let program = Program::start(&["--allow-host", "mock,Mock.Test"], &[]).await;
    for (host, status) in [("mock:4010", 200), ("mock.test", 200), ("other", 403)] {
        let mut wire = Wire::to(address_of(program.url())).await;
        assert!(wire.send(format!("POST /__mock/reset HTTP/1.1\r\nHost: {host}\r\n\r\n")).await);
        assert_eq!(wire.answer().await.status, status, "{host}");
    }
}

#[tokio::test]
async fn both_signals_end_it_with_success() {
    for signal in ["TERM", "INT"] {
        let program = Program::start(&["--log", "off"], &[]).await;
        program.signal(signal).await;
        assert_eq!(program.end().await.code, Some(0), "{signal}");
    }
}

#[tokio::test]
async fn a_request_in_flight_is_finished_before_the_end() {
    let program = Program::start(&["--log", "off"], &[]).await;
    let address = address_of(program.url()).to_owned();
    let mut wire = Wire::to(&address).await;
    let head = "POST /api/v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer pivotal_test_demo\r\n\
        Content-Length: 12\r\nExpect: 100-continue\r\n\r\n";
    assert!(wire.send(head).await);
    assert_eq!(wire.answer().await.status, 100);
    program.signal("TERM").await;
    while tokio::net::TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(wire.send("{\"name\":\"a\"}").await);
    assert_eq!(wire.answer().await.status, 201);
    assert_eq!(program.end().await.code, Some(0));
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let program = Program::start(&["--log", "off"], &[]).await;
    let address = address_of(program.url()).to_owned();
    let mut wire = Wire::to(&address).await;
    let head = "POST /api/v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer pivotal_test_demo\r\n\
        Content-Length: 12\r\nExpect: 100-continue\r\n\r\n";
    assert!(wire.send(head).await);
    assert_eq!(wire.answer().await.status, 100);
    program.signal("TERM").await;
    while tokio::net::TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    program.signal("INT").await;
    assert_eq!(program.end().await.code, Some(0));
}

#[tokio::test]
async fn every_flag_has_a_twin_in_the_environment() {
    let help = run(&["--help"], &[]).await;
    assert_eq!(help.code, Some(0));
    let mut flags = 0;
    for part in help.stdout.split("\n      --").skip(1) {
        let name = part.split(|c: char| c.is_whitespace()).next().unwrap();
        assert!(part.contains("[env: MOCK_SERVER_"), "--{name} has no twin");
        flags += 1;
    }
    assert!(flags >= 10, "{}", help.stdout);
}

#[tokio::test]
async fn the_environment_sets_what_flags_set_and_a_flag_wins() {
    let limit = async |arguments: &[&str], environment: &[(&str, &str)]| {
        let program = Program::start(arguments, environment).await;
        program.api().get("/me").await.number("X-RateLimit-Limit")
    };
    assert_eq!(limit(&[], &[]).await, 30);
    assert_eq!(limit(&[], &[("MOCK_SERVER_RATE_LIMIT", "7/min")]).await, 7);
    assert_eq!(limit(&["--rate-limit", "5/min"], &[("MOCK_SERVER_RATE_LIMIT", "7/min")]).await, 5);
}

#[tokio::test]
async fn replay_can_be_switched_on_and_off_by_the_environment() {
    for (value, replays) in [("1", true), ("true", true), ("0", false), ("false", false), ("", false)] {
        let program = Program::start(&[], &[("MOCK_SERVER_REPLAY", value), ("MOCK_SERVER_PORT", "0")]).await;
        let made = program.api().make("/customers", json!({"name": "Mine"})).await;
        assert_eq!(made["name"] != "Mine", replays, "{value:?}");
    }
}

#[tokio::test]
async fn the_clock_can_stand_still() {
    let program = Program::start(&["--clock", "2026-05-26T17:21:09.412Z"], &[]).await;
    assert_eq!(program.api().get("/health").await.is(200)["timestamp"], "2026-05-26T17:21:09.412Z");
}

#[tokio::test]
async fn wrong_usage_ends_with_2() {
    for arguments in [
        &["--nonsense"][..],
        &["one.yaml", "another.yaml"],
        &["--format", "prose"],
        &["--port", "65536"],
        &["--port", "x"],
        &["--host", "nowhere"],
        &["--replay", "exec", "--", "true"],
        &["--seed", "-1"],
        &["--clock", "noon"],
        &["--rate-limit", "lots"],
        &["--rate-limit", "0/min"],
        &["--log", "loud"],
        &["--read-timeout", "0"],
        &["--max-connections", "0"],
        &["--contract"],
    ] {
        let end = run(arguments, &[]).await;
        ended(&end, 2, &["error"]);
    }
    ended(&run(&[], &[("MOCK_SERVER_PORT", "x")]).await, 2, &["error"]);
    ended(&run(&[], &[("MOCK_SERVER_CLOCK", "noon")]).await, 2, &["error"]);
}

#[tokio::test]
async fn a_contract_that_does_not_load_ends_with_3_and_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let good = schemas::Contract::builtin_text();
    let cases = [
        (file("broken.yaml", b"openapi: 3.1.0\ninfo: {title: [\n"), "broken.yaml:"),
        (file("broken.json", b"{\n  \"openapi\": \"3.1.0\",\n}"), "broken.json:3"),
        (file("empty.yaml", b""), "empty.yaml"),
        (file("list.yaml", b"- a\n- b\n"), "list.yaml"),
        (file("bytes.yaml", b"\xff\xfe\x00"), "bytes.yaml"),
        (
            file("swagger.yaml", b"swagger: '1.2'\ninfo: {title: a, version: b}\npaths: {}\n"),
            "swagger.yaml:1",
        ),
        (
            file(
                "misspelt.yaml",
                good.replace("x-contract-filter: {field: slug}", "x-contract-filtre: {field: slug}")
                    .as_bytes(),
            ),
            "misspelt.yaml:",
        ),
        (
            file(
                "dangling.yaml",
                good.replace("$ref: '#/components/schemas/Me'", "$ref: '#/components/schemas/Nobody'")
                    .as_bytes(),
            ),
            "dangling.yaml:",
        ),
    ];
    for (path, told) in &cases {
        ended(&run(&["--contract", path, "--strict-contract"], &[]).await, 3, &["error:", told]);
    }
    let misspelt = run(&["--contract", &cases[6].0], &[]).await;
    ended(&misspelt, 3, &["x-contract-filter"]);
    ended(&run(&["--contract", "/no/such/file.yaml"], &[]).await, 3, &["/no/such/file.yaml"]);
    ended(&run(&["--contract", folder.path().to_str().unwrap()], &[]).await, 3, &["error:"]);
    ended(&run(&[], &[("MOCK_SERVER_CONTRACT", "/no/such/file.yaml")]).await, 3, &["/no/such/file.yaml"]);
}

const ODD: &str = "openapi: 3.0.3
info: {title: Odd, version: 1.0}
paths:
  /a/{id}: {get: {responses: {'200': {description: ok}}}}
  /b?x=1: {get: {responses: {'200': {description: ok}}}}
";

#[tokio::test]
async fn a_description_with_slips_is_served_and_says_what_was_made_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd.yaml");
    std::fs::write(&path, ODD).unwrap();
    let path = path.to_str().unwrap();
    // The description may stand alone on the command line.
    let program = Program::start(&[path], &[]).await;
    let answer = crate::support::client::client().get(format!("{}/a/7", program.url())).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let end = program.stop().await;
    for told in [
        "odd.yaml:2:",
        "notice[number-as-text]",
        "odd.yaml:4:",
        "notice[parameter-undeclared]",
        "odd.yaml:5:",
        "skipped[path-form]",
        "1 skipped, ",
    ] {
        assert!(end.stderr.contains(told), "{told}: {}", end.stderr);
    }
}

#[tokio::test]
async fn check_tells_what_is_wrong_with_a_description_and_serves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd.yaml");
    std::fs::write(&path, ODD).unwrap();
    let path = path.to_str().unwrap();
    let check = async |more: &[&str]| run(&[&["--check", path], more].concat(), &[]).await;
    let text = check(&[]).await;
    assert_eq!(text.code, Some(0));
    assert!(
        text.stdout.contains("skipped[path-form]") && text.stdout.contains("loads with 1 operations"),
        "{}",
        text.stdout
    );
    let json: serde_json::Value = serde_json::from_str(&check(&["--format", "json"]).await.stdout).unwrap();
    assert_eq!((&json["skipped"], &json["loads"]), (&serde_json::json!(1), &serde_json::json!(true)));
    let github = check(&["--format", "github"]).await.stdout;
    assert!(github.contains("::warning file=") && github.contains("title=path-form::"), "{github}");
    let strict = check(&["--strict-contract"]).await;
    assert_eq!(strict.code, Some(3));
    assert!(strict.stdout.contains("error[path-form]"), "{}", strict.stdout);
    // The built-in description is beyond reproach.
    let own = run(&["--check", "--strict-contract"], &[]).await;
    assert_eq!(
        (own.code, own.stdout.as_str()),
        (Some(0), "openapi.yaml loads with 18 operations: 0 errors, 0 skipped, 0 notices\n")
    );
}

#[tokio::test]
async fn a_description_can_come_from_the_standard_input() {
    let json = r#"{"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {"/p?x": {}}}"#;
    for (text, told) in [(ODD, "stdin.yaml:5"), (json, "stdin.json:1"), ("", "the standard input is empty")] {
        let end = run_with(&["--check", "-", "--strict-contract"], text).await;
        assert_eq!(end.code, Some(3));
        assert!(end.stdout.contains(told), "{told}: {}", end.stdout);
    }
    let end = run_with(&["--check", "--contract", "-"], schemas::Contract::builtin_text()).await;
    assert_eq!(end.code, Some(0), "{}", end.stdout);
}

#[tokio::test]
async fn fixtures_that_do_not_load_end_with_3_and_say_where() {
    let contract = format!("{BOOKSHOP}/openapi.yaml");
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(BOOKSHOP).join("fixtures"), folder.path());
    let at = |name: &str| folder.path().join(name);
    let text = std::fs::read_to_string(at("world/main/book.yaml")).unwrap();
    let arguments = ["--contract", &contract, "--fixtures", folder.path().to_str().unwrap()];
    for (from, to) in
        [("pages: 320", "pages: many"), ("isbn: '111'", "isnb: '111'"), ("shelf_id: s1", "shelf_id: s999")]
    {
        assert!(text.contains(from), "{from}");
        std::fs::write(at("world/main/book.yaml"), text.replacen(from, to, 1)).unwrap();
        let line = 1 + text.lines().position(|line| line.contains(from)).unwrap();
        ended(&run(&arguments, &[]).await, 3, &[&format!("book.yaml:{line}")]);
    }
    std::fs::write(at("world/main/book.yaml"), "- {a: [").unwrap();
    ended(&run(&arguments, &[]).await, 3, &["book.yaml:2"]);
    ended(&run(&["--fixtures", "/no/such/folder"], &[]).await, 3, &["/no/such/folder"]);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A free port below those that the system hands out, so that nobody else gets it meanwhile.
fn quiet_port() -> String {
    let start = u16::try_from(std::process::id() % 5_000).unwrap();
    let free = (0..5_000_u16)
        .map(|offset| 20_000 + (start + offset) % 5_000)
        .find(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.expect("a free port").to_string()
}

#[tokio::test]
async fn a_port_in_use_ends_with_4_and_is_free_again_at_once() {
    let port = quiet_port();
    let arguments = ["--port", port.as_str(), "--log", "off"];
    let program = Program::start(&arguments, &[]).await;
    ended(&run(&arguments, &[]).await, 4, &[&port, "in use", "--port"]);
    program.api().get("/me").await.is(200);
    assert_eq!(program.stop().await.code, Some(0));
    let again = Program::start(&arguments, &[]).await;
    again.api().get("/me").await.is(200);
}

#[tokio::test]
async fn the_address_of_another_machine_ends_with_4() {
    ended(&run(&["--host", "203.0.113.7"], &[]).await, 4, &["203.0.113.7", "--host"]);
}

#[tokio::test]
async fn localhost_is_both_addresses_of_this_machine() {
    let program = Program::start(&["--host", "localhost", "--log", "off"], &[]).await;
    let address = address_of(program.url());
    assert!(address.starts_with("localhost:"), "{address}");
    program.api().get("/me").await.is(200);
    for ip in ["127.0.0.1", "[::1]"] {
        let mut wire = Wire::to(&address.replace("localhost", ip)).await;
        assert!(wire.send("GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n").await);
        assert_eq!(wire.answer().await.status, 200, "{ip}");
    }
}

#[tokio::test]
async fn it_listens_on_ipv6_where_asked_to() {
    let program = Program::start(&["--host", "::1", "--log", "off"], &[]).await;
    assert!(program.url().starts_with("http://[::1]:"), "{}", program.url());
    program.api().get("/me").await.is(200);
}

#[tokio::test]
async fn the_world_goes_with_its_description_wherever_that_is() {
    let contract = concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/openapi.yaml");
    let program = Program::start(&["--contract", contract], &[]).await;
    assert_eq!(program.api().get("/customers/128").await.is(200)["display_id"], 128);
    program.api().with_key("pivotal_nobody").get("/me").await.refused(401, "invalid_api_key", None);
    let end = program.stop().await;
    assert!(end.stderr.contains("stateful"), "{}", end.stderr);
}

#[tokio::test]
async fn a_server_that_keeps_no_rows_does_not_say_that_it_does() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ping.json");
    let text = json!({"openapi": "3.1.0", "info": {"title": "Ping", "version": "1"},
        "paths": {"/ping": {"get": {"operationId": "ping", "responses": {"204": {"description": "Pong."}}}}}});
    std::fs::write(&file, text.to_string()).unwrap();
    let end = Program::start(&[file.to_str().unwrap()], &[]).await.stop().await;
    assert!(end.stderr.contains("keeps no rows") && !end.stderr.contains("stateful"), "{}", end.stderr);
}

#[tokio::test]
async fn faults_stand_on_the_command_line_and_in_the_environment() {
    let program = Program::start(&["--fault", "get-me:429*1"], &[]).await;
    program.api().get("/me").await.refused(429, "rate_limited", None);
    program.api().get("/me").await.is(200);
    let program =
        Program::start(&[], &[("MOCK_SERVER_FAULT", "get-me:429*1 list-customers:429,after=1*1")]).await;
    program.api().get("/me").await.refused(429, "rate_limited", None);
    program.api().get("/customers").await.is(200);
    program.api().get("/customers").await.refused(429, "rate_limited", None);
    let end = run(&["--fault", "get-me:twice"], &[]).await;
    ended(&end, 2, &["`twice` is no effect", "create-customer:503*2"]);
}

#[tokio::test]
async fn programs_of_the_terminal_get_an_end_of_line() {
    let program = Program::start(&["--log", "off"], &[]).await;
    let api = program.api();
    for (agent, ends) in [("curl/8.5.0", true), ("Wget/1.21", true), ("Mozilla/5.0", false)] {
        let get = |method| api.send(method, "/me", |request| request.header("User-Agent", agent));
        let answer = get("GET").await;
        assert_eq!(answer.body.ends_with(b"}\n"), ends, "{agent}");
        let length = i64::try_from(answer.body.len()).unwrap();
        assert_eq!(
            (answer.number("Content-Length"), get("HEAD").await.number("Content-Length")),
            (length, length)
        );
    }
}
