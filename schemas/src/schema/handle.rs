//! A schema of the contract, ready to judge values.

use std::fmt;
use std::sync::{Arc, OnceLock};

use jsonschema::Validator;
use serde_json::Value;

use super::compiler::{Compiler, Lazy, Side};
use super::fault::{self, Fault};
use super::parts::{self, Part};
use super::property::{self, Property};
use crate::pointer;
use crate::vocabulary::{Standing, StandingMap};

/// A schema of the contract, compiled when it is first asked. Cheap to clone.
#[derive(Clone)]
pub struct Schema {
    compiler: Arc<Compiler>,
    side: Side,
    pointer: String,
    /// `None` for the schema that admits everything.
    lazy: Option<Arc<Lazy>>,
    /// Standings stated by what it belongs to, such as a parameter or an object; the outermost first.
    outer: Arc<[StandingMap]>,
    /// Read off the document when they are first asked for: planning asks for them thousands of times.
    properties: Arc<OnceLock<Vec<Property>>>,
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
    pub(super) fn new(compiler: Arc<Compiler>, side: Side, pointer: String, lazy: Option<Arc<Lazy>>) -> Self {
        Self { compiler, side, pointer, lazy, outer: Arc::default(), properties: Arc::default() }
    }

    /// The same schema under standings stated by what it belongs to, the outermost first.
    #[must_use]
    pub(crate) fn with_outer_standings(mut self, outer: impl IntoIterator<Item = StandingMap>) -> Self {
        self.outer = outer.into_iter().collect();
        self.properties = Arc::default();
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

    /// Whether a value is valid: the fast question. A schema that cannot be compiled admits everything.
    pub fn is_valid(&self, value: &Value) -> bool {
        self.validator().is_none_or(|validator| validator.is_valid(value))
    }

    /// Everything wrong with a value, in the order of the schema; of one part of it, the most basic first. Empty for a
    /// valid one.
    pub fn faults(&self, value: &Value) -> Vec<Fault> {
        self.validator().map_or_else(Vec::new, |validator| fault::all(validator, self, value))
    }

    fn validator(&self) -> Option<&Validator> {
        self.compiler.validator(self.lazy.as_ref()?)
    }

    /// The schema as written, references at its root followed, with the pointer where it stands.
    pub fn resolved(&self) -> (String, &Value) {
        const EVERYTHING: &Value = &Value::Bool(true);
        if self.lazy.is_none() {
            return (String::new(), EVERYTHING);
        }
        self.document().resolve(&self.pointer).unwrap_or((self.pointer.clone(), EVERYTHING))
    }

    /// The properties of an object schema, those of `allOf` included, without what the other side alone sees.
    pub fn properties(&self) -> Vec<Property> {
        self.known_properties().to_vec()
    }

    fn known_properties(&self) -> &[Property] {
        self.properties.get_or_init(|| property::of(self))
    }

    /// A property by name.
    pub fn property(&self, name: &str) -> Option<Property> {
        self.known_properties().iter().find(|property| property.name == name).cloned()
    }

    /// The schema of what stands at a JSON pointer in a value of this one; `None` where nothing is described there.
    pub fn within(&self, pointer: &str) -> Option<Self> {
        pointer::tokens(pointer).try_fold(self.clone(), |schema, token| {
            let of_object = schema.property(&token).map(|property| property.schema);
            of_object.or_else(|| schema.items().filter(|_| token.parse::<usize>().is_ok()))
        })
    }

    /// The names of required properties.
    pub fn required(&self) -> Vec<String> {
        let required = self.known_properties().iter().filter(|property| property.required);
        required.map(|property| property.name.clone()).collect()
    }

    /// The schema of an array's items.
    pub fn items(&self) -> Option<Self> {
        let parts = self.parts();
        let (part, _) = parts::keyword(&parts, "items")?;
        let outer =
            self.outer.iter().cloned().chain(part.through.iter().copied().filter_map(StandingMap::stated));
        Some(self.part(&pointer::join(&part.pointer, "items"), outer.collect()))
    }

    /// The schema of members that are not named; `None` where nothing is said of them.
    pub fn additional(&self) -> Option<Self> {
        let parts = self.parts();
        let (part, value) = parts::keyword(&parts, "additionalProperties")?;
        value
            .is_object()
            .then(|| self.part(&pointer::join(&part.pointer, "additionalProperties"), self.outer.to_vec()))
    }

    /// The alternatives of a schema, those of `anyOf` before those of `oneOf`; one beside null alone is no alternative. Empty
    /// where there are none.
    pub fn alternatives(&self) -> Vec<Self> {
        let parts = self.parts();
        let mut found = Vec::new();
        for keyword in ["anyOf", "oneOf"] {
            let Some((part, value)) = parts::keyword(&parts, keyword) else { continue };
            for index in 0..value.as_array().map_or(0, Vec::len) {
                let one = self.part(&format!("{}/{keyword}/{index}", part.pointer), self.outer.to_vec());
                if one.types() != ["null"] {
                    found.push(one);
                }
            }
        }
        if found.len() > 1 { found } else { Vec::new() }
    }

    /// The schema itself and all that it is put together of: see [`parts`].
    pub(super) fn parts(&self) -> Vec<Part<'_>> {
        if self.lazy.is_none() {
            return Vec::new();
        }
        parts::of(self.document(), &self.pointer)
    }

    /// The JSON types the schema names, null the last; empty where it names none (then all are admitted).
    ///
    /// Like [`keyword`](Self::keyword) it looks through references, `allOf` and the one alternative to null: a schema that
    /// is wrapped in one of them says the same as one that is written out.
    pub fn types(&self) -> Vec<&str> {
        parts::types(&self.parts())
    }

    /// The alternative of a schema that is of a JSON type: itself, or one below `anyOf`, `oneOf` or `allOf`.
    pub fn form_of(&self, kind: &str) -> Option<Self> {
        self.form_at(&self.pointer, kind, 0)
    }

    fn form_at(&self, at: &str, kind: &str, depth: usize) -> Option<Self> {
        self.lazy.as_ref().filter(|_| depth < 8)?;
        let (at, value) = self.document().resolve(at)?;
        let named = match value.get("type") {
            Some(Value::String(name)) => name == kind,
            Some(Value::Array(names)) => names.iter().any(|name| name == kind),
            _ => false,
        };
        if named {
            return Some(self.part(&at, self.outer.to_vec()));
        }
        ["anyOf", "oneOf", "allOf"].iter().find_map(|key| {
            let count = value.get(*key).and_then(Value::as_array).map_or(0, Vec::len);
            (0..count).find_map(|index| self.form_at(&format!("{at}/{key}/{index}"), kind, depth + 1))
        })
    }

    /// Whether the schema names a JSON type.
    pub fn admits_type(&self, name: &str) -> bool {
        self.types().contains(&name)
    }

    /// A keyword's value as written, wherever it stands among what the schema is put together of.
    pub fn keyword(&self, name: &str) -> Option<&Value> {
        parts::keyword(&self.parts(), name).map(|(_, value)| value)
    }

    /// Where a keyword stands in the document, or would stand if it were stated.
    pub fn place_of(&self, keyword: &str) -> String {
        let parts = self.parts();
        let stated = parts::keyword(&parts, keyword).map(|(part, _)| part.pointer.clone());
        pointer::join(&stated.unwrap_or_else(|| self.resolved().0), keyword)
    }

    /// Another schema of the same document and side; `None` when there is none or it cannot be compiled.
    pub fn at(&self, pointer: &str) -> Option<Self> {
        self.document().get(pointer)?;
        let schema = self.compiler.schema(self.side, pointer);
        schema.validator().is_some().then_some(schema)
    }

    /// A part of this schema, which was checked with it.
    pub(super) fn part(&self, pointer: &str, outer: Vec<StandingMap>) -> Self {
        self.compiler.schema(self.side, pointer).with_outer_standings(outer)
    }

    /// The standings stated by what the schema belongs to, the outermost first.
    pub(super) fn outer(&self) -> &[StandingMap] {
        &self.outer
    }

    /// The standing of a keyword of this schema: the innermost statement of what leads to it, else that of what the schema
    /// belongs to.
    pub fn standing(&self, keyword: &str) -> Standing {
        let parts = self.parts();
        let stating = parts::keyword(&parts, keyword).map(|(part, _)| part.through.clone());
        // What no part states, null say, may have a standing all the same.
        let through = stating.unwrap_or_else(|| parts.iter().map(|part| part.value).collect());
        let own = through.iter().rev().find_map(|schema| StandingMap::stated(schema)?.of(keyword));
        own.or_else(|| self.outer.iter().rev().find_map(|map| map.of(keyword))).unwrap_or_default()
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
        let mut found = self.outer.iter().rev().find_map(|map| map.of(keyword));
        let mut see = |at: &str| {
            let stated = document.get(at).and_then(StandingMap::stated);
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
