//! Parameters: decoded, and held against their schemas.

use std::borrow::Cow;

use http::HeaderMap;
use percent_encoding::percent_decode_str;
use schemas::{Fault, Operation, Parameter, ParameterLocation};
use serde_json::Value;

/// A path segment as the client meant it; what is no UTF-8 becomes U+FFFD, which names no row.
pub(crate) fn decode_path(segment: &str) -> Cow<'_, str> {
    percent_decode_str(segment).decode_utf8_lossy()
}

/// The query, decoded, in order.
pub(crate) fn query(query: Option<&str>) -> Vec<(String, String)> {
    query.map_or_else(Vec::new, schemas::query_pairs)
}

/// A request's parameters.
#[derive(Debug)]
pub(crate) struct Parameters<'a> {
    pub(crate) path: &'a [(String, String)],
    pub(crate) query: &'a [(String, String)],
    pub(crate) headers: &'a HeaderMap,
}

impl Parameters<'_> {
    /// The first breach, with the parameter it is in: path, then query, then headers.
    ///
    /// `plain` says of each parameter whether its value is always a text.
    pub(crate) fn fault<'o>(
        &self,
        operation: &'o Operation,
        plain: &[bool],
    ) -> Option<(&'o Parameter, Fault)> {
        operation.parameters.iter().zip(plain).find_map(|(parameter, plain)| {
            if is_ignored(parameter) {
                return None;
            }
            let Some(value) = self.value(parameter, *plain) else {
                return parameter.required.then(|| (parameter, missing(parameter)));
            };
            if parameter.schema.is_valid(&value) {
                return None;
            }
            parameter
                .schema
                .faults(&value)
                .into_iter()
                .next()
                .map(|fault| (parameter, named(fault, parameter)))
        })
    }

    /// The first value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A path parameter.
    pub(crate) fn path(&self, name: &str) -> Option<&str> {
        self.path.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter; `None` where it was not sent.
    fn value(&self, parameter: &Parameter, plain: bool) -> Option<Value> {
        let name = parameter.name.as_str();
        let text = |text: &str| Value::String(text.to_owned());
        match parameter.location {
            ParameterLocation::Path if plain => self.path(name).map(text),
            ParameterLocation::Query if plain => self.query(name).map(text),
            ParameterLocation::Path => parameter.read(pairs(self.path)),
            ParameterLocation::Query => parameter.read(pairs(self.query)),
            ParameterLocation::Header => {
                // Header texts are bytes; those outside ASCII are read one character a byte.
                let lines = self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
                let sent: Vec<(&str, &str)> = lines.map(|line| (name, line)).collect();
                parameter.read(sent.into_iter())
            }
            ParameterLocation::Cookie => {
                let lines = self.headers.get_all(http::header::COOKIE).iter();
                let lines = lines.filter_map(|value| value.to_str().ok());
                let sent: Vec<(String, String)> = lines.flat_map(schemas::cookie_pairs).collect();
                parameter.read(pairs(&sent))
            }
        }
    }
}

fn pairs(sent: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> + Clone {
    sent.iter().map(|(name, text)| (name.as_str(), text.as_str()))
}

/// Headers that OpenAPI says elsewhere: parameters of these names are not looked at.
fn is_ignored(parameter: &Parameter) -> bool {
    let is = |name: &str| parameter.name.eq_ignore_ascii_case(name);
    parameter.location == ParameterLocation::Header
        && ["accept", "content-type", "authorization"].into_iter().any(is)
}

fn missing(parameter: &Parameter) -> Fault {
    let message = format!("{} is required", parameter.name);
    let faults = parameter.schema.faults(&Value::Null);
    let place = faults.first().map(|fault| fault.place.clone()).unwrap_or_default();
    Fault {
        kind: schemas::FaultKind::Missing,
        instance: String::new(),
        field: Some(parameter.name.clone()),
        keyword: "required".to_owned(),
        standing: parameter.standing,
        place,
        message,
    }
}

/// A fault of a parameter's value names the parameter.
fn named(mut fault: Fault, parameter: &Parameter) -> Fault {
    if let Some(rest) = fault.message.strip_prefix("the value ") {
        fault.message = format!("{} {rest}", parameter.name);
    } else if fault.field.as_ref().is_some_and(|inner| fault.message.starts_with(inner.as_str())) {
        fault.message = format!("{}.{}", parameter.name, fault.message);
    }
    fault.field = Some(parameter.name.clone());
    fault
}
