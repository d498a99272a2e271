//! Why no response can be had.

use crate::http::TransportFault;

/// Why no response can be had.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum SendError {
    /// The wire.
    #[error("{0}")]
    Transport(TransportFault),
    /// Somebody wants the run to end.
    #[error("interrupted")]
    Interrupted,
    /// The requests are used up.
    #[error("the requests are used up")]
    OutOfRequests,
    /// The time is used up.
    #[error("the time is used up")]
    OutOfTime,
    /// The target does not answer any more.
    #[error("{0}")]
    Gone(TransportFault),
    /// The target says again and again that it is too fast.
    #[error("the target refused it again and again for going too fast")]
    Throttled,
    /// What is made could not be written down, so nothing is made.
    #[error("nothing is made that cannot be written down: {0}")]
    Ledger(String),
}
