//! The findings of the last run.

use std::fs;
use std::path::Path;

use super::start::UserError;
use crate::findings::Report;

/// Reads what the last run kept.
pub(super) fn last_run(path: &Path) -> Result<Report, UserError> {
    let text = fs::read_to_string(path).map_err(|error| {
        UserError(format!(
            "failed to read {}: {error}\n  help: `conformance run` writes it; --last-run names another",
            path.display()
        ))
    })?;
    serde_json::from_str(&text).map_err(|error| {
        UserError(format!("failed to read {}: {error}\n  help: run `conformance run` again", path.display()))
    })
}
