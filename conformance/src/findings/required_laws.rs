//! Laws that had to be judged.

use super::law_line::LawVerdict;
use super::report::Report;
use super::unjudged_law::UnjudgedLaw;
use super::verdict::Verdict;
use crate::contract::matches;

impl Report {
    /// Holds the report to patterns of laws that had to be judged somewhere; `stated` are the laws of the contract.
    /// What was not judged fails the run.
    pub(crate) fn require<'a>(&mut self, patterns: &[String], stated: impl IntoIterator<Item = &'a str>) {
        for law in stated {
            let Some(pattern) = patterns.iter().find(|pattern| matches(pattern, law)) else { continue };
            let mut lines = self.laws.iter().filter(|line| line.law == law).peekable();
            let selected = lines.peek().is_some();
            let mut reason = None;
            if lines.any(|line| {
                reason = reason.take().or_else(|| line.reason.clone());
                line.verdict != LawVerdict::NotJudged
            }) {
                continue;
            }
            let reason = reason.unwrap_or_else(|| {
                if selected { "nothing exercised it" } else { "it was not selected" }.to_owned()
            });
            self.unjudged.push(UnjudgedLaw { law: law.to_owned(), pattern: pattern.clone(), reason });
        }
        if !self.unjudged.is_empty() && self.verdict == Verdict::Pass {
            self.verdict = Verdict::Fail;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::LawLine;

    fn report() -> Report {
        let mut report = Report::new("http://target", 1, "tag");
        report.verdict = Verdict::Pass;
        let line = |law: &str, verdict, reason: Option<&str>| LawLine {
            law: law.to_owned(),
            operation: "read".to_owned(),
            verdict,
            requests: 1,
            reason: reason.map(str::to_owned),
        };
        report.laws = vec![
            line("a-one", LawVerdict::Passed, None),
            line("a-two", LawVerdict::NotJudged, Some("no key")),
            line("a-two", LawVerdict::Violated, None),
            line("a-three", LawVerdict::NotJudged, Some("no key")),
        ];
        report
    }

    #[test]
    fn what_was_judged_nowhere_fails_the_run() {
        let mut report = report();
        report.require(&["a-*".to_owned()], ["a-one", "a-two", "a-three", "a-four", "b"]);
        let told: Vec<(&str, &str)> =
            report.unjudged.iter().map(|unmet| (unmet.law.as_str(), unmet.reason.as_str())).collect();
        assert_eq!(told, [("a-three", "no key"), ("a-four", "it was not selected")]);
        assert_eq!(report.verdict, Verdict::Fail);
    }

    #[test]
    fn what_was_judged_somewhere_is_enough() {
        let mut report = report();
        report.require(&["a-one".to_owned(), "a-two".to_owned()], ["a-one", "a-two", "a-three"]);
        assert_eq!((report.unjudged, report.verdict), (Vec::new(), Verdict::Pass));
    }
}
