//! How fast a whole run against the mock server is, and how much memory it takes: `cargo bench -p conformance`.

use std::process::Command;
use std::time::Instant;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = runtime.block_on(mock_server::MockServer::builder().start()).expect("a free port");
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("report.json");
    for workers in ["1", "4"] {
        let begun = Instant::now();
        let ended = Command::new(env!("CARGO_BIN_EXE_conformance"))
            .args([
                "run",
                "--url",
                server.url(),
                "--api-key",
                "pivotal_test_demo",
                "--other-key",
                "pivotal_test_other",
            ])
            .args(["--workers", workers, "--report", &format!("json={}", report.display())])
            .current_dir(folder.path())
            .output()
            .expect("it runs");
        let seconds = begun.elapsed().as_secs_f64();
        assert!(ended.status.success(), "{ended:?}");
        let text = std::fs::read_to_string(&report).expect("a report");
        let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let requests = report["requests"].as_f64().unwrap_or(0.0);
        eprintln!(
            "{workers} workers: {requests} requests in {seconds:.2} s, {:.0} a second",
            requests / seconds
        );
        assert!(requests / seconds >= 1_000.0, "under a thousand requests a second");
    }
}
