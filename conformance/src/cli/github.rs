//! Speaking to GitHub, where the program runs there.

use std::fs::OpenOptions;
use std::io::Write as _;

use super::error::UserError;
use super::output::stdout;
use crate::findings::Report;
use crate::report::{github_annotations, github_summary};

/// Annotates the run and adds to the summary of the job.
pub(super) fn tell(report: &Report, strict: bool) -> Result<(), UserError> {
    if std::env::var_os("GITHUB_ACTIONS").is_none_or(|value| value != "true") {
        return Ok(());
    }
    write!(stdout(), "{}", github_annotations(report, strict))?;
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let added = OpenOptions::new().create(true).append(true).open(&path);
    let added = added.and_then(|mut file| file.write_all(github_summary(report).as_bytes()));
    if let Err(error) = added {
        let path = path.display();
        let _ = writeln!(
            anstream::stderr(),
            "warning: {path} was not written, so the job has no summary: {error}"
        );
    }
    Ok(())
}
