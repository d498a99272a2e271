//! The baseline file.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use schemas::{Contract, Problem};
use serde::{Deserialize, Serialize};

use super::date::day;
use crate::findings::contract_stamp::ContractStamp;
use crate::findings::finding::Finding;

/// What is known to be wrong with an implementation of one contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The version of this form.
    pub version: u32,
    /// The contract that the findings are against.
    pub contract: Against,
    /// The findings.
    #[serde(default)]
    pub findings: Vec<Known>,
}

/// The contract that findings are against. Within one major version it may move on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Against {
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
}

/// A known finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The finding's id.
    pub id: String,
    /// The broken law.
    pub law: String,
    /// The operation that breaks it.
    pub operation: String,
    /// Other operations that break it in the same way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Which aspect of the law is broken.
    pub class: String,
    /// Why it is suppressed.
    pub reason: String,
    /// Who has to fix it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The last day on which it is suppressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

/// A baseline that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineError {
    /// The file.
    pub path: PathBuf,
    what: String,
    help: &'static str,
}

impl BaselineError {
    /// What is wrong and what to do.
    pub fn problem(&self) -> Problem {
        let path = self.path.display();
        Problem::say(format!("the baseline {path} cannot be used: {}", self.what)).with_help(self.help)
    }
}

impl fmt::Display for BaselineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem().fmt(f)
    }
}

impl std::error::Error for BaselineError {}

impl Baseline {
    /// One without findings.
    pub fn new(stamp: &ContractStamp) -> Self {
        let contract = Against { title: stamp.title.clone(), version: stamp.version.clone() };
        Self { version: 1, contract, findings: Vec::new() }
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let wrong = |what: String, help| BaselineError { path: path.to_owned(), what, help };
        let text = fs::read_to_string(path)
            .map_err(|error| wrong(error.to_string(), "`conformance baseline add` writes one"))?;
        let baseline: Self = yaml_serde::from_str(&text).map_err(|error| {
            wrong(
                error.to_string(),
                "an entry has id, law, operation, class, reason, and may have also, owner, expires",
            )
        })?;
        if baseline.version != 1 {
            let what = format!("it is of version {}, which is not known here", baseline.version);
            return Err(wrong(what, "create it again with `conformance baseline add`"));
        }
        for known in &baseline.findings {
            if known.reason.trim().is_empty() {
                return Err(wrong(format!("{} has no reason", known.id), "say why it is suppressed"));
            }
            if let Some(expires) = &known.expires {
                day(expires).map_err(|why| wrong(format!("{}: {why}", known.id), "correct its `expires`"))?;
            }
        }
        Ok(baseline)
    }

    /// Reads a file, which must be of a contract.
    pub fn read_for(path: &Path, contract: &Contract) -> Result<Self, BaselineError> {
        let baseline = Self::read(path)?;
        baseline.check(path, contract.title(), contract.version())?;
        Ok(baseline)
    }

    /// Whether it is of a contract: the title and the major version are the same.
    pub(crate) fn check(&self, path: &Path, title: &str, version: &str) -> Result<(), BaselineError> {
        let major = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
        let theirs = &self.contract;
        if theirs.title == title && major(&theirs.version) == major(version) {
            return Ok(());
        }
        Err(BaselineError {
            path: path.to_owned(),
            what: format!("it is of {} {}, not of {title} {version}", theirs.title, theirs.version),
            help: "name the one of this contract with --baseline, or make one with `conformance baseline add`",
        })
    }

    /// Writes it, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<(), BaselineError> {
        let wrong = |what: String| BaselineError {
            path: path.to_owned(),
            what,
            help: "name a file that can be written with --baseline",
        };
        let text = yaml_serde::to_string(self).map_err(|error| wrong(error.to_string()))?;
        let head = "# Known findings, suppressed for a while. `conformance run` fails on any other.\n";
        let beside = path.with_extension("yaml.new");
        fs::write(&beside, format!("{head}{text}"))
            .and_then(|()| fs::rename(&beside, path))
            .map_err(|error| wrong(error.to_string()))
    }
}

impl Known {
    /// A finding that is suppressed.
    pub fn new(finding: &Finding, reason: &str, owner: Option<&str>, expires: Option<&str>) -> Self {
        Self {
            id: finding.id.clone(),
            law: finding.law.clone(),
            operation: finding.operation.clone(),
            also: finding.also.clone(),
            class: finding.class.clone(),
            reason: reason.to_owned(),
            owner: owner.map(str::to_owned),
            expires: expires.map(str::to_owned),
        }
    }
}
