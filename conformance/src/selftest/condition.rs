//! One part of a body or a query against what is wanted of it.

use serde_json::Value;

use crate::contract::matches;

/// A value, or an object of one condition: `$absent`, `$present`, `$type`, `$longer`, `$shorter`, `$less`, `$more`,
/// `$like`, `$digits`, `$fraction`, `$not`.
pub(super) fn part(wanted: &Value, value: Option<&Value>) -> bool {
    let condition =
        wanted.as_object().and_then(|map| map.iter().next()).filter(|(name, _)| name.starts_with('$'));
    let Some((name, operand)) = condition else { return value == Some(wanted) };
    let length = || {
        value
            .and_then(Value::as_str)
            .map(|text| text.chars().count() as u64)
            .or_else(|| value.and_then(Value::as_array).map(|items| items.len() as u64))
    };
    let number = || value.and_then(|value| value.as_f64().or_else(|| value.as_str()?.parse().ok()));
    match name.as_str() {
        "$absent" => value.is_none(),
        "$present" => value.is_some(),
        "$type" => value.map(kind) == operand.as_str(),
        "$longer" => length().zip(operand.as_u64()).is_some_and(|(length, bound)| length > bound),
        "$shorter" => length().zip(operand.as_u64()).is_some_and(|(length, bound)| length < bound),
        "$less" => number().zip(operand.as_f64()).is_some_and(|(number, bound)| number < bound),
        "$more" => number().zip(operand.as_f64()).is_some_and(|(number, bound)| number > bound),
        "$like" => value
            .and_then(Value::as_str)
            .zip(operand.as_str())
            .is_some_and(|(text, pattern)| matches(pattern, text)),
        "$digits" => value
            .and_then(Value::as_str)
            .is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())),
        "$fraction" => value.and_then(Value::as_f64).is_some_and(|number| number.fract() != 0.0),
        "$not" => !part(operand, value),
        _ => false,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
