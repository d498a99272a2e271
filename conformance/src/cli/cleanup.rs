//! `cleanup`: deletes what a killed run left.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::error::{CommandResult, UserError};
use super::exit;
use super::output::stdout;
use super::target::{TargetArgs, config};
use crate::run::cleanup as take_away;
use crate::shown::line;

/// `cleanup`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 everything is deleted, 1 something is left, 2 the ledger or the target cannot be used."
)]
pub(super) struct CleanupArgs {
    #[command(flatten)]
    pub(super) target: TargetArgs,
}

/// `cleanup`.
pub(super) async fn cleanup(args: CleanupArgs, stop: Arc<AtomicBool>) -> CommandResult {
    let Some(path) = args.target.ledger.clone() else { return Err(unnamed()) };
    let mut config = config(&args.target)?;
    config.max_requests = usize::MAX;
    let redactor = config.redactor();
    let cleaned = take_away(&config, &path, stop)
        .await
        .map_err(|error| UserError::without_secrets(error.problem(), &redactor))?;
    let mut out = stdout();
    for left in &cleaned.left {
        let reason = redactor.clean(left.reason.as_str());
        let id = redactor.clean(left.id.as_str());
        writeln!(out, "left behind: {} {}: {}", line(&left.resource), line(&id), line(&reason))?;
    }
    let gone = cleaned.rows.saturating_sub(cleaned.left.len());
    writeln!(out, "{gone} of {} rows are gone, {} left behind", cleaned.rows, cleaned.left.len())?;
    Ok(if cleaned.left.is_empty() { exit::HOLDS } else { exit::VIOLATED })
}

/// No ledger was named: those that lie where runs put them may help.
fn unnamed() -> UserError {
    let folder = Path::new(super::target::LEDGERS);
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut known: Vec<String> = files
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with("ledger-") && path.extension().is_some_and(|extension| extension == "jsonl")
        })
        .map(|path| path.display().to_string())
        .collect();
    known.sort();
    let help = if known.is_empty() {
        format!("give --ledger FILE; there is none in {}", folder.display())
    } else {
        format!("give --ledger {}", known.join(", or --ledger "))
    };
    UserError::new("no ledger was named", help)
}
