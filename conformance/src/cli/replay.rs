//! `replay`: runs one finding of the last run again.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::error::{CommandResult, UserError};
use super::exit;
use super::last_run::last_run;
use super::output::stdout;
use super::target::{TargetArgs, config};
use crate::findings::Finding;
use crate::report::print_finding;

/// `replay`.
#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// The finding's id.
    pub(super) id: String,
    #[command(flatten)]
    pub(super) target: TargetArgs,
}

/// `replay`.
pub(super) async fn replay(args: ReplayArgs, stop: Arc<AtomicBool>) -> CommandResult {
    let config = config(&args.target)?;
    let path = &args.target.last_run;
    let last = last_run(path)?;
    let found: Option<&Finding> = last.findings.iter().find(|finding| finding.id == args.id);
    let Some(finding) = found else {
        let known: Vec<&str> = last.findings.iter().map(|finding| finding.id.as_str()).collect();
        let known = if known.is_empty() {
            "it had no findings".to_owned()
        } else {
            format!("it had {}", known.join(", "))
        };
        return Err(UserError::say(format!("the last run has no finding {}: {known}", args.id)));
    };
    let mut config = config;
    config.seed = last.seed;
    let (times, report) = crate::run::replay(&config, finding, stop)
        .await
        .map_err(|error| UserError::without_secrets(error.problem(), &config.redactor()))?;
    let mut out = stdout();
    let again = report.findings.iter().find(|other| other.law == finding.law && other.class == finding.class);
    print_finding(again.unwrap_or(finding), &mut out)?;
    let word = match times {
        0 => "no longer there",
        3 => "still there",
        _ => "flaky",
    };
    writeln!(out, "{word}: {times} of 3 tries showed it · {} left behind", report.leftovers)?;
    Ok(if times > 0 { exit::VIOLATED } else { exit::HOLDS })
}
