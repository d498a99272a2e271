//! The properties of an object schema.

use std::sync::Arc;

use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::handle::Schema;
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

/// The properties in the order of the schema; later statements of one name replace earlier ones.
pub(super) fn of(schema: &Schema) -> Vec<Property> {
    let mut found = Vec::new();
    let mut left = MOST_PARTS;
    gather(schema, schema.pointer(), schema.outer().to_vec(), 0, &mut left, &mut found);
    found
}

/// How many parts of `allOf` are looked at: each that names two others doubles them.
const MOST_PARTS: usize = 5_000;

fn gather(
    schema: &Schema,
    at: &str,
    mut outer: Vec<StandingMap>,
    depth: usize,
    left: &mut usize,
    found: &mut Vec<Property>,
) {
    // Circular allOf chains describe nothing; stop where no sane description goes.
    if depth > 32 || *left == 0 {
        return;
    }
    *left -= 1;
    let document = schema.document();
    let resolved = document.resolve_through(at, |hop| outer.extend(StandingMap::stated(hop)));
    let Some((at, value)) = resolved else { return };
    for index in 0..value.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
        gather(schema, &format!("{at}/allOf/{index}"), outer.clone(), depth + 1, left, found);
    }
    let required = |name: &str| {
        let names = value.get("required").and_then(Value::as_array);
        names.is_some_and(|list| list.iter().any(|item| item == name))
    };
    for property in found.iter_mut() {
        property.required |= required(&property.name);
    }
    let properties = value.get("properties").and_then(Value::as_object);
    for (name, stated) in properties.into_iter().flatten() {
        if document.is_flagged(stated, schema.side().hidden()) {
            continue;
        }
        let pointer = pointer::join(&pointer::join(&at, "properties"), name);
        let earlier = found.iter().position(|known| known.name == *name).map(|index| found.remove(index));
        found.push(Property {
            name: name.clone(),
            required: required(name) || earlier.is_some_and(|earlier| earlier.required),
            schema: schema.part(&pointer, outer.clone()),
            rules: Arc::new(rules(schema, &pointer)),
            pointer,
        });
    }
}

/// `x-contract-field` along the references of a property: what stands nearer to the property wins, member by member.
fn rules(schema: &Schema, at: &str) -> Value {
    let document = schema.document();
    let mut merged = Map::new();
    let mut at = at.to_owned();
    for _ in 0..32 {
        let Some(value) = document.get(&at) else { break };
        for (key, member) in value.get("x-contract-field").and_then(Value::as_object).into_iter().flatten() {
            merged.entry(key.clone()).or_insert_with(|| member.clone());
        }
        match value.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference) {
            Some(target) => at = target,
            None => break,
        }
    }
    Value::Object(merged)
}
