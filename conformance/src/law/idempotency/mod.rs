//! Repeats of a request.

use crate::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] = &[
    // &idempotent_replay::LAW,
    // &idempotent_other_body::LAW,
    // &idempotent_other_endpoint::LAW,
    // &idempotent_other_workspace::LAW,
    // &idempotent_failure_not_kept::LAW,
    // &idempotent_in_flight::LAW,
    // &idempotent_key_length::LAW,
];
