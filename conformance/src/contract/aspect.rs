//! Which aspect of a response is not as the contract states.

use std::fmt;

/// Which aspect of a response is not as the contract states.
///
/// With the law and the severity it decides which breaches are one finding, and it is part of a finding's stable id:
/// reports and baselines carry the word that [`Display`](fmt::Display) writes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Aspect {
    /// A request that must be refused is accepted.
    Accepted,
    /// A request that must be accepted is refused.
    Refused,
    /// A request that may lack something only the target knows is refused.
    Doubtful,
    /// A refusal has another status.
    Status,
    /// A success has another status.
    SuccessStatus,
    /// A refusal has another error code.
    Code,
    /// A refusal names another field, or none.
    Field,
    /// A property has another value.
    Value,
    /// Something that must be there is missing.
    Absent,
    /// A row that must not be in a list is in it.
    Listed,
    /// A list shows a row that its filter excludes.
    Stray,
    /// The server failed.
    ServerError,
    /// No answer came.
    Unanswered,
    /// Failures come and go.
    Unstable,
    /// A keyword of the response's schema does not hold at a property.
    Schema {
        /// The keyword of JSON Schema.
        keyword: String,
        /// The property, empty for the whole body.
        property: String,
    },
    /// An error of this status has another type than the contract states.
    TypeOf(u16),
    /// A part of an answer, by its JSON pointer, has another value.
    Part(String),
    /// Any other aspect, named by the law that looks at it.
    Other(&'static str),
}

impl Aspect {
    /// Whether a value breaks a rule on how texts are written: a format or a pattern.
    pub(crate) fn is_text_form(&self) -> bool {
        matches!(self, Self::Schema { keyword, .. } if matches!(keyword.as_str(), "format" | "pattern"))
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted => f.write_str("accepted"),
            Self::Refused => f.write_str("refused"),
            Self::Doubtful => f.write_str("may-need-data"),
            Self::Status => f.write_str("status"),
            Self::SuccessStatus => f.write_str("success-status"),
            Self::Code => f.write_str("code"),
            Self::Field => f.write_str("field"),
            Self::Value => f.write_str("value"),
            Self::Absent => f.write_str("absent"),
            Self::Listed => f.write_str("listed"),
            Self::Stray => f.write_str("stray"),
            Self::ServerError => f.write_str("5xx"),
            Self::Unanswered => f.write_str("unanswered"),
            Self::Unstable => f.write_str("unstable"),
            Self::Schema { keyword, property } => write!(f, "{keyword}:{property}"),
            Self::TypeOf(status) => write!(f, "{status}"),
            Self::Part(pointer) => f.write_str(pointer),
            Self::Other(name) => f.write_str(name),
        }
    }
}
