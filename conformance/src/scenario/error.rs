//! How a case ends.

use std::fmt;

use crate::session::SendError;

/// How a case ends: by itself, or because it cannot go on. What it found is in its story.
pub(crate) type CaseResult = Result<(), CaseError>;

/// Why a case cannot go on.
#[derive(Debug, Clone)]
pub(crate) enum CaseError {
    /// Something it builds on is missing; the reason, for the report.
    NotJudged(String),
    /// There are too few rows so far; the reason. Once other cases have created theirs it may be judged.
    NotYet(String),
    /// No response can be had.
    Send(SendError),
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJudged(why) | Self::NotYet(why) => f.write_str(why),
            Self::Send(error) => error.fmt(f),
        }
    }
}

impl From<SendError> for CaseError {
    fn from(error: SendError) -> Self {
        Self::Send(error)
    }
}
