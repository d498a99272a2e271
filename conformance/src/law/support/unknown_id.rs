//! Ids that no row has.

use crate::contract::{Operation, PathSlot, Resource};
use crate::scenario::{CaseContext, CaseError};

/// An opaque id in the form of those in use, for the row that the path of an operation names.
pub(crate) fn unknown_id_in_path(cx: &CaseContext, op: &Operation) -> Result<String, CaseError> {
    let api = cx.api();
    let resource = if op.has_slot(PathSlot::Own) { api.resource_of(op) } else { api.parent_of(op) };
    let resource =
        resource.ok_or_else(|| CaseError::NotJudged(format!("the path of {} names no row", op.id)))?;
    unknown_id_of(cx, resource)
}

/// An opaque id of a resource in the form of those in use.
pub(crate) fn unknown_id_of(cx: &CaseContext, resource: &Resource) -> Result<String, CaseError> {
    let known = cx.base(resource)?.id.clone();
    let keep = known.len().saturating_sub(8);
    let keep = (0..=keep).rev().find(|at| known.is_char_boundary(*at)).unwrap_or(0);
    let unknown = format!("{}zzzzzzzz", &known[..keep]);
    Ok(if unknown == known { format!("{}yyyyyyyy", &known[..keep]) } else { unknown })
}
