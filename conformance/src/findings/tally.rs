//! Which laws were judged on which operations during a run, and how it went.

use indexmap::IndexMap;

use super::law_line::{LawLine, LawVerdict, NotJudged};

/// Which laws were judged on which operations, in the order of their first judgement.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    lines: IndexMap<(&'static str, String), LawLine>,
}

impl Tally {
    /// Adds a judgement.
    pub(crate) fn add(
        &mut self,
        law: &'static str,
        operation: &str,
        verdict: LawVerdict,
        requests: usize,
        why: Option<NotJudged>,
    ) {
        let line = self.lines.entry((law, operation.to_owned())).or_insert_with(|| LawLine {
            law: law.to_owned(),
            operation: operation.to_owned(),
            verdict: LawVerdict::NotJudged,
            requests: 0,
            reason: None,
            lost: None,
        });
        line.add(verdict, requests, why);
    }

    /// Whether a law has been added.
    pub(crate) fn knows(&self, law: &str) -> bool {
        self.lines.keys().any(|(known, _)| *known == law)
    }

    /// Every line, in the order of their first judgement.
    pub(crate) fn into_lines(self) -> Vec<LawLine> {
        self.lines.into_values().collect()
    }
}
