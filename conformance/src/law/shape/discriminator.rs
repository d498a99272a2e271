//! Objects that name by a property which of several schemas they are of.

use schemas::{Schema, Standing};
use serde_json::Value;

/// How deep bodies are looked through.
const DEEPEST: usize = 8;

/// An object that is not of the schema it names.
pub(super) struct Mistaken {
    /// The property that names the schema.
    pub(super) property: String,
    /// What is wrong, without a subject.
    pub(super) what: String,
    /// How sure it is that it is wrong.
    pub(super) standing: Standing,
    /// Pointer of the discriminator in the contract.
    pub(super) place: String,
}

/// The first object in a value that is not of the schema it names.
pub(super) fn mistaken(schema: &Schema, value: &Value) -> Option<Mistaken> {
    at_depth(schema, value, 0)
}

fn at_depth(schema: &Schema, value: &Value, depth: usize) -> Option<Mistaken> {
    if depth > DEEPEST {
        return None;
    }
    match value {
        Value::Array(items) => {
            let of_items = schema.items()?;
            items.iter().find_map(|item| at_depth(&of_items, item, depth + 1))
        }
        Value::Object(map) => of_object(schema, value).or_else(|| {
            let properties = schema.properties();
            let stated = |name: &str| properties.iter().find(|property| property.name == name);
            map.iter().find_map(|(name, value)| at_depth(&stated(name)?.schema, value, depth + 1))
        }),
        _ => None,
    }
}

fn of_object(schema: &Schema, value: &Value) -> Option<Mistaken> {
    let stated = schema.keyword("discriminator")?;
    let property = stated.get("propertyName")?.as_str()?;
    let name = value.get(property)?.as_str()?;
    let mapping = stated.get("mapping").and_then(Value::as_object);
    let target = mapping.and_then(|mapping| mapping.get(name)).and_then(Value::as_str).unwrap_or(name);
    let pointer = target
        .strip_prefix('#')
        .map_or_else(|| schemas::pointer::join("/components/schemas", target), str::to_owned);
    let told = |what: String, standing: Standing| {
        let place = schema.place_of("discriminator");
        Some(Mistaken { property: property.to_owned(), what, standing, place })
    };
    match schema.at(&pointer) {
        Some(named) if named.is_valid(value) => None,
        Some(named) => {
            let first = named.faults(value).into_iter().next().map(|fault| fault.message);
            let what = format!("names the schema {name} and breaks it: {}", first.unwrap_or_default());
            told(what, Standing::Documented)
        }
        // A mapping that leads into another file may be right.
        None if mapping.is_some_and(|mapping| mapping.contains_key(name)) => None,
        // Many leave out a mapping and use words of their own.
        None => told(format!("names {name}, which is no schema of the description"), Standing::Inferred),
    }
}
