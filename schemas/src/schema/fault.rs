//! What is wrong with a value, in the words of the contract's rejections.

use std::fmt::Write as _;

use jsonschema::{JsonType, ValidationError, error::TypeKind, error::ValidationErrorKind};
use serde_json::Value;

use super::handle::Schema;
use crate::model::Standing;
use crate::pointer;

/// One breach of a schema by a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which kind of breach.
    pub kind: FaultKind,
    /// Pointer into the value: the part that is wrong; for a missing property, where it should be.
    pub instance: String,
    /// The property to blame, nested ones joined by dots; `None` for the value as a whole.
    pub field: Option<String>,
    /// The keyword that was broken.
    pub keyword: String,
    /// How sure the contract is of it.
    pub standing: Standing,
    /// Pointer of the broken keyword in the document.
    pub place: String,
    /// Prose.
    pub message: String,
}

/// Kinds of breach, each with a rejection of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// The body is not an object where one is wanted.
    NotObject,
    /// A required property is absent.
    Missing,
    /// A null where the type admits none.
    Null,
    /// Another type.
    Type,
    /// Under a bound: of a number, a length or a count.
    TooSmall,
    /// Over a bound.
    TooBig,
    /// A text that breaks a format or pattern.
    Format,
    /// Not one of the listed values.
    Enum,
    /// Anything else.
    Other,
}

impl FaultKind {
    /// The name of the rejection in `x-contract.errors.rejections`.
    pub fn rejection(self) -> &'static str {
        match self {
            Self::NotObject => "body-not-object",
            Self::Missing => "value-missing",
            Self::Null => "value-null",
            Self::Type => "value-type",
            Self::TooSmall => "value-too-small",
            Self::TooBig => "value-too-big",
            Self::Format => "value-format",
            Self::Enum => "value-enum",
            Self::Other => "value-other",
        }
    }
}

impl Fault {
    pub(super) fn of(error: &ValidationError<'_>, schema: &Schema) -> Self {
        let mut instance = error.instance_path().as_str().to_owned();
        let keyword = error.kind().keyword().to_owned();
        let kind = kind(error, &instance);
        if let ValidationErrorKind::Required { property: Value::String(property) } = error.kind() {
            instance = pointer::join(&instance, property);
        }
        let (standing, place) = schema.standing_along(
            error.evaluation_path().as_str(),
            if kind == FaultKind::Null { "null" } else { &keyword },
            (kind == FaultKind::Missing).then(|| instance.rsplit('/').next().unwrap_or_default()),
        );
        let field = field(&instance);
        let message = message(error, field.as_deref());
        Self { kind, instance, field, keyword, standing, place, message }
    }
}

fn kind(error: &ValidationError<'_>, instance: &str) -> FaultKind {
    match error.kind() {
        ValidationErrorKind::Required { .. } => FaultKind::Missing,
        ValidationErrorKind::Type { .. } if instance.is_empty() && wants_object(error.kind()) => {
            FaultKind::NotObject
        }
        ValidationErrorKind::Type { .. }
        | ValidationErrorKind::Enum { .. }
        | ValidationErrorKind::Constant { .. }
            if error.instance().is_null() =>
        {
            FaultKind::Null
        }
        ValidationErrorKind::Type { .. } => FaultKind::Type,
        // A wrong type in an enum is a wrong type before it is a wrong member.
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => FaultKind::Enum,
        ValidationErrorKind::MinLength { .. }
        | ValidationErrorKind::MinItems { .. }
        | ValidationErrorKind::MinProperties { .. }
        | ValidationErrorKind::Minimum { .. }
        | ValidationErrorKind::ExclusiveMinimum { .. } => FaultKind::TooSmall,
        ValidationErrorKind::MaxLength { .. }
        | ValidationErrorKind::MaxItems { .. }
        | ValidationErrorKind::MaxProperties { .. }
        | ValidationErrorKind::Maximum { .. }
        | ValidationErrorKind::ExclusiveMaximum { .. } => FaultKind::TooBig,
        ValidationErrorKind::Format { .. } | ValidationErrorKind::Pattern { .. } => FaultKind::Format,
        _ => FaultKind::Other,
    }
}

fn wants_object(kind: &ValidationErrorKind) -> bool {
    matches!(kind, ValidationErrorKind::Type { kind: TypeKind::Single(JsonType::Object) })
}

/// `/labels/0` becomes `labels.0`.
fn field(instance: &str) -> Option<String> {
    if instance.is_empty() {
        return None;
    }
    Some(pointer::tokens(instance).collect::<Vec<_>>().join("."))
}

/// Prose without the value, which may be long or secret.
fn message(error: &ValidationError<'_>, field: Option<&str>) -> String {
    let mut message = field.map_or_else(|| "the value ".to_owned(), |field| format!("{field} "));
    let kind = error.kind();
    let written = match kind {
        ValidationErrorKind::Required { .. } => write!(message, "is required"),
        ValidationErrorKind::Type { kind: TypeKind::Single(wanted) } => {
            write!(message, "must be of type {wanted}")
        }
        ValidationErrorKind::Type { kind: TypeKind::Multiple(set) } => {
            let names: Vec<String> = set.iter().map(|one| one.to_string()).collect();
            write!(message, "must be of type {}", names.join(" or "))
        }
        ValidationErrorKind::Enum { options } => write!(message, "must be one of {options}"),
        ValidationErrorKind::Constant { expected_value } => write!(message, "must be {expected_value}"),
        ValidationErrorKind::MinLength { limit } => write!(message, "must have at least {limit} characters"),
        ValidationErrorKind::MaxLength { limit } => write!(message, "must have at most {limit} characters"),
        ValidationErrorKind::Minimum { limit } => write!(message, "must be at least {limit}"),
        ValidationErrorKind::Maximum { limit } => write!(message, "must be at most {limit}"),
        ValidationErrorKind::MinItems { limit } => write!(message, "must have at least {limit} items"),
        ValidationErrorKind::MaxItems { limit } => write!(message, "must have at most {limit} items"),
        ValidationErrorKind::Format { format } => write!(message, "must be a valid {format}"),
        ValidationErrorKind::Pattern { pattern } => write!(message, "must match {pattern}"),
        other => write!(message, "breaks the keyword {}", other.keyword()),
    };
    debug_assert!(written.is_ok());
    message
}
