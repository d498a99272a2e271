//! How a run ends, and its numbers.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::law_line::{LawLine, LawVerdict, count_laws};
use super::severity::Severity;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The contract holds, as far as it was judged.
    Pass,
    /// It does not.
    Fail,
    /// It could not be judged.
    Error,
}

/// The run in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Findings against what is documented, those of the baseline not counted.
    pub violations: usize,
    /// Findings against what is inferred, those of the baseline not counted.
    pub warnings: usize,
    /// Findings against what is assumed, those of the baseline not counted.
    pub notes: usize,
    /// Findings that the baseline knows.
    #[serde(default)]
    pub baselined: usize,
    /// Laws that hold wherever they were judged.
    pub laws_passed: usize,
    /// Laws that were judged nowhere.
    pub laws_not_judged: usize,
    /// Pairs of a law and an operation that were to be judged.
    #[serde(default)]
    pub pairs: usize,
    /// Those of them that were judged.
    #[serde(default)]
    pub pairs_judged: usize,
    /// Operations of which something was to be judged.
    #[serde(default)]
    pub operations: usize,
    /// Those of them on which anything was judged.
    #[serde(default)]
    pub operations_tried: usize,
}

impl Summary {
    pub(crate) fn of(findings: &[Finding], lines: &[LawLine]) -> Self {
        let (laws_passed, laws_not_judged) = count_laws(lines);
        let pairs = || lines.iter().filter(|line| !line.operation.is_empty());
        let operations = |lines: Vec<&LawLine>| {
            lines.into_iter().map(|line| line.operation.as_str()).collect::<HashSet<_>>().len()
        };
        let judged = || pairs().filter(|line| line.verdict != LawVerdict::NotJudged);
        let count = |severity: Severity| {
            findings.iter().filter(|finding| finding.severity == severity && !finding.baselined).count()
        };
        Self {
            violations: count(Severity::Violation),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
            baselined: findings.iter().filter(|finding| finding.baselined).count(),
            laws_passed,
            laws_not_judged,
            pairs: pairs().count(),
            pairs_judged: judged().count(),
            operations: operations(pairs().collect()),
            operations_tried: operations(judged().collect()),
        }
    }

    /// Whether there are operations on which nothing was judged.
    pub fn is_partial(&self) -> bool {
        self.operations_tried < self.operations
    }

    /// What it means.
    pub fn verdict(&self, strict: bool) -> Verdict {
        if self.violations > 0 || (strict && self.warnings > 0) { Verdict::Fail } else { Verdict::Pass }
    }
}
