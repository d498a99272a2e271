//! What the server takes on at the most.

use std::time::Duration;

/// Bounds. Over one, the answer says so in the contract's envelope; nothing is dropped silently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request body; more is answered 413.
    pub body_bytes: usize,
    /// Bytes of a request's head; more is answered 431.
    pub header_bytes: usize,
    /// Time for a request's head, and until a connection ends that is not used.
    pub header_time: Duration,
    /// Time for a request's body; longer is answered 408.
    pub body_time: Duration,
    /// Open connections; more wait to be accepted.
    pub connections: usize,
    /// Private workspaces; opening one more frees the one that was not used for longest.
    pub workspaces: usize,
    /// Rows of a workspace; creating one more is refused. Deleted ones are remembered as long as there is room.
    pub rows: usize,
    /// Answers kept for idempotency keys; one more is refused.
    pub idempotency_entries: usize,
    /// Requests kept for inspection, of each workspace; older ones are dropped, and the count of dropped ones is shown.
    pub journal_entries: usize,
    /// Bytes that those requests may take; older ones are dropped as well.
    pub journal_bytes: usize,
    /// Bytes that the requests of all workspaces may take; beyond, the one that takes the most gives some back.
    pub journal_total_bytes: usize,
    /// Time that requests in flight get to finish after a shutdown began.
    pub shutdown_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            header_bytes: 32 << 10,
            header_time: Duration::from_secs(10),
            body_time: Duration::from_secs(10),
            connections: 1_024,
            workspaces: 10_000,
            rows: 2_000_000,
            idempotency_entries: 100_000,
            journal_entries: 500,
            journal_bytes: 16 << 20,
            journal_total_bytes: 64 << 20,
            shutdown_time: Duration::from_secs(10),
        }
    }
}
