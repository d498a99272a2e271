//! Trying again what failed: a failure that comes again breaks a law; one that does not shows that the target is unsteady.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use schemas::Standing;

use super::attempted::{AttemptedCase, Failure};
use super::beside::PassingFailure;
use super::engine::Engine;
use crate::contract::{Aspect, Expected};
use crate::findings::Occurrence;
use crate::judge::Breach;
use crate::law::{Case, Phase, Role, by_role};
use crate::scenario::Attempt;

/// Tries at the most until a case neither fails nor fails again in the same way.
const MOST_TRIES: u8 = 12;
/// The share of cases in which a failure may come again by chance and be believed, where failures come and go.
const CHANCE: f64 = 1e-4;
/// How long a target that may be starting again is waited for, so many times.
const RESTARTS: (Duration, usize) = (Duration::from_millis(500), 4);

impl Engine {
    /// Tries a case again until it does not fail, or fails again in the same way.
    pub(super) async fn settle(&self, case: &Case, first: AttemptedCase) -> AttemptedCase {
        self.note_passing_steps(case, &first);
        let mut last = first;
        let mut came_again = 0;
        for number in 1..=MOST_TRIES {
            let failure = last.failure();
            if failure.is_none() && !last.was_reset() {
                return last;
            }
            if !self.can_repeat(case) {
                let doubtful = failure.is_some() && !self.is_steady();
                return if doubtful { last.given_up("the target is unstable") } else { last };
            }
            if failure.as_ref().is_some_and(|failure| failure.unanswered) && !self.is_there().await {
                return last.given_up("the target does not answer any more");
            }
            let attempt = if case.phase == Phase::Basics {
                Attempt::RetryShared(number)
            } else {
                Attempt::Retry(number)
            };
            let again = self.attempt(case, attempt).await;
            self.note_passing_steps(case, &again);
            match (failure, again.failure()) {
                (Some(failure), None) if !again.was_reset() => self.note_passing(case, &last, failure),
                (Some(one), Some(other)) if self.is_one(&one, &other) => {
                    came_again += 1;
                    if came_again >= self.tries_to_believe(case) {
                        return again;
                    }
                }
                _ => came_again = 0,
            }
            last = again;
        }
        if let Some(failure) = last.failure() {
            self.note_passing(case, &last, failure);
        }
        last.given_up("the target is unstable")
    }

    /// Whether the target answers at all, some seconds given to start again.
    async fn is_there(&self) -> bool {
        let (pause, times) = RESTARTS;
        for _ in 0..times {
            if self.session.still_answers().await {
                return true;
            }
            if self.session.is_over() {
                return false;
            }
            tokio::time::sleep(pause).await;
        }
        false
    }

    /// Whether two failures are one that came again. Where failures come and go, they have to come at one step.
    fn is_one(&self, one: &Failure, other: &Failure) -> bool {
        one.operation == other.operation
            && one.what == other.what
            && (self.is_steady() || one.step == other.step)
    }

    fn is_steady(&self) -> bool {
        self.passed.borrow().is_empty()
    }

    /// How often a failure must come again to be believed.
    fn tries_to_believe(&self, case: &Case) -> u32 {
        let least = if case.phase == Phase::Basics { 2 } else { 1 };
        if self.is_steady() {
            return least;
        }
        let (failures, sent) = (self.session.stability.failures(), self.session.sent());
        let rate = (count(failures) / count(sent.max(1))).clamp(0.02, 0.5);
        let tries = (CHANCE.ln() / rate.ln()).ceil();
        // Between 3 and 14 by the bounds of the rate.
        (2..=u32::from(MOST_TRIES) - 2).find(|enough| f64::from(*enough) >= tries).unwrap_or(10).max(least)
    }

    fn note_passing(&self, case: &Case, tried: &AttemptedCase, failure: Failure) {
        self.passed.borrow_mut().push(PassingFailure {
            operation: failure.operation,
            what: failure.what,
            case: case.key(),
            step: failure.step,
            steps: Rc::clone(&tried.steps),
            before: tried.before.clone(),
            sent: tried.sent,
        });
    }

    fn note_passing_steps(&self, case: &Case, tried: &AttemptedCase) {
        for (step, what) in &tried.passing {
            let op = tried.steps.get(*step).and_then(|step| step.request.op.as_ref());
            let operation = op.map_or_else(|| case.op.id.clone(), |op| op.id.clone());
            let failure = Failure { operation, what: (*what).to_owned(), step: *step, unanswered: true };
            self.note_passing(case, tried, failure);
        }
    }

    /// Notes that a finding which is a failure did not come again.
    pub(super) fn note_unconfirmed(&self, occurrence: &Occurrence) {
        let status = occurrence.steps.get(occurrence.breach.step).map_or(0, |step| step.status);
        let what = if status == 0 { "no answer".to_owned() } else { format!("status {status}") };
        self.passed.borrow_mut().push(PassingFailure {
            operation: occurrence.breach.operation.clone(),
            what,
            case: occurrence.case.clone(),
            step: occurrence.breach.step,
            steps: Rc::clone(&occurrence.steps),
            before: occurrence.before.clone(),
            sent: occurrence.sent,
        });
    }

    /// What shows that failures come and go: one breach for each operation, all of one finding.
    pub(super) fn unsteadiness(&self) -> Vec<Occurrence> {
        let passed = self.passed.borrow();
        let Some(law) = by_role(Role::Stable) else { return Vec::new() };
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for one in passed.iter() {
            *kinds.entry(&one.what).or_default() += 1;
        }
        let figures: Vec<String> =
            kinds.iter().map(|(what, times)| format!("{times} times {what}")).collect();
        let message = format!(
            "the target is unstable: in {} requests, what failed and then went through was {}",
            self.session.sent(),
            figures.join(", ")
        );
        // An answer is the implementation's; a wire may be rough now and then.
        let often = passed.len() * 100 >= self.session.sent();
        let answered = passed.iter().any(|one| one.what.starts_with("status"));
        let standing = match passed.len() {
            _ if often || answered => Standing::Documented,
            // One request that waited too long, on a machine that had other things to do, say.
            1 => Standing::Assumed,
            _ => Standing::Inferred,
        };
        let mut operations: Vec<&str> = Vec::new();
        let mut occurrences = Vec::new();
        for one in passed.iter() {
            if operations.contains(&one.operation.as_str()) {
                continue;
            }
            operations.push(&one.operation);
            let place = self.session.api.operations.iter().find(|op| op.id == one.operation);
            let place = place.map_or("/paths", |op| op.pointer.as_str());
            let expected = Expected::words("the same answer each time");
            let aspect = Aspect::Unstable;
            let mut breach =
                Breach::new(law.id, &one.operation, place, one.step, aspect, &*message, expected);
            breach.standing(standing);
            occurrences.push(Occurrence {
                breach,
                case: one.case.clone(),
                order: usize::MAX,
                steps: Rc::clone(&one.steps),
                before: one.before.clone(),
                sent: one.sent,
            });
        }
        occurrences
    }
}

/// As a number to divide; a run sends no more requests than it can show exactly.
fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}
