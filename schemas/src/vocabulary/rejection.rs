//! What a refusal looks like.

use serde::Deserialize;

use super::standing::Standing;

/// A refusal: status, code and field, each with its own standing. The error type follows from the status.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rejection {
    /// The HTTP status.
    pub status: u16,
    /// How sure the status is.
    #[serde(default)]
    pub standing: Standing,
    /// How sure it is that the request is refused at all (any 4xx), where that is surer than the exact status.
    #[serde(default)]
    pub refused: Option<Standing>,
    /// The code the mock answers; `None` where no code is stated.
    #[serde(default)]
    pub code: Option<String>,
    /// Codes that are equally right.
    #[serde(default)]
    pub also_codes: Vec<String>,
    /// How sure the code is.
    #[serde(default)]
    pub code_standing: Standing,
    /// Whether the error names the property to blame.
    #[serde(default)]
    pub field: bool,
    /// How sure that is.
    #[serde(default)]
    pub field_standing: Standing,
}

impl Rejection {
    /// A refusal of which only the status is known.
    pub fn of_status(status: u16, standing: Standing) -> Self {
        Self {
            status,
            standing,
            refused: None,
            code: None,
            also_codes: Vec::new(),
            code_standing: Standing::Assumed,
            field: false,
            field_standing: Standing::Assumed,
        }
    }

    /// Whether a code is one of those stated; true where none is stated.
    pub fn admits_code(&self, code: &str) -> bool {
        self.code.as_deref().is_none_or(|own| own == code)
            || self.also_codes.iter().any(|other| other == code)
    }
}

/// The error type that belongs to a status.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorType {
    /// The word in the envelope.
    #[serde(rename = "type")]
    pub name: String,
    /// How sure that is.
    #[serde(default)]
    pub standing: Standing,
}
