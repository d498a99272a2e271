//! Schemas as inference sees them: properties through references and `allOf`, and kinds of values.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::pointer;
use crate::schema::parts;
use crate::source::Document;

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    Object,
    Array,
    /// Several, or none is stated.
    Any,
}

/// One property of a schema.
#[derive(Debug)]
pub(super) struct Property {
    /// Where its schema stands.
    pub(super) at: String,
    pub(super) required: bool,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
}

/// A schema: what it is a reference to in the end, and its properties.
#[derive(Debug)]
pub(super) struct Shape {
    /// Where the schema stands that all references to it lead to.
    pub(super) anchor: String,
    pub(super) properties: IndexMap<String, Property>,
}

impl Shape {
    /// A property by its name.
    pub(super) fn get(&self, name: &str) -> Option<&Property> {
        self.properties.get(name)
    }
}

/// The schemas of a document.
pub(super) struct View<'d> {
    pub(super) document: &'d Document,
    shapes: RefCell<HashMap<String, Rc<Shape>>>,
}

impl<'d> View<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self { document, shapes: RefCell::default() }
    }

    /// The schema at a pointer.
    pub(super) fn shape(&self, at: &str) -> Rc<Shape> {
        let anchor = self.anchor(at);
        if let Some(known) = self.shapes.borrow().get(&anchor) {
            return Rc::clone(known);
        }
        let shape = Rc::new(self.read(&anchor));
        self.shapes.borrow_mut().insert(anchor, Rc::clone(&shape));
        shape
    }

    /// Where the schema stands that a pointer leads to, through references and an `allOf` of one.
    pub(super) fn anchor(&self, at: &str) -> String {
        let mut at = at.to_owned();
        for _ in 0..32 {
            let Some(value) = self.document.get(&at) else { break };
            if let Some(target) = value.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference) {
                at = target;
            } else if value.get("properties").is_none()
                && value.get("allOf").and_then(Value::as_array).is_some_and(|all| all.len() == 1)
            {
                at.push_str("/allOf/0");
            } else {
                break;
            }
        }
        at
    }

    fn read(&self, at: &str) -> Shape {
        let parts = parts::inner_first(self.document, at);
        let mut properties: IndexMap<String, Property> = IndexMap::new();
        for part in &parts {
            let members = part.value.get("properties").and_then(Value::as_object);
            for (name, value) in members.into_iter().flatten() {
                let property = Property {
                    at: pointer::join(&pointer::join(&part.pointer, "properties"), name),
                    required: false,
                    read_only: self.document.is_flagged(value, "readOnly"),
                    write_only: self.document.is_flagged(value, "writeOnly"),
                };
                properties.insert(name.clone(), property);
            }
        }
        for name in parts.iter().filter_map(|part| part.value.get("required")?.as_array()).flatten() {
            if let Some(property) = name.as_str().and_then(|name| properties.get_mut(name)) {
                property.required = true;
            }
        }
        Shape { anchor: at.to_owned(), properties }
    }

    /// What kind of value a schema admits, null apart.
    pub(super) fn kind(&self, at: &str) -> Kind {
        let parts = parts::of(self.document, at);
        let types: Vec<&str> = parts::types(&parts).into_iter().filter(|name| *name != "null").collect();
        match types.as_slice() {
            ["string"] => Kind::Text,
            ["integer"] => Kind::Integer,
            ["number"] => Kind::Number,
            ["boolean"] => Kind::Boolean,
            ["object"] => Kind::Object,
            ["array"] => Kind::Array,
            [] if parts.iter().any(|part| part.value.get("properties").is_some()) => Kind::Object,
            [] if parts.iter().any(|part| part.value.get("items").is_some()) => Kind::Array,
            [] => parts::keyword(&parts, "enum").and_then(|(_, list)| members(list)).unwrap_or(Kind::Any),
            _ => Kind::Any,
        }
    }

    /// A keyword of a schema, seen through references and `allOf`.
    pub(super) fn keyword(&self, at: &str, name: &str) -> Option<&'d Value> {
        parts::keyword(&parts::of(self.document, at), name).map(|(_, value)| value)
    }

    /// Where the schema of the items of an array stands.
    pub(super) fn items(&self, at: &str) -> Option<String> {
        let parts = parts::of(self.document, at);
        let part = parts.iter().find(|part| part.value.get("items").is_some_and(Value::is_object))?;
        Some(pointer::join(&part.pointer, "items"))
    }

    /// Whether null is among the values of a schema.
    pub(super) fn is_nullable(&self, at: &str) -> bool {
        parts::types(&parts::of(self.document, at)).contains(&"null")
    }
}

/// The one kind of all members of a list.
fn members(list: &Value) -> Option<Kind> {
    let mut all = list.as_array()?.iter().filter(|value| !value.is_null()).map(|value| match value {
        Value::String(_) => Kind::Text,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(number) if number.is_f64() => Kind::Number,
        Value::Number(_) => Kind::Integer,
        Value::Null | Value::Array(_) | Value::Object(_) => Kind::Any,
    });
    let first = all.next()?;
    all.all(|kind| kind == first).then_some(first)
}
