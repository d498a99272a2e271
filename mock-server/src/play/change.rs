//! What a write makes of a row: the fields that are sent, and what follows from them.

use schemas::{Normalization, Resource, StampMoment};
use serde_json::{Map, Value};

use crate::clock::format_ms;

/// A row being written, as its response shows it, with what derived values hide.
#[derive(Debug, Clone, Default)]
pub(super) struct Change {
    pub(super) value: Map<String, Value>,
    pub(super) beneath: Map<String, Value>,
}

impl Change {
    /// A row before a write: derived values make room for what they hide.
    pub(super) fn of(mut value: Map<String, Value>, beneath: Option<&Map<String, Value>>) -> Self {
        for (field, hidden) in beneath.into_iter().flatten() {
            value.insert(field.clone(), hidden.clone());
        }
        Self { value, beneath: Map::new() }
    }

    /// Sets the fields that were sent.
    pub(super) fn apply(&mut self, resource: &Resource, sent: Map<String, Value>) {
        let sources = resource.fields.values().filter_map(|field| Some(&field.rules.derived.as_ref()?.from));
        let sent_sources: Vec<&String> = sources.filter(|source| sent.contains_key(*source)).collect();
        for (name, value) in sent {
            let Some(field) = resource.fields.get(&name) else { continue };
            let normalize = field.rules.normalize.iter().map(|rule| rule.to);
            let value = normalize.fold(whole(value), normalized);
            if let Some(derived) = &field.rules.derived
                && derived.written.is_some()
            {
                // A value that is derived is written by writing what it is derived from, unless that was sent as well.
                let is_derived = value == derived.value;
                if !sent_sources.contains(&&derived.from)
                    && let Value::Bool(holds) = derived.equals
                {
                    self.value.insert(derived.from.clone(), Value::Bool(is_derived == holds));
                }
                if is_derived {
                    continue;
                }
            }
            self.value.insert(name, value);
        }
    }

    /// Writes times and derived values. `before` is the row as it was, or as a row without anything sent would be.
    pub(super) fn settle(&mut self, resource: &Resource, before: &Map<String, Value>, now: i64) {
        for field in resource.fields.values() {
            for stamp in field.rules.stamp.iter().filter(|stamp| stamp.at == StampMoment::Write) {
                let Some(when) = &stamp.when else {
                    self.value.insert(field.name.clone(), Value::String(format_ms(now)));
                    continue;
                };
                let (old, new) = (before.get(&when.field), self.value.get(&when.field));
                let entered =
                    when.enters.as_ref().is_some_and(|value| new == Some(value) && old != Some(value));
                let left = when.enters.as_ref().is_some_and(|value| new != Some(value) && old == Some(value));
                let departed =
                    when.leaves.as_ref().is_some_and(|value| new != Some(value) && old == Some(value));
                let unset = self.value.get(&field.name).is_none_or(Value::is_null);
                if entered || (departed && unset) {
                    self.value.insert(field.name.clone(), Value::String(format_ms(now)));
                } else if left {
                    self.value.insert(field.name.clone(), Value::Null);
                }
            }
        }
        for field in resource.fields.values() {
            let Some(derived) = &field.rules.derived else {
                continue;
            };
            if self.value.get(&derived.from) == Some(&derived.equals)
                && let Some(hidden) = self.value.insert(field.name.clone(), derived.value.clone())
            {
                self.beneath.insert(field.name.clone(), hidden);
            }
        }
    }
}

fn normalized(value: Value, rule: Normalization) -> Value {
    match value {
        Value::String(text) => Value::String(rule.apply(&text)),
        other => other,
    }
}

/// `1.0` is the integer 1, and is kept as one.
fn whole(value: Value) -> Value {
    match &value {
        Value::Number(number) => match number.as_f64() {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "whole, and within what a double holds exactly"
            )]
            Some(float)
                if number.is_f64() && float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0 =>
            {
                Value::from(float as i64)
            }
            _ => value,
        },
        _ => value,
    }
}
