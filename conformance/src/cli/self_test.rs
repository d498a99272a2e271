//! `self-test`: the gate proves itself.

use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;
use schemas::Problem;

use super::error::{CommandResult, UserError};
use super::exit;
use super::output::stdout;
use crate::selftest::Curve;

/// `self-test`.
#[derive(Debug, Args)]
pub(super) struct SelfTestArgs {
    /// Only faults that match.
    #[arg(long, value_name = "GLOB")]
    pub(super) fault: Vec<String>,
    /// Seed of the generated values.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(super) seed: u64,
    /// Print how many faults are found within how many requests, and write it as JSON where a file is named.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub(super) curve: Option<PathBuf>,
    /// Fail where the area under the curve, from 0 to 1, is smaller.
    #[arg(long, value_name = "SHARE")]
    pub(super) least_area: Option<f64>,
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
    let curve = Curve::of(&test);
    if let Some(file) = &args.curve {
        super::table::print_curve(&curve, &mut stdout())?;
        if file.as_os_str() != "-" {
            write(file, &curve)?;
        }
    }
    if stop.load(std::sync::atomic::Ordering::Relaxed) {
        return Ok(exit::INTERRUPTED);
    }
    let broken = test
        .outcomes
        .iter()
        .any(|outcome| outcome.error.is_some() && outcome.kind == crate::selftest::Kind::Sound);
    if let Some(least) = args.least_area.filter(|least| curve.area < *least) {
        let advice = "order the cases so that faults are found sooner, or lower the bound";
        let what = format!("the area under the curve is {:.3}, less than {least}", curve.area);
        let _ = writeln!(anstream::stderr(), "{}", Problem::say(what).with_help(advice));
        return Ok(exit::VIOLATED);
    }
    Ok(match (broken, test.outcomes.iter().all(|outcome| outcome.right)) {
        (true, _) => exit::CANNOT_JUDGE,
        (false, true) => exit::HOLDS,
        (false, false) => exit::VIOLATED,
    })
}

/// Writes a curve as JSON.
fn write(file: &Path, curve: &Curve) -> Result<(), UserError> {
    // It holds nothing that JSON does not.
    let text = serde_json::to_string_pretty(curve).unwrap_or_default() + "\n";
    fs::write(file, text).map_err(|error| {
        let what = format!("failed to write the curve to {}: {error}", file.display());
        UserError::new(what, "name a file in a folder that can be written to")
    })
}
