//! Which laws were judged on which operations, and how it went.

use indexmap::IndexMap;

use crate::report::{LawLine, LawVerdict};

/// Which laws were judged on which operations, and how it went.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    lines: IndexMap<(&'static str, String), LawLine>,
}

impl Tally {
    /// Adds a judgement; a violation outweighs a pass, a pass outweighs not having been judged.
    pub(crate) fn add(
        &mut self,
        law: &'static str,
        operation: &str,
        verdict: LawVerdict,
        requests: usize,
        reason: Option<String>,
    ) {
        let line = self.lines.entry((law, operation.to_owned())).or_insert_with(|| LawLine {
            law: law.to_owned(),
            operation: operation.to_owned(),
            verdict: LawVerdict::NotJudged,
            requests: 0,
            reason: None,
        });
        line.requests += requests;
        line.verdict = line.verdict.max(verdict);
        match line.verdict {
            LawVerdict::NotJudged => line.reason = line.reason.take().or(reason),
            LawVerdict::Passed | LawVerdict::Violated => line.reason = None,
        }
    }

    /// Whether a law has been added.
    pub(crate) fn knows(&self, law: &str) -> bool {
        self.lines.keys().any(|(known, _)| *known == law)
    }

    /// Laws of which nothing was judged on any operation, and those that hold everywhere they were.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let mut laws: IndexMap<&str, LawVerdict> = IndexMap::new();
        for line in self.lines.values() {
            let verdict = laws.entry(&line.law).or_insert(LawVerdict::NotJudged);
            *verdict = (*verdict).max(line.verdict);
        }
        let count = |wanted: LawVerdict| laws.values().filter(|verdict| **verdict == wanted).count();
        (count(LawVerdict::Passed), count(LawVerdict::NotJudged))
    }

    /// Every line, in the order of their first judgement.
    pub(crate) fn into_lines(self) -> Vec<LawLine> {
        self.lines.into_values().collect()
    }
}
