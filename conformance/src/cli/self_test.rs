//! `self-test`: the gate proves itself.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::error::{CommandResult, UserError};
use super::exit;
use super::output::stdout;

/// `self-test`.
#[derive(Debug, Args)]
pub(super) struct SelfTestArgs {
    /// Only faults that match.
    #[arg(long, value_name = "GLOB")]
    pub(super) fault: Vec<String>,
    /// Seed of the generated values.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(super) seed: u64,
    /// Print the findings of each fault.
    #[arg(short, long)]
    pub(super) verbose: bool,
}

/// `self-test`.
pub(super) async fn self_test(args: &SelfTestArgs, stop: Arc<AtomicBool>) -> CommandResult {
    let (patterns, seed, watched) = (args.fault.clone(), args.seed, Arc::clone(&stop));
    let told = |outcome: &crate::selftest::Outcome| {
        let word = if outcome.right { "." } else { "x" };
        if std::io::stderr().is_terminal() {
            let _ = write!(std::io::stderr(), "{word}");
        }
    };
    let done =
        tokio::task::spawn_blocking(move || crate::selftest::self_test(&patterns, seed, &watched, &told))
            .await;
    let test = done.map_err(|error| UserError::say(error.to_string()))?.map_err(UserError::say)?;
    super::table::print(&test, args.verbose, &mut stdout())?;
    if stop.load(std::sync::atomic::Ordering::Relaxed) {
        return Ok(exit::INTERRUPTED);
    }
    let broken = test
        .outcomes
        .iter()
        .any(|outcome| outcome.error.is_some() && outcome.kind == crate::selftest::Kind::Sound);
    Ok(match (broken, test.outcomes.iter().all(|outcome| outcome.right)) {
        (true, _) => exit::CANNOT_JUDGE,
        (false, true) => exit::HOLDS,
        (false, false) => exit::VIOLATED,
    })
}
