//! The order of cases: what reveals most for a request comes first.
//!
//! A case is worth what it may reveal, by how sure the statement is and by what has been tried before it, divided by the
//! requests it takes. What a set-up costs is shared by the cases that are still to use it, so that cases on the same
//! rows come together.

use std::collections::{HashMap, HashSet};

use schemas::Standing;

use crate::law::Case;

/// A standing's share in what a case is worth: a violation tells more than a warning, a warning more than a note.
fn weight(standing: Standing) -> f64 {
    match standing {
        Standing::Documented => 1.0,
        Standing::Inferred => 0.25,
        Standing::Assumed => 0.1,
    }
}

/// What is left of a case's worth after others of its law.
mod novelty {
    /// Nothing of the law was tried.
    pub(super) const LAW: f64 = 4.0;
    /// Nothing of the law was tried on the operation.
    pub(super) const OPERATION: f64 = 0.7;
    /// The same, where one operation's answer tells most about the others'.
    pub(super) const ALIKE: f64 = 0.1;
    /// Another property of an operation: each is checked by code of its own.
    pub(super) const PROPERTY: f64 = 1.0;
    /// Another variant on the same operation.
    pub(super) const VARIANT: f64 = 0.5;
    /// Another way to be wrong with the same property.
    pub(super) const WAY: f64 = 0.5;
}

/// A set-up whose cost is not shared among more cases than so many: a budget may end before the others come.
const MOST_SHARING: usize = 4;
/// How the worth of a case grows with its requests, taken off from one: a longer story can go wrong in more ways.
const GROWTH: f64 = 0.6;
/// Requests within which every law has been tried somewhere, if they take no more: the smallest budget of use.
const EVERY_LAW_WITHIN: usize = 280;
/// What a case without requests of its own costs: looking.
const LOOKING: f64 = 0.25;

/// What is known of a case before any other, in numbers that are quick to compare.
struct Candidate {
    case: Case,
    law: usize,
    /// The law on the operation.
    pair: usize,
    /// The law on the operation, or anywhere where that tells most, and the property.
    property: Option<usize>,
    weight: f64,
    setups: Vec<usize>,
}

/// Numbers for names, in the order in which they come.
#[derive(Default)]
struct Numbers<K>(HashMap<K, usize>);

impl<K: std::hash::Hash + Eq> Numbers<K> {
    fn of(&mut self, key: K) -> usize {
        let next = self.0.len();
        *self.0.entry(key).or_insert(next)
    }
}

/// Orders cases by worth, so many requests being spent already; of two that are worth the same, the one that came first
/// stays first.
pub(super) fn by_worth(cases: Vec<Case>, spent: usize) -> Vec<Case> {
    let (mut laws, mut pairs, mut properties) = (Numbers::default(), Numbers::default(), Numbers::default());
    let mut setups = Numbers::default();
    let mut cost_of_setup: Vec<usize> = Vec::new();
    let mut users: Vec<usize> = Vec::new();
    // The requests that the cheapest case of each law takes.
    let mut least_cost: Vec<usize> = Vec::new();
    let mut candidates: Vec<Candidate> = Vec::with_capacity(cases.len());
    for case in cases {
        let pair = (case.law.id, case.op.id.clone());
        // What is alike everywhere has the same code for a property everywhere.
        let shown_by = if case.law.alike { (case.law.id, String::new()) } else { pair.clone() };
        let property = case.property.clone().map(|property| properties.of((shown_by, property)));
        let uses: Vec<usize> = case.setups.iter().map(|setup| setups.of(setup.name.clone())).collect();
        for (setup, number) in case.setups.iter().zip(&uses) {
            if *number == cost_of_setup.len() {
                cost_of_setup.push(setup.requests);
                users.push(0);
            }
            users[*number] += 1;
        }
        let (law, cost) = (laws.of(case.law.id), case.cost_after(|_| false));
        match least_cost.get_mut(law) {
            Some(least) => *least = cost.min(*least),
            None => least_cost.push(cost),
        }
        candidates.push(Candidate {
            law,
            pair: pairs.of(pair),
            property,
            weight: weight(case.standing),
            setups: uses,
            case,
        });
    }
    let mut seen_laws = vec![false; laws.0.len()];
    let mut seen_pairs = vec![false; pairs.0.len()];
    let mut seen_properties = vec![false; properties.0.len()];
    let mut done: HashSet<usize> = HashSet::new();
    let mut ordered = Vec::with_capacity(candidates.len());
    // Requests that it takes to try each law once that was not tried yet.
    let mut unseen: usize = least_cost.iter().sum();
    let mut spent = spent;
    while !candidates.is_empty() {
        let left = EVERY_LAW_WITHIN.saturating_sub(spent);
        let laws_only = unseen >= left && seen_laws.contains(&false);
        let worth = |candidate: &Candidate| {
            let novelty = match (seen_laws[candidate.law], seen_pairs[candidate.pair], candidate.property) {
                (false, _, _) => novelty::LAW,
                (true, _, Some(property)) if !seen_properties[property] => novelty::PROPERTY,
                (true, false, _) if candidate.case.law.alike => novelty::ALIKE,
                (true, false, _) => novelty::OPERATION,
                (true, true, Some(_)) => novelty::WAY,
                (true, true, None) => novelty::VARIANT,
            };
            let shared = candidate
                .setups
                .iter()
                .filter(|setup| !done.contains(setup))
                .map(|setup| ratio(cost_of_setup[*setup], users[*setup].clamp(1, MOST_SHARING)));
            let cost = ratio(candidate.case.cost, 1) + shared.sum::<f64>();
            candidate.weight * novelty / cost.max(LOOKING).powf(GROWTH)
        };
        let mut best = (0, f64::MIN);
        for (index, candidate) in candidates.iter().enumerate() {
            if laws_only && seen_laws[candidate.law] {
                continue;
            }
            let worth = worth(candidate);
            if worth > best.1 {
                best = (index, worth);
            }
        }
        let chosen = candidates.remove(best.0);
        if !std::mem::replace(&mut seen_laws[chosen.law], true) {
            unseen -= least_cost[chosen.law];
        }
        seen_pairs[chosen.pair] = true;
        if let Some(property) = chosen.property {
            seen_properties[property] = true;
        }
        spent += chosen.case.cost;
        for setup in chosen.setups {
            users[setup] -= 1;
            if done.insert(setup) {
                spent += cost_of_setup[setup];
            }
        }
        ordered.push(chosen.case);
    }
    ordered
}

/// Two small numbers divided.
fn ratio(one: usize, other: usize) -> f64 {
    let number = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    number(one) / number(other)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use schemas::{Contract, Standing};

    use crate::contract::Api;
    use crate::law::{self, Case, Phase, Role};
    use crate::plan::{Plan, Selection};

    fn plan() -> (Api, Plan) {
        let api = Api::new(&Contract::builtin().expect("the contract loads"));
        let selection = Selection { generated: true, assumed: true, ..Selection::default() };
        let plan = Plan::new(&api, 1, &selection);
        (api, plan)
    }

    #[test]
    fn a_plan_has_every_case_once_and_the_basics_first() {
        let (api, plan) = plan();
        let keys: HashSet<String> = plan.cases.iter().map(Case::key).collect();
        let all: HashSet<String> =
            law::catalogue().flat_map(|law| law.cases(&api, 1)).map(|case| case.key()).collect();
        assert_eq!(keys, all);
        assert_eq!(plan.cases.len(), all.len());
        assert!(plan.cases.is_sorted_by_key(|case| case.phase));
    }

    #[test]
    fn every_law_has_a_turn_within_a_small_budget() {
        let (_, plan) = plan();
        let wanted: HashSet<&str> =
            plan.cases.iter().filter(|case| case.phase < Phase::Generated).map(|case| case.law.id).collect();
        let mut spent = 0;
        let mut met: HashSet<&str> = HashSet::new();
        for (case, cost) in plan.costs() {
            spent += cost;
            if spent <= 300 {
                met.insert(case.law.id);
            }
        }
        assert_eq!(wanted.difference(&met).count(), 0, "{:?}", wanted.difference(&met));
    }

    #[test]
    fn each_documented_bound_of_a_property_comes_before_what_one_operation_answered_for_all() {
        let (_, plan) = plan();
        let place = |wanted: &dyn Fn(&Case) -> bool| {
            plan.cases
                .iter()
                .enumerate()
                .filter(|(_, case)| wanted(case))
                .map(|(place, _)| place)
                .collect::<Vec<_>>()
        };
        let mut seen = HashSet::new();
        let first_on_property = plan.cases.iter().enumerate().filter(|(_, case)| {
            case.law.role == Role::Refusal
                && case.standing == Standing::Documented
                && case.phase == Phase::Laws
                && case.property.is_some()
                && seen.insert((case.law.id, case.op.id.clone(), case.property.clone()))
        });
        let last = first_on_property.map(|(place, _)| place).max().expect("there are some");
        let alike = place(&|case| case.law.alike && case.phase == Phase::Laws);
        let mut laws = HashSet::new();
        let again = alike.into_iter().find(|place| !laws.insert(plan.cases[*place].law.id)).expect("one");
        assert!(last < again, "{:?} comes after {:?}", plan.cases[last], plan.cases[again]);
    }
}
