//! The report of a run.

use std::time::Instant;

use super::config::RunConfig;
use super::engine::Engine;
use crate::findings::{ContractStamp, Finding, Report, Summary, Tally, today};
use crate::session::Leftover;

impl Engine {
    /// The report of what was found.
    pub(super) fn report(
        &self,
        config: &RunConfig,
        tally: Tally,
        mut found: Vec<Finding>,
        leftovers: Vec<Leftover>,
        begun: Instant,
    ) -> Report {
        let laws = tally.into_lines();
        let held = config.baseline.as_ref().map(|known| known.hold(&mut found, &laws, today()));
        let summary = Summary::of(&found, &laws);
        let mut report = Report::new(&config.url, config.seed, &self.tag);
        report.requests = self.session.sent();
        report.throttled = self.session.throttled();
        report.duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        report.leftovers = leftovers.len();
        report.left = leftovers;
        report.interrupted = self.session.is_interrupted();
        report.contract = Some(ContractStamp::of(&config.contract));
        report.shard = config.shard;
        report.summary = summary;
        report.findings = found;
        report.laws = laws;
        report.baseline = held;
        report.weigh(config.strict);
        report.redacted(&config.redactor())
    }
}
