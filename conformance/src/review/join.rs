//! What the contract says against what was observed, operation by operation.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::behaviour::Observed;
use super::change::Change;
use super::evidence::Evidence;
use super::verdict::Verdict;
use crate::record::RecordId;

/// What moved of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Nothing was observed to move, and no record shows that it should have.
    Nothing,
    /// Behaviour moved, and no change of the contract says so.
    Drift,
    /// Records show that a change of the contract was not delivered.
    Undelivered,
    /// Behaviour moved as the contract says.
    Delivered,
}

impl Outcome {
    /// The word of reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Drift => "drift",
            Self::Undelivered => "undelivered",
            Self::Delivered => "delivered",
        }
    }
}

/// One operation of the two by two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The operation's id.
    pub operation: String,
    /// What moved.
    pub outcome: Outcome,
    /// How many changes the contract says of it.
    pub contract: usize,
    /// How many were observed.
    pub behaviour: usize,
    /// The worst of what was observed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub observed: Option<Verdict>,
}

/// Rules whose changes can be seen on no wire.
const SILENT: [&str; 3] = ["standing-raised", "standing-lowered", "path-parameter-renamed"];

/// Joins changes of the contract with observed ones. An observed change that a change of the contract explains is accepted by
/// that: what it breaks is reported there. Every other is drift, however much else of the contract moved.
pub(super) fn joined(
    evidence: &Evidence<'_>,
    contract: &[Change],
    behaviour: &mut [Observed],
) -> Vec<Joined> {
    let loud: Vec<&Change> =
        contract.iter().filter(|change| !SILENT.contains(&change.rule.as_str())).collect();
    let mut operations: IndexMap<String, Option<String>> = IndexMap::new();
    for operation in evidence.base.operations().iter().chain(evidence.head.operations()) {
        let resource = operation.acts().map(|(resource, _)| resource.to_owned());
        operations.entry(operation.id.clone()).or_insert(resource);
    }
    for observed in behaviour.iter() {
        operations.entry(observed.id.operation.clone()).or_insert(None);
    }
    let mut by_operation: BTreeMap<String, Vec<&mut Observed>> = BTreeMap::new();
    for observed in behaviour.iter_mut() {
        by_operation.entry(observed.id.operation.clone()).or_default().push(observed);
    }
    let mut joined = Vec::new();
    for (operation, resource) in operations {
        let own: Vec<&Change> =
            loud.iter().copied().filter(|change| concerns(change, &operation, resource.as_deref())).collect();
        let mut observed = by_operation.remove(&operation).unwrap_or_default();
        explain(evidence, &own, &mut observed);
        let is_drift = observed.iter().any(|one| one.change.accepted.is_none());
        let outcome = match (is_drift, observed.is_empty()) {
            (true, _) => Outcome::Drift,
            (false, _) if own.iter().any(|change| evidence.shows_undelivered(change, &operation)) => {
                Outcome::Undelivered
            }
            (false, false) => Outcome::Delivered,
            (false, true) => Outcome::Nothing,
        };
        joined.push(Joined {
            outcome,
            contract: own.len(),
            behaviour: observed.len(),
            observed: observed.iter().map(|one| one.change.verdict).min(),
            operation,
        });
    }
    joined
}

/// Whether a change is of an operation, of the resource it acts on, or of the whole API.
fn concerns(change: &Change, operation: &str, resource: Option<&str>) -> bool {
    if let Some(own) = &change.operation {
        let is_renamed =
            change.rule == "operation-id-changed" && change.after.as_ref().is_some_and(|id| id == operation);
        return own == operation || is_renamed;
    }
    match change.subject.strip_prefix("resource ").and_then(|subject| subject.split(' ').next()) {
        Some(own) => resource == Some(own),
        None => true,
    }
}

/// Accepts what is explained. With another status, a case that is explained has another code, type or field as well.
fn explain(evidence: &Evidence<'_>, contract: &[&Change], observed: &mut [&mut Observed]) {
    let mut explained: BTreeSet<RecordId> = BTreeSet::new();
    for one in observed.iter_mut() {
        let Some(by) = contract.iter().find(|change| evidence.explains(change, one)) else { continue };
        if one.change.rule == "observed-status-changed" {
            explained.insert(one.id.clone());
        }
        one.change.accepted = Some(told(by));
    }
    for one in observed.iter_mut().filter(|one| one.change.accepted.is_none()) {
        if one.change.rule == "observed-error-type-changed" && explained.contains(&one.id) {
            one.change.accepted = Some("delivered: the type goes with the status".to_owned());
        }
    }
}

fn told(by: &Change) -> String {
    format!("delivered: {} {}", by.rule, by.subject).trim_end().to_owned()
}
