//! A broken law with its smallest reproduction.

use schemas::Standing;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::explained::{Explained, tell};
use super::law_line::{LawLine, LawVerdict};
use super::severity::Severity;
use crate::http::Payload;
use crate::scenario::{NO_RESPONSE, Step};

/// A broken law with its smallest reproduction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Finding {
    /// Stable from run to run.
    pub id: String,
    /// The broken law.
    pub law: String,
    /// The operation that breaks it.
    pub operation: String,
    /// Other operations that break it in the same way.
    pub also: Vec<String>,
    /// The requests that show it on some of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<Merged>,
    /// Other properties that it concerns in the same way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_fields: Vec<String>,
    /// Other laws that are broken along with it, by the same cause as far as is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_laws: Vec<String>,
    /// What was seen of that: some of the findings that it explains.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explains: Vec<Explained>,
    /// How many more it explains.
    #[serde(default, skip_serializing_if = "is_none")]
    pub explains_more: usize,
    /// How sure the statement is.
    pub standing: Standing,
    /// What that means.
    pub severity: Severity,
    /// The baseline knows it: it is reported, and fails nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub baselined: bool,
    /// Every repeat showed it.
    pub confirmed: bool,
    /// Repeats that showed it.
    pub repeats: usize,
    /// Repeats that were made.
    pub of_repeats: usize,
    /// Cases that it explains.
    pub cases: usize,
    /// What happened.
    pub message: String,
    /// Where the contract says otherwise: file, line and column.
    pub contract: String,
    /// The same as a JSON pointer.
    pub pointer: String,
    /// The case that shows it, for `replay`.
    pub case: String,
    /// Which aspect of the law is broken.
    pub class: String,
    /// Requests that had been sent when it was first seen.
    #[serde(default)]
    pub found_after: usize,
    /// The requests that show it.
    pub steps: Vec<StepLine>,
    /// The same for a shell.
    pub curl: String,
}

impl Finding {
    /// Adds another finding, and what that one explains, to what this one explains.
    pub(super) fn explain(&mut self, other: &Self) {
        let Self { law, operation, message, explains, explains_more, .. } = other.clone();
        let all = std::iter::once(Explained { law, operation, message }).chain(explains);
        self.explains_more += explains_more + tell(&mut self.explains, all);
    }

    /// Whether it is about a law on an operation, itself or as one of those it brings down.
    pub(crate) fn concerns(&self, line: &LawLine) -> bool {
        let law = self.law == line.law
            || (line.verdict == LawVerdict::Violated && self.also_laws.contains(&line.law));
        law && (self.operation == line.operation || self.also.contains(&line.operation))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_none(count: &usize) -> bool {
    *count == 0
}

/// Another operation that breaks a law in the same way, with the requests that show it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Merged {
    /// The operation.
    pub operation: String,
    /// What happened.
    pub message: String,
    /// The requests that show it.
    pub steps: Vec<StepLine>,
    /// The same for a shell.
    pub curl: String,
}

/// One request of a reproduction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StepLine {
    /// The method.
    pub method: String,
    /// The path below the base URL, with its query.
    pub path: String,
    /// Headers that matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// Who requests, where it is not the key under test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// The body.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub body: Value,
    /// The status that came; 0 where no response did.
    pub status: u16,
    /// The status that should have, where one is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u16>,
    /// What should have come, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub expectation: String,
    /// The body that came.
    pub response: Value,
    /// This is the one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub here: bool,
}

impl StepLine {
    pub(crate) fn new(step: &Step, here: bool) -> Self {
        let request = &step.request;
        let body = match &request.payload {
            Payload::None => Value::Null,
            Payload::Json(value) => value.clone(),
            Payload::Raw(text) => Value::String(text.clone()),
        };
        let usual = request.op.as_ref().is_some_and(|op| !op.takes_key());
        Self {
            method: request.method.clone(),
            path: request.target(),
            headers: request.headers.clone(),
            caller: request.credential.label().filter(|_| !usual).map(str::to_owned),
            body,
            status: step.status,
            expected: step.expected.as_ref().and_then(|expected| expected.status),
            expectation: step.expected.as_ref().map(ToString::to_string).unwrap_or_default(),
            response: step.response(),
            here,
        }
    }
}

impl StepLine {
    /// The status that came, in words where none did.
    pub(crate) fn came(&self) -> String {
        if self.status == NO_RESPONSE { "no response".to_owned() } else { self.status.to_string() }
    }
}

#[cfg(test)]
impl Finding {
    /// A finding to test reports with, of one step.
    pub(crate) fn sample(id: &str, law: &str, severity: Severity) -> Self {
        let standing = match severity {
            Severity::Violation => "documented",
            Severity::Warning => "inferred",
            Severity::Note => "assumed",
        };
        let value = serde_json::json!({
            "id": id, "law": law, "operation": "create-thing", "also": [], "standing": standing,
            "severity": severity, "confirmed": true, "repeats": 3, "of_repeats": 3, "cases": 1,
            "message": format!("{law} is broken"), "contract": "api.yaml:3:4", "pointer": "/paths", "case": "c",
            "class": "accepted", "curl": "curl -sS",
            "steps": [{"method": "POST", "path": "/things", "status": 201, "response": {"id": 1}, "here": true}]
        });
        serde_json::from_value(value).expect("a finding")
    }
}
