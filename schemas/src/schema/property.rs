//! The properties of an object schema.

use std::sync::Arc;

use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::handle::Schema;
use super::parts;
use crate::pointer;
use crate::vocabulary::{FieldRules, Standing, StandingMap};

/// One property of an object schema.
#[derive(Debug, Clone)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// An object without it is wrong.
    pub required: bool,
    /// What its value must be.
    pub schema: Schema,
    /// Pointer of the property in the document.
    pub pointer: String,
    rules: Arc<Value>,
}

impl Property {
    /// The semantics stated at the property and, beneath them, at the schema it refers to.
    pub fn rules(&self) -> Result<FieldRules, serde_json::Error> {
        FieldRules::deserialize(self.rules.as_ref())
    }

    /// How sure a keyword of the property is; `null` stands for the refusal of a null.
    pub fn standing(&self, keyword: &str) -> Standing {
        self.schema.standing(keyword)
    }

    /// Whether null is a value of it.
    pub fn is_nullable(&self) -> bool {
        self.schema.is_valid(&Value::Null)
    }
}

/// The properties in the order of the schema; what stands nearer replaces what is referred to.
pub(super) fn of(schema: &Schema) -> Vec<Property> {
    let document = schema.document();
    let parts = parts::inner_first(document, schema.pointer());
    let required = |name: &str| {
        let lists = parts.iter().filter_map(|part| part.value.get("required").and_then(Value::as_array));
        lists.flatten().any(|item| item == name)
    };
    let mut found: Vec<Property> = Vec::new();
    for part in &parts {
        let outer = schema.outer().iter().cloned();
        let outer: Vec<_> =
            outer.chain(part.through.iter().copied().filter_map(StandingMap::stated)).collect();
        let properties = part.value.get("properties").and_then(Value::as_object);
        for (name, stated) in properties.into_iter().flatten() {
            if document.is_flagged(stated, schema.side().hidden()) {
                continue;
            }
            let pointer = pointer::join(&pointer::join(&part.pointer, "properties"), name);
            found.retain(|known| known.name != *name);
            found.push(Property {
                name: name.clone(),
                required: required(name),
                schema: schema.part(&pointer, outer.clone()),
                rules: Arc::new(rules(schema, &pointer)),
                pointer,
            });
        }
    }
    found
}

/// `x-contract-field` of all that a property is put together of: what stands nearer to the property wins, member by member.
fn rules(schema: &Schema, at: &str) -> Value {
    let mut merged = Map::new();
    for part in parts::of(schema.document(), at) {
        let stated = part.value.get("x-contract-field").and_then(Value::as_object);
        for (key, member) in stated.into_iter().flatten() {
            merged.entry(key.clone()).or_insert_with(|| member.clone());
        }
    }
    Value::Object(merged)
}
