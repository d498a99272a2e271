//! What answers say of the rate limit.

mod rate_coherent;
mod rate_headers;
mod rate_moves;
mod rate_refusal;
mod statement;

use super::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] =
    &[&rate_headers::LAW, &rate_coherent::LAW, &rate_moves::LAW, &rate_refusal::LAW];
