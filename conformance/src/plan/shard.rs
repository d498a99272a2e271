//! One of several runs that judge a contract together.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::law::{Case, Phase};

/// Runs that may judge a contract together at the most.
const MOST: usize = 64;

/// Which of several runs this one is, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which one, from 1.
    pub index: usize,
    /// Of how many.
    pub of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("write which of how many, as in 1/4, with at most {MOST}");
        let (index, of) = text.split_once('/').ok_or_else(wrong)?;
        let number = |text: &str| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<usize>().ok().filter(|_| digits)
        };
        let (index, of) = number(index).zip(number(of)).ok_or_else(wrong)?;
        if !(1..=MOST).contains(&of) {
            return Err(wrong());
        }
        if !(1..=of).contains(&index) {
            return Err(format!("there are {of}, counted from 1, and {index} is none of them"));
        }
        Ok(Self { index, of })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

/// What is never parted: everything that judges one law on one operation.
struct Share {
    key: (&'static str, String),
    phase: Phase,
    cost: usize,
    /// What it looks at that others look at too: it costs once in every run.
    setups: HashMap<String, usize>,
}

impl Share {
    /// Requests it takes in a run that has done some setups already.
    fn cost_after(&self, done: &HashSet<String>) -> usize {
        self.cost
            + self
                .setups
                .iter()
                .filter(|(setup, _)| !done.contains(*setup))
                .map(|(_, cost)| cost)
                .sum::<usize>()
    }
}

impl Shard {
    /// The cases of a plan that are this run's to judge. A law on an operation is judged by one run alone, and what
    /// the runs cost differs by no more than what the dearest law on an operation does.
    pub(crate) fn select(self, cases: Vec<Case>) -> Vec<Case> {
        let mut shares: Vec<Share> = Vec::new();
        let mut places: HashMap<(&'static str, String), usize> = HashMap::new();
        for case in &cases {
            let key = (case.law.id, case.op.id.clone());
            let place = *places.entry(key.clone()).or_insert_with(|| {
                shares.push(Share { key, phase: case.phase, cost: 0, setups: HashMap::new() });
                shares.len() - 1
            });
            let share = &mut shares[place];
            share.cost += case.cost;
            share.setups.extend(case.setups.iter().map(|setup| (setup.name.clone(), setup.requests)));
            share.phase = share.phase.min(case.phase);
        }
        // The dearest first, phase by phase: what comes last evens out what came before.
        let dear = |share: &Share| std::cmp::Reverse(share.cost_after(&HashSet::new()));
        shares.sort_by_key(|share| (share.phase, dear(share)));
        let mut runs: Vec<(usize, HashSet<String>)> = vec![(0, HashSet::new()); self.of];
        let mut mine: HashSet<(&'static str, String)> = HashSet::new();
        for share in shares {
            let after = |index: &usize| runs[*index].0 + share.cost_after(&runs[*index].1);
            let lightest = (0..self.of).min_by_key(after).unwrap_or(0);
            let run = &mut runs[lightest];
            run.0 += share.cost_after(&run.1);
            run.1.extend(share.setups.into_keys());
            if lightest + 1 == self.index {
                mine.insert(share.key);
            }
        }
        cases.into_iter().filter(|case| mine.contains(&(case.law.id, case.op.id.clone()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use schemas::Contract;

    use super::*;
    use crate::contract::Api;
    use crate::plan::{Plan, Selection};

    fn plan(shard: Option<Shard>) -> Plan {
        let contract = Contract::builtin().expect("the contract loads");
        let selection = Selection { generated: true, assumed: true, shard, ..Selection::default() };
        Plan::new(&Api::new(&contract), 1, &selection)
    }

    #[test]
    fn shards_part_the_plan_evenly_and_lose_nothing() {
        let whole = plan(None);
        for of in [1, 2, 3, 4, 7] {
            let parts: Vec<Plan> = (1..=of).map(|index| plan(Some(Shard { index, of }))).collect();
            let mut keys: Vec<String> =
                parts.iter().flat_map(|part| part.cases.iter().map(Case::key)).collect();
            keys.sort();
            let mut all: Vec<String> = whole.cases.iter().map(Case::key).collect();
            all.sort();
            assert_eq!(keys, all, "{of}");
            let costs: Vec<usize> = parts.iter().map(Plan::cost).collect();
            let (least, most) = (costs.iter().min().expect("one"), costs.iter().max().expect("one"));
            assert!(most - least <= 60, "{of}: {costs:?}");
        }
    }

    #[test]
    fn a_law_on_an_operation_is_judged_by_one_shard_alone() {
        let mut owners: HashSet<(&str, String)> = HashSet::new();
        for index in 1..=4 {
            let mine: HashSet<(&str, String)> = plan(Some(Shard { index, of: 4 }))
                .cases
                .iter()
                .map(|case| (case.law.id, case.op.id.clone()))
                .collect();
            for pair in mine {
                assert!(owners.insert(pair.clone()), "{pair:?}");
            }
        }
    }

    #[test]
    fn shards_are_read_as_they_are_written() {
        for text in ["1/1", "2/4", "64/64"] {
            assert_eq!(text.parse::<Shard>().map(|shard| shard.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "1", "0/4", "5/4", "1/0", "1/65", "a/b", "1/4/4", "+1/4", "-1/4", " 1/4"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
