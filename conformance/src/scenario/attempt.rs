//! Which try of a case it is.

/// Which try of a case it is. Texts that a case makes up follow from it, so that no try meets the rows of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// The first: it may look at rows and answers that other cases share with it.
    First,
    /// One that confirms a finding, from 1.
    Repeat(u8),
    /// The one whose findings `replay` reports.
    Replay,
    /// One that shares nothing, after the first looked wrong on shared rows.
    Alone,
    /// One on rows that are made for it alone, in a recording.
    FreshRows,
    /// One after a failure that may pass, from 1; it shares nothing.
    Retry(u8),
    /// The same for a case that creates the rows which others share.
    RetryShared(u8),
}

impl Attempt {
    /// Whether what other cases set up is used.
    pub(crate) fn shares(self) -> bool {
        matches!(self, Self::First | Self::RetryShared(_))
    }

    /// The number that made-up texts follow from.
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::First => 0,
            Self::Repeat(which) => u32::from(which),
            Self::FreshRows => 1,
            Self::Replay => 4,
            Self::Alone => 9,
            Self::Retry(which) | Self::RetryShared(which) => 1_000 + u32::from(which),
        }
    }
}
