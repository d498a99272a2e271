//! Which requests and answers a rule is for.

use serde_json::Value;

use super::rule::When;
use super::tamper::{Ask, Reply};
use crate::contract::matches;

/// Whether a request is meant.
pub(super) fn request(when: &When, ask: &Ask) -> bool {
    let text =
        |wanted: &Option<String>, value: &str| wanted.as_ref().is_none_or(|pattern| matches(pattern, value));
    let header = |name: &str| ask.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text(&when.operation, ask.operation.as_deref().unwrap_or("none"))
        && text(&when.method, &ask.method)
        && text(&when.id, ask.path.rsplit('/').next().unwrap_or_default())
        && text(&when.raw, &String::from_utf8_lossy(&ask.raw))
        && when.headers.iter().all(|(name, pattern)| matches(pattern, header(name)))
        && when
            .body
            .iter()
            .all(|(pointer, wanted)| part(wanted, ask.body.as_ref().and_then(|body| body.pointer(pointer))))
        && when.query.iter().all(|(name, wanted)| {
            let value = ask
                .query
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| Value::String(value.clone()));
            part(wanted, value.as_ref())
        })
}

/// Whether an answer is meant.
pub(super) fn response(when: &When, reply: &Reply) -> bool {
    let status = when.status.as_ref().is_none_or(|wanted| match wanted {
        Value::Number(number) => number.as_u64() == Some(u64::from(reply.status)),
        Value::String(class) => class.starts_with(&(reply.status / 100).to_string()),
        _ => false,
    });
    status
        && when
            .response
            .iter()
            .all(|(pointer, wanted)| part(wanted, reply.body.as_ref().and_then(|body| body.pointer(pointer))))
}

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
