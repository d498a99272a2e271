//! Running one finding's case again.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::collect::Collected;
use super::config::RunConfig;
use super::confirm::{REPEATS, shows};
use super::engine::Engine;
use super::ledger::keep_ledger;
use super::preflight::{CannotJudge, preflight};
use crate::findings::{Finding, Report, Stream, Tally, findings};
use crate::law::{Case, Phase, Role, catalogue};
use crate::scenario::Attempt;

/// Runs one finding's case again. Returns in how many of three tries it showed, and a report of one more.
pub(crate) async fn replay(
    config: &RunConfig,
    finding: &Finding,
    stop: Arc<AtomicBool>,
) -> Result<(usize, Report), CannotJudge> {
    let begun = Instant::now();
    let engine = Engine::new(config, stop, Stream::default())?;
    let cleared = preflight(&engine.session, &config.url).await?;
    keep_ledger(&engine.session, config, &engine.mark, &cleared)?;
    let Some(case) = engine.plan.case(&finding.case).cloned() else {
        return Err(CannotJudge::Nothing(format!("the contract no longer has the case {}", finding.case)));
    };
    engine.create_shared_rows_for(&case).await;
    let mut times = 0;
    for repeat in REPEATS {
        times += usize::from(shows(&engine, &case, repeat, finding).await == Some(true));
    }
    let tried = engine.attempt(&case, Attempt::Replay).await;
    let mut collected = Collected::default();
    collected.add(&case, 0, &tried);
    let leftovers = engine.session.clean().await;
    let found = findings(&config.contract, collected.occurrences);
    let found = found.into_iter().map(|(finding, _)| finding).collect();
    Ok((times, engine.report(config, Tally::default(), found, leftovers, begun)))
}

impl Engine {
    /// Creates the shared rows that one case builds on.
    async fn create_shared_rows_for(&self, case: &Case) {
        for basic in self.basics().filter(|basic| case.needs.contains(&basic.op.id)) {
            self.attempt(&basic, Attempt::First).await;
        }
    }

    /// The cases that try whether operations work at all, and create the shared rows.
    pub(super) fn basics(&self) -> impl Iterator<Item = Case> {
        let law = catalogue().find(|law| law.role == Role::ValidRequest);
        let cases = law.map(|law| law.cases(&self.session.api, 0)).unwrap_or_default();
        cases.into_iter().filter(|case| case.phase == Phase::Basics)
    }
}
