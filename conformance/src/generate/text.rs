//! Which texts may hold anything, and something to put into them.

use serde_json::Value;

use crate::contract::{Api, Operation};

/// Letters of several scripts and planes, quotes and markup: all of it text, none of it changed by normalisation.
pub(crate) const UNICODE_SAMPLE: &str = "Zoë \u{2013} \"Ü\" <b>&amp; \\ / 'Ж' 東京 مرحبا 🚀";

/// Whether the contract's examples show a property as free text rather than as a word some other system might check:
/// a domain, an id, a plan. Without an example it is free text.
pub(crate) fn is_prose(api: &Api, op: &Operation, property: &str) -> bool {
    let mut examples = api
        .operations
        .iter()
        .filter(|other| other.acts().map(|(resource, _)| resource) == op.acts().map(|(resource, _)| resource))
        .flat_map(|other| examples_of(other, property).filter_map(Value::as_str).collect::<Vec<_>>())
        .peekable();
    examples.peek().is_none() || examples.any(|text| text.contains(' '))
}

/// Values that an operation's examples give a property.
fn examples_of<'a>(op: &'a Operation, name: &'a str) -> impl Iterator<Item = &'a Value> {
    let bodies = op.body.iter().flat_map(|body| &body.examples);
    let answers = op.responses.iter().flat_map(|response| &response.examples);
    bodies.chain(answers).filter_map(move |example| example.value.get(name)).filter(|value| !value.is_null())
}
