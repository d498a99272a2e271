//! The document against the meta-schema of its version, as it is written.

use std::sync::OnceLock;

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::Value;

use super::told;
use crate::error::{LoadError, Problem};
use crate::rule::Rule;
use crate::source::Document;

/// How many departures from the specification are told one by one.
const MOST_TOLD: usize = 500;

/// A version that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    V20,
    V30,
    V31,
    V32,
}

impl Version {
    /// The version of a document, or why it is none that is read.
    pub(super) fn of(document: &Document) -> Result<Self, LoadError> {
        let text = |key: &str| match document.get(key) {
            Some(Value::String(text)) => Some(text.clone()),
            // YAML makes a number of it.
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let (openapi, swagger) = (text("/openapi"), text("/swagger"));
        let found = match (openapi.as_deref(), swagger.as_deref()) {
            (Some(version), _) if version.starts_with("3.0") || version == "3" => return Ok(Self::V30),
            (Some(version), _) if version.starts_with("3.1") => return Ok(Self::V31),
            (Some(version), _) if version.starts_with("3.2") => return Ok(Self::V32),
            (None, Some(version)) if version.starts_with('2') => return Ok(Self::V20),
            (Some(version), _) => format!("OpenAPI {version} is not read"),
            (None, Some(version)) => format!("Swagger {version} is not read"),
            (None, None) => "this is no OpenAPI description: it has no `openapi` key".to_owned(),
        };
        let at = if openapi.is_some() {
            "/openapi"
        } else if swagger.is_some() {
            "/swagger"
        } else {
            ""
        };
        let help = "Give a description that says `openapi: 3.0.x`, `3.1.x` or `3.2.x`, or `swagger: '2.0'`.";
        let problem = document.problem(at, found).with_help(help).under(Rule::Version);
        Err(LoadError::one(document.name(), problem))
    }

    /// The name and the meta-schema; 3.2 has none here.
    fn meta(self) -> Option<(&'static str, &'static Validator)> {
        static META: [OnceLock<Option<Validator>>; 3] = [const { OnceLock::new() }; 3];
        let (name, index, text) = match self {
            Self::V20 => ("Swagger 2.0", 0, include_str!("../../meta/openapi-2.0.json")),
            Self::V30 => ("OpenAPI 3.0", 1, include_str!("../../meta/openapi-3.0.json")),
            Self::V31 => ("OpenAPI 3.1", 2, include_str!("../../meta/openapi-3.1.json")),
            Self::V32 => return None,
        };
        let compiled = META[index].get_or_init(|| {
            let schema: Value = serde_json::from_str(text).ok()?;
            jsonschema::options().offline().build(&schema).ok()
        });
        Some((name, compiled.as_ref()?))
    }

    fn specification(self) -> &'static str {
        match self {
            Self::V20 => "https://spec.openapis.org/oas/v2.0",
            Self::V30 => "https://spec.openapis.org/oas/v3.0.4",
            Self::V31 => "https://spec.openapis.org/oas/v3.1.1",
            Self::V32 => "https://spec.openapis.org/oas/v3.2.0",
        }
    }
}

/// Where a document, as it is written, departs from the specification of its version.
pub(super) fn problems(document: &Document, version: Version) -> Vec<Problem> {
    let Some((name, validator)) = version.meta() else { return Vec::new() };
    if validator.is_valid(document.value()) {
        return Vec::new();
    }
    let mut problems: Vec<Problem> = Vec::new();
    let mut tell = |error: &ValidationError<'_>| {
        let at = error.instance_path().as_str();
        let what = format!("not valid {name}: {}", told(document, Some(at), error));
        let help = format!("Compare the place with {}.", version.specification());
        problems.push(document.problem(at, what).with_help(help).under(Rule::OpenapiForm));
    };
    let mut left = MOST_TOLD;
    for error in validator.iter_errors(document.value()) {
        meant(&error, 0, &mut |error| {
            if let Some(less) = left.checked_sub(1) {
                left = less;
                tell(error);
            }
        });
    }
    if left == 0 {
        let what = format!("more than {MOST_TOLD} departures from {name} were met; the rest is not told");
        problems.push(document.problem("", what).with_help("Correct these first.").under(Rule::OpenapiForm));
    }
    problems
}

/// What an error comes down to: of alternatives, the errors of the one that was probably meant.
fn meant(error: &ValidationError<'_>, depth: usize, tell: &mut dyn FnMut(&ValidationError<'_>)) {
    let (ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }) =
        error.kind()
    else {
        return tell(error);
    };
    let here = error.instance_path().as_str().len();
    // The alternative that fails deepest inside fits best; one that wants a reference, where none is, was not meant.
    let worth = |errors: &Vec<ValidationError<'_>>| {
        let refers = errors.iter().any(|inner| {
            matches!(inner.kind(), ValidationErrorKind::Required { property: Value::String(name) } if name == "$ref")
        });
        let inside = errors.iter().all(|inner| inner.instance_path().as_str().len() > here);
        (!refers, inside, std::cmp::Reverse(errors.len()))
    };
    match context.iter().max_by_key(|errors| worth(errors)) {
        Some(errors) if depth < 8 && !errors.is_empty() => {
            for inner in errors {
                meant(inner, depth + 1, tell);
            }
        }
        _ => tell(error),
    }
}
