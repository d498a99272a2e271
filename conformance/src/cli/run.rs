//! `run`: holds a target to the contract.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::error::{CommandResult, UserError};
use super::finish::end;
use super::output::stdout;
use super::outputs::{Outputs, ReportArgs};
use super::required_laws::RequiredLawsArgs;
use super::target::{TargetArgs, config};
use super::values::{duration, requests, tag, workers};
use super::{baseline, exit, globs};
use crate::findings::{Baseline, Event, Stream};
use crate::law::Case;
use crate::plan::{Plan, Shard};
use crate::report::Progress;
use crate::run::{Forecast, RunConfig};
use crate::shown::line;

/// `run`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct RunArgs {
    /// OpenAPI description to hold the target to, as with --contract.
    #[arg(value_name = "CONTRACT")]
    pub(super) description: Option<PathBuf>,
    #[command(flatten)]
    pub(super) target: TargetArgs,
    /// Seed of the generated values.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(super) seed: u64,
    /// Maximum number of requests, clean-up included.
    #[arg(long, default_value_t = 2_000, value_name = "N", value_parser = requests)]
    pub(super) max_requests: usize,
    /// Maximum time, waiting and clean-up included: `90s`, `10m`, `1h`.
    #[arg(long, default_value = "10m", value_name = "TIME", value_parser = duration)]
    pub(super) max_time: std::time::Duration,
    /// Number of cases to run at the same time.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = workers)]
    pub(super) workers: usize,
    /// Only laws that match: `auth-*`, `unique-on-?????`; with a `!` before it, all others; repeatable.
    #[arg(long, value_name = "GLOB")]
    pub(super) law: Vec<String>,
    /// Only operations that match; with a `!` before it, all others; repeatable.
    #[arg(long, value_name = "GLOB")]
    pub(super) operation: Vec<String>,
    /// Judge one share of the contract, as in 2/4 for the second of four; the shares together judge all of it.
    #[arg(long, value_name = "I/N")]
    pub(super) shard: Option<Shard>,
    /// Warnings fail the run too.
    #[arg(long)]
    pub(super) strict: bool,
    /// File of known findings that do not fail the run [default: conformance-baseline.yaml beside the configuration file or in the current folder, if it exists].
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Send no generated requests.
    #[arg(long)]
    pub(super) no_generated: bool,
    #[command(flatten)]
    pub(super) required: RequiredLawsArgs,
    #[command(flatten)]
    pub(super) reports: ReportArgs,
    /// Mark in the names of everything the run creates, instead of a fresh one.
    #[arg(long, value_name = "TEXT", value_parser = tag)]
    pub(super) run_tag: Option<String>,
    /// Print the plan and its cost; send nothing.
    #[arg(long, conflicts_with = "report")]
    pub(super) dry_run: bool,
    /// Print notes in full too.
    #[arg(short, long)]
    pub(super) verbose: bool,
}

/// `run`.
pub(super) async fn run(
    mut args: RunArgs,
    configuration: Option<&Path>,
    stop: Arc<AtomicBool>,
) -> CommandResult {
    args.target.contract = args.description.take().or(args.target.contract);
    let mut config = config(&args.target)?;
    config.seed = args.seed;
    config.tag = args.run_tag;
    config.max_requests = args.max_requests;
    config.max_time = args.max_time;
    config.workers = args.workers;
    config.laws = args.law;
    config.operations = args.operation;
    config.shard = args.shard;
    config.strict = args.strict;
    config.generated = !args.no_generated;
    globs::check(&config.laws, &config.operations, &config.contract)?;
    if let Some(path) = baseline::place(args.baseline.as_ref(), configuration) {
        config.baseline = Some(Baseline::read_for(&path, &config.contract)?);
    }
    if args.dry_run {
        return dry_run(&config);
    }
    let stated = args.required.stated(&config)?;
    let outputs = Outputs::open(&args.reports, &[&args.target.last_run], true)?;
    let stream = Stream::default();
    let forecast = Forecast::of(&config);
    stream.subscribe(move |event: &Event| {
        // What the target allows is known once it has answered.
        if let Event::Planned { per_minute, .. } = event {
            let forecast = forecast.clone().answered(*per_minute);
            let _ = writeln!(anstream::stderr(), "{}", line(&forecast.to_string()));
        }
    });
    if std::io::stderr().is_terminal() {
        stream.subscribe(Progress::new());
    }
    outputs.listen(&stream);
    match crate::run::run(&config, stop, stream).await {
        Ok(mut report) => {
            report.require(&args.required.fail_on_not_judged, stated);
            let written = outputs.write(&report, config.strict);
            end(&report, &args.target.last_run, config.strict, args.verbose, written)
        }
        Err(error) => {
            let report = config.unjudged(&error);
            let written = outputs.write(&report, config.strict);
            super::github::tell(&report, config.strict)?;
            written?;
            Err(UserError::without_secrets(error.problem(), &config.redactor()))
        }
    }
}

fn dry_run(config: &RunConfig) -> CommandResult {
    let api = config.api();
    let plan = Plan::new(&api, config.seed, &config.selection());
    let mut out = stdout();
    let mut so_far = 0;
    let tried = |case: &Case| case.unable.is_none();
    for (case, cost) in plan.costs().filter(|(case, _)| tried(case)) {
        so_far += cost;
        writeln!(out, "{so_far:>5}  {:>3}  {:<10}  {}", cost, case.standing.as_str(), line(&case.key()))?;
    }
    let left_out = plan.cases.iter().filter_map(|case| Some((case, case.unable.as_ref()?)));
    for (case, why) in left_out {
        let op = &case.op;
        writeln!(out, "{}", line(&format!("not tried  {}  {} {}: {why}", op.id, op.method, op.path)))?;
    }
    let cases = plan.cases.iter().filter(|case| tried(case)).count();
    writeln!(out, "{cases} cases, about {} requests; nothing was sent", plan.cost())?;
    Ok(exit::HOLDS)
}
