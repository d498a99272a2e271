//! The document against the OpenAPI 3.1 meta-schema.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::Value;

use super::told;
use crate::error::{LoadError, Problem};
use crate::source::Document;

fn meta_schema() -> Option<&'static Validator> {
    static META: OnceLock<Option<Validator>> = OnceLock::new();
    META.get_or_init(|| {
        let schema: Value = serde_json::from_str(include_str!("../../meta/openapi-3.1.json")).ok()?;
        jsonschema::options().offline().build(&schema).ok()
    })
    .as_ref()
}

/// Refuses what is no OpenAPI 3.x description at all.
pub(super) fn version(document: &Document) -> Result<(), LoadError> {
    let version = document.get("/openapi");
    let found = match (version, document.get("/swagger")) {
        (Some(Value::String(version)), _) if version.starts_with("3.0") || version.starts_with("3.1") => {
            return Ok(());
        }
        (Some(Value::Number(number)), _) => format!("openapi: {number} is a number"),
        (Some(other), _) => format!("openapi: {other} is not supported"),
        (None, Some(_)) => "this is a Swagger 2.0 description".to_owned(),
        (None, None) => "this is no OpenAPI description: it has no `openapi` key".to_owned(),
    };
    let at = if version.is_some() { "/openapi" } else { "" };
    let help = "Write `openapi: 3.1.0`; versions 3.0 and 3.1 are read.";
    Err(LoadError::one(document.name(), document.problem(at, found).with_help(help)))
}

pub(super) fn problems(document: &Document) -> Vec<Problem> {
    let Some(validator) = meta_schema() else {
        return vec![document.problem("", "the built-in OpenAPI meta-schema cannot be compiled")];
    };
    if validator.is_valid(document.value()) {
        return Vec::new();
    }
    validator
        .iter_errors(document.value())
        .map(|error| {
            let at = error.instance_path().as_str();
            let what = told(document, Some(at), &error);
            document
                .problem(at, format!("not valid OpenAPI 3.1: {what}"))
                .with_help("Compare the place with https://spec.openapis.org/oas/v3.1.0.")
        })
        .collect()
}
