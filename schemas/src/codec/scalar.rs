//! One text as a JSON value, by the types a schema admits, and back.

use serde_json::{Number, Value};

use super::unwritable::Unwritable;
use crate::schema::Schema;

/// A text that is no number stays a text, for the schema to refuse.
pub(super) fn read(text: &str, schema: &Schema) -> Value {
    let admits = |kind: &str| schema.admits_type(kind) || schema.form_of(kind).is_some();
    let number = (admits("integer") || admits("number")).then(|| number(text)).flatten();
    match (number, text) {
        (Some(number), _) => Value::Number(number),
        (None, "true") if admits("boolean") => Value::Bool(true),
        (None, "false") if admits("boolean") => Value::Bool(false),
        _ => Value::String(text.to_owned()),
    }
}

/// The text of a value that is one.
pub(super) fn write(value: &Value) -> Result<String, Unwritable> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Null => Err(Unwritable::new("a null has no written form outside JSON")),
        Value::Array(_) => Err(Unwritable::new("a list inside a list or an object has no written form here")),
        Value::Object(_) => {
            Err(Unwritable::new("an object inside a list or an object has no written form here"))
        }
    }
}

/// A JSON number, and nothing that only looks like one (`+1`, `0x1`, ` 1`).
fn number(text: &str) -> Option<Number> {
    let first = text.bytes().next().filter(|byte| *byte == b'-' || byte.is_ascii_digit());
    let last = text.bytes().next_back().filter(u8::is_ascii_digit);
    first.and(last).and_then(|_| serde_json::from_str(text).ok())
}
