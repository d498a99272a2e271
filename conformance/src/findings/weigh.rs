//! What a run comes to: what was found, and whether enough was judged to say that the contract holds.

use super::law_line::{LawLine, LawVerdict, by_law};
use super::report::Report;
use super::verdict::Verdict;
use crate::session::Lost;

/// Of a hundred pairs of a law and an operation, as many may be lost to the wire or to the ledger.
const MOST_LOST: usize = 1;

impl Report {
    /// Makes the verdict follow from what is there. A run that lost too much of what it planned could not judge, unless
    /// what it found fails it anyway.
    pub(crate) fn weigh(&mut self, strict: bool) {
        self.verdict = self.summary.verdict(strict);
        if self.verdict != Verdict::Pass || self.interrupted {
            return;
        }
        let too_little = lost_laws(&self.laws)
            .or_else(|| lost_pairs(&self.laws))
            .or_else(|| (strict && !self.left.is_empty()).then(|| "rows are left behind".to_owned()));
        if let Some(why) = too_little {
            self.verdict = Verdict::Error;
            self.error.get_or_insert(why);
        }
    }

    /// What was lost, by reason: how many pairs of a law and an operation, in the order of the report.
    pub fn lost(&self) -> Vec<(&str, usize)> {
        let mut reasons: Vec<(&str, usize)> = Vec::new();
        for line in self.laws.iter().filter(|line| line.lost.is_some()) {
            let reason = line.reason.as_deref().unwrap_or_default();
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, count)) => *count += 1,
                None => reasons.push((reason, 1)),
            }
        }
        reasons
    }
}

/// Laws that could have been judged and were judged nowhere.
fn lost_laws(lines: &[LawLine]) -> Option<String> {
    let verdicts = by_law(lines);
    let nowhere = |line: &&LawLine| verdicts[line.law.as_str()] == LawVerdict::NotJudged;
    let mut lost: Vec<&LawLine> = Vec::new();
    for line in lines.iter().filter(|line| line.lost.is_some()).filter(nowhere) {
        if !lost.iter().any(|known| known.law == line.law) {
            lost.push(line);
        }
    }
    let first = lost.first()?;
    let laws = if lost.len() == 1 { "1 law".to_owned() } else { format!("{} laws", lost.len()) };
    let help = match first.lost {
        Some(Lost::Budget) => "; raise --max-requests or --max-time, or choose laws with --law",
        _ => "",
    };
    Some(format!(
        "{laws} could be judged nowhere, {} for one: {}{help}",
        first.law,
        first.reason.as_deref().unwrap_or_default()
    ))
}

/// Pairs that were lost to more than the user's own limits.
fn lost_pairs(lines: &[LawLine]) -> Option<String> {
    let pairs = lines.iter().filter(|line| !line.operation.is_empty()).count();
    let lost: Vec<&LawLine> =
        lines.iter().filter(|line| matches!(line.lost, Some(Lost::Wire | Lost::Ledger))).collect();
    if lost.len() * 100 <= pairs * MOST_LOST {
        return None;
    }
    let first = lost.first()?;
    Some(format!(
        "{} of {pairs} pairs of a law and an operation could not be judged, {} on {} for one: {}",
        lost.len(),
        first.law,
        first.operation,
        first.reason.as_deref().unwrap_or_default()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Summary;

    fn weighed(lines: Vec<LawLine>) -> Report {
        let mut report = Report::new("http://target", 1, "tag");
        report.summary = Summary::of(&[], &lines);
        report.laws = lines;
        report.weigh(false);
        report
    }

    fn line(law: &str, index: usize, lost: Option<Lost>) -> LawLine {
        LawLine {
            law: law.to_owned(),
            operation: format!("operation-{index}"),
            verdict: if lost.is_some() { LawVerdict::NotJudged } else { LawVerdict::Passed },
            requests: 1,
            reason: lost.map(|_| "why".to_owned()),
            lost,
        }
    }

    /// A law on so many operations, the first of which are lost.
    fn law(count: usize, lost: usize, to: Lost) -> Vec<LawLine> {
        (0..count).map(|index| line("law", index, (index < lost).then_some(to))).collect()
    }

    #[test]
    fn one_pair_in_a_hundred_may_be_lost_to_the_wire() {
        for to in [Lost::Wire, Lost::Ledger] {
            assert_eq!(weighed(law(100, 1, to)).verdict, Verdict::Pass);
            assert_eq!(weighed(law(100, 2, to)).verdict, Verdict::Error);
            assert_eq!(weighed(law(99, 1, to)).verdict, Verdict::Error);
        }
    }

    #[test]
    fn a_budget_may_leave_operations_out_and_no_law() {
        assert_eq!(weighed(law(100, 99, Lost::Budget)).verdict, Verdict::Pass);
        let report = weighed(law(100, 100, Lost::Budget));
        assert_eq!(report.verdict, Verdict::Error);
        assert!(report.error.is_some_and(|error| error.contains("--max-requests")));
    }

    #[test]
    fn a_law_that_is_judged_nowhere_is_too_much_whatever_the_share() {
        let mut lines = law(500, 0, Lost::Wire);
        lines.push(line("other", 1, Some(Lost::Wire)));
        assert_eq!(weighed(lines).verdict, Verdict::Error);
    }

    #[test]
    fn what_cannot_be_judged_anyway_is_no_loss() {
        let mut lines = law(10, 0, Lost::Wire);
        lines.push(LawLine { verdict: LawVerdict::NotJudged, ..line("other", 1, None) });
        let report = weighed(lines);
        assert_eq!(
            (report.verdict, report.summary.pairs, report.summary.pairs_judged),
            (Verdict::Pass, 11, 10)
        );
    }

    #[test]
    fn what_is_found_outweighs_what_is_lost() {
        let mut report = weighed(Vec::new());
        report.summary.violations = 1;
        report.laws = law(10, 10, Lost::Wire);
        report.weigh(false);
        assert_eq!(report.verdict, Verdict::Fail);
    }
}
