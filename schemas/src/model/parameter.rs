//! Parameters of an operation.

use serde::Deserialize;
use serde_json::Value;

use super::style::{self, Style};
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
    /// How its value is written.
    pub style: Style,
    /// Whether the parts of a value are written one by one.
    pub explode: bool,
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
    /// The JSON value of a parameter's texts, by its style and the types its schema admits. Repeats make an array where the
    /// schema admits one; elsewhere the first counts. A text that is no number stays a text, for the schema to refuse.
    pub fn decode(&self, texts: &[&str]) -> Value {
        style::read(&self.name, self.style, self.explode, &self.schema, texts)
    }

    /// Whether its value is an object whose members are sent as parameters of their own: as `name[key]`, or by their names alone.
    pub fn is_spread(&self) -> bool {
        let query = self.location == ParameterLocation::Query;
        let exploded = self.style == Style::Form && self.explode;
        query && (self.style == Style::DeepObject || exploded) && self.schema.form_of("object").is_some()
    }

    /// The JSON value of a parameter whose members are sent one by one, from all that was sent; `None` where none was.
    pub fn gather<'t>(&self, sent: impl Iterator<Item = (&'t str, &'t str)>) -> Option<Value> {
        let schema = self.schema.form_of("object")?;
        let deep = self.style == Style::DeepObject;
        let mine: Vec<(&str, &str)> = sent
            .filter_map(|(key, text)| {
                if deep {
                    let inner = key.strip_prefix(&self.name)?.strip_prefix('[')?;
                    return Some((inner.split(']').next()?, text));
                }
                schema.property(key).map(|_| (key, text))
            })
            .collect();
        (!mine.is_empty()).then(|| style::object(&schema, mine.into_iter()))
    }
}
