//! Holding findings to a baseline.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::date::day;
use super::file::{Baseline, Known};
use crate::findings::finding::Finding;
use crate::findings::law_line::{LawLine, LawVerdict};

/// What came of a baseline in a run: the ids of its entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineLine {
    /// Found again, and suppressed.
    pub known: Vec<String>,
    /// Found again after their last day: they count.
    pub expired: Vec<String>,
    /// Judged, and not found any more: `conformance baseline prune` drops them.
    pub fixed: Vec<String>,
    /// Not judged this time.
    pub not_judged: Vec<String>,
}

impl BaselineLine {
    /// The same of two shards together. An entry is judged by one of them, and not by the other.
    pub(crate) fn join(&self, other: &Self) -> Self {
        let mut joined = Self::default();
        let all = [&self.known, &self.expired, &self.fixed, &self.not_judged];
        // Both held the findings to one baseline, so each names every entry.
        for id in all.into_iter().flatten() {
            let in_any = |of: fn(&Self) -> &Vec<String>| of(self).contains(id) || of(other).contains(id);
            let list = if in_any(|line| &line.expired) {
                &mut joined.expired
            } else if in_any(|line| &line.known) {
                &mut joined.known
            } else if in_any(|line| &line.fixed) {
                &mut joined.fixed
            } else {
                &mut joined.not_judged
            };
            list.push(id.clone());
        }
        joined
    }
}

impl Baseline {
    /// Marks the findings that are suppressed on a day, and reports what became of every entry.
    pub(crate) fn hold(&self, findings: &mut [Finding], laws: &[LawLine], today: Date) -> BaselineLine {
        let mut line = BaselineLine::default();
        let suppressed: Vec<&Known> = self.findings.iter().filter(|known| !known.is_over(today)).collect();
        for finding in findings.iter_mut() {
            // Operations that are not known to break it are new, however they are reported.
            let known = |operation: &String| {
                suppressed
                    .iter()
                    .any(|known| known.is_of(finding) && known.operations().any(|one| one == operation))
            };
            finding.baselined = std::iter::once(&finding.operation).chain(&finding.also).all(known);
        }
        for known in &self.findings {
            let found = findings
                .iter()
                .any(|finding| known.is_of(finding) && known.operations().any(|one| names(finding, one)));
            let judged = |operation: &String| {
                let here = |line: &&LawLine| line.law == known.law && line.operation == *operation;
                laws.iter().find(here).is_some_and(|line| line.verdict != LawVerdict::NotJudged)
            };
            let list = match (found, known.is_over(today)) {
                (true, true) => &mut line.expired,
                (true, false) => &mut line.known,
                (false, _) if known.operations().all(judged) => &mut line.fixed,
                (false, _) => &mut line.not_judged,
            };
            list.push(known.id.clone());
        }
        line
    }
}

fn names(finding: &Finding, operation: &str) -> bool {
    finding.operation == operation || finding.also.iter().any(|also| also == operation)
}

impl Known {
    fn is_of(&self, finding: &Finding) -> bool {
        self.law == finding.law && self.class == finding.class
    }

    fn operations(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.operation).chain(&self.also)
    }

    /// Whether its last day has passed. A day that cannot be read has.
    fn is_over(&self, today: Date) -> bool {
        self.expires
            .as_ref()
            .is_some_and(|expires| day(expires).is_ok_and(|last| last < today) || day(expires).is_err())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use schemas::Standing;

    use super::*;
    use crate::findings::Severity;
    use crate::findings::contract_stamp::ContractStamp;

    fn finding(id: &str, law: &str, operation: &str, also: &[&str]) -> Finding {
        Finding {
            id: id.to_owned(),
            law: law.to_owned(),
            operation: operation.to_owned(),
            also: also.iter().map(|one| (*one).to_owned()).collect(),
            class: "status".to_owned(),
            severity: Severity::of(Standing::Documented),
            ..serde_json::from_value(serde_json::json!({
                "id": "", "law": "", "operation": "", "also": [], "standing": "documented", "severity": "violation",
                "confirmed": true, "repeats": 3, "of_repeats": 3, "cases": 1, "message": "m", "contract": "c", "pointer": "",
                "case": "", "class": "", "steps": [], "curl": ""
            }))
            .expect("it is one")
        }
    }

    fn judged(law: &str, operation: &str, verdict: LawVerdict) -> LawLine {
        LawLine {
            law: law.to_owned(),
            operation: operation.to_owned(),
            verdict,
            requests: 1,
            reason: None,
            lost: None,
        }
    }

    fn baseline(known: &[(&Finding, Option<&str>)]) -> Baseline {
        let stamp = ContractStamp { title: "t".into(), version: "1.0".into(), digest: String::new() };
        let findings =
            known.iter().map(|(finding, expires)| Known::new(finding, "r", None, *expires)).collect();
        Baseline { findings, ..Baseline::new(&stamp) }
    }

    #[test]
    fn known_expired_fixed_and_unjudged_are_told_apart() {
        let (a, b) = (finding("a", "one", "op", &[]), finding("b", "two", "op", &[]));
        let (c, d) = (finding("c", "three", "op", &[]), finding("d", "four", "op", &[]));
        let day = date(2026, 6, 15);
        let baseline = baseline(&[
            (&a, Some("2026-06-15")),
            (&b, Some("2026-06-14")),
            (&c, None),
            (&d, Some("2020-01-01")),
        ]);
        let laws = [judged("three", "op", LawVerdict::Passed), judged("four", "op", LawVerdict::NotJudged)];
        let mut findings = [a, b, finding("n", "five", "op", &[])];
        let line = baseline.hold(&mut findings, &laws, day);
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            line,
            BaselineLine {
                known: ids(&["a"]),
                expired: ids(&["b"]),
                fixed: ids(&["c"]),
                not_judged: ids(&["d"])
            }
        );
        assert_eq!(findings.map(|finding| finding.baselined), [true, false, false]);
    }

    #[test]
    fn what_one_shard_judged_counts_for_both() {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let one = BaselineLine {
            known: ids(&["a"]),
            fixed: ids(&["b"]),
            not_judged: ids(&["c", "d"]),
            ..Default::default()
        };
        let other =
            BaselineLine { expired: ids(&["c"]), not_judged: ids(&["a", "b", "d"]), ..Default::default() };
        let joined = BaselineLine {
            known: ids(&["a"]),
            expired: ids(&["c"]),
            fixed: ids(&["b"]),
            not_judged: ids(&["d"]),
        };
        assert_eq!(one.join(&other), joined);
        assert_eq!(other.join(&one), joined);
    }

    #[test]
    fn a_further_operation_is_news_and_one_that_tells_for_another_is_not() {
        let known = finding("a", "one", "create", &["update"]);
        let baseline = baseline(&[(&known, None)]);
        let borne = |finding: Finding| {
            let mut findings = [finding];
            baseline.hold(&mut findings, &[], date(2026, 1, 1));
            findings[0].baselined
        };
        assert!(borne(finding("b", "one", "update", &[])), "in a part of the plan the other one tells");
        assert!(borne(finding("b", "one", "update", &["create"])));
        assert!(!borne(finding("a", "one", "create", &["update", "delete"])));
        assert!(!borne(finding("c", "two", "create", &[])));
    }
}
