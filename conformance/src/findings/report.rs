//! The whole of what a run found.

use serde::{Deserialize, Serialize};

use super::baseline::BaselineLine;
use super::contract_stamp::ContractStamp;
use super::coverage::Coverage;
use super::finding::Finding;
use super::law_line::{LawLine, LawVerdict, by_law};
use super::unjudged_law::UnjudgedLaw;
use super::verdict::{Summary, Verdict};
use crate::plan::Shard;
use crate::session::Leftover;

/// The whole of what a run found. `report.schema.json` describes it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// The version of this form.
    pub version: u32,
    /// How it ended.
    pub verdict: Verdict,
    /// The base URL.
    pub target: String,
    /// Seed of the generated values.
    pub seed: u64,
    /// The mark of everything the run made.
    pub tag: String,
    /// Requests that were sent, taking away what was made included.
    pub requests: usize,
    /// Requests that were refused for going too fast.
    #[serde(default)]
    pub throttled: usize,
    /// How long it took.
    pub duration_ms: u64,
    /// Rows that could not be deleted.
    pub leftovers: usize,
    /// Which they are.
    pub left: Vec<Leftover>,
    /// The contract it was held to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractStamp>,
    /// Which share of the contract was judged; all of it where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// What came of the baseline, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineLine>,
    /// Somebody ended it early.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// The run in numbers.
    pub summary: Summary,
    /// What does not hold.
    pub findings: Vec<Finding>,
    /// Every law on every operation.
    pub laws: Vec<LawLine>,
    /// Laws that had to be judged and were not.
    #[serde(rename = "unmet", default, skip_serializing_if = "Vec::is_empty")]
    pub unjudged: Vec<UnjudgedLaw>,
    /// What of the contract was exercised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// Why it could not be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Report {
    pub(crate) fn new(target: &str, seed: u64, tag: &str) -> Self {
        Self {
            version: 1,
            verdict: Verdict::Error,
            target: target.to_owned(),
            seed,
            tag: tag.to_owned(),
            requests: 0,
            throttled: 0,
            duration_ms: 0,
            leftovers: 0,
            left: Vec::new(),
            contract: None,
            shard: None,
            baseline: None,
            interrupted: false,
            summary: Summary::default(),
            findings: Vec::new(),
            laws: Vec::new(),
            unjudged: Vec::new(),
            coverage: None,
            error: None,
        }
    }

    /// As JSON, as `report.schema.json` describes it.
    pub fn to_json(&self) -> String {
        // It holds nothing that JSON does not.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The laws that were judged nowhere, by reason, in the order of the report.
    pub fn not_judged(&self) -> Vec<(&str, Vec<&str>)> {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        let laws = by_law(&self.laws);
        for line in &self.laws {
            let told = reasons.iter().any(|(_, laws)| laws.contains(&line.law.as_str()));
            if laws[line.law.as_str()] != LawVerdict::NotJudged || told {
                continue;
            }
            let reason = line.reason.as_deref().unwrap_or("nothing exercised it");
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, laws)) => laws.push(&line.law),
                None => reasons.push((reason, vec![&line.law])),
            }
        }
        reasons
    }

    /// The operations on which nothing was judged, with the reason, in the order of the report.
    pub fn not_tried(&self) -> Vec<(&str, &str)> {
        let mut left_out: Vec<(&str, &str)> = Vec::new();
        for line in self.laws.iter().filter(|line| !line.operation.is_empty()) {
            let judged =
                |other: &LawLine| other.operation == line.operation && other.verdict != LawVerdict::NotJudged;
            let told = left_out.iter().any(|(operation, _)| *operation == line.operation);
            if !told && !self.laws.iter().any(judged) {
                left_out.push((&line.operation, line.reason.as_deref().unwrap_or("nothing exercised it")));
            }
        }
        left_out
    }

    /// A report of a run in which nothing could be judged.
    pub fn of_error(target: &str, seed: u64, error: &str) -> Self {
        Self { error: Some(error.to_owned()), ..Self::new(target, seed, "") }
    }
}
