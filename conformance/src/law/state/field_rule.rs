//! What the laws on the rules of single fields have in common.

use serde_json::Value;

use crate::contract::Operation;
use crate::scenario::Exchange;

/// A member of a property's enumeration that is another value and not null.
pub(super) fn other_member(op: &Operation, name: &str, value: &Value) -> Option<Value> {
    let property = op.body.as_ref()?.schema.property(name)?;
    let members = property.schema.keyword("enum")?.as_array()?;
    members.iter().find(|member| *member != value && !member.is_null()).cloned()
}

/// A property of the row that a response shows.
pub(super) fn shown(exchange: &Exchange, property: &str) -> Option<Value> {
    exchange.json.as_ref().and_then(|row| row.get(property)).cloned()
}
