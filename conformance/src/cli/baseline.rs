//! `baseline`: known findings, suppressed until a date.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::error::{CommandResult, UserError};
use super::exit;
use super::last_run::last_run;
use super::output::stdout;
use crate::findings::Severity;
use crate::findings::{Baseline, Known};
use crate::shown::line;

/// The file where none is named.
const BASELINE: &str = "conformance-baseline.yaml";

/// `baseline`.
#[derive(Debug, Args)]
pub(super) struct BaselineArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Suppress findings of the last run: the named ones, or every one that fails.
    Add(AddArgs),
    /// Delete entries whose finding the last run looked for and did not find.
    Prune(PlaceArgs),
}

#[derive(Debug, Args)]
struct AddArgs {
    /// Ids of the findings.
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Why they are suppressed.
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    reason: String,
    /// Who has to fix them.
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// The last day on which they are suppressed, such as 2026-12-31.
    #[arg(long, value_name = "DAY", value_parser = expiry)]
    expires: Option<String>,
    #[command(flatten)]
    place: PlaceArgs,
}

#[derive(Debug, Args)]
struct PlaceArgs {
    /// The baseline file, instead of the one beside the configuration file or in the current folder.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Where the findings of the last run are kept.
    #[arg(
        long,
        env = "CONFORMANCE_LAST_RUN",
        default_value = ".conformance/last-run.json",
        value_name = "PATH"
    )]
    last_run: PathBuf,
}

fn reason(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("say why".to_owned()) } else { Ok(text.to_owned()) }
}

fn expiry(text: &str) -> Result<String, String> {
    crate::findings::day(text).map(|_| text.to_owned())
}

/// The baseline that holds: the named one, else one beside the configuration, else one here, where there is one.
pub(super) fn place(named: Option<&PathBuf>, configuration: Option<&Path>) -> Option<PathBuf> {
    named.cloned().or_else(|| Some(usual(configuration)).filter(|path| path.is_file()))
}

fn usual(configuration: Option<&Path>) -> PathBuf {
    let folder = configuration.and_then(Path::parent);
    folder.map_or_else(|| PathBuf::from(BASELINE), |folder| folder.join(BASELINE))
}

/// `baseline`.
pub(super) fn baseline(args: &BaselineArgs, configuration: Option<&Path>) -> CommandResult {
    match &args.what {
        What::Add(args) => add(args, configuration),
        What::Prune(args) => prune(args, configuration),
    }
}

fn file(args: &PlaceArgs, configuration: Option<&Path>) -> PathBuf {
    args.baseline.clone().unwrap_or_else(|| usual(configuration))
}

fn add(args: &AddArgs, configuration: Option<&Path>) -> CommandResult {
    let report = last_run(&args.place.last_run)?;
    let stamp = report.contract.as_ref().ok_or_else(|| {
        UserError::new("the last run does not say of which contract it is", "run `conformance run` again")
    })?;
    let path = file(&args.place, configuration);
    let mut baseline = if path.exists() { Baseline::read(&path)? } else { Baseline::new(stamp) };
    baseline.check(&path, &stamp.title, &stamp.version)?;
    for id in &args.ids {
        if !report.findings.iter().any(|finding| finding.id == *id) {
            let known: Vec<&str> = report.findings.iter().map(|finding| finding.id.as_str()).collect();
            let had = if known.is_empty() { "no findings".to_owned() } else { known.join(", ") };
            return Err(UserError::new(format!("the last run has no finding {id}"), format!("it had {had}")));
        }
    }
    let wanted = report.findings.iter().filter(|finding| {
        if args.ids.is_empty() {
            finding.severity != Severity::Note && !finding.baselined
        } else {
            args.ids.contains(&finding.id)
        }
    });
    let mut added = 0;
    let mut out = stdout();
    for finding in wanted {
        baseline.findings.retain(|known| known.id != finding.id);
        baseline.findings.push(Known::new(
            finding,
            &args.reason,
            args.owner.as_deref(),
            args.expires.as_deref(),
        ));
        let (id, law, operation) = (line(&finding.id), line(&finding.law), line(&finding.operation));
        writeln!(out, "{id}  {law} on {operation}: {}", line(&finding.message))?;
        added += 1;
    }
    if added == 0 {
        writeln!(out, "the last run had nothing that fails; {} is as it was", path.display())?;
        return Ok(exit::HOLDS);
    }
    baseline.findings.sort_by(|one, other| {
        (&one.law, &one.operation, &one.id).cmp(&(&other.law, &other.operation, &other.id))
    });
    baseline.write(&path)?;
    writeln!(out, "{added} added to {}, which suppresses {} now", path.display(), baseline.findings.len())?;
    Ok(exit::HOLDS)
}

fn prune(args: &PlaceArgs, configuration: Option<&Path>) -> CommandResult {
    let path = file(args, configuration);
    let mut baseline = Baseline::read(&path)?;
    let mut report = last_run(&args.last_run)?;
    if let Some(stamp) = &report.contract {
        baseline.check(&path, &stamp.title, &stamp.version)?;
    }
    let held = baseline.hold(&mut report.findings, &report.laws, crate::findings::today());
    let mut out = stdout();
    for known in baseline.findings.iter().filter(|known| held.fixed.contains(&known.id)) {
        let (id, law, operation) = (line(&known.id), line(&known.law), line(&known.operation));
        writeln!(out, "{id}  {law} on {operation} is fixed")?;
    }
    if held.fixed.is_empty() {
        writeln!(out, "the last run found nothing fixed; {} is as it was", path.display())?;
        return Ok(exit::HOLDS);
    }
    baseline.findings.retain(|known| !held.fixed.contains(&known.id));
    baseline.write(&path)?;
    writeln!(
        out,
        "{} removed from {}, which suppresses {} now",
        held.fixed.len(),
        path.display(),
        baseline.findings.len()
    )?;
    Ok(exit::HOLDS)
}
