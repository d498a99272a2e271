//! What a finding means.

use schemas::Standing;
use serde::{Deserialize, Serialize};

/// What a finding means; it follows from the standing of the broken statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The documentation says otherwise: the gate fails.
    Violation,
    /// The documentation implies otherwise: the gate fails under `--strict`.
    Warning,
    /// Nobody says; the implementation does otherwise than the mock.
    Note,
}

impl Severity {
    /// The severity of a breach of a statement.
    pub fn of(standing: Standing) -> Self {
        match standing {
            Standing::Documented => Self::Violation,
            Standing::Inferred => Self::Warning,
            Standing::Assumed => Self::Note,
        }
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Violation => "violation",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}
