//! A call of the control API: found, read and checked by its description.

use std::sync::OnceLock;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use schemas::{Contract, Fault, Operation, ParameterLocation, Problem, advice, nearest};
use serde_json::Value;

use super::told::Refusal;
use crate::request::{BodyError, Found, Parameters, Router, query};

/// The path of the page; everything else is below it.
pub(super) const PATH: &str = "/__mock";

/// The description of the control API.
pub(super) const TEXT: &str = include_str!("../../control.yaml");

/// The description, read when it is first needed.
#[derive(Debug, Default)]
pub(crate) struct Description(OnceLock<Option<(Contract, Router)>>);

impl Description {
    fn get(&self) -> Result<&(Contract, Router), Refusal> {
        let read = || {
            let contract = Contract::from_text("control.yaml", TEXT).ok()?;
            let router = Router::new(&contract);
            Some((contract, router))
        };
        self.0.get_or_init(read).as_ref().ok_or_else(|| {
            let message =
                "The description of the control API does not load; this is a bug in the mock server.";
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
        })
    }
}

/// A call whose parts fit the description.
#[derive(Debug)]
pub(super) struct Call<'a> {
    operation: &'a Operation,
    path: Vec<(String, String)>,
    query: Vec<(String, String)>,
    pub(super) headers: &'a HeaderMap,
    /// The body; null without one.
    pub(super) body: Value,
}

impl<'a> Call<'a> {
    pub(super) fn read(
        description: &'a Description,
        head: &'a Parts,
        body: Result<Bytes, BodyError>,
    ) -> Result<Self, Refusal> {
        let (contract, router) = description.get()?;
        let (index, path) = match router.find(head.method.as_str(), head.uri.path()) {
            Found::Operation { index, path } => (index, path),
            Found::OtherMethods(allow) => {
                let message = format!("{} takes {allow}.", head.uri.path());
                let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message);
                return Err(refusal.allowing(allow));
            }
            Found::Nothing => return Err(unknown_path(contract, head.uri.path())),
        };
        let Some(operation) = contract.operations().get(index) else {
            return Err(unknown_path(contract, head.uri.path()));
        };
        let query = query(head.uri.query());
        let parameters = Parameters { path: &path, query: &query, headers: &head.headers };
        let plain: Vec<bool> =
            operation.parameters.iter().map(|parameter| parameter.schema.types() == ["string"]).collect();
        if let Some((parameter, fault)) = parameters.fault(operation, &plain) {
            let place = match parameter.location {
                ParameterLocation::Query => format!("?{}", parameter.name),
                _ => parameter.name.clone(),
            };
            let help = format!("{PATH}/openapi.yaml describes it.");
            return Err(Refusal::wrong(&place, fault.message, help));
        }
        let known: Vec<&str> = operation
            .parameters_in(ParameterLocation::Query)
            .map(|parameter| parameter.name.as_str())
            .collect();
        if let Some((name, _)) = query.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            let what = format!("there is no parameter {name}");
            return Err(Refusal::wrong(&format!("?{name}"), what, advice(name, known)));
        }
        let body = read_body(operation, body)?;
        Ok(Self { operation, path, query, headers: &head.headers, body })
    }

    pub(super) fn id(&self) -> &str {
        &self.operation.id
    }

    /// A query parameter.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A query parameter that is a number.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.query(name).and_then(|text| text.parse().ok())
    }

    /// A query parameter that is true or false.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.query(name).map(|text| text == "true")
    }

    /// A path parameter.
    pub(super) fn path(&self, name: &str) -> &str {
        self.path.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }
}

fn read_body(operation: &Operation, body: Result<Bytes, BodyError>) -> Result<Value, Refusal> {
    let bytes = body.map_err(|error| match error {
        BodyError::TooLarge => {
            let message = "The body is too large; see --max-body.";
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message)
        }
        BodyError::TooSlow | BodyError::Broken => {
            Refusal::new(StatusCode::REQUEST_TIMEOUT, "body_broken", "The body did not come as a whole.")
        }
    })?;
    let Some(described) = &operation.body else { return Ok(Value::Null) };
    if bytes.is_empty() && !described.required {
        return Ok(Value::Null);
    }
    let value: Value = serde_json::from_slice(&bytes).map_err(|error| {
        Refusal::wrong("", format!("the body is not valid JSON: {error}"), "Send a JSON object.")
    })?;
    if described.schema.is_valid(&value) {
        return Ok(value);
    }
    let names: Vec<String> =
        described.schema.properties().into_iter().map(|property| property.name).collect();
    let names = || names.iter().map(String::as_str);
    let unknown = value.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let mut problems: Vec<Problem> = unknown
        .filter(|name| names().next().is_some() && !names().any(|known| known == *name))
        .map(|name| {
            let at = format!("/{}", schemas::pointer::escape(name));
            Problem::new(None, at, format!("there is no property {name}")).with_help(advice(name, names()))
        })
        .collect();
    if problems.is_empty() {
        problems = described
            .schema
            .faults(&value)
            .into_iter()
            .filter(|fault| !is_judged_later(fault))
            .map(|fault| {
                let help = format!("{PATH}/openapi.yaml describes it.");
                Problem::new(None, fault.instance, fault.message).with_help(help)
            })
            .collect();
    }
    if problems.is_empty() { Ok(value) } else { Err(Refusal::of("invalid", problems)) }
}

/// What properties of a body say of each other: whoever acts on it tells it in better words.
fn is_judged_later(fault: &Fault) -> bool {
    fault.keyword == "anyOf"
        || fault.place.contains("/dependentSchemas/")
        || fault.place.ends_with("/dependentSchemas")
}

fn unknown_path(contract: &Contract, path: &str) -> Refusal {
    let paths = || contract.operations().iter().map(|operation| operation.path.as_str());
    let rest = path.strip_prefix(PATH).unwrap_or(path);
    let mut known: Vec<&str> = paths().collect();
    known.dedup();
    let help = match nearest(rest, paths()) {
        Some(near) => format!("Did you mean {PATH}{near}?"),
        None => format!("There are {}; {PATH}/openapi.yaml describes them.", known.join(", ")),
    };
    Refusal::unknown("", format!("there is no {path}"), help)
}
