//! Validators over the whole document, one side of the wire at a time. The only file that compiles JSON Schema.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::{Draft, Registry, ValidationError, Validator};
use serde_json::{Map, Value, json};

use super::handle::Schema;
use super::keywords::{self, Use};
use super::pattern::Patterns;
use super::project::Projection;
use crate::check;
use crate::error::Problem;
use crate::pointer;
use crate::rule::Rule;
use crate::source::Document;
use crate::tree::Members;

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
    /// The document as validators see it, by side; made when the first schema is asked.
    registries: [OnceLock<Option<Registry<'static>>>; 2],
    patterns: Patterns,
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
    pub(crate) fn new(document: Arc<Document>) -> Arc<Self> {
        let sided = is_sided(document.value(), Members::Keywords);
        Arc::new(Self {
            document,
            registries: Default::default(),
            patterns: Patterns::default(),
            sided,
            known: Mutex::default(),
        })
    }

    fn registry(&self, side: Side) -> Option<&Registry<'static>> {
        let slot = &self.registries[usize::from(side == Side::Request)];
        slot.get_or_init(|| {
            let projection = Projection {
                document: &self.document,
                hidden: self.sided.then(|| side.hidden()),
                patterns: Some(&self.patterns),
            };
            let projected = projection.of(self.document.value(), Members::Keywords);
            let resource = Draft::Draft202012.create_resource(projected);
            Registry::new().draft(Draft::Draft202012).add(side.uri(), resource).ok()?.prepare().ok()
        })
        .as_ref()
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
        lazy.validator.get_or_init(|| self.compile(lazy.side, &lazy.pointer)?.ok()).as_ref()
    }

    /// What is wrong with the schema at a pointer and all that it refers to.
    pub(crate) fn problem(&self, side: Side, pointer: &str) -> Option<Problem> {
        let side = if self.sided { side } else { Side::Response };
        let what = match self.compile(side, pointer) {
            Some(Ok(_)) => return None,
            Some(Err(error)) => {
                let why = check::told(&self.document, None, &error);
                format!("this schema, or one it refers to, cannot be compiled: {why}")
            }
            None => "the schemas of this description cannot be compiled".to_owned(),
        };
        let help = "Check its patterns and references; till then it admits everything.";
        Some(self.document.problem(pointer, what).with_help(help).under(Rule::SchemaKeyword))
    }

    /// Every keyword that is not used as it is written, of any schema that was asked for and of those of `components`.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut places: Vec<String> = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.keys().map(|(_, at)| at.clone()).collect()
        };
        let named = self.document.get("/components/schemas").and_then(Value::as_object);
        for name in named.into_iter().flat_map(Map::keys) {
            places.push(pointer::join("/components/schemas", name));
        }
        places.sort();
        places.dedup();
        let mut problems = Vec::new();
        for at in &places {
            let Some(schema) = self.document.get(at) else { continue };
            keywords::unusable(schema, at, &self.patterns, &mut |at, made| {
                let help =
                    "See https://json-schema.org/draft/2020-12/json-schema-validation for what it may be.";
                let (rule, what) = match made {
                    Use::AsWritten => return,
                    Use::As(value) => {
                        let key = at.rsplit('/').next().unwrap_or_default();
                        (Rule::OpenapiForm, format!("{key} is read as {}", keywords::shown(&value)))
                    }
                    Use::Not(rule, what) => (rule, format!("{what}; it is left out")),
                };
                let help = if rule == Rule::Pattern {
                    "Write a regular expression of ECMA-262, not too large a one."
                } else {
                    help
                };
                problems.push(self.document.problem(at, what).with_help(help).under(rule));
            });
        }
        problems
    }

    fn compile(&self, side: Side, pointer: &str) -> Option<Result<Validator, ValidationError<'static>>> {
        let schema = json!({ "$ref": format!("{}{}", side.uri(), pointer::reference(pointer)) });
        let options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(self.registry(side)?)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(true)
            .offline();
        Some(options.build(&schema))
    }
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
