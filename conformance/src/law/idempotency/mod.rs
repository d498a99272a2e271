//! Repeats of a request.

mod idempotent_failure_not_kept;
mod idempotent_in_flight;
mod idempotent_key_length;
mod idempotent_other_body;
mod idempotent_other_endpoint;
mod idempotent_other_workspace;
mod idempotent_replay;
mod keyed;

use crate::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] = &[
    &idempotent_replay::LAW,
    &idempotent_other_body::LAW,
    &idempotent_other_endpoint::LAW,
    &idempotent_other_workspace::LAW,
    &idempotent_failure_not_kept::LAW,
    &idempotent_in_flight::LAW,
    &idempotent_key_length::LAW,
];
