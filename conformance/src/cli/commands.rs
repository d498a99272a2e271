//! What each command does.

use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use schemas::Contract;

use super::args::{Destination, ExplainArgs, LawsArgs, ReplayArgs, RunArgs, SelfTestArgs, TargetArgs};
use super::exit;
use super::start::Mendable;
use crate::atlas::Atlas;
use crate::law;
use crate::plan::{Plan, Selection};
use crate::report::{Event, Finding, Progress, Report, Stream, Verdict, junit, print_finding, print_report};
use crate::run::{RunConfig, Secrets, check_target};

type Ended = Result<u8, Mendable>;

fn mend(error: impl std::fmt::Display) -> Mendable {
    Mendable(error.to_string())
}

fn contract(path: Option<&PathBuf>) -> Result<Contract, Mendable> {
    path.map_or_else(Contract::builtin, |path| Contract::load(path)).map_err(mend)
}

fn config(args: &TargetArgs) -> Result<RunConfig, Mendable> {
    let secrets = Secrets {
        own: args.api_key.iter().map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()).collect(),
        other: args.other_key.clone().filter(|key| !key.is_empty()),
        revoked: args.revoked_key.clone().filter(|key| !key.is_empty()),
    };
    let unprintable = |key: &String| !key.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    if secrets.own.iter().chain(&secrets.other).chain(&secrets.revoked).any(unprintable) {
        return Err(Mendable(
            "a key holds letters that no header can hold\n  help: check what was pasted".to_owned(),
        ));
    }
    if secrets.other.as_ref().is_some_and(|other| secrets.own.contains(other)) {
        return Err(Mendable(
            "--other-key is one of --api-key\n  help: give a key of another workspace, or none".to_owned(),
        ));
    }
    if secrets.revoked.as_ref().is_some_and(|revoked| secrets.own.contains(revoked)) {
        return Err(Mendable(
            "--revoked-key is one of --api-key\n  help: give a key that was revoked, or none".to_owned(),
        ));
    }
    let mut config = RunConfig::new(contract(args.contract.as_ref())?, args.url.clone(), secrets);
    config.timeout = Duration::from_secs(args.timeout);
    config.url = check_target(&config, &args.allow_host, args.allow_live).map_err(mend)?;
    Ok(config)
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
    let stream = Stream::default();
    if std::io::stderr().is_terminal() {
        stream.subscribe(Progress::new());
    } else {
        stream.subscribe(announce);
    }
    let result = crate::run::run(&config, stop, stream).await;
    let (report, failure) = match result {
        Ok(report) => (report, None),
        Err(error) => (Report::of_error(&config.url, config.seed, &error.to_string()), Some(error)),
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

/// Without a terminal only what takes long is told.
fn announce(event: &Event) {
    match event {
        Event::Planned { requests, per_minute: Some(per_minute), .. }
            if *per_minute < 600 && *requests as u64 > *per_minute =>
        {
            let minutes = (*requests as u64).div_ceil((*per_minute).max(1));
            let _ = writeln!(
                anstream::stderr(),
                "about {requests} requests at {per_minute} a minute: {minutes} minutes, if the target holds to its allowance"
            );
        }
        Event::Planned { .. }
        | Event::Sent { .. }
        | Event::Tried { .. }
        | Event::Waiting { .. }
        | Event::Cleaning { .. }
        | Event::Finished(_) => {}
    }
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
    let selection = Selection {
        laws: config.laws.clone(),
        operations: config.operations.clone(),
        generated: config.generated,
        assumed: true,
    };
    let plan = Plan::new(&atlas, config.seed, &selection);
    let mut out = anstream::stdout();
    let mut so_far = 0;
    for case in &plan.cases {
        so_far += case.cost;
        writeln!(out, "{so_far:>5}  {:>3}  {:<10}  {}", case.cost, case.standing.as_str(), case.key())
            .map_err(mend)?;
    }
    writeln!(out, "{} cases, about {} requests; nothing was sent", plan.cases.len(), plan.cost())
        .map_err(mend)?;
    Ok(exit::HOLDS)
}

/// `replay`.
pub(super) async fn replay(args: ReplayArgs, stop: Arc<AtomicBool>) -> Ended {
    let config = config(&args.target)?;
    let path = &args.target.last_run;
    let text = fs::read_to_string(path).map_err(|error| {
        Mendable(format!(
            "failed to read {}: {error}\n  help: `conformance run` writes it; --last-run names another",
            path.display()
        ))
    })?;
    let last: Report = serde_json::from_str(&text).map_err(|error| {
        Mendable(format!("failed to read {}: {error}\n  help: run `conformance run` again", path.display()))
    })?;
    let found: Option<&Finding> = last.findings.iter().find(|finding| finding.id == args.id);
    let Some(finding) = found else {
        let known: Vec<&str> = last.findings.iter().map(|finding| finding.id.as_str()).collect();
        let known = if known.is_empty() {
            "it had no findings".to_owned()
        } else {
            format!("it had {}", known.join(", "))
        };
        return Err(Mendable(format!("the last run has no finding {}: {known}", args.id)));
    };
    let mut config = config;
    config.seed = last.seed;
    let (times, report) = crate::run::replay(&config, finding, stop).await.map_err(mend)?;
    let mut out = anstream::stdout();
    let again = report.findings.iter().find(|other| other.law == finding.law && other.class == finding.class);
    print_finding(again.unwrap_or(finding), &mut out).map_err(mend)?;
    let word = match times {
        0 => "no longer there",
        3 => "still there",
        _ => "flaky",
    };
    writeln!(out, "{word}: {times} of 3 tries showed it · {} left behind", report.leftovers).map_err(mend)?;
    Ok(if times > 0 { exit::VIOLATED } else { exit::HOLDS })
}

/// `laws`.
pub(super) fn laws(args: &LawsArgs) -> Ended {
    let contract = contract(args.contract.as_ref())?;
    let atlas = Atlas::new(&contract);
    let mut out = anstream::stdout();
    let mut lines = Vec::new();
    for one in law::catalogue() {
        lines.push(law::describe(one, &atlas));
    }
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&lines).map_err(mend)?).map_err(mend)?;
        return Ok(exit::HOLDS);
    }
    for line in lines {
        let standing = line.standing.map_or("not stated", schemas::Standing::as_str);
        writeln!(
            out,
            "{:<12} {:<30} {:<11} {:>3}  {}  {}",
            line.family,
            line.id,
            standing,
            line.operations.len(),
            line.says,
            line.contract.unwrap_or_default()
        )
        .map_err(mend)?;
    }
    Ok(exit::HOLDS)
}

/// `explain`.
pub(super) fn explain(args: &ExplainArgs) -> Ended {
    let Some(one) = law::by_id(&args.law) else {
        let near = law::catalogue()
            .map(|law| law.id)
            .find(|id| id.contains(args.law.as_str()) || args.law.contains(id));
        let hint = near.map_or_else(
            || "`conformance laws` lists them".to_owned(),
            |near| format!("did you mean {near}?"),
        );
        return Err(Mendable(format!("there is no law {}\n  help: {hint}", args.law)));
    };
    let contract = contract(args.contract.as_ref())?;
    let atlas = Atlas::new(&contract);
    let line = law::describe(one, &atlas);
    let mut out = anstream::stdout();
    writeln!(out, "{} ({})\n\n  {}.\n  {}\n", line.id, line.family, line.says, one.why).map_err(mend)?;
    if let Some(place) = &line.contract {
        writeln!(out, "  stated at  {place}").map_err(mend)?;
    }
    for case in one.cases(&atlas, 1) {
        let place = contract.locate(&case.place);
        writeln!(
            out,
            "  {:<10} {:<28} {:<32} {} requests  {place}",
            case.standing.as_str(),
            case.op.id,
            case.variant,
            case.cost
        )
        .map_err(mend)?;
    }
    Ok(exit::HOLDS)
}

/// `self-test`.
pub(super) async fn self_test(args: &SelfTestArgs, stop: Arc<AtomicBool>) -> Ended {
    let (patterns, seed, watched) = (args.fault.clone(), args.seed, Arc::clone(&stop));
    let told = |outcome: &crate::Outcome| {
        let word = if outcome.right { "." } else { "x" };
        if std::io::stderr().is_terminal() {
            let _ = write!(std::io::stderr(), "{word}");
        }
    };
    let done = tokio::task::spawn_blocking(move || crate::self_test(&patterns, seed, &watched, &told)).await;
    let test = done.map_err(mend)?.map_err(Mendable)?;
    super::table::print(&test, args.verbose, &mut anstream::stdout()).map_err(mend)?;
    if stop.load(std::sync::atomic::Ordering::Relaxed) {
        return Ok(exit::INTERRUPTED);
    }
    let broken =
        test.outcomes.iter().any(|outcome| outcome.error.is_some() && outcome.kind == crate::Kind::Sound);
    Ok(match (broken, test.outcomes.iter().all(|outcome| outcome.right)) {
        (true, _) => exit::CANNOT_JUDGE,
        (false, true) => exit::HOLDS,
        (false, false) => exit::VIOLATED,
    })
}
