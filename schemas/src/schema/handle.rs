//! A schema of the contract, ready to judge values.

use std::fmt;
use std::sync::Arc;

use jsonschema::Validator;
use serde_json::Value;

use super::compiler::{Compiler, Side};
use super::fault::Fault;
use super::property::{self, Property};
use crate::model::{Standing, StandingMap};
use crate::pointer;

/// A schema of the contract, compiled. Cheap to clone.
#[derive(Clone)]
pub struct Schema {
    compiler: Arc<Compiler>,
    side: Side,
    pointer: String,
    validator: Option<Arc<Validator>>,
    outer: Option<StandingMap>,
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema")
            .field("side", &self.side)
            .field("pointer", &self.pointer)
            .finish_non_exhaustive()
    }
}

impl Schema {
    pub(super) fn new(
        compiler: Arc<Compiler>,
        side: Side,
        pointer: String,
        validator: Option<Arc<Validator>>,
    ) -> Self {
        Self { compiler, side, pointer, validator, outer: None }
    }

    /// The same schema under a standing stated by what it belongs to, such as a parameter.
    #[must_use]
    pub(crate) fn with_outer_standing(mut self, outer: Option<StandingMap>) -> Self {
        self.outer = outer;
        self
    }

    /// Pointer of the schema in the document, references not followed. Empty for the schema that admits everything.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The side of the wire it is read for.
    pub fn side(&self) -> Side {
        self.side
    }

    /// Whether a value is valid: the fast question.
    pub fn is_valid(&self, value: &Value) -> bool {
        self.validator.as_ref().is_none_or(|validator| validator.is_valid(value))
    }

    /// Everything wrong with a value, in the order of the schema; empty for a valid one.
    pub fn faults(&self, value: &Value) -> Vec<Fault> {
        let Some(validator) = &self.validator else { return Vec::new() };
        validator.iter_errors(value).map(|error| Fault::of(&error, self)).collect()
    }

    /// The schema as written, references at its root followed, with the pointer where it stands.
    pub fn resolved(&self) -> (String, &Value) {
        const EVERYTHING: &Value = &Value::Bool(true);
        if self.validator.is_none() {
            return (String::new(), EVERYTHING);
        }
        self.document().resolve(&self.pointer).unwrap_or((self.pointer.clone(), EVERYTHING))
    }

    /// The schema as one self-contained JSON Schema: `$ref` into the document's components becomes `$defs`-free JSON by
    /// keeping the whole document beside it. For tools that take a plain schema.
    pub fn standalone(&self) -> Value {
        let mut whole = self.document().value().clone();
        if let Value::Object(map) = &mut whole {
            map.insert("$ref".to_owned(), Value::String(format!("#{}", self.pointer)));
        }
        whole
    }

    /// The properties of an object schema, those of `allOf` included, without what the other side alone sees.
    pub fn properties(&self) -> Vec<Property> {
        property::of(self)
    }

    /// A property by name.
    pub fn property(&self, name: &str) -> Option<Property> {
        self.properties().into_iter().find(|property| property.name == name)
    }

    /// The names of required properties.
    pub fn required(&self) -> Vec<String> {
        self.properties()
            .into_iter()
            .filter(|property| property.required)
            .map(|property| property.name)
            .collect()
    }

    /// The schema of an array's items.
    pub fn items(&self) -> Option<Self> {
        let (at, value) = self.resolved();
        value.get("items")?;
        self.at(&pointer::join(&at, "items"))
    }

    /// The JSON types the schema names, through references; empty where it names none (then all are admitted).
    pub fn types(&self) -> Vec<&str> {
        let (_, value) = self.resolved();
        match value.get("type") {
            Some(Value::String(name)) => vec![name.as_str()],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether the schema names a JSON type.
    pub fn admits_type(&self, name: &str) -> bool {
        self.types().contains(&name)
    }

    /// A keyword's value as written, through references.
    pub fn keyword(&self, name: &str) -> Option<&Value> {
        self.resolved().1.get(name)
    }

    /// Another schema of the same document and side; `None` when it cannot be compiled.
    pub fn at(&self, pointer: &str) -> Option<Self> {
        self.compiler.schema(self.side, pointer).ok()
    }

    /// The standing of a keyword of this schema, as stated at its place or by what it belongs to.
    pub fn standing(&self, keyword: &str) -> Standing {
        self.standing_along(&format!("/$ref/{keyword}"), keyword, None).0
    }

    /// The standing of a keyword reached by an evaluation path, and the keyword's place in the document.
    /// The innermost statement wins; `member` is a required property whose own statement counts as innermost.
    pub(super) fn standing_along(
        &self,
        path: &str,
        keyword: &str,
        member: Option<&str>,
    ) -> (Standing, String) {
        let document = self.document();
        let mut at = self.pointer.clone();
        let mut found = self.outer.as_ref().and_then(|map| map.of(keyword));
        let mut see = |at: &str| {
            let map = document.get(&pointer::join(at, "x-contract-standing")).cloned();
            let stated = map.and_then(|map| serde_json::from_value::<StandingMap>(map).ok());
            if let Some(standing) = stated.and_then(|map| map.of(keyword)) {
                found = Some(standing);
            }
        };
        see(&at);
        // The first token is the reference from the compiled wrapper to this schema.
        for token in pointer::tokens(path).skip(1) {
            if token == "$ref" {
                let target = document.get(&pointer::join(&at, "$ref")).and_then(Value::as_str);
                let Some(target) = target.and_then(pointer::of_reference) else { break };
                at = target;
            } else {
                at = pointer::join(&at, &token);
            }
            see(&at);
        }
        if let Some(member) = member {
            let owner = at.strip_suffix("/required").unwrap_or(&at);
            see(&pointer::join(&pointer::join(owner, "properties"), member));
        }
        (found.unwrap_or_default(), at)
    }

    pub(super) fn document(&self) -> &crate::source::Document {
        self.compiler.document()
    }
}
