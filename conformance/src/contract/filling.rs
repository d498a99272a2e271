//! What stands in the path of a request.

use schemas::{Contract, Parameter, ParameterLocation};
use serde_json::Value;

use super::operation::{Operation, PathSlot};
use super::wishes::Wishes;

/// What stands for a path parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filling {
    /// The row that the operation acts on.
    Own,
    /// The row that owns those it acts on.
    Parent,
    /// A row of a resource, by its name: what the operation does lies beneath it.
    Beneath(String),
    /// A value that the user gave.
    Given(String),
    /// One of the values that the description lists.
    Listed(String),
    /// An example of the description: it may name a row or not.
    Example(String),
    /// Nothing is known.
    Nothing,
}

impl Filling {
    /// Whether it is a row that the run made.
    pub(crate) fn is_own_row(&self) -> bool {
        matches!(self, Self::Own | Self::Parent | Self::Beneath(_))
    }

    /// The text that is known beforehand.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Given(text) | Self::Listed(text) | Self::Example(text) => Some(text),
            Self::Own | Self::Parent | Self::Beneath(_) | Self::Nothing => None,
        }
    }
}

/// What stands for a path parameter of an operation. `rows` are the paths of single rows, each with the name of the resource
/// whose rows a run can make.
pub(super) fn filling(
    contract: &Contract,
    op: &Operation,
    name: &str,
    wishes: &Wishes,
    rows: &[(String, String)],
) -> Filling {
    match op.slots().find(|(slot, _)| *slot == name).map(|(_, slot)| slot) {
        Some(PathSlot::Own) => return Filling::Own,
        Some(PathSlot::Parent | PathSlot::Ancestor) => return Filling::Parent,
        Some(PathSlot::Free) | None => {}
    }
    if let Some(value) = wishes.value(name) {
        return Filling::Given(value.to_owned());
    }
    if let Some(resource) = named_row(op.path.as_str(), name, rows) {
        return Filling::Beneath(resource.to_owned());
    }
    let Some(parameter) = op.parameter(ParameterLocation::Path, name) else { return Filling::Nothing };
    of_description(contract, parameter)
}

/// The resource whose row a parameter names because the path goes on from that of a single row.
fn named_row<'a>(path: &str, name: &str, rows: &'a [(String, String)]) -> Option<&'a str> {
    let end = path.find(&format!("{{{name}}}"))? + name.len() + 2;
    let (before, after) = path.split_at(end);
    if !(after.is_empty() || after.starts_with(['/', ':'])) {
        return None;
    }
    rows.iter().find(|(row, _)| shape(row) == shape(before)).map(|(_, resource)| resource.as_str())
}

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let segment = |segment: &str| if segment.contains('{') { "{}".to_owned() } else { segment.to_owned() };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// What the description itself shows of a parameter: the values it lists, its default, its examples.
fn of_description(contract: &Contract, parameter: &Parameter) -> Filling {
    let schema = &parameter.schema;
    let listed = schema.keyword("const").or_else(|| schema.keyword("enum")?.get(0));
    if let Some(text) = listed.or_else(|| schema.keyword("default")).and_then(text) {
        return Filling::Listed(text);
    }
    let written = contract.document().get(&parameter.pointer);
    let named = written.and_then(|parameter| parameter.get("examples"));
    let named = named.and_then(|examples| match examples {
        Value::Object(examples) => examples.values().find_map(|example| example.get("value")),
        _ => None,
    });
    let own = written.and_then(|parameter| parameter.get("example")).or(named);
    let of_schema = schema.keyword("example").or_else(|| schema.keyword("examples")?.get(0));
    own.or(of_schema).and_then(text).map_or(Filling::Nothing, Filling::Example)
}

/// A value as it stands in a path.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_goes_on_from_that_of_a_row_names_the_row() {
        let rows = [("/things/{id}".to_owned(), "thing".to_owned())];
        for (path, name, expected) in [
            ("/things/{thing_id}/archive", "thing_id", Some("thing")),
            ("/things/{id}:archive", "id", Some("thing")),
            ("/things/{id}/parts/{part}", "part", None),
            ("/others/{id}", "id", None),
            ("/things/{id}.json", "id", None),
        ] {
            assert_eq!(named_row(path, name, &rows), expected, "{path}");
        }
    }
}
