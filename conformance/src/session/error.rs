//! Why no response can be had.

use serde::{Deserialize, Serialize};

use crate::http::TransportFault;

/// What kept something that was planned from being judged, where it was neither the contract nor the user's choice of
/// laws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lost {
    /// The requests or the time were used up.
    Budget,
    /// What would be created could not be written to the ledger.
    Ledger,
    /// No response came, or only refusals for going too fast; or the target gave an id that no request can name.
    Wire,
}

/// Why no response can be had.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum SendError {
    /// The wire.
    #[error("{0}")]
    Transport(TransportFault),
    /// A kept connection broke, which a target may do at any time: it shows nothing about the request.
    #[error("{0}")]
    Reset(TransportFault),
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
    #[error("the target does not answer any more: {0}")]
    Gone(String),
    /// The target does not answer any more, and waiting for its limits would not help.
    #[error("the target does not answer any more")]
    Silent,
    /// The target says again and again that it is too fast.
    #[error("the target refused it again and again for going too fast")]
    Throttled,
    /// The target refuses the operation for being called too often, and no other: waiting for it would take the others' time.
    #[error("{0} may be called so seldom that waiting for it would take the time of the others")]
    Limited(String),
    /// What is made could not be written down, so nothing is made.
    #[error("nothing is made that cannot be written down: {0}")]
    Ledger(String),
    /// An id that the target gave cannot stand in a path.
    #[error("{0}")]
    Unfit(String),
    /// The run does not call the operation.
    #[error("{0}")]
    Withheld(String),
}

impl SendError {
    /// What it means for the case; nothing where somebody ended the run.
    pub(crate) fn lost(&self) -> Option<Lost> {
        match self {
            Self::Interrupted | Self::Withheld(_) | Self::Unfit(_) | Self::Limited(_) => None,
            Self::OutOfRequests | Self::OutOfTime => Some(Lost::Budget),
            Self::Ledger(_) => Some(Lost::Ledger),
            Self::Transport(_) | Self::Reset(_) | Self::Gone(_) | Self::Silent | Self::Throttled => {
                Some(Lost::Wire)
            }
        }
    }
}
