//! Values that a property may have besides another.

use serde_json::Value;

use crate::contract::Operation;

/// A member of a property's enumeration that is another value and not null.
pub(super) fn other_member(op: &Operation, name: &str, value: &Value) -> Option<Value> {
    let property = op.body.as_ref()?.schema.property(name)?;
    let members = property.schema.keyword("enum")?.as_array()?;
    members.iter().find(|member| *member != value && !member.is_null()).cloned()
}
