//! The number that names a row besides its opaque id.

use crate::contract::Resource;
use crate::scenario::{CaseError, Row};

/// A row's number.
pub(super) fn number_of(row: &Row, resource: &Resource) -> Result<String, CaseError> {
    row.display
        .clone()
        .ok_or_else(|| CaseError::NotJudged(format!("rows of {} have no number", resource.name)))
}
