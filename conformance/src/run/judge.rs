//! A run, from the first request to the report.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::collect::Collected;
use super::config::RunConfig;
use super::confirm::confirm;
use super::engine::Engine;
use super::ledger::keep_ledger;
use super::preflight::{CannotJudge, preflight};
use crate::findings::{Collector, Event, Finding, Report, Stream, Tally, Verdict, findings};

/// Holds a target to its contract and deletes what it created; `stop` ends it early.
///
/// Whatever it comes to, listeners get a report at the end: of a run that could not judge, one that says why.
pub async fn run(config: &RunConfig, stop: Arc<AtomicBool>, stream: Stream) -> Result<Report, CannotJudge> {
    let outcome = judge(config, stop, &stream).await;
    let report = outcome.as_ref().map_or_else(|error| config.unjudged(error), Report::clone);
    stream.emit(&Event::Finished(Box::new(report)));
    outcome
}

async fn judge(config: &RunConfig, stop: Arc<AtomicBool>, stream: &Stream) -> Result<Report, CannotJudge> {
    let begun = Instant::now();
    let collector = Collector::new(&config.contract);
    stream.subscribe(collector.clone());
    let engine = Engine::new(config, stop, stream.clone())?;
    let cleared = match preflight(&engine.session, &config.url).await {
        Ok(cleared) => cleared,
        Err(CannotJudge::Interrupted) => {
            let mut report = engine.report(config, Tally::default(), Vec::new(), Vec::new(), begun);
            report.coverage = Some(collector.coverage());
            return Ok(report);
        }
        Err(error) => return Err(error),
    };
    stream.emit(&Event::Planned {
        cases: engine.plan.cases.len(),
        requests: engine.plan.cost(),
        per_minute: engine.session.per_minute(),
    });
    keep_ledger(&engine.session, config, &engine.mark, &cleared)?;
    let mut collected = engine.carry_out(config, cleared.other_key).await;
    let mut found = findings(&config.contract, std::mem::take(&mut collected.occurrences));
    if config.confirm {
        confirm(&engine, &mut found).await;
    }
    collected.add_occurrences(engine.unsteadiness());
    collected.add_occurrences(engine.disappearances());
    let Collected { tally, occurrences } = collected;
    found.extend(findings(&config.contract, occurrences).into_iter().map(|(mut finding, occurrence)| {
        // It is about what does not come again: there is nothing to repeat.
        finding.confirmed = true;
        (finding, occurrence)
    }));
    found.sort_by_key(|(finding, _)| finding.severity);
    engine.find_orphans().await;
    stream.emit(&Event::Cleaning { rows: engine.session.owed() });
    let leftovers = engine.session.clean().await;
    let found: Vec<Finding> = found.into_iter().map(|(finding, _)| finding).collect();
    let mut report = engine.report(config, tally, found, leftovers, begun);
    report.coverage = Some(collector.coverage());
    let nothing = report.summary.laws_passed == 0 && report.findings.is_empty();
    if nothing && !report.interrupted {
        let why = report.laws.iter().find_map(|line| line.reason.clone());
        let why = CannotJudge::Nothing(why.unwrap_or_else(|| "no law was selected".to_owned()));
        if report.left.is_empty() {
            return Err(why);
        }
        // What is left behind is reported all the same.
        report.verdict = Verdict::Error;
        report.error = Some(why.to_string());
    }
    Ok(report)
}
