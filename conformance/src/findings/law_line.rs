//! What was judged of a law on an operation.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::session::Lost;

/// What was judged of a law on an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LawVerdict {
    /// It was not exercised.
    NotJudged,
    /// It holds.
    Passed,
    /// It does not.
    Violated,
}

/// One law on one operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LawLine {
    /// The law.
    pub law: String,
    /// The operation.
    pub operation: String,
    /// How it went.
    pub verdict: LawVerdict,
    /// Requests of its own probes.
    pub requests: usize,
    /// Why it was not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it was lost to, where it could have been judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<Lost>,
}

/// Why a law was not judged on an operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NotJudged {
    /// In words.
    pub(crate) reason: String,
    /// What it was lost to, where it could have been judged.
    pub(crate) lost: Option<Lost>,
}

impl NotJudged {
    /// What cannot be judged, whatever the target does.
    pub(crate) fn because(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), lost: None }
    }
}

impl LawLine {
    /// Adds another judgement of the same law on the same operation: a violation outweighs a pass, a pass outweighs not
    /// having been judged.
    pub(super) fn add(&mut self, verdict: LawVerdict, requests: usize, why: Option<NotJudged>) {
        self.requests += requests;
        self.verdict = self.verdict.max(verdict);
        if self.verdict != LawVerdict::NotJudged {
            (self.reason, self.lost) = (None, None);
        } else if let Some(why) = why
            && (self.reason.is_none() || self.lost < why.lost)
        {
            (self.reason, self.lost) = (Some(why.reason), why.lost);
        }
    }
}

/// How each law went on all operations together: a law that was judged somewhere was judged.
pub(super) fn by_law(lines: &[LawLine]) -> IndexMap<&str, LawVerdict> {
    let mut laws: IndexMap<&str, LawVerdict> = IndexMap::new();
    for line in lines {
        let verdict = laws.entry(&line.law).or_insert(LawVerdict::NotJudged);
        *verdict = (*verdict).max(line.verdict);
    }
    laws
}

/// How many laws hold wherever they were judged, and how many were judged nowhere.
pub(super) fn count_laws(lines: &[LawLine]) -> (usize, usize) {
    let laws = by_law(lines);
    let count = |wanted: LawVerdict| laws.values().filter(|verdict| **verdict == wanted).count();
    (count(LawVerdict::Passed), count(LawVerdict::NotJudged))
}
