//! What a change means to a client.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What the compatibility promise says of a change. Ordered from the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// A client that keeps to the old description can fail.
    Breaking,
    /// The descriptions do not show whether a client can fail; somebody has to look.
    Unclear,
    /// A client that keeps to the old description goes on working.
    Allowed,
}

impl Verdict {
    /// All of them, the worst first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Unclear, Self::Allowed];

    /// The word of reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Unclear => "unclear",
            Self::Allowed => "allowed",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The side of the wire on which a change is felt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hurts {
    /// What a client sends.
    Request,
    /// What a client reads.
    Response,
    /// Both.
    Both,
}

impl Hurts {
    /// The word of reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Both => "both",
        }
    }
}
