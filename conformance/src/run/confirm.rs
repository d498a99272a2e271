//! Trying findings again.

use super::engine::Engine;
use super::merge::{Raw, resolve};
use crate::plan::Case;
use crate::report::Finding;

/// How often a finding is tried again.
const REPEATS: usize = 3;
/// Findings beyond this number are told as they are.
const MOST: usize = 25;

/// Tries each finding again, from the start and with fresh rows.
pub(super) async fn confirm(engine: &Engine, findings: &mut [(Finding, Raw)]) {
    for (finding, raw) in findings.iter_mut().take(MOST) {
        let Some(case) = engine.plan.case(&raw.case).cloned() else { continue };
        for repeat in 0..REPEATS {
            // A try that is cut off would look like one that shows nothing.
            if engine.session.is_over() || engine.session.left() < case.cost_after(|_| false) {
                break;
            }
            finding.of_repeats += 1;
            if shows(engine, &case, repeat, finding).await {
                finding.repeats += 1;
            }
        }
        finding.confirmed = finding.of_repeats > 0 && finding.repeats == finding.of_repeats;
    }
}

/// Whether one more try shows the finding.
pub(super) async fn shows(engine: &Engine, case: &Case, repeat: usize, finding: &Finding) -> bool {
    let attempt = u32::try_from(repeat + 1).unwrap_or(1);
    let tried = engine.attempt(case, attempt).await;
    resolve(case.law.id, &tried.breaches).iter().any(|breach| {
        breach.law == finding.law
            && breach.class == finding.class
            && (breach.operation == finding.operation || finding.also.contains(&breach.operation))
    })
}
