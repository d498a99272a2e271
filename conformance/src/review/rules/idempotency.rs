//! Repeated requests.

use crate::review::rule::rules;
use crate::review::table::{How, Table};

rules! {
    area "idempotency";
    REPEATS_STATED = "idempotency-stated", Allowed, Both, "requests may be repeated under a key",
        "Nobody has to send one.",
        reverse ["idempotency-withdrawn"];
    REPEATS_WITHDRAWN = "idempotency-withdrawn", Breaking, Both, "requests may no longer be repeated under a key",
        "A client that repeats a request after a lost answer makes a second row.",
        reverse ["idempotency-stated"];
    HEADER_RENAMED = "idempotency-header-changed", Breaking, Request, "the key of a repeated request stands in another header",
        "A client that sends the old header and repeats itself makes a second row.",
        reverse ["idempotency-header-changed"];
    METHOD_ADDED = "idempotency-method-added", Allowed, Request, "one more method may be repeated under a key",
        "Nobody has to send one.",
        reverse ["idempotency-method-removed"];
    METHOD_REMOVED = "idempotency-method-removed", Breaking, Request, "a method may no longer be repeated under a key",
        "A client that repeats such a request does it twice.",
        reverse ["idempotency-method-added"];
    KEY_SHORTENED = "idempotency-key-shortened", Breaking, Request, "the key of a repeated request has to be shorter",
        "A client that sends a longer one is refused.",
        reverse ["idempotency-key-lengthened"];
    KEY_LENGTHENED = "idempotency-key-lengthened", Allowed, Request, "the key of a repeated request may be longer",
        "What a client sends today is still accepted.",
        reverse ["idempotency-key-shortened"];
    RETENTION_SHORTENED = "idempotency-retention-shortened", Breaking, Both, "a key is remembered for less time",
        "A client that repeats a request later than that makes a second row.",
        reverse ["idempotency-retention-lengthened"];
    RETENTION_LENGTHENED = "idempotency-retention-lengthened", Allowed, Both, "a key is remembered for more time",
        "A repeat that was safe still is; keys that a client uses again after the old time get the old answer.",
        reverse ["idempotency-retention-shortened"];
    REPLAY_STATUS_ADDED = "replay-status-added", Unclear, Response, "a repeat may be answered with one more status",
        "A client that compares with the first answer's status takes the new one for a failure.",
        reverse ["replay-status-removed"];
    REPLAY_STATUS_REMOVED = "replay-status-removed", Allowed, Response, "a repeat is answered with one status less",
        "The statuses that are left are ones that clients know already.",
        reverse ["replay-status-added"];
}

/// What the keys of `x-contract.idempotency` mean.
pub(in crate::review) static TABLE: Table = &[
    (&[], How::There { added: &REPEATS_STATED, removed: &REPEATS_WITHDRAWN }),
    (&["header"], How::Changed(&HEADER_RENAMED)),
    (&["methods"], How::Members { added: &METHOD_ADDED, removed: &METHOD_REMOVED }),
    (&["max_bytes"], How::Number { lowered: &KEY_SHORTENED, raised: &KEY_LENGTHENED }),
    (&["retention_seconds"], How::Number { lowered: &RETENTION_SHORTENED, raised: &RETENTION_LENGTHENED }),
    (
        &["replay_also_statuses"],
        How::Members { added: &REPLAY_STATUS_ADDED, removed: &REPLAY_STATUS_REMOVED },
    ),
];
