//! What answers say of the allowance.

use schemas::Standing;

use super::id;
use super::law::{Family, Law, always};
use crate::contract::Api;

fn stated(api: &Api) -> Option<(Standing, String)> {
    api.rules().rate_limit.as_ref().map(|rules| (rules.standing, "/x-contract/rate_limit".to_owned()))
}

/// The family.
pub(crate) const LAWS: &[Law] = &[
    always(
        id::RATE_HEADERS,
        Family::Rate,
        "every answer to a call that wants a key carries the rate headers, whole numbers all",
        "Clients pace themselves by them.",
        stated,
    ),
    always(
        id::RATE_COHERENT,
        Family::Rate,
        "no more requests are left than are allowed, and the window frees up at an instant in epoch seconds",
        "Seconds from now, or milliseconds, would make a client rest for ever or not at all.",
        stated,
    ),
    always(
        id::RATE_REFUSAL,
        Family::Rate,
        "a call over the allowance is refused as stated and told how long to rest",
        "Judged when the target refuses one; no run provokes it.",
        stated,
    ),
];
