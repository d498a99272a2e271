//! `run`: holds a target to the contract.

use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::exit;
use super::start::{Ended, Mendable, mend};
use super::target::{TargetArgs, config};
use super::values::{duration, requests, tag, workers};
use crate::atlas::Atlas;
use crate::plan::{Plan, Selection, Shard};
use crate::report::{ContractStamp, Progress, Report, Stream, Verdict, junit, print_report};
use crate::run::{Forecast, RunConfig};

/// `run`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) target: TargetArgs,
    /// What generated values follow from.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(super) seed: u64,
    /// Requests at the most, taking away what was made included.
    #[arg(long, default_value_t = 2_000, value_name = "N", value_parser = requests)]
    pub(super) max_requests: usize,
    /// Time at the most, waiting and taking away included: `90s`, `10m`, `1h`.
    #[arg(long, default_value = "10m", value_name = "TIME", value_parser = duration)]
    pub(super) max_time: std::time::Duration,
    /// Cases tried at the same time.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = workers)]
    pub(super) workers: usize,
    /// Only laws that match: `auth-*`, `unique-on-?????`; give it again for more.
    #[arg(long, value_name = "GLOB")]
    pub(super) law: Vec<String>,
    /// Only operations that match; give it again for more.
    #[arg(long, value_name = "GLOB")]
    pub(super) operation: Vec<String>,
    /// Judge one share of the contract, as in 2/4 for the second of four; the shares together judge all of it.
    #[arg(long, value_name = "I/N")]
    pub(super) shard: Option<Shard>,
    /// Warnings fail the run as well.
    #[arg(long)]
    pub(super) strict: bool,
    /// Leave out generated requests.
    #[arg(long)]
    pub(super) no_generated: bool,
    /// Write a report: `json=PATH` or `junit=PATH`; give it again for more.
    #[arg(long, value_name = "KIND=PATH", value_parser = destination)]
    pub(super) report: Vec<Destination>,
    /// Mark of everything the run makes, instead of a fresh one.
    #[arg(long, value_name = "TEXT", value_parser = tag)]
    pub(super) run_tag: Option<String>,
    /// Print the plan and what it costs; send nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Tell notes whole as well.
    #[arg(short, long)]
    pub(super) verbose: bool,
}

/// A report to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Destination {
    Json(PathBuf),
    Junit(PathBuf),
}

fn destination(text: &str) -> Result<Destination, String> {
    match text.split_once('=') {
        Some((_, "")) => Err("the path is missing".to_owned()),
        Some(("json", path)) => Ok(Destination::Json(path.into())),
        Some(("junit", path)) => Ok(Destination::Junit(path.into())),
        _ => Err("write json=PATH or junit=PATH".to_owned()),
    }
}

/// `run`.
pub(super) async fn run(args: RunArgs, stop: Arc<AtomicBool>) -> Ended {
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
    if args.dry_run {
        return dry_run(&config);
    }
    let mut outputs = Vec::new();
    for destination in &args.report {
        let path = match destination {
            Destination::Json(path) | Destination::Junit(path) => path,
        };
        outputs.push((destination.clone(), open(path)?));
    }
    let redactor = config.redactor();
    let stream = Stream::default();
    let _ = writeln!(anstream::stderr(), "{}", Forecast::of(&config));
    if std::io::stderr().is_terminal() {
        stream.subscribe(Progress::new());
    }
    let result = crate::run::run(&config, stop, stream).await;
    let (report, failure) = match result {
        Ok(report) => (report, None),
        Err(error) => {
            let error = redactor.clean(error.to_string());
            let mut report = Report::of_error(&config.url, config.seed, &error).redacted(&redactor);
            report.contract = Some(ContractStamp::of(&config.contract));
            report.shard = config.shard;
            (report, Some(error))
        }
    };
    for (destination, mut file) in outputs {
        let text = match destination {
            Destination::Json(_) => json(&report)?,
            Destination::Junit(_) => junit(&report, config.strict),
        };
        file.write_all(text.as_bytes())
            .map_err(|error| Mendable(format!("failed to write a report: {error}")))?;
    }
    if let Some(error) = failure {
        return Err(mend(error));
    }
    keep(&args.target.last_run, &report);
    print_report(&report, args.verbose, &mut anstream::stdout()).map_err(mend)?;
    Ok(match report.verdict {
        _ if report.interrupted => exit::INTERRUPTED,
        Verdict::Pass => exit::HOLDS,
        Verdict::Fail => exit::VIOLATED,
        Verdict::Error => exit::CANNOT_JUDGE,
    })
}

fn json(report: &Report) -> Result<String, Mendable> {
    serde_json::to_string_pretty(report).map(|text| text + "\n").map_err(mend)
}

fn open(path: &Path) -> Result<fs::File, Mendable> {
    fs::File::create(path).map_err(|error| {
        Mendable(format!(
            "failed to open {} for a report: {error}\n  help: give a path that can be written",
            path.display()
        ))
    })
}

/// Keeps the findings for `replay`; where that cannot be, it is said and nothing else happens.
fn keep(path: &Path, report: &Report) {
    let kept = path.parent().map_or(Ok(()), |folder| {
        if folder.as_os_str().is_empty() { Ok(()) } else { fs::create_dir_all(folder) }
    });
    let text = serde_json::to_string_pretty(report).unwrap_or_default();
    if let Err(error) = kept.and_then(|()| fs::write(path, text)) {
        let _ = writeln!(
            anstream::stderr(),
            "warning: {} was not written, so replay will not know this run: {error}",
            path.display()
        );
    }
}

fn dry_run(config: &RunConfig) -> Ended {
    let atlas = Atlas::new(&config.contract);
    let plan = Plan::new(&atlas, config.seed, &Selection::of(config));
    let mut out = anstream::stdout();
    let mut so_far = 0;
    for (case, cost) in plan.costs() {
        so_far += cost;
        writeln!(out, "{so_far:>5}  {:>3}  {:<10}  {}", cost, case.standing.as_str(), case.key())
            .map_err(mend)?;
    }
    writeln!(out, "{} cases, about {} requests; nothing was sent", plan.cases.len(), plan.cost())
        .map_err(mend)?;
    Ok(exit::HOLDS)
}
