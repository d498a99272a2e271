//! What commands with a report end with.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::error::{CommandResult, UserError};
use super::output::stdout;
use super::{exit, github};
use crate::findings::{Report, Verdict};
use crate::private_file::write_private;
use crate::report::print_report;

/// Tells a report to people and to GitHub, keeps it for `replay`, and gives the exit code. `written` is how the other
/// reports went.
pub(super) fn end(
    report: &Report,
    last_run: &Path,
    strict: bool,
    verbose: bool,
    written: Result<(), UserError>,
) -> CommandResult {
    keep(last_run, report);
    let printed = print_report(report, verbose, &mut stdout());
    let told = github::tell(report, strict);
    written?;
    printed?;
    told?;
    Ok(match report.verdict {
        _ if report.interrupted => exit::INTERRUPTED,
        Verdict::Pass => exit::HOLDS,
        Verdict::Fail => exit::VIOLATED,
        Verdict::Error => exit::CANNOT_JUDGE,
    })
}

/// Keeps the findings for `replay`; where that cannot be, it is said and nothing else happens.
fn keep(path: &Path, report: &Report) {
    let kept = path.parent().map_or(Ok(()), |folder| {
        if folder.as_os_str().is_empty() { Ok(()) } else { fs::create_dir_all(folder) }
    });
    if let Err(error) = kept.and_then(|()| write_private(path, &report.to_json())) {
        let _ = writeln!(
            anstream::stderr(),
            "warning: {} was not written, so replay will not know this run: {error}",
            path.display()
        );
    }
}
