//! Numbers within bounds.

use serde_json::{Map, Value, json};

/// The plainest number within bounds.
pub(super) fn number(schema: &Map<String, Value>) -> Value {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let step = bound("multipleOf").filter(|step| *step > 0.0);
    let least =
        bound("minimum").or_else(|| bound("exclusiveMinimum").map(|limit| limit + step.unwrap_or(1.0)));
    let most =
        bound("maximum").or_else(|| bound("exclusiveMaximum").map(|limit| limit - step.unwrap_or(1.0)));
    let mut value = match (least, most) {
        (Some(least), Some(most)) if least > most => f64::midpoint(
            bound("minimum").or(bound("exclusiveMinimum")).unwrap_or(least),
            bound("maximum").or(bound("exclusiveMaximum")).unwrap_or(most),
        ),
        (Some(least), _) => least,
        (None, Some(most)) => most.min(1.0),
        (None, None) => 1.0,
    };
    if let Some(step) = step {
        value = (value / step).ceil() * step;
    } else if schema.get("type").is_some_and(|kind| {
        kind == "integer" || kind.as_array().is_some_and(|all| all.contains(&json!("integer")))
    }) {
        value = value.ceil();
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
    if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
}
