//! When two values mean the same.

use jiff::Timestamp;
use serde_json::Value;

use crate::contract::Resource;

/// The first property, of those both rows have, that differs; properties the contract does not know are not compared,
/// and neither are those to be left out.
pub(crate) fn difference(
    resource: &Resource,
    before: &Value,
    after: &Value,
    leaving_out: &[&str],
) -> Option<String> {
    resource
        .fields
        .keys()
        .filter(|name| !leaving_out.contains(&name.as_str()))
        .find(|name| match (before.get(name.as_str()), after.get(name.as_str())) {
            (Some(before), Some(after)) => !same_value(before, after),
            _ => false,
        })
        .cloned()
}

/// Equality; two texts that are instants are equal when they mean the same one, and where either shows whole seconds
/// they are compared in seconds. Numbers are equal by value.
pub(crate) fn same_value(one: &Value, other: &Value) -> bool {
    if one == other {
        return true;
    }
    match (one, other) {
        (Value::String(a), Value::String(b)) => match (instant(a), instant(b)) {
            (Some(a_at), Some(b_at)) if is_whole_second(a) || is_whole_second(b) => {
                a_at.as_second() == b_at.as_second()
            }
            (Some(a_at), Some(b_at)) => a_at.as_millisecond() == b_at.as_millisecond(),
            _ => false,
        },
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64() && a.is_f64() != b.is_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same_value(a, b)))
        }
        _ => false,
    }
}

/// The instant a text means.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let looks_like_one = text.len() >= 20 && text.as_bytes().get(4) == Some(&b'-');
    looks_like_one.then(|| text.parse().ok()).flatten()
}

/// Whether a text shows an instant in whole seconds: its clock may be no finer.
pub(crate) fn is_whole_second(text: &str) -> bool {
    instant(text).is_some_and(|at| at.subsec_nanosecond() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn instants_are_compared_by_meaning() {
        assert!(same_value(&json!("2026-05-26T17:21:09.412Z"), &json!("2026-05-26T17:21:09.412000Z")));
        assert!(same_value(&json!("2026-05-26T17:21:09Z"), &json!("2026-05-26T17:21:09.412Z")));
        assert!(same_value(&json!("2026-05-26T19:21:09+02:00"), &json!("2026-05-26T17:21:09Z")));
        assert!(!same_value(&json!("2026-05-26T17:21:10Z"), &json!("2026-05-26T17:21:09.412Z")));
    }

    #[test]
    fn other_texts_are_compared_as_they_are() {
        assert!(!same_value(&json!("a"), &json!("A")));
        assert!(same_value(&json!([1, {"a": null}]), &json!([1, {"a": null}])));
        assert!(!same_value(&json!(9_007_199_254_740_993_u64), &json!(9_007_199_254_740_992_u64)));
    }
}
