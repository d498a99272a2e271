//! Rate limits.

use crate::review::rule::rules;
use crate::review::table::{How, Table};

rules! {
    area "rate";
    LIMIT_STATED = "rate-limit-stated", Breaking, Both, "requests are limited",
        "A client that goes faster than the limit is refused.",
        reverse ["rate-limit-withdrawn"];
    LIMIT_WITHDRAWN = "rate-limit-withdrawn", Unclear, Both, "requests are no longer said to be limited",
        "A client that paces itself by the headers may no longer find them.",
        reverse ["rate-limit-stated"];
    LOWERED = "rate-limit-lowered", Breaking, Request, "fewer requests are allowed in a window",
        "A client that goes as fast as it could is refused.",
        reverse ["rate-limit-raised"];
    RAISED = "rate-limit-raised", Allowed, Request, "more requests are allowed in a window",
        "A client that goes as fast as it could is still let in.",
        reverse ["rate-limit-lowered"];
    TIER_ADDED = "rate-tier-added", Allowed, Both, "one more tier of keys",
        "Keys of the tiers that were are let in as before.",
        reverse ["rate-tier-removed"];
    TIER_REMOVED = "rate-tier-removed", Breaking, Both, "a tier of keys is gone",
        "What keys of that tier are allowed is no longer said.",
        reverse ["rate-tier-added"];
    WINDOW_LENGTHENED = "rate-window-lengthened", Breaking, Request, "the window in which requests are counted is longer",
        "The same allowance has to last longer: a client that goes as fast as it could is refused.",
        reverse ["rate-window-shortened"];
    WINDOW_SHORTENED = "rate-window-shortened", Allowed, Request, "the window in which requests are counted is shorter",
        "A client that goes as fast as it could is still let in.",
        reverse ["rate-window-lengthened"];
    HEADERS_RENAMED = "rate-header-changed", Breaking, Response, "what is left of the allowance stands in another header",
        "A client that paces itself by the old header finds nothing.",
        reverse ["rate-header-changed"];
}

/// What the keys of `x-contract.rate_limit` mean.
pub(in crate::review) static TABLE: Table = &[
    (&[], How::There { added: &LIMIT_STATED, removed: &LIMIT_WITHDRAWN }),
    (&["tiers", "*"], How::There { added: &TIER_ADDED, removed: &TIER_REMOVED }),
    (&["tiers", "*"], How::Number { lowered: &LOWERED, raised: &RAISED }),
    (&["window_seconds"], How::Number { lowered: &WINDOW_SHORTENED, raised: &WINDOW_LENGTHENED }),
    (&["headers", "*"], How::Changed(&HEADERS_RENAMED)),
];
