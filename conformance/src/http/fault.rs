//! Why there is no response to judge.

use super::tls::TlsFault;

/// No response body longer than this is read.
pub(super) const LONGEST_BODY: usize = 8 << 20;
/// No response with more values than this is judged: in memory each takes many times the bytes it came in. An object
/// counts as four.
pub(super) const MOST_VALUES: usize = 120_000;

/// Why there is no answer to judge. That no answer comes breaks the contract only where it happens again.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum TransportFault {
    /// Nobody listens, or the name is not known.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// No answer in time.
    #[error("no whole answer within {0} seconds")]
    Timeout(u64),
    /// The connection broke off.
    #[error("the connection broke off: {0}")]
    Broken(String),
    /// Both sides cannot agree on a secure connection.
    #[error("no secure connection: {0}")]
    Tls(TlsFault),
    /// It is longer than anything that is read, and may never end.
    #[error("the answer is too large to judge: longer than {} MiB", LONGEST_BODY >> 20)]
    TooLong,
    /// It holds more values than are kept in memory.
    #[error("the answer is too large to judge: more than {MOST_VALUES} values")]
    TooMany,
}

impl TransportFault {
    /// Whether sending again may help and can do no harm.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Broken(_))
    }

    /// What kind of fault it is, in words that are the same each time.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Connect(_) => "no connection",
            Self::Timeout(_) => "no answer in time",
            Self::Broken(_) => "a broken connection",
            Self::Tls(_) => "no secure connection",
            Self::TooLong | Self::TooMany => "an answer too large to judge",
        }
    }

    /// Whether the target answered, with more than is judged.
    pub(crate) fn is_too_large(&self) -> bool {
        matches!(self, Self::TooLong | Self::TooMany)
    }

    /// Whether the target took the request and did not answer it.
    pub(crate) fn is_unanswered(&self) -> bool {
        matches!(self, Self::Broken(_) | Self::Timeout(_))
    }
}
