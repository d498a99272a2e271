//! Validators over the whole document, one side of the wire at a time. The only file that compiles JSON Schema.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::{Draft, Registry, ValidationError, Validator};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::handle::Schema;
use crate::check;
use crate::error::{LoadError, Problem};
use crate::pointer;
use crate::source::Document;
use crate::tree::{self, Members};

/// What a URI fragment may hold as it is.
const FRAGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Keywords that validators do not look at; `$id` would give references another base than the document's.
const UNUSED: [&str; 8] =
    ["$id", "title", "description", "summary", "default", "example", "examples", "externalDocs"];

/// The side of the wire a schema is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// What a client sends: readOnly properties do not exist.
    Request,
    /// What a server sends: writeOnly properties do not exist.
    Response,
}

impl Side {
    /// The keyword of properties that this side does not know: `readOnly` or `writeOnly`.
    pub fn hidden(self) -> &'static str {
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

/// A schema that is compiled when it is first asked.
pub(super) struct Lazy {
    side: Side,
    pointer: String,
    validator: OnceLock<Option<Validator>>,
}

/// Compiles schemas of one document, each once.
pub(crate) struct Compiler {
    document: Arc<Document>,
    registry: Registry<'static>,
    /// The document has properties that one side alone sees. Where it has none, both sides share their validators.
    sided: bool,
    known: Mutex<HashMap<(Side, String), Arc<Lazy>>>,
}

impl std::fmt::Debug for Compiler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compiler").field("document", &self.document.name()).finish_non_exhaustive()
    }
}

impl Compiler {
    pub(crate) fn new(document: Arc<Document>) -> Result<Arc<Self>, LoadError> {
        let fail = |error: &dyn std::fmt::Display| {
            let what = format!("a reference does not resolve: {error}");
            LoadError::one(document.name(), Problem::new(None, "", what))
        };
        let sided = is_sided(document.value(), Members::Keywords);
        let sides: &[Side] = if sided { &[Side::Request, Side::Response] } else { &[Side::Response] };
        let mut builder = Registry::new().draft(Draft::Draft202012);
        for side in sides {
            let hidden = sided.then(|| side.hidden());
            let projected = project(&document, document.value(), Members::Keywords, hidden);
            let resource = Draft::Draft202012.create_resource(projected);
            builder = builder.add(side.uri(), resource).map_err(|error| fail(&error))?;
        }
        let registry = builder.prepare().map_err(|error| fail(&error))?;
        Ok(Arc::new(Self { document, registry, sided, known: Mutex::default() }))
    }

    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    /// The schema at a pointer, which is compiled when it is first asked.
    pub(crate) fn schema(self: &Arc<Self>, side: Side, pointer: &str) -> Schema {
        let shared = if self.sided { side } else { Side::Response };
        let key = (shared, pointer.to_owned());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let lazy = known.entry(key).or_insert_with(|| {
            Arc::new(Lazy { side: shared, pointer: pointer.to_owned(), validator: OnceLock::new() })
        });
        Schema::new(Arc::clone(self), side, pointer.to_owned(), Some(Arc::clone(lazy)))
    }

    /// A schema that admits everything.
    pub(crate) fn anything(self: &Arc<Self>, side: Side) -> Schema {
        Schema::new(Arc::clone(self), side, String::new(), None)
    }

    /// The validator of a schema; `None` when it cannot be compiled.
    pub(super) fn validator<'l>(&self, lazy: &'l Lazy) -> Option<&'l Validator> {
        lazy.validator.get_or_init(|| self.compile(&refer(lazy.side, &lazy.pointer)).ok()).as_ref()
    }

    /// What is wrong with the schema at a pointer and all that it refers to.
    pub(crate) fn problem(&self, side: Side, pointer: &str) -> Option<Problem> {
        let side = if self.sided { side } else { Side::Response };
        let error = self.compile(&refer(side, pointer)).err()?;
        // The error quotes the part that is wrong but not its place; a pattern is found by its text.
        let mut place = None;
        tree::visit(self.document.value(), &mut |visit| {
            if place.is_none() && visit.map.get("pattern") == Some(error.instance().as_ref()) {
                place = Some(pointer::join(visit.at, "pattern"));
            }
        });
        let why = check::told(&self.document, place.as_deref(), &error);
        let place = place.as_deref().unwrap_or(pointer);
        let what = format!("this schema, or one it refers to, cannot be compiled: {why}");
        Some(self.document.problem(place, what).with_help("Check its patterns and references."))
    }

    /// What is wrong with any schema that was asked for, and with those of `components`.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut places: Vec<(Side, String)> =
            self.known.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
        let named = self.document.get("/components/schemas").and_then(Value::as_object);
        for name in named.into_iter().flat_map(Map::keys) {
            places.push((Side::Response, pointer::join("/components/schemas", name)));
        }
        places.sort_by(|(_, a), (_, b)| a.cmp(b));
        places.dedup_by(|(_, a), (_, b)| a == b);
        let problems = check::schemas::problems(&self.document, places.iter().map(|(_, at)| at.as_str()));
        if !problems.is_empty() {
            return problems;
        }
        // What the meta-schema does not see: patterns that are none. All at once, so that shared parts count once;
        // only if that fails, one by one.
        let all: Vec<Value> = places.iter().map(|(side, at)| refer(*side, at)).collect();
        if self.compile(&json!({ "anyOf": all })).is_ok() {
            return Vec::new();
        }
        places.iter().filter_map(|(side, at)| self.problem(*side, at)).collect()
    }

    fn compile(&self, schema: &Value) -> Result<Validator, ValidationError<'static>> {
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(true)
            .offline()
            .build(schema)
    }
}

fn refer(side: Side, pointer: &str) -> Value {
    json!({ "$ref": format!("{}#{}", side.uri(), utf8_percent_encode(pointer, FRAGMENT)) })
}

/// A property of a schema, of what it refers to, or of a part of its `allOf`.
fn property<'d>(
    document: &'d Document,
    schema: &'d Map<String, Value>,
    name: &str,
    depth: usize,
) -> Option<&'d Value> {
    if let Some(own) = schema.get("properties").and_then(|properties| properties.get(name)) {
        return Some(own);
    }
    let target = schema.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference);
    let target = target.and_then(|target| document.get(&target));
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    // Circular chains of allOf describe nothing.
    let mut inner = target.into_iter().chain(parts).filter_map(Value::as_object).filter(|_| depth < 16);
    inner.find_map(|part| property(document, part, name, depth + 1))
}

/// Whether any property is for one side alone.
fn is_sided(value: &Value, members: Members) -> bool {
    match value {
        Value::Object(map) => {
            let flagged = members == Members::Keywords
                && ["readOnly", "writeOnly"].iter().any(|flag| map.get(*flag) == Some(&Value::Bool(true)));
            flagged
                || map.iter().any(|(key, child)| {
                    let below = members.below(key, child);
                    below != Members::Data && is_sided(child, below)
                })
        }
        Value::Array(items) => items.iter().any(|item| is_sided(item, members)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// The document as validators see it: without prose, and without the properties of the other side, which are neither
/// there nor required. Places do not move, so a pointer means the same as in the document.
pub(super) fn project(document: &Document, value: &Value, members: Members, hidden: Option<&str>) -> Value {
    match value {
        Value::Object(map) => {
            let keywords = members == Members::Keywords;
            let is_gone = |name: &str| {
                let property = hidden.and_then(|_| property(document, map, name, 0));
                hidden.zip(property).is_some_and(|(flag, property)| document.is_flagged(property, flag))
            };
            let mut kept = Map::new();
            for (key, child) in map {
                if keywords && (UNUSED.contains(&key.as_str()) || key.starts_with("x-contract")) {
                    continue;
                }
                let below = members.below(key, child);
                let mut seen = if below == Members::Data {
                    child.clone()
                } else {
                    project(document, child, below, hidden)
                };
                match (&mut seen, key.as_str()) {
                    (Value::Object(properties), "properties") if keywords => {
                        properties.retain(|name, _| !is_gone(name));
                    }
                    (Value::Array(names), "required") if keywords => {
                        names.retain(|name| !name.as_str().is_some_and(is_gone));
                    }
                    _ => {}
                }
                kept.insert(key.clone(), seen);
            }
            Value::Object(kept)
        }
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| project(document, item, members, hidden)).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}
