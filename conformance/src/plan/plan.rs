//! All cases of a run, in order of worth.

use std::collections::HashSet;

use schemas::{Call, Standing};

use super::shard::Shard;
use super::worth::by_worth;
use crate::contract::admits;
use crate::contract::{Api, Operation};
use crate::law;
use crate::law::{Case, Phase};

/// Which cases are wanted; empty lists want all.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    /// Patterns of law ids.
    pub(crate) laws: Vec<String>,
    /// Patterns of operation ids.
    pub(crate) operations: Vec<String>,
    /// Whether generated requests are wanted.
    pub(crate) generated: bool,
    /// Whether what is merely assumed is looked at.
    pub(crate) assumed: bool,
    /// Which share of them; all where there is none.
    pub(crate) shard: Option<Shard>,
}

impl Selection {
    /// Whether a law on an operation is wanted.
    pub(crate) fn admits(&self, law: &str, operation: &str) -> bool {
        admits(&self.laws, law) && admits(&self.operations, operation)
    }
}

/// All cases of a run, in order of worth.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) cases: Vec<Case>,
}

impl Plan {
    /// What every law wants to try: what others build on first, then what the contract states by
    /// [worth](super::worth), then generated requests.
    pub(crate) fn new(api: &Api, seed: u64, selection: &Selection) -> Self {
        let mut cases: Vec<Case> = law::catalogue().flat_map(|law| law.cases(api, seed)).collect();
        cases.retain(|case| {
            selection.admits(case.law.id, &case.op.id)
                && (case.unable.is_some() || api.withheld(&case.op).is_none())
                && (case.phase != Phase::Generated || selection.generated)
                && (case.standing != Standing::Assumed || selection.assumed)
        });
        let wants_care = |op: &Operation| op.role.as_ref().and_then(|role| role.call) == Some(Call::Alone);
        for case in &mut cases {
            case.alone |= wants_care(&case.op);
        }
        cases.sort_by_key(|case| case.phase);
        let laws = cases.partition_point(|case| case.phase < Phase::Laws);
        let generated = cases.partition_point(|case| case.phase < Phase::Generated);
        let last = cases.split_off(generated);
        let stated = cases.split_off(laws);
        let basics = cases.iter().map(|case| case.cost).sum();
        cases.extend(by_worth(stated, basics));
        cases.extend(by_worth(last, 0));
        Self {
            cases: match selection.shard {
                Some(shard) => shard.select(cases),
                None => cases,
            },
        }
    }

    /// Requests it takes, about.
    pub(crate) fn cost(&self) -> usize {
        self.costs().map(|(_, cost)| cost).sum()
    }

    /// Every case with the requests it takes, about, once those before it are through.
    pub(crate) fn costs(&self) -> impl Iterator<Item = (&Case, usize)> {
        let mut done: HashSet<&str> = HashSet::new();
        self.cases.iter().map(move |case| {
            let cost = case.cost_after(|setup| done.contains(setup));
            done.extend(case.setups.iter().map(|setup| setup.name.as_str()));
            (case, cost)
        })
    }

    /// A case by its key.
    pub(crate) fn case(&self, key: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.key() == key)
    }
}
