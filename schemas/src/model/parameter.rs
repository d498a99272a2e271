//! Parameters of an operation.

use serde::Deserialize;

use super::style::Style;
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
    /// Whether reserved characters stand for themselves.
    pub allow_reserved: bool,
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
    /// How sure that is.
    #[serde(default)]
    pub standing: Standing,
}
