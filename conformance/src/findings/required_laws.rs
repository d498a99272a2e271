//! Laws that had to be judged.

use super::law_line::{LawLine, LawVerdict};
use super::report::Report;
use super::unjudged_law::UnjudgedLaw;
use super::verdict::Verdict;
use crate::contract::matches;

impl Report {
    /// Holds the report to patterns of laws that had to be judged wherever they were planned; `stated` are the laws of
    /// the contract. What was not judged fails the run.
    pub(crate) fn require<'a>(&mut self, patterns: &[String], stated: impl IntoIterator<Item = &'a str>) {
        for law in stated {
            let Some(pattern) = patterns.iter().find(|pattern| matches(pattern, law)) else { continue };
            let lines: Vec<&LawLine> = self.laws.iter().filter(|line| line.law == law).collect();
            let (unjudged, judged): (Vec<&LawLine>, Vec<&LawLine>) =
                lines.iter().copied().partition(|line| line.verdict == LawVerdict::NotJudged);
            if unjudged.is_empty() && !judged.is_empty() {
                continue;
            }
            let reason = unjudged.iter().find_map(|line| line.reason.clone()).unwrap_or_else(|| {
                if lines.is_empty() { "it was not selected" } else { "nothing exercised it" }.to_owned()
            });
            let operations = if judged.is_empty() {
                Vec::new()
            } else {
                unjudged.iter().map(|line| line.operation.clone()).collect()
            };
            self.unjudged.push(UnjudgedLaw {
                law: law.to_owned(),
                operations,
                pattern: pattern.clone(),
                reason,
            });
        }
        if !self.unjudged.is_empty() && self.verdict == Verdict::Pass {
            self.verdict = Verdict::Fail;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let mut report = Report::new("http://target", 1, "tag");
        report.verdict = Verdict::Pass;
        let line = |law: &str, operation: &str, verdict, reason: Option<&str>| LawLine {
            law: law.to_owned(),
            operation: operation.to_owned(),
            verdict,
            requests: 1,
            reason: reason.map(str::to_owned),
            lost: None,
        };
        report.laws = vec![
            line("a-one", "read", LawVerdict::Passed, None),
            line("a-two", "read", LawVerdict::NotJudged, Some("no key")),
            line("a-two", "list", LawVerdict::Violated, None),
            line("a-three", "read", LawVerdict::NotJudged, Some("no key")),
        ];
        report
    }

    #[test]
    fn what_was_not_judged_everywhere_fails_the_run() {
        let mut report = report();
        report.require(&["a-*".to_owned()], ["a-one", "a-two", "a-three", "a-four", "b"]);
        let unjudged: Vec<(&str, String, &str)> = report
            .unjudged
            .iter()
            .map(|unmet| (unmet.law.as_str(), unmet.operations.join(","), unmet.reason.as_str()))
            .collect();
        let expected = [
            ("a-two", "read".to_owned(), "no key"),
            ("a-three", String::new(), "no key"),
            ("a-four", String::new(), "it was not selected"),
        ];
        assert_eq!(unjudged, expected);
        assert_eq!(report.verdict, Verdict::Fail);
    }

    #[test]
    fn what_was_judged_everywhere_is_enough() {
        let mut report = report();
        report.require(&["a-one".to_owned()], ["a-one", "a-two", "a-three"]);
        assert_eq!((report.unjudged, report.verdict), (Vec::new(), Verdict::Pass));
    }
}
