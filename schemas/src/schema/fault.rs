//! What is wrong with a value, in the words of the contract's rejections.

use std::fmt::Write as _;

use indexmap::IndexMap;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::Location;
use jsonschema::{JsonType, ValidationError, Validator};
use serde_json::{Map, Value};

use super::handle::Schema;
use crate::pointer;
use crate::vocabulary::Standing;

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

/// Breaches of one value that are told: a list of thousands of rows may break its schema in each of them.
const MOST: usize = 2_000;

/// Everything wrong with a value, as far as that can be told.
pub(super) fn all(validator: &Validator, schema: &Schema, value: &Value) -> Vec<Fault> {
    let mut found = Vec::new();
    for error in validator.iter_errors(value).take(MOST) {
        gather(&error, schema, value, &mut found);
    }
    settle(found)
}

/// Groups faults by the part of the value they are about, the most basic first. A value of another type is no member of
/// an enum either: that goes without saying.
fn settle(found: Vec<Fault>) -> Vec<Fault> {
    let mut groups: IndexMap<String, Vec<Fault>> = IndexMap::new();
    for fault in found {
        groups.entry(fault.instance.clone()).or_default().push(fault);
    }
    let mut settled = Vec::new();
    for mut group in groups.into_values() {
        group.sort_by_key(|fault| fault.kind);
        let wrong_type = group.iter().any(|fault| fault.keyword == "type");
        group.retain(|fault| !(wrong_type && matches!(fault.keyword.as_str(), "enum" | "const")));
        group.dedup_by(|later, earlier| (later.kind, &later.keyword) == (earlier.kind, &earlier.keyword));
        settled.append(&mut group);
    }
    settled
}

fn gather(error: &ValidationError<'_>, schema: &Schema, whole: &Value, found: &mut Vec<Fault>) {
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            // Alternatives of another type are not what was meant: with one left, its faults say more.
            let here = error.instance_path();
            let meant: Vec<_> =
                context.iter().filter(|errors| !errors.iter().any(|e| is_other(e, here))).collect();
            // That null would do as well goes without saying.
            let besides_null: Vec<_> =
                context.iter().filter(|errors| !errors.iter().any(|e| wants_null(e, here))).collect();
            let meant =
                if meant.is_empty() && besides_null.len() < context.len() { besides_null } else { meant };
            match meant.as_slice() {
                [only] => only.iter().for_each(|error| gather(error, schema, whole, found)),
                [] if error.instance().is_null() => {
                    found.push(Fault::new(
                        error,
                        schema,
                        FaultKind::Null,
                        error.instance_path().as_str().to_owned(),
                    ));
                }
                [] => found.push(Fault::new(
                    error,
                    schema,
                    FaultKind::Type,
                    error.instance_path().as_str().to_owned(),
                )),
                [..] => found.push(Fault::of(error, schema)),
            }
        }
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                let instance = pointer::join(error.instance_path().as_str(), name);
                found.push(Fault::new(error, schema, FaultKind::Other, instance));
            }
        }
        // Where no property is described at all, the library blames the object.
        ValidationErrorKind::FalseSchema
            if error.schema_path().as_str().ends_with("/additionalProperties") =>
        {
            let object = whole.pointer(error.instance_path().as_str()).and_then(Value::as_object);
            if object.is_none_or(Map::is_empty) {
                found.push(Fault::of(error, schema));
            }
            for name in object.into_iter().flat_map(Map::keys) {
                let instance = pointer::join(error.instance_path().as_str(), name);
                let mut fault = Fault::new(error, schema, FaultKind::Other, instance);
                "additionalProperties".clone_into(&mut fault.keyword);
                found.push(fault);
            }
        }
        ValidationErrorKind::PropertyNames { error: inner } => {
            let name = inner.instance().as_str().unwrap_or_default();
            let instance = pointer::join(error.instance_path().as_str(), name);
            found.push(Fault::new(error, schema, FaultKind::Other, instance));
        }
        _ => found.push(Fault::of(error, schema)),
    }
}

/// Whether an error says that the value at a place is of another type.
fn is_other(error: &ValidationError<'_>, place: &Location) -> bool {
    matches!(error.kind(), ValidationErrorKind::Type { .. }) && error.instance_path() == place
}

/// Whether an error says that the value at a place should be null.
fn wants_null(error: &ValidationError<'_>, place: &Location) -> bool {
    let null = matches!(error.kind(), ValidationErrorKind::Type { kind: TypeKind::Single(JsonType::Null) });
    null && error.instance_path() == place
}

impl Fault {
    fn of(error: &ValidationError<'_>, schema: &Schema) -> Self {
        let mut instance = error.instance_path().as_str().to_owned();
        let kind = kind(error, &instance);
        if let ValidationErrorKind::Required { property: Value::String(property) } = error.kind() {
            instance = pointer::join(&instance, property);
        }
        Self::new(error, schema, kind, instance)
    }

    fn new(error: &ValidationError<'_>, schema: &Schema, kind: FaultKind, instance: String) -> Self {
        let keyword = error.kind().keyword().to_owned();
        let (standing, place) = schema.standing_along(
            error.evaluation_path().as_str(),
            if kind == FaultKind::Null { "null" } else { &keyword },
            (kind == FaultKind::Missing).then(|| instance.rsplit('/').next().unwrap_or_default()),
        );
        let field = field(&instance);
        let mut message = message(error, field.as_deref());
        // The engine may have been given the pattern in other words than the contract's.
        if let (ValidationErrorKind::Pattern { pattern }, Some(Value::String(written))) =
            (error.kind(), schema.document().get(&place))
        {
            message.truncate(message.len() - pattern.len());
            message.push_str(written);
        }
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
        ValidationErrorKind::ExclusiveMinimum { limit } => write!(message, "must be more than {limit}"),
        ValidationErrorKind::ExclusiveMaximum { limit } => write!(message, "must be less than {limit}"),
        ValidationErrorKind::MultipleOf { multiple_of } => {
            write!(message, "must be a multiple of {multiple_of}")
        }
        ValidationErrorKind::AdditionalProperties { .. }
        | ValidationErrorKind::UnevaluatedProperties { .. } => {
            write!(message, "is not described")
        }
        ValidationErrorKind::FalseSchema => write!(message, "must not be there"),
        ValidationErrorKind::UniqueItems => write!(message, "must not hold an item twice"),
        ValidationErrorKind::AnyOf { .. } | ValidationErrorKind::OneOfNotValid { .. } => {
            write!(message, "fits none of the described forms")
        }
        ValidationErrorKind::MinItems { limit } => write!(message, "must have at least {limit} items"),
        ValidationErrorKind::MaxItems { limit } => write!(message, "must have at most {limit} items"),
        ValidationErrorKind::Format { format } => write!(message, "must be a valid {format}"),
        ValidationErrorKind::Pattern { pattern } => write!(message, "must match {pattern}"),
        other => write!(message, "breaks the keyword {}", other.keyword()),
    };
    debug_assert!(written.is_ok());
    message
}
