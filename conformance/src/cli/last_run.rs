//! The findings of the last run.

use std::fs;
use std::path::Path;

use super::error::UserError;
use crate::findings::Report;

/// Reads what the last run kept.
pub(super) fn last_run(path: &Path) -> Result<Report, UserError> {
    let text = fs::read_to_string(path).map_err(|error| {
        UserError::new(
            format!("failed to read {}: {error}", path.display()),
            "`conformance run` writes it; --last-run names another",
        )
    })?;
    serde_json::from_str(&text).map_err(|error| {
        UserError::new(format!("failed to read {}: {error}", path.display()), "run `conformance run` again")
    })
}
