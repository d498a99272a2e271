//! Wrong usage: exit code 2, one clear message, and no request.

use crate::support::{Project, plain};

#[tokio::test]
async fn wrong_usage_is_told_before_any_request() {
    let project = Project::new();
    let dead = "http://127.0.0.1:1/api/v1";
    let plain = plain();
    let table: &[(&[&str], &str)] = &[
        (&["run", "--api-key", "k"], "no target was named"),
        (&["run", "--url", dead], "no key was given"),
        (&["run", "--url", "127.0.0.1:4010", "--api-key", "k"], "cannot be used"),
        (&["run", "--url", "ftp://127.0.0.1", "--api-key", "k"], "only http and https"),
        (
            &["run", "--url", "http://u:s3cret@127.0.0.1", "--api-key", "k"],
            "http://…@127.0.0.1 cannot be used: a user or password",
        ),
        (&["run", "--url", "https://api.example.com/v1", "--api-key", "k"], "--allow-host api.example.com"),
        (&["run", "--url", dead, "--api-key", "pivotal_live"], "--allow-live"),
        (&["run", "--url", dead, "--api-key", "two words"], "no header can hold"),
        (&["run", "--url", dead, "--api-key", "k", "--other-key", "k"], "--other-key is one of --api-key"),
        (&["run", "--url", dead, "--api-key", "k", "--report", "yaml=x"], "the kinds are json, junit"),
        (&["run", "--url", dead, "--api-key", "k", "--report", "json=/proc/no/such/x"], "failed to open"),
        (
            &["run", "--url", dead, "--api-key", "k", "--contract", "/no/such/file"],
            "failed to load /no/such/file",
        ),
        (&["run", "--url", dead, "--api-key", "k", "--max-time", "soon"], "90s, 10m or 1h"),
        (&["run", "--url", dead, "--api-key", "k", "--workers", "0"], "from 1 to 64"),
        (&["run", "--url", dead, "--api-key", "k", "--run-tag", "A B"], "lower-case letters"),
        (&["run", "--url", dead, "--api-key", "k", "--shard", "0/4"], "counted from 1"),
        (&["run", "--url", dead, "--api-key", "k", "--max-requests", "0"], "a number from 1 on"),
        (&["run", "--url", dead, "--api-key", "k", "--max-time", "0s"], "between one second and a week"),
        (&["run", "--url", dead, "--api-key", "k", "--header", "Authorization: x"], "--api-key"),
        (&["run", "--url", dead, "--api-key", "k", "--header", "x"], "write it as in"),
        (&["run", "--url", dead, "--api-key", "k", "--proxy", "no url"], "--proxy cannot be used"),
        (
            &["run", "--url", dead, "--api-key", "k", "--ca-cert", "/no/such"],
            "failed to read certificates from /no/such",
        ),
        (&["run", "--url", dead, "--api-key", "k", "--client-cert", &plain], "does not hold both"),
        (&["run", "--url", dead, "--api-key", "k", "--shard", "4"], "as in 1/4"),
        (&["run", "--url", dead, "--api-key", "k", "--contract", &plain], "cannot be reached"),
        (&["replay", "abc", "--url", dead, "--api-key", "k"], "failed to read .conformance/last-run.json"),
        (&["explain", "no-such-law"], "there is no law no-such-law"),
        (&["frobnicate"], "unrecognized subcommand"),
    ];
    for (arguments, message) in table {
        let ended = project.run(arguments).await;
        assert_eq!(ended.code, 2, "{arguments:?}: {ended:#?}");
        assert!(ended.err.contains(message), "{arguments:?}: {ended:#?}");
        assert_eq!(ended.out, "", "{arguments:?}");
    }
}

#[tokio::test]
async fn help_tells_the_exit_codes() {
    let ended = Project::new().run(&["--help"]).await;
    assert_eq!(ended.code, 0);
    assert!(ended.out.contains("130 interrupted"), "{ended:#?}");
}
