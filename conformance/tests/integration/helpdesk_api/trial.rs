//! A run of the program against a desk.

use std::path::Path;

use serde_json::Value;

use super::service::{self, Manner, NORTH, REVOKED, SOUTH};
use crate::support::{Ended, Project};

/// What a run reported.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) ended: Ended,
    pub(super) report: Value,
}

impl Told {
    /// The findings, each as its severity and law.
    pub(super) fn findings(&self) -> Vec<String> {
        let findings = self.report["findings"].as_array().into_iter().flatten();
        let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
        findings.map(|finding| format!("{}[{}]", text(finding, "severity"), text(finding, "law"))).collect()
    }

    /// The laws that some operation could not be held to.
    pub(super) fn not_judged(&self) -> Vec<String> {
        let lines = self.report["laws"].as_array().into_iter().flatten();
        let lines = lines.filter(|line| line["verdict"] == "not-judged");
        lines.map(|line| format!("{}/{}: {}", line["law"], line["operation"], line["why"])).collect()
    }
}

pub(super) fn description() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/integration/helpdesk_api/openapi.yaml")
        .display()
        .to_string()
}

/// The keys of another desk and of nobody any more.
pub(super) const OTHERS: [&str; 4] = ["--other-key", SOUTH, "--revoked-key", REVOKED];

/// Runs the program against a desk of this manner.
pub(super) async fn trial(manner: Manner, arguments: &[&str]) -> Told {
    let server = service::open(manner).await;
    let project = Project::new();
    let (url, description) = (format!("{}/desk/v2", server.uri()), description());
    let mut all = vec!["run", "--url", &url, "--api-key", NORTH, "--contract", &description];
    all.extend(["--report", "json=report.json"]);
    all.extend(arguments);
    let ended = project.run(&all).await;
    let report = if project.path("report.json").exists() { project.json("report.json") } else { Value::Null };
    Told { ended, report }
}
