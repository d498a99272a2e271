//! What the contract says against what was observed, operation by operation.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use schemas::Contract;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::verdict::Verdict;

/// What moved of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Neither.
    Nothing,
    /// Behaviour moved, the contract did not.
    Drift,
    /// The contract moved, behaviour did not.
    Undelivered,
    /// Both moved.
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
const SILENT: [&str; 4] =
    ["standing-raised", "standing-lowered", "path-parameter-renamed", "operation-id-changed"];

/// Joins changes of the contract with observed ones. Observed changes of an operation whose contract moved as well are
/// accepted by that: what they break is reported there.
pub(super) fn joined(
    base: &Contract,
    head: &Contract,
    contract: &[Change],
    behaviour: &mut [Change],
) -> Vec<Joined> {
    let mut own: BTreeMap<&str, usize> = BTreeMap::new();
    // Changes of the whole API, or of a resource, may show anywhere it applies; they call for nothing.
    let mut whole = 0;
    let mut of_resource: BTreeMap<&str, usize> = BTreeMap::new();
    for change in contract.iter().filter(|change| !SILENT.contains(&change.rule.as_str())) {
        let resource = change.subject.strip_prefix("resource ").and_then(|subject| subject.split(' ').next());
        match (&change.operation, resource) {
            (Some(operation), _) => *own.entry(operation).or_default() += 1,
            (None, Some(resource)) => *of_resource.entry(resource).or_default() += 1,
            (None, None) => whole += 1,
        }
    }
    let mut operations: IndexMap<String, Option<String>> = IndexMap::new();
    for operation in base.operations().iter().chain(head.operations()) {
        let resource = operation.acts().map(|(resource, _)| resource.to_owned());
        operations.entry(operation.id.clone()).or_insert(resource);
    }
    for change in behaviour.iter() {
        if let Some(operation) = &change.operation {
            operations.entry(operation.clone()).or_insert(None);
        }
    }
    let mut joined = Vec::new();
    for (operation, resource) in operations {
        let direct = own.get(operation.as_str()).copied().unwrap_or_default();
        let indirect = whole
            + resource.and_then(|resource| of_resource.get(resource.as_str()).copied()).unwrap_or_default();
        let observed: Vec<&mut Change> =
            behaviour.iter_mut().filter(|change| change.operation.as_deref() == Some(&operation)).collect();
        let outcome = match (direct > 0, direct + indirect > 0, !observed.is_empty()) {
            (_, true, true) => Outcome::Delivered,
            (_, false, true) => Outcome::Drift,
            (true, _, false) => Outcome::Undelivered,
            (false, _, false) => Outcome::Nothing,
        };
        let line = Joined {
            outcome,
            contract: direct + indirect,
            behaviour: observed.len(),
            observed: observed.iter().map(|change| change.verdict).min(),
            operation,
        };
        if outcome == Outcome::Delivered {
            for change in observed {
                change.accepted = Some("delivered: the contract of the operation moved as well".to_owned());
            }
        }
        joined.push(line);
    }
    joined
}
