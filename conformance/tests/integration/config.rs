//! The configuration file, and what comes before it.

use std::fs;

use serde_json::Value;

use crate::support::{Ended, KEY, Project, mock};

/// Runs the program with variables set.
async fn run_with(project: &Project, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    let mut command = project.command(arguments);
    command.envs(variables.iter().copied());
    let output = command.output().await.expect("the program runs");
    Ended::of(&output)
}

#[tokio::test]
async fn a_file_that_is_named_holds_a_whole_run() {
    let (project, server) = (Project::new(), mock().await);
    let text = format!(
        "url = \"{}\"\napi-key = \"${{THE_KEY}}\"\nmax-requests = 40\nlaw = [\"auth-*\"]\nreport = [\"json=out.json\"]\n",
        server.url()
    );
    fs::write(project.path("conformance.toml"), text).expect("written");
    fs::create_dir_all(project.path("deep/er")).expect("made");
    let mut command = project.command(&["run", "--config", "../../conformance.toml"]);
    command.current_dir(project.path("deep/er")).env("THE_KEY", KEY);
    let ended = Ended::of(&command.output().await.expect("the program runs"));
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(ended.err.starts_with("configuration: ../../conformance.toml\n"), "{ended:#?}");
    let report = project.json("out.json");
    assert!(report["requests"].as_u64() <= Some(40));
    let laws = report["laws"].as_array().expect("lines").iter();
    let mine = laws.filter(|line| line["verdict"] == "passed" && line["requests"] != 0);
    assert!(mine.clone().count() > 0);
    assert!(mine.clone().all(|line| line["law"].as_str().is_some_and(|law| law.starts_with("auth-"))));
}

#[tokio::test]
async fn flags_come_before_the_environment_and_that_before_the_file() {
    let project = Project::new();
    fs::write(
        project.path("conformance.toml"),
        "seed = 1\nmax-requests = 2\nworkers = 3\nstrict = true\ncontract = \"api.yaml\"\nlaw = [\"auth-*\", \"rate-*\"]\napi-key = \"${THE_KEY}\"\nheader = \"X-Env: a\"\n",
    )
    .expect("written");
    let variables = [
        ("CONFORMANCE_SEED", "10"),
        ("CONFORMANCE_MAX_REQUESTS", "20"),
        ("CONFORMANCE_LAW", "unique-*\nauth-*"),
        ("CONFORMANCE_STRICT", "false"),
        ("CONFORMANCE_WORKERS", ""),
        ("PIVOTAL_OTHER_KEY", "a-very-secret-key"),
        ("PIVOTAL_API_URL", ""),
        ("THE_KEY", "another-secret-key"),
    ];
    let ended = run_with(&project, &["config", "--seed", "100"], &variables).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    for (name, value, source) in [
        ("seed", "100", "command line"),
        ("max-requests", "20", "CONFORMANCE_MAX_REQUESTS"),
        ("workers", "3", "conformance.toml:3"),
        ("strict", "false", "CONFORMANCE_STRICT"),
        ("contract", "api.yaml", "conformance.toml:5"),
        ("law", "unique-*, auth-*", "CONFORMANCE_LAW"),
        ("max-time", "10m", "default"),
        ("api-key", "…", "conformance.toml:7"),
        ("other-key", "…", "PIVOTAL_OTHER_KEY"),
        ("header", "x-env: …", "conformance.toml:8"),
        ("url", "-", "default"),
    ] {
        let line = ended.out.lines().find(|line| line.split_whitespace().next() == Some(name)).expect(name);
        let rest = line[name.len()..].trim().to_lowercase();
        assert!(rest.starts_with(value) && rest.ends_with(&source.to_lowercase()), "{name}: {line}");
    }
    assert!(!ended.out.contains("-secret-key"), "{ended:#?}");
    let without = run_with(&project, &["config", "--no-config"], &[]).await;
    assert!(
        without.out.starts_with("# no conformance.toml") && !without.out.contains("toml:"),
        "{without:#?}"
    );
}

#[tokio::test]
async fn a_file_that_is_wrong_is_told_with_its_line_before_any_request() {
    let project = Project::new();
    let table: &[(&str, &str)] = &[
        (
            "\nmax-request = 1",
            "conformance.toml:2: there is no option max-request\n  help: did you mean max-requests?",
        ),
        ("max-requests = 0", "conformance.toml:1: invalid value '0' for '--max-requests"),
        ("max-time = \"soon\"", "conformance.toml:1: invalid value 'soon' for '--max-time"),
        ("api-key = \"pivotal_test_x\"", "conformance.toml:1: api-key holds a secret as plain text"),
        ("api-key = \"${NO_SUCH_KEY}\"", "api-key wants NO_SUCH_KEY of the environment, which is not set"),
        ("seed = [", "conformance.toml:1: "),
    ];
    for (text, message) in table {
        fs::write(project.path("conformance.toml"), text).expect("written");
        let ended = project.run(&["run", "--url", "http://127.0.0.1:1/v1"]).await;
        assert_eq!(ended.code, 2, "{text}: {ended:#?}");
        assert!(ended.err.contains(message) && ended.out.is_empty(), "{text}: {ended:#?}");
    }
    let ended = run_with(&project, &["run", "--no-config"], &[("CONFORMANCE_MAX_REQUESTS", "none")]).await;
    assert!(
        ended.code == 2 && ended.err.contains("CONFORMANCE_MAX_REQUESTS: invalid value 'none'"),
        "{ended:#?}"
    );
    let ended = run_with(&project, &["run", "--no-config"], &[("CONFORMANCE_STRICT", "maybe")]).await;
    assert!(ended.code == 2 && ended.err.contains("neither true nor false"), "{ended:#?}");
    let ended = project.run(&["run", "--config", "other.toml"]).await;
    assert!(ended.code == 2 && ended.err.contains("other.toml: failed to read"), "{ended:#?}");
    let ended = project.run(&["run", "--config", "other.toml", "--no-config"]).await;
    assert!(ended.code == 2 && ended.err.contains("cannot be used with"), "{ended:#?}");
}

#[tokio::test]
async fn other_commands_take_where_the_target_is_and_nothing_else() {
    let (project, server) = (Project::new(), mock().await);
    let text = format!("url = \"{}\"\napi-key = \"${{THE_KEY}}\"\nstrict = true\n", server.url());
    fs::write(project.path("conformance.toml"), text).expect("written");
    let named = ["--config", "conformance.toml"];
    let ended = run_with(&project, &[&["cleanup"], &named[..]].concat(), &[("THE_KEY", KEY)]).await;
    assert!(ended.code == 2 && ended.err.contains("no ledger was named"), "{ended:#?}");
    let ended = run_with(&project, &[&["replay", "abc"], &named[..]].concat(), &[("THE_KEY", KEY)]).await;
    assert!(ended.code == 2 && ended.err.contains("failed to read .conformance/last-run.json"), "{ended:#?}");
    let ended = project.run(&["laws"]).await;
    assert_eq!(ended.code, 0, "a key that is not wanted need not be there: {ended:#?}");
}

#[tokio::test]
async fn a_file_that_was_found_sends_no_secret_where_it_says() {
    let project = Project::new();
    // Whoever connects has been sent something.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("it need not wait");
    let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
    fs::create_dir_all(project.path("repository/.git")).expect("made");
    fs::create_dir_all(project.path("repository/deep")).expect("made");
    let file = project.path("repository/conformance.toml");
    let toml = file.display().to_string();
    let variables = [("PIVOTAL_API_KEY", "an-own-secret"), ("AWS_SECRET_ACCESS_KEY", "aws-secret")];
    for (text, message) in [
        (format!("url = \"{url}\""), "api-key of PIVOTAL_API_KEY would go wherever it says"),
        (
            format!("url = \"{url}\"\nheader = [\"X-A: ${{AWS_SECRET_ACCESS_KEY}}\"]"),
            "of PIVOTAL_API_KEY would go wherever it says",
        ),
        (format!("proxy = \"{url}\""), "may not set proxy"),
        ("allow-live = true".to_owned(), "may not set allow-live"),
        ("ca-cert = [\"ca.pem\"]".to_owned(), "may not set ca-cert"),
        ("report = [\"json=/tmp/conformance-report.json\"]".to_owned(), "report leads out"),
    ] {
        fs::write(&file, &text).expect("written");
        for command in [&["run"][..], &["run", "--dry-run"], &["record"], &["cleanup", "--ledger", "l"]] {
            if command[0] != "run" && text.starts_with("report") {
                continue;
            }
            let mut program = project.command(command);
            program.current_dir(project.path("repository/deep")).envs(variables);
            let ended = Ended::of(&program.output().await.expect("the program runs"));
            assert_eq!(ended.code, 2, "{text} {command:?}: {ended:#?}");
            assert!(
                ended.err.contains(message) && ended.err.contains("help: "),
                "{text} {command:?}: {ended:#?}"
            );
            assert!(ended.err.contains(&format!("{toml}:1: ")), "{text} {command:?}: {ended:#?}");
            assert!(!ended.err.contains("-secret"), "{text}: {ended:#?}");
        }
    }
    assert!(listener.accept().is_err(), "somebody connected");
}

#[tokio::test]
async fn a_file_that_was_found_holds_otherwise_and_is_named() {
    let (project, server) = (Project::new(), mock().await);
    fs::create_dir_all(project.path("outside/repository/.git")).expect("made");
    fs::create_dir_all(project.path("outside/repository/deep")).expect("made");
    fs::write(project.path("outside/conformance.toml"), "no-such-option = 1").expect("written");
    let here = project.path("outside/repository/deep");
    let run = async |arguments: &[&str]| {
        let mut program = project.command(arguments);
        program.current_dir(&here).env("THE_KEY", KEY);
        Ended::of(&program.output().await.expect("the program runs"))
    };
    let url = server.url().to_string();
    let ended = run(&["run", "--dry-run", "--url", &url, "--api-key", KEY]).await;
    assert!(ended.code == 0 && !ended.err.contains("configuration:"), "nothing above is read: {ended:#?}");
    let text = "api-key = \"${THE_KEY}\"\nlaw = [\"auth-missing\"]\nno-generated = true\n";
    fs::write(project.path("outside/repository/conformance.toml"), text).expect("written");
    let ended = run(&["run", "--url", &url]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    let first = ended.err.lines().next().unwrap_or_default();
    assert!(
        first.starts_with("configuration: ") && first.ends_with("repository/conformance.toml"),
        "{first}"
    );
}

#[tokio::test]
async fn the_published_schema_is_that_of_the_command_line() {
    let ended = Project::new().run(&["config", "--schema"]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    let schema: Value = serde_json::from_str(&ended.out).expect("JSON");
    let published: Value = serde_json::from_str(include_str!("../../config.schema.json")).expect("JSON");
    assert_eq!(schema, published, "run: conformance config --schema > conformance/config.schema.json");
    for (text, fits) in [
        (r#"{"max-requests": 600, "strict": true, "law": ["auth-*"], "api-key": "${KEY}"}"#, true),
        (r#"{"max_requests": 600}"#, false),
        (r#"{"strict": "yes"}"#, false),
    ] {
        let value: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(jsonschema::is_valid(&published, &value), fits, "{text}");
    }
}
