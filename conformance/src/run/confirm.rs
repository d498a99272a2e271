//! Trying findings again.

use super::engine::Engine;
use crate::findings::{Finding, Occurrence, resolve};
use crate::law::{Case, by_id};
use crate::scenario::{Attempt, CaseError};

/// The tries that confirm a finding.
pub(super) const REPEATS: std::ops::RangeInclusive<u8> = 1..=3;
/// Findings beyond this number are reported as they are.
const MOST: usize = 25;
/// How often a try is made once more because the target failed in it.
const MOST_FAILED: u8 = 5;
/// What the tries after the first of one repeat are numbered by.
const STEP: u8 = 20;

/// Tries each finding again, from the start and with fresh rows.
pub(super) async fn confirm(engine: &Engine, found: &mut Vec<(Finding, Occurrence)>) {
    for (finding, occurrence) in found.iter_mut().take(MOST) {
        let Some(case) = engine.plan.case(&occurrence.case).cloned() else { continue };
        if engine.can_repeat(&case) {
            engine.look_after_rows(&case).await;
        }
        for repeat in REPEATS {
            // A try that is cut off would look like one that shows nothing.
            if !engine.can_repeat(&case) {
                break;
            }
            let Some(shows) = shows(engine, &case, repeat, finding).await else { break };
            finding.of_repeats += 1;
            finding.repeats += usize::from(shows);
        }
        finding.confirmed = finding.of_repeats > 0 && finding.repeats == finding.of_repeats;
    }
    // A failure that does not come again shows that the target is unsteady; what is never seen again on rows that are
    // there was seen because rows had vanished.
    let vanished = !engine.vanished.borrow().is_empty();
    found.retain(|(finding, occurrence)| {
        if finding.of_repeats == 0 || finding.confirmed {
            return true;
        }
        let passes = is_failure(finding);
        if passes {
            engine.note_unconfirmed(occurrence);
        }
        !(passes || vanished && finding.repeats == 0)
    });
}

fn is_failure(finding: &Finding) -> bool {
    by_id(&finding.law).is_some_and(|law| law.role.is_failure())
}

/// Whether one more try shows the finding; nothing where the try was cut off and shows nothing.
pub(super) async fn shows(engine: &Engine, case: &Case, repeat: u8, finding: &Finding) -> Option<bool> {
    for again in 0..MOST_FAILED {
        let tried = engine.attempt(case, Attempt::Repeat(repeat + again * STEP)).await;
        let shows = resolve(case.law.id, &tried.breaches).iter().any(|breach| {
            breach.law == finding.law
                && breach.aspect.to_string() == finding.class
                && (breach.operation == finding.operation || finding.also.contains(&breach.operation))
        });
        if shows || !(tried.was_reset() || tried.failure().is_some()) {
            let is_cut_off = matches!(tried.error, Some(CaseError::Send(_)));
            return (shows || !is_cut_off).then_some(shows);
        }
        // The target failed in it: that says nothing about any other finding.
        if is_failure(finding) {
            return Some(false);
        }
        if !engine.can_repeat(case) {
            return None;
        }
    }
    None
}
