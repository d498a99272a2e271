//! Why there is no response to judge.

use super::tls::TlsFault;

/// No response body longer than this is read.
pub(super) const LONGEST_BODY: usize = 16 << 20;

/// Why there is no answer to judge. Never a breach of the contract.
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
    /// It never ends.
    #[error("the answer is longer than {} MiB", LONGEST_BODY >> 20)]
    TooLong,
}

impl TransportFault {
    /// Whether sending again may help and can do no harm.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Broken(_))
    }
}
