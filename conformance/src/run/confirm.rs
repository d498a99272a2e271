//! Trying findings again.

use super::engine::Engine;
use crate::findings::{Finding, Occurrence, resolve};
use crate::law::Case;
use crate::scenario::{Attempt, CaseError};

/// The tries that confirm a finding.
pub(super) const REPEATS: std::ops::RangeInclusive<u8> = 1..=3;
/// Findings beyond this number are reported as they are.
const MOST: usize = 25;

/// Tries each finding again, from the start and with fresh rows.
pub(super) async fn confirm(engine: &Engine, findings: &mut [(Finding, Occurrence)]) {
    for (finding, occurrence) in findings.iter_mut().take(MOST) {
        let Some(case) = engine.plan.case(&occurrence.case).cloned() else { continue };
        for repeat in REPEATS {
            // A try that is cut off would look like one that shows nothing.
            if engine.session.is_over() || engine.session.left() < case.cost_after(|_| false) {
                break;
            }
            let Some(shows) = shows(engine, &case, repeat, finding).await else { break };
            finding.of_repeats += 1;
            finding.repeats += usize::from(shows);
        }
        finding.confirmed = finding.of_repeats > 0 && finding.repeats == finding.of_repeats;
    }
}

/// Whether one more try shows the finding; nothing where the try was cut off and shows nothing.
pub(super) async fn shows(engine: &Engine, case: &Case, repeat: u8, finding: &Finding) -> Option<bool> {
    let tried = engine.attempt(case, Attempt::Repeat(repeat)).await;
    let shows = resolve(case.law.id, &tried.breaches).iter().any(|breach| {
        breach.law == finding.law
            && breach.aspect.to_string() == finding.class
            && (breach.operation == finding.operation || finding.also.contains(&breach.operation))
    });
    let is_cut_off = matches!(tried.error, Some(CaseError::Send(_)));
    (shows || !is_cut_off).then_some(shows)
}
