//! From breaches to findings: what one cause explains is told once.

use std::rc::Rc;

use schemas::Contract;
use sha2::{Digest, Sha256};

use super::stage::Stage;
use super::step::Step;
use crate::judge::Breach;
use crate::law::id;
use crate::report::{Finding, Severity, StepLine, curl};

/// A breach with where it came from.
#[derive(Debug, Clone)]
pub(crate) struct Raw {
    pub(crate) breach: Breach,
    /// The case that saw it.
    pub(crate) case: String,
    /// Its place in the plan.
    pub(crate) order: usize,
    pub(crate) steps: Rc<Vec<Step>>,
    /// Rows that its steps name and that were made before.
    pub(crate) before: Vec<Step>,
    /// Requests sent when it was seen.
    pub(crate) sent: usize,
}

/// Breaches of one case, without those that another of them explains.
pub(crate) fn resolve(law: &str, breaches: &[Breach]) -> Vec<Breach> {
    let crashed =
        breaches.iter().filter(|breach| breach.law == id::NO_SERVER_ERROR).map(|breach| breach.step).min();
    let mut kept: Vec<Breach> = Vec::new();
    for breach in breaches {
        let own = breach.law == law || breach.law == id::VALID_ACCEPTED;
        let passive = !own;
        // After a crash nothing that follows in the same story means much.
        if crashed.is_some_and(|step| breach.step >= step && breach.law != id::NO_SERVER_ERROR) {
            continue;
        }
        let refuted = |other: &Breach| {
            other.step == breach.step
                && (other.law == law || other.law == id::VALID_ACCEPTED)
                && matches!(other.class.as_str(), "accepted" | "refused" | "status" | "success-status")
                && Severity::of(other.standing) <= Severity::of(breach.standing)
        };
        if passive
            && breach.law != id::NO_SERVER_ERROR
            && breach.law != id::NOTHING_LEAKS
            && breaches.iter().any(refuted)
        {
            continue;
        }
        let shaped = |other: &Breach| {
            other.law == id::RESPONSE_SCHEMA
                && other.step <= breach.step
                && other.subject.is_some()
                && other.subject == breach.subject
        };
        if own && breach.class == "value" && breach.subject.is_some() && breaches.iter().any(shaped) {
            continue;
        }
        kept.push(breach.clone());
    }
    kept
}

/// The steps of a finding that matter, and which of them is to blame.
fn steps_of(raw: &Raw) -> (Vec<Step>, usize) {
    let blamed = raw.breach.step.min(raw.steps.len().saturating_sub(1));
    let mut steps: Vec<Step> = raw.steps.iter().take(blamed + 1).cloned().collect();
    // A law that every answer is held to needs only the request itself, and what made the rows it names.
    let always = crate::law::by_id(raw.breach.law)
        .is_some_and(|law| matches!(law.tried, crate::law::Tried::Always(_)));
    if always && let Some(last) = steps.pop() {
        let made: Vec<Step> = steps.into_iter().filter(|step| names_its_row(step, &last)).collect();
        steps = made;
        steps.push(last);
    }
    if let Some(last) = steps.last_mut() {
        last.expect = Some(raw.breach.expect.clone());
    }
    let mut whole: Vec<Step> = raw
        .before
        .iter()
        .filter(|step| steps.iter().any(|later| names_its_row(step, later)))
        .cloned()
        .collect();
    whole.extend(steps);
    let here = whole.len() - 1;
    (whole, here)
}

fn names_its_row(made: &Step, later: &Step) -> bool {
    made.made.as_ref().is_some_and(|(_, id)| later.mentions(id))
}

/// Shared rows that steps name, with what made them, owners first.
pub(crate) fn made_before(stage: &Stage, steps: &[Step]) -> Vec<Step> {
    let mut made: Vec<Step> = Vec::new();
    let mut waiting: Vec<Rc<super::row::Row>> =
        stage.rows().filter(|row| steps.iter().any(|step| step.mentions(&row.id))).cloned().collect();
    let mut seen: Vec<String> = Vec::new();
    while let Some(row) = waiting.pop() {
        if seen.contains(&row.id)
            || steps.iter().any(|step| {
                step.call.target() == row.made.call.target() && step.response == row.made.response
            })
        {
            continue;
        }
        seen.push(row.id.clone());
        if let Some(owner) = row.parent.as_ref().and_then(|id| stage.with_id(id)) {
            waiting.push(owner);
        }
        made.insert(0, row.made.clone());
    }
    made
}

/// One finding per cause, the most severe first, then in the order of the plan.
pub(crate) fn findings(contract: &Contract, mut raws: Vec<Raw>) -> Vec<(Finding, Raw)> {
    raws.sort_by_key(|raw| raw.order);
    let mut groups: Vec<Vec<Raw>> = Vec::new();
    for raw in raws {
        let same = |group: &&mut Vec<Raw>| {
            let first = &group[0].breach;
            first.law == raw.breach.law
                && first.class == raw.breach.class
                && Severity::of(first.standing) == Severity::of(raw.breach.standing)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(raw),
            None => groups.push(vec![raw]),
        }
    }
    let mut found: Vec<(Finding, Raw)> = groups.into_iter().map(|group| finding(contract, group)).collect();
    found.sort_by_key(|(finding, raw)| (finding.severity, raw.order));
    super::cause::fold(contract, found)
}

fn finding(contract: &Contract, mut group: Vec<Raw>) -> (Finding, Raw) {
    // The shortest story tells it best; among equals the first of the plan.
    let best = group
        .iter()
        .enumerate()
        .min_by_key(|(index, raw)| (raw.breach.step, *index))
        .map_or(0, |(index, _)| index);
    let first_seen = group.iter().map(|raw| raw.sent).min().unwrap_or(0);
    let raw = group.swap_remove(best);
    let mut also: Vec<String> = Vec::new();
    let mut cases = 1;
    group.sort_by_key(|raw| raw.order);
    for other in &group {
        cases += 1;
        if other.breach.operation != raw.breach.operation && !also.contains(&other.breach.operation) {
            also.push(other.breach.operation.clone());
        }
    }
    let mut also_fields: Vec<String> = Vec::new();
    for subject in group.iter().filter_map(|other| other.breach.subject.as_ref()) {
        if Some(subject) != raw.breach.subject.as_ref() && !also_fields.contains(subject) {
            also_fields.push(subject.clone());
        }
    }
    let (steps, here) = steps_of(&raw);
    let lines: Vec<StepLine> =
        steps.iter().enumerate().map(|(index, step)| StepLine::new(step, index == here)).collect();
    let finding = Finding {
        id: stable_id(&raw.breach),
        law: raw.breach.law.to_owned(),
        operation: raw.breach.operation.clone(),
        also,
        also_fields,
        also_laws: Vec::new(),
        standing: raw.breach.standing,
        severity: Severity::of(raw.breach.standing),
        baselined: false,
        confirmed: false,
        repeats: 0,
        of_repeats: 0,
        cases,
        message: raw.breach.message.clone(),
        contract: contract.locate(&raw.breach.place).to_string(),
        pointer: raw.breach.place.clone(),
        case: raw.case.clone(),
        class: raw.breach.class.clone(),
        found_after: first_seen,
        curl: curl(&steps),
        steps: lines,
    };
    (finding, raw)
}

/// The same breach has the same name in every run.
fn stable_id(breach: &Breach) -> String {
    let digest = Sha256::digest(format!("{}\n{}\n{}", breach.law, breach.operation, breach.class).as_bytes());
    crate::probe::hex(&digest[..4])
}
