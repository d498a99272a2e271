//! From occurrences to findings: what has one cause is reported once.

use schemas::Contract;
use sha2::{Digest, Sha256};

use super::cause::fold;
use super::curl::curl;
use super::finding::{Finding, Merged, StepLine};
use super::merged::add;
use super::occurrence::Occurrence;
use super::provenance::names_row_of;
use super::severity::Severity;
use crate::contract::Aspect;
use crate::http::hex;
use crate::judge::Breach;
use crate::law;
use crate::scenario::Step;

/// One finding per cause, the most severe first, then in the order of the plan.
pub(crate) fn findings(contract: &Contract, mut occurrences: Vec<Occurrence>) -> Vec<(Finding, Occurrence)> {
    occurrences.sort_by_key(|occurrence| occurrence.order);
    let mut groups: Vec<Vec<Occurrence>> = Vec::new();
    for occurrence in occurrences {
        match groups.iter_mut().find(|group| is_same(&group[0].breach, &occurrence.breach)) {
            Some(group) => group.push(occurrence),
            None => groups.push(vec![occurrence]),
        }
    }
    let mut found: Vec<_> = groups.into_iter().map(|group| finding(contract, group)).collect();
    found.sort_by_key(|(finding, occurrence)| (finding.severity, occurrence.order));
    fold(contract, found)
}

/// Whether two breaches are one finding on several operations.
fn is_same(one: &Breach, other: &Breach) -> bool {
    one.law == other.law
        && one.aspect == other.aspect
        && one.said == other.said
        && Severity::of(one.standing) == Severity::of(other.standing)
}

fn finding(contract: &Contract, mut group: Vec<Occurrence>) -> (Finding, Occurrence) {
    // The shortest story shows it best; of failures one that names a property; among equals the first of the plan.
    let vague = |breach: &Breach| breach.aspect == Aspect::ServerError && breach.subject.is_none();
    let rank = |one: &Occurrence| (one.breach.step, vague(&one.breach));
    let shortest = group.iter().enumerate().min_by_key(|(index, one)| (rank(one), *index));
    let best = shortest.map_or(0, |(index, _)| index);
    let found_after = group.iter().map(|one| one.sent).min().unwrap_or(0);
    let chosen = group.swap_remove(best);
    group.sort_by_key(|one| one.order);
    let mut also: Vec<String> = Vec::new();
    let mut merged: Vec<Merged> = Vec::new();
    let mut also_fields: Vec<String> = Vec::new();
    for other in &group {
        let breach = &other.breach;
        if breach.operation != chosen.breach.operation && !also.contains(&breach.operation) {
            also.push(breach.operation.clone());
            add(&mut merged, [story(other)]);
        }
        if let Some(subject) =
            breach.subject.as_ref().filter(|one| Some(*one) != chosen.breach.subject.as_ref())
            && !also_fields.contains(subject)
        {
            also_fields.push(subject.clone());
        }
    }
    let steps = steps_of(&chosen);
    let here = steps.len() - 1;
    let breach = &chosen.breach;
    let finding = Finding {
        id: stable_id(breach),
        law: breach.law.to_owned(),
        operation: breach.operation.clone(),
        also,
        merged,
        also_fields,
        also_laws: Vec::new(),
        explains: Vec::new(),
        explains_more: 0,
        standing: breach.standing,
        severity: Severity::of(breach.standing),
        baselined: false,
        confirmed: false,
        repeats: 0,
        of_repeats: 0,
        cases: 1 + group.len(),
        message: breach.message.clone(),
        contract: contract.locate(&breach.place).to_string(),
        pointer: breach.place.clone(),
        case: chosen.case.clone(),
        class: breach.aspect.to_string(),
        found_after,
        curl: curl(&steps),
        steps: steps.iter().enumerate().map(|(index, step)| StepLine::new(step, index == here)).collect(),
    };
    (finding, chosen)
}

/// What shows a breach on another operation.
fn story(occurrence: &Occurrence) -> Merged {
    let steps = steps_of(occurrence);
    let here = steps.len() - 1;
    Merged {
        operation: occurrence.breach.operation.clone(),
        message: occurrence.breach.message.clone(),
        curl: curl(&steps),
        steps: steps.iter().enumerate().map(|(index, step)| StepLine::new(step, index == here)).collect(),
    }
}

/// The steps of an occurrence that matter; the last one is to blame.
fn steps_of(occurrence: &Occurrence) -> Vec<Step> {
    let blamed = occurrence.breach.step.min(occurrence.steps.len().saturating_sub(1));
    let mut steps: Vec<Step> = occurrence.steps.iter().take(blamed + 1).cloned().collect();
    // A law on every answer needs only the request itself, and what created the rows it names.
    let on_every_answer = law::by_id(occurrence.breach.law).is_some_and(law::Law::is_on_every_answer);
    if on_every_answer && let Some(last) = steps.pop() {
        steps.retain(|step| names_row_of(step, &last));
        steps.push(last);
    }
    if let Some(last) = steps.last_mut() {
        last.expected = Some(occurrence.breach.expected.clone());
    }
    let is_named = |step: &&Step| steps.iter().any(|later| names_row_of(step, later));
    let mut whole: Vec<Step> = occurrence.before.iter().filter(is_named).cloned().collect();
    whole.extend(steps);
    whole
}

/// The same breach has the same id in every run.
fn stable_id(breach: &Breach) -> String {
    let text = format!("{}\n{}\n{}", breach.law, breach.operation, breach.aspect);
    hex(&Sha256::digest(text.as_bytes())[..4])
}
