//! Parameters of an operation.

use serde::Deserialize;
use serde_json::{Number, Value};

use crate::schema::Schema;
use crate::vocabulary::Standing;

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterLocation {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub location: ParameterLocation,
    /// A request without it is wrong.
    pub required: bool,
    /// What its value must be.
    pub schema: Schema,
    /// How sure its existence is.
    pub standing: Standing,
    /// The rows it selects, for a list.
    pub filter: Option<Filter>,
    /// Pointer of the parameter in the document.
    pub pointer: String,
}

/// `x-contract-filter`: only rows whose field equals the value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The field of the listed resource.
    pub field: String,
}

impl Parameter {
    /// The JSON value of a parameter's text, by the types its schema admits. Repeats make an array where the schema
    /// admits one; elsewhere the first counts. A text that is no number stays a text, for the schema to refuse.
    pub fn decode(&self, texts: &[&str]) -> Value {
        if self.schema.admits_type("array") {
            let items = self.schema.items();
            return texts.iter().map(|text| scalar(text, items.as_ref().unwrap_or(&self.schema))).collect();
        }
        texts.first().map_or(Value::Null, |text| scalar(text, &self.schema))
    }
}

fn scalar(text: &str, schema: &Schema) -> Value {
    let number =
        (schema.admits_type("integer") || schema.admits_type("number")).then(|| number(text)).flatten();
    match (number, text) {
        (Some(number), _) => Value::Number(number),
        (None, "true") if schema.admits_type("boolean") => Value::Bool(true),
        (None, "false") if schema.admits_type("boolean") => Value::Bool(false),
        _ => Value::String(text.to_owned()),
    }
}

/// A JSON number, and nothing that only looks like one (`+1`, `0x1`, ` 1`).
fn number(text: &str) -> Option<Number> {
    let first = text.bytes().next().filter(|byte| *byte == b'-' || byte.is_ascii_digit());
    let last = text.bytes().next_back().filter(u8::is_ascii_digit);
    first.and(last).and_then(|_| serde_json::from_str(text).ok())
}
