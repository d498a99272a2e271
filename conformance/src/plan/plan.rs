//! All cases of a run, in order of worth.

use std::collections::{HashMap, HashSet};

use schemas::Standing;

use super::shard::Shard;
use crate::contract::Api;
use crate::contract::matches;
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
        let any = |patterns: &[String], name: &str| {
            patterns.is_empty() || patterns.iter().any(|pattern| matches(pattern, name))
        };
        any(&self.laws, law) && any(&self.operations, operation)
    }
}

/// All cases of a run, in order of worth.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) cases: Vec<Case>,
}

impl Plan {
    /// What every law wants to try, the most worthwhile first: what others build on; then each law once; then each law
    /// once everywhere, those whose answer on one operation tells most about the others last; then the further variants;
    /// then what nobody promised.
    pub(crate) fn new(api: &Api, seed: u64, selection: &Selection) -> Self {
        let mut seen: HashMap<(&str, String), usize> = HashMap::new();
        let mut ranked: Vec<((Phase, u8), Case)> = Vec::new();
        for law in law::catalogue() {
            let mut cases = law.cases(api, seed);
            cases.sort_by_key(|case| (case.phase, case.standing));
            for case in cases {
                if !selection.admits(case.law.id, &case.op.id)
                    || (case.phase == Phase::Generated && !selection.generated)
                    || (case.standing == Standing::Assumed && !selection.assumed)
                {
                    continue;
                }
                let known = |seen: &HashMap<(&str, String), usize>, operation: &str| {
                    seen.contains_key(&(case.law.id, operation.to_owned()))
                };
                let (again, elsewhere) = (known(&seen, &case.op.id), known(&seen, ""));
                *seen.entry((case.law.id, case.op.id.clone())).or_default() += 1;
                *seen.entry((case.law.id, String::new())).or_default() += 1;
                let sure = case.standing != Standing::Assumed;
                let rank = match (case.standing, elsewhere, again) {
                    (_, false, _) if sure => 0,
                    (_, false, _) => 1,
                    (_, true, false) if sure && !case.law.alike => 2,
                    (_, true, false) if sure => 3,
                    (Standing::Documented, true, true) => 4,
                    (_, true, true) if sure => 5,
                    (_, true, false) => 6,
                    (_, true, true) => 7,
                };
                ranked.push(((case.phase, rank), case));
            }
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        let cases: Vec<Case> = ranked.into_iter().map(|(_, case)| case).collect();
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
