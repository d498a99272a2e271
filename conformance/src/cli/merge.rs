//! `merge`: joins the reports of shards.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::error::{CommandResult, UserError};
use super::finish::end;
use super::outputs::{Outputs, ReportArgs};
use super::required_laws::RequiredLawsArgs;
use crate::findings::Report;

/// The version of reports that are read.
const VERSION: u64 = 1;

/// `merge`.
#[derive(Debug, Args)]
pub(super) struct MergeArgs {
    /// The JSON reports of all shards, in any order.
    #[arg(required = true, value_name = "REPORT.json")]
    pub(super) inputs: Vec<PathBuf>,
    /// Warnings fail as well.
    #[arg(long)]
    pub(super) strict: bool,
    #[command(flatten)]
    pub(super) required: RequiredLawsArgs,
    #[command(flatten)]
    pub(super) reports: ReportArgs,
    /// Print notes in full too.
    #[arg(short, long)]
    pub(super) verbose: bool,
    /// File that keeps the findings, for `replay`.
    #[arg(
        long,
        env = "CONFORMANCE_LAST_RUN",
        default_value = ".conformance/last-run.json",
        value_name = "PATH"
    )]
    pub(super) last_run: PathBuf,
}

/// `merge`.
pub(super) fn merge(args: &MergeArgs) -> CommandResult {
    let mut reports = Vec::new();
    for path in &args.inputs {
        reports.push((path.display().to_string(), read(path)?));
    }
    let mut report = Report::join(reports, args.strict)?;
    let mut stated: Vec<&str> = crate::law::catalogue().map(|law| law.id).collect();
    stated.retain(|law| report.laws.iter().any(|line| line.law == *law));
    // Where nothing could be judged, nothing shows which laws the contract states.
    if !report.laws.is_empty() {
        args.required.check(&stated)?;
    }
    report.require(&args.required.fail_on_not_judged, stated);
    let mut kept: Vec<&Path> = args.inputs.iter().map(PathBuf::as_path).collect();
    kept.push(&args.last_run);
    let outputs = Outputs::open(&args.reports, &kept, false)?;
    let written = outputs.write(&report, args.strict);
    end(&report, &args.last_run, args.strict, args.verbose, written)
}

fn read(path: &Path) -> Result<Report, UserError> {
    let failed = |why: String| {
        UserError::new(
            format!("failed to read {}: {why}", path.display()),
            "give reports that `conformance run --report json` wrote",
        )
    };
    let text = fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    if text.trim().is_empty() {
        return Err(failed("it is empty: the run that was to write it did not end".to_owned()));
    }
    let value: Value = serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
    match value.get("version") {
        Some(version) if version.as_u64() == Some(VERSION) => {}
        Some(version) => {
            return Err(failed(format!("it has the version {version}, and this program reads {VERSION}")));
        }
        None => return Err(failed("it is no report: it has no version".to_owned())),
    }
    serde_json::from_value(value).map_err(|error| failed(error.to_string()))
}
