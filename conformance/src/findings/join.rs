//! One report out of those of several runs that judged a contract together.

use std::fmt;

use indexmap::IndexMap;
use schemas::Problem;

use super::explained::tell;
use super::finding::Finding;
use super::law_line::{LawLine, NotJudged};
use super::report::Report;
use super::verdict::{Summary, Verdict};

/// Why reports cannot be joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoinError {
    /// There are none.
    None,
    /// Two reports are of different runs.
    Differ {
        /// The first report.
        one: String,
        /// The other.
        other: String,
        /// What differs.
        what: &'static str,
        /// What it is in the first.
        ones: String,
        /// What it is in the other.
        others: String,
        /// What to do.
        help: &'static str,
    },
    /// A report of a whole run among others.
    Whole {
        /// The report.
        name: String,
    },
    /// One shard twice.
    Twice {
        /// The first report.
        one: String,
        /// The other.
        other: String,
        /// The shard's number.
        index: usize,
    },
    /// Shards without a report.
    Missing {
        /// Their numbers.
        missing: String,
        /// How many shards there are.
        of: usize,
    },
}

impl JoinError {
    /// What is wrong and what to do.
    pub fn problem(&self) -> Problem {
        match self {
            Self::None => Problem::say("there are no reports to join")
                .with_help("give the JSON reports of all shards"),
            Self::Differ { one, other, what, ones, others, help } => Problem::say(format!(
                "{one} and {other} are not of one run: the {what} is {ones} in the first and {others} in the second"
            ))
            .with_help(*help),
            Self::Whole { name } => {
                Problem::say(format!("{name} is the report of a whole run, not that of a shard"))
                    .with_help("give the reports of all shards, or that one alone")
            }
            Self::Twice { one, other, index } => {
                Problem::say(format!("{one} and {other} are both of shard {index}"))
                    .with_help("give one report for each shard")
            }
            Self::Missing { missing, of } => {
                Problem::say(format!("shards {missing} of {of} are missing")).with_help(
                    "give the reports of all shards; a shard that could not judge has written one as well",
                )
            }
        }
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem().fmt(f)
    }
}

impl std::error::Error for JoinError {}

/// What the reports of one run have in common, with what to do where they do not.
const COMMON: [(&str, Of, &str); 5] = [
    ("contract", |report| report.contract.as_ref().map(|contract| contract.digest.clone()), SAME_CONTRACT),
    ("target", |report| Some(report.target.clone()), SAME_TARGET),
    ("seed", |report| Some(report.seed.to_string()), SAME_SEED),
    // A run that could not judge has made nothing and has no tag.
    ("tag", |report| Some(report.tag.clone()).filter(|tag| !tag.is_empty()), SAME_TAG),
    ("number of shards", |report| report.shard.map(|shard| shard.of.to_string()), SAME_SHARDS),
];

type Of = fn(&Report) -> Option<String>;

const SAME_CONTRACT: &str = "run every shard with the same contract";
const SAME_TARGET: &str = "run every shard against the same --url";
const SAME_SEED: &str = "run every shard with the same --seed";
const SAME_TAG: &str = "run every shard with the same --run-tag";
const SAME_SHARDS: &str = "run every shard as one of the same number";

impl Report {
    /// Joins the reports of all shards of a run, each with the name it is known by. A report of a whole run is taken
    /// when it is the only one.
    pub fn join(mut reports: Vec<(String, Self)>, strict: bool) -> Result<Self, JoinError> {
        check(&reports)?;
        reports.sort_by_key(|(_, report)| report.shard.map(|shard| shard.index));
        let mut reports = reports.into_iter().map(|(_, report)| report);
        let mut joined = reports.next().ok_or(JoinError::None)?;
        for report in reports {
            joined.add(report);
        }
        joined.shard = None;
        joined.settle(strict);
        Ok(joined)
    }

    /// Adds what another shard found.
    fn add(&mut self, other: Self) {
        if self.tag.is_empty() {
            self.tag = other.tag;
        }
        self.requests += other.requests;
        self.throttled += other.throttled;
        self.baseline = match (self.baseline.take(), other.baseline) {
            (Some(one), Some(other)) => Some(one.join(&other)),
            (one, other) => one.or(other),
        };
        // They run beside each other.
        self.duration_ms = self.duration_ms.max(other.duration_ms);
        self.left.extend(other.left);
        self.interrupted |= other.interrupted;
        self.verdict = worse(self.verdict, other.verdict);
        for finding in other.findings {
            match self.findings.iter_mut().find(|known| known.id == finding.id) {
                Some(known) => unite(known, finding),
                None => self.findings.push(finding),
            }
        }
        self.laws.extend(other.laws);
        self.unjudged.extend(other.unjudged);
        match (&mut self.coverage, other.coverage) {
            (Some(ours), Some(theirs)) => ours.join(theirs),
            (ours, theirs) => *ours = ours.take().or(theirs),
        }
        self.error = match (self.error.take(), other.error) {
            (Some(ours), Some(theirs)) if ours != theirs => Some(format!("{ours}\n{theirs}")),
            (ours, theirs) => ours.or(theirs),
        };
    }

    /// Makes the numbers and the verdict follow from what is there.
    fn settle(&mut self, strict: bool) {
        self.laws = lines(std::mem::take(&mut self.laws));
        self.findings.sort_by_key(|finding| finding.severity);
        self.leftovers = self.left.len();
        self.summary = Summary::of(&self.findings, &self.laws);
        let verdict = self.verdict;
        self.weigh(strict);
        self.verdict = worse(self.verdict, verdict);
    }
}

/// What fails fails, whatever could not be judged beside it.
fn worse(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Verdict::Fail, _) | (_, Verdict::Fail) => Verdict::Fail,
        (Verdict::Error, _) | (_, Verdict::Error) => Verdict::Error,
        (Verdict::Pass, Verdict::Pass) => Verdict::Pass,
    }
}

fn check(reports: &[(String, Report)]) -> Result<(), JoinError> {
    let [(_, report), others @ ..] = reports else { return Err(JoinError::None) };
    if others.is_empty() && report.shard.is_none() {
        return Ok(());
    }
    if let Some((name, _)) = reports.iter().find(|(_, report)| report.shard.is_none()) {
        return Err(JoinError::Whole { name: name.clone() });
    }
    for (what, of, help) in COMMON {
        let mut known: Option<(&str, String)> = None;
        for (name, report) in reports {
            match (&known, of(report)) {
                (Some((one, ones)), Some(others)) if *ones != others => {
                    let (one, other, ones) = ((*one).to_owned(), name.clone(), ones.clone());
                    return Err(JoinError::Differ { one, other, what, ones, others, help });
                }
                (None, Some(value)) => known = Some((name, value)),
                _ => {}
            }
        }
    }
    let of = report.shard.map_or(1, |shard| shard.of);
    let mut owners: IndexMap<usize, &str> = IndexMap::new();
    for (name, report) in reports {
        let index = report.shard.map_or(1, |shard| shard.index);
        if let Some(one) = owners.insert(index, name) {
            return Err(JoinError::Twice { one: one.to_owned(), other: name.clone(), index });
        }
    }
    let missing: Vec<String> =
        (1..=of).filter(|index| !owners.contains_key(index)).map(|index| index.to_string()).collect();
    if missing.is_empty() { Ok(()) } else { Err(JoinError::Missing { missing: missing.join(", "), of }) }
}

/// One line for each law on each operation: judged in one shard is judged. A law that was met on no operation is left
/// out where another shard met it.
fn lines(lines: Vec<LawLine>) -> Vec<LawLine> {
    let mut joined: IndexMap<(String, String), LawLine> = IndexMap::new();
    for line in lines {
        let key = (line.law.clone(), line.operation.clone());
        match joined.get_mut(&key) {
            Some(known) => {
                let why = line.reason.map(|reason| NotJudged { reason, lost: line.lost });
                known.add(line.verdict, line.requests, why);
            }
            None => {
                joined.insert(key, line);
            }
        }
    }
    let somewhere: Vec<String> =
        joined.values().filter(|line| !line.operation.is_empty()).map(|line| line.law.clone()).collect();
    joined.retain(|(law, operation), _| !operation.is_empty() || !somewhere.contains(law));
    joined.into_values().collect()
}

/// Makes one finding of two with the same id: reported as the surer and shorter of them says.
fn unite(known: &mut Finding, mut other: Finding) {
    if (other.confirmed, std::cmp::Reverse(other.steps.len()))
        > (known.confirmed, std::cmp::Reverse(known.steps.len()))
    {
        std::mem::swap(known, &mut other);
    }
    let first = known.operation.clone();
    add(&mut known.also, other.also.into_iter().filter(|operation| *operation != first));
    add(&mut known.also_fields, other.also_fields);
    add(&mut known.also_laws, other.also_laws);
    super::merged::add(&mut known.merged, other.merged);
    known.explains_more += other.explains_more + tell(&mut known.explains, other.explains);
    known.baselined &= other.baselined;
    known.severity = known.severity.min(other.severity);
    known.cases += other.cases;
    known.found_after = known.found_after.min(other.found_after);
}

fn add(known: &mut Vec<String>, others: impl IntoIterator<Item = String>) {
    for other in others {
        if !known.contains(&other) {
            known.push(other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::LawVerdict;
    use crate::plan::Shard;

    fn shard(index: usize, of: usize) -> (String, Report) {
        let mut report = Report::new("http://target", 1, "tag");
        report.verdict = Verdict::Pass;
        report.requests = 10;
        report.shard = Some(Shard { index, of });
        (format!("{index}.json"), report)
    }

    fn line(law: &str, operation: &str, verdict: LawVerdict, reason: Option<&str>) -> LawLine {
        LawLine {
            law: law.to_owned(),
            operation: operation.to_owned(),
            verdict,
            requests: 2,
            reason: reason.map(str::to_owned),
            lost: None,
        }
    }

    #[test]
    fn judged_in_one_shard_is_judged() {
        let (mut one, mut two) = (shard(1, 2), shard(2, 2));
        one.1.laws = vec![
            line("a", "", LawVerdict::NotJudged, Some("not met")),
            line("b", "read", LawVerdict::NotJudged, Some("no key")),
        ];
        two.1.laws = vec![
            line("a", "read", LawVerdict::Passed, None),
            line("b", "read", LawVerdict::Passed, None),
            line("c", "", LawVerdict::NotJudged, Some("not met")),
        ];
        // The order in which they are given does not matter.
        let joined = Report::join(vec![two, one], false).expect("they fit");
        let told: Vec<(&str, &str, LawVerdict, usize)> = joined
            .laws
            .iter()
            .map(|line| (line.law.as_str(), line.operation.as_str(), line.verdict, line.requests))
            .collect();
        assert_eq!(
            told,
            [
                ("b", "read", LawVerdict::Passed, 4),
                ("a", "read", LawVerdict::Passed, 2),
                ("c", "", LawVerdict::NotJudged, 2),
            ]
        );
        assert_eq!((joined.summary.laws_passed, joined.summary.laws_not_judged), (2, 1));
        assert_eq!((joined.requests, joined.shard, joined.verdict), (20, None, Verdict::Pass));
    }

    #[test]
    fn the_worst_verdict_of_a_shard_is_that_of_all() {
        for (one, two, expected) in [
            (Verdict::Pass, Verdict::Pass, Verdict::Pass),
            (Verdict::Pass, Verdict::Error, Verdict::Error),
            (Verdict::Error, Verdict::Fail, Verdict::Fail),
        ] {
            let (mut first, mut second) = (shard(1, 2), shard(2, 2));
            (first.1.verdict, second.1.verdict) = (one, two);
            let joined = Report::join(vec![first, second], false).expect("they fit");
            assert_eq!(joined.verdict, expected);
        }
    }

    type Change = fn(&mut Report);

    #[test]
    fn what_does_not_belong_together_is_refused() {
        let table: &[(&str, Change)] = &[
            ("the target is", |report| report.target = "http://other".to_owned()),
            ("the seed is", |report| report.seed = 2),
            ("the tag is", |report| report.tag = "other".to_owned()),
            ("the number of shards is", |report| report.shard = Some(Shard { index: 2, of: 3 })),
            ("not that of a shard", |report| report.shard = None),
            ("are both of shard 1", |report| report.shard = Some(Shard { index: 1, of: 2 })),
        ];
        for (message, change) in table {
            let (one, mut two) = (shard(1, 2), shard(2, 2));
            change(&mut two.1);
            let error = Report::join(vec![one, two], false).expect_err(message).to_string();
            assert!(error.contains(message) && error.contains("\n  help: "), "{error}");
        }
        let missing = Report::join(vec![shard(2, 4), shard(3, 4)], false).expect_err("two are missing");
        assert_eq!(missing, JoinError::Missing { missing: "1, 4".to_owned(), of: 4 });
        assert_eq!(Report::join(Vec::new(), false).expect_err("none"), JoinError::None);
    }

    #[test]
    fn a_whole_run_alone_is_taken_as_it_is() {
        let (name, mut report) = shard(1, 1);
        report.shard = None;
        assert!(Report::join(vec![(name, report)], false).is_ok());
    }
}
