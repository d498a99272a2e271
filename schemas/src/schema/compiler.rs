//! Validators over the whole document, one side of the wire at a time. The only file that compiles JSON Schema.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::{Draft, Registry, Validator};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::handle::Schema;
use crate::error::{LoadError, Problem};
use crate::source::Document;

/// What a URI fragment may hold as it is.
const FRAGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The side of the wire a schema is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// What a client sends: readOnly properties do not exist.
    Request,
    /// What a server sends: writeOnly properties do not exist.
    Response,
}

impl Side {
    fn hidden(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Response => "writeOnly",
        }
    }

    fn uri(self) -> &'static str {
        match self {
            Self::Request => "json-schema:///request",
            Self::Response => "json-schema:///response",
        }
    }
}

/// Compiles schemas of one document, each once.
pub(crate) struct Compiler {
    document: Arc<Document>,
    registry: Registry<'static>,
    cache: Mutex<HashMap<(Side, String), Arc<Validator>>>,
}

impl std::fmt::Debug for Compiler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compiler").field("document", &self.document.name()).finish_non_exhaustive()
    }
}

impl Compiler {
    pub(crate) fn new(document: Arc<Document>) -> Result<Arc<Self>, LoadError> {
        let fail = |error: &dyn std::fmt::Display| {
            LoadError::one(
                document.name(),
                Problem::new(None, "", format!("a reference does not resolve: {error}")),
            )
        };
        let mut builder = Registry::new().draft(Draft::Draft202012);
        for side in [Side::Request, Side::Response] {
            let projected = project(document.value(), side);
            let resource = Draft::Draft202012.create_resource(projected);
            builder = builder.add(side.uri(), resource).map_err(|error| fail(&error))?;
        }
        let registry = builder.prepare().map_err(|error| fail(&error))?;
        Ok(Arc::new(Self { document, registry, cache: Mutex::default() }))
    }

    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    /// The schema at a pointer.
    pub(crate) fn schema(self: &Arc<Self>, side: Side, pointer: &str) -> Result<Schema, LoadError> {
        let key = (side, pointer.to_owned());
        let known = self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let validator = if let Some(validator) = known {
            validator
        } else {
            let reference = format!("{}#{}", side.uri(), utf8_percent_encode(pointer, FRAGMENT));
            let validator = Arc::new(self.compile(&json!({ "$ref": reference })).map_err(|error| {
                let problem =
                    self.document.problem(pointer, format!("this schema cannot be compiled: {error}"));
                LoadError::one(self.document.name(), problem)
            })?);
            self.cache.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&validator));
            validator
        };
        Ok(Schema::new(Arc::clone(self), side, pointer.to_owned(), Some(validator)))
    }

    /// A schema that admits everything.
    pub(crate) fn anything(self: &Arc<Self>, side: Side) -> Schema {
        Schema::new(Arc::clone(self), side, String::new(), None)
    }

    fn compile(&self, schema: &Value) -> Result<Validator, jsonschema::ValidationError<'static>> {
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(true)
            .with_format("int32", |_: &str| true)
            .offline()
            .build(schema)
    }
}

/// The document as one side sees it: properties of the other side are neither there nor required.
/// Places do not move, so a pointer means the same in both.
fn project(document: &Value, side: Side) -> Value {
    let mut projected = document.clone();
    if document.to_string().contains(side.hidden()) {
        hide(&mut projected, side.hidden());
    }
    projected
}

fn hide(value: &mut Value, flag: &str) {
    match value {
        Value::Object(map) => {
            let hidden: Vec<String> = map
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .filter(|(_, property)| property.get(flag).and_then(Value::as_bool).unwrap_or(false))
                .map(|(name, _)| name.clone())
                .collect();
            if !hidden.is_empty() {
                if let Some(Value::Object(properties)) = map.get_mut("properties") {
                    properties.retain(|name, _| !hidden.contains(name));
                }
                if let Some(Value::Array(required)) = map.get_mut("required") {
                    required.retain(|name| !hidden.iter().any(|hidden| name.as_str() == Some(hidden)));
                }
            }
            map.values_mut().for_each(|child| hide(child, flag));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, flag)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
