//! A whole comparison: what is reported, and the verdict.

use schemas::{Contract, ErrorPointers, Level};
use serde::{Deserialize, Serialize};

use super::advice::Advice;
use super::behaviour::{Records, compare_records, observe};
use super::change::Change;
use super::compare::compare_documents;
use super::counts::Counts;
use super::evidence::Evidence;
use super::filter::{Exclusion, Severity, exclude};
use super::join::{self, Joined, Outcome};
use super::report::grouped;
use super::side::{Content, Side, SideError};
use super::verdict::Verdict;

/// One side, as reports name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// As it was asked for.
    pub name: String,
    /// `contract` or `records`.
    pub kind: String,
}

/// What a comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Nothing that was not accepted breaks.
    Pass,
    /// Something does.
    Fail,
}

/// A whole comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Of the form of this report.
    pub version: u32,
    /// What it comes to.
    pub verdict: Decision,
    /// What it was.
    pub base: Named,
    /// What it is.
    pub head: Named,
    /// How many changes there are, one for each operation that sees it.
    pub summary: Counts,
    /// How many there are where what several operations see counts once.
    #[serde(default)]
    pub groups: Counts,
    /// Every change: breaking ones first, then in the order of the description.
    pub changes: Vec<Change>,
    /// What the version should do, for contracts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub advice: Option<Advice>,
    /// What the contract says against what was observed, where records were given.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub operations: Vec<Joined>,
    /// What else has to be known: acceptances that have ended, or accept nothing.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub notices: Vec<String>,
}

/// What could not be used of a description: it is not compared either.
fn skipped(side: &Side) -> Vec<String> {
    let Content::Contract(contract) = &side.content else { return Vec::new() };
    let skipped = contract.problems().iter().filter(|problem| problem.level == Level::Skipped);
    let told = skipped.map(|problem| match &problem.location {
        Some(place) => format!("{place}: {}", problem.what),
        None => format!("{}: {}", side.name, problem.what),
    });
    told.collect()
}

impl Review {
    /// Compares two sides, and records of each where they are given. `errors` says where the parts of a refusal stand,
    /// for records that come without a contract.
    pub fn new(
        base: &Side,
        head: &Side,
        records: Option<(&Side, &Side)>,
        errors: Option<&ErrorPointers>,
    ) -> Result<Self, SideError> {
        let (changes, advice, operations) = match (&base.content, &head.content) {
            (Content::Contract(old), Content::Contract(new)) => {
                let changes = compare_documents(old.document(), new.document());
                let advice = advice(old, new, &changes);
                let (changes, operations) = with_records((old, new), changes, records)?;
                (changes, Some(advice), operations)
            }
            (Content::Records(old), Content::Records(new)) if records.is_none() => {
                (compare_records((&base.name, old), (&head.name, new), errors), None, Vec::new())
            }
            (Content::Records(_), Content::Records(_)) => {
                return Err(SideError(
                    "--records joins records with contracts, and BASE and HEAD are records\n  help: leave --records out, or give two descriptions"
                        .to_owned(),
                ));
            }
            _ => {
                return Err(SideError(format!(
                    "{} is a {} and {} is {}\n  help: compare two descriptions, or two folders of records",
                    base.name,
                    base.kind(),
                    head.name,
                    head.kind()
                )));
            }
        };
        let named = |side: &Side| Named { name: side.name.clone(), kind: side.kind().to_owned() };
        let mut review = Self {
            version: 1,
            verdict: Decision::Pass,
            base: named(base),
            head: named(head),
            summary: Counts::default(),
            groups: Counts::default(),
            changes,
            advice,
            operations,
            notices: [base, head].into_iter().flat_map(skipped).collect(),
        };
        review.settle(Some(Verdict::Breaking));
        Ok(review)
    }

    /// Whether a change fails the comparison, where those of a verdict fail and all that are worse.
    pub fn fails(change: &Change, fail_on: Option<Verdict>) -> bool {
        change.accepted.is_none() && fail_on.is_some_and(|verdict| change.verdict <= verdict)
    }

    /// Leaves out what is not to be reviewed, and gives rules verdicts of their own.
    pub fn narrow(&mut self, exclusions: &[Exclusion], severities: &[Severity]) {
        for severity in severities {
            severity.apply(&mut self.changes);
        }
        self.notices.extend(exclude(&mut self.changes, exclusions));
        self.advice = self.advice.as_ref().map(|advice| advice.for_changes(&self.changes));
    }

    /// Puts the changes in order, counts, and decides.
    pub fn settle(&mut self, fail_on: Option<Verdict>) {
        self.changes.sort_by_key(|change| change.verdict);
        self.groups = grouped(&self.changes);
        let count = |verdict| self.changes.iter().filter(|change| change.counts(verdict)).count();
        let accepted = |change: &&Change| change.accepted.is_some() && change.verdict != Verdict::Allowed;
        self.summary = Counts {
            breaking: count(Verdict::Breaking),
            unclear: count(Verdict::Unclear),
            allowed: self.changes.iter().filter(|change| change.verdict == Verdict::Allowed).count(),
            accepted: self.changes.iter().filter(accepted).count(),
        };
        let fails = self.changes.iter().any(|change| Self::fails(change, fail_on));
        self.verdict = if fails { Decision::Fail } else { Decision::Pass };
    }

    /// Whether it failed.
    pub fn has_failed(&self) -> bool {
        self.verdict == Decision::Fail
    }

    /// The operations of an outcome.
    pub fn of(&self, outcome: Outcome) -> impl Iterator<Item = &Joined> {
        self.operations.iter().filter(move |line| line.outcome == outcome)
    }
}

fn advice(base: &Contract, head: &Contract, changes: &[Change]) -> Advice {
    let text = |contract: &Contract| {
        let mut value = contract.document().value().clone();
        if let Some(info) = value.get_mut("info").and_then(serde_json::Value::as_object_mut) {
            info.shift_remove("version");
        }
        value
    };
    Advice::new(changes, text(base) != text(head), base.version(), head.version())
}

fn with_records(
    (base, head): (&Contract, &Contract),
    mut changes: Vec<Change>,
    records: Option<(&Side, &Side)>,
) -> Result<(Vec<Change>, Vec<Joined>), SideError> {
    let Some((before, after)) = records else { return Ok((changes, Vec::new())) };
    let read = |side: &'_ Side| -> Result<(), SideError> {
        match &side.content {
            Content::Records(_) => Ok(()),
            Content::Contract(_) => Err(SideError(format!(
                "{} is a contract, and --records takes folders of records\n  help: give two folders, or REVISION:FOLDER",
                side.name
            ))),
        }
    };
    read(before)?;
    read(after)?;
    let none = Records::new();
    let of = |side: &'_ Side| match &side.content {
        Content::Records(records) => records.clone(),
        Content::Contract(_) => none.clone(),
    };
    let errors = head.rules().errors.as_ref().map(|errors| &errors.pointers);
    let (old, new) = (of(before), of(after));
    let mut observed = observe((&before.name, &old), (&after.name, &new), errors);
    let evidence = Evidence { base, head, before: &old, after: &new };
    let operations = join::joined(&evidence, &changes, &mut observed);
    changes.extend(observed.into_iter().map(|observed| observed.change));
    Ok((changes, operations))
}
