//! What a write makes of a row: the fields that are sent, and what follows from them.

use std::borrow::Cow;

use schemas::{Normalization, Resource, StampMoment};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::clock::format_ms;
use crate::store::Fields;

/// A row being written: what it was, or what a new one begins as, and over it what the write sets.
#[derive(Debug)]
pub(super) struct RowDraft<'a> {
    base: Cow<'a, Map<String, Value>>,
    set: Map<String, Value>,
    /// What derived values hide.
    pub(super) beneath: Map<String, Value>,
}

impl Fields for RowDraft<'_> {
    fn field(&self, name: &str) -> Option<&Value> {
        self.set.get(name).or_else(|| self.base.get(name))
    }
}

impl Serialize for RowDraft<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kept = self.base.iter().map(|(name, value)| (name, self.set.get(name).unwrap_or(value)));
        serializer.collect_map(kept.chain(self.set.iter().filter(|(name, _)| !self.base.contains_key(*name))))
    }
}

impl<'a> RowDraft<'a> {
    /// A new row; `blank` is what it is when nothing is sent.
    pub(super) fn new(blank: &'a Map<String, Value>) -> Self {
        Self { base: Cow::Borrowed(blank), set: Map::new(), beneath: Map::new() }
    }

    /// A row before a write: derived values make room for what they hide.
    pub(super) fn of(mut value: Map<String, Value>, beneath: Option<&Map<String, Value>>) -> Self {
        for (field, hidden) in beneath.into_iter().flatten() {
            value.insert(field.clone(), hidden.clone());
        }
        Self { base: Cow::Owned(value), set: Map::new(), beneath: Map::new() }
    }

    /// Sets a field.
    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.set.insert(name.to_owned(), value);
    }

    /// Sets the fields that were sent.
    pub(super) fn apply(&mut self, resource: &Resource, sent: Map<String, Value>) {
        let sources = resource.fields.values().filter_map(|field| Some(&field.rules.derived.as_ref()?.from));
        let sent_sources: Vec<&String> = sources.filter(|source| sent.contains_key(*source)).collect();
        for (name, value) in sent {
            let Some(field) = resource.fields.get(&name) else { continue };
            let normalize = field.rules.normalize.iter().map(|rule| rule.to);
            let value = normalize.fold(value, normalized);
            if let Some(derived) = &field.rules.derived
                && derived.written.is_some()
            {
                // A value that is derived is written by writing what it is derived from, unless that was sent as well.
                let is_derived = value == derived.value;
                if !sent_sources.contains(&&derived.from)
                    && let Value::Bool(holds) = derived.equals
                {
                    self.set(&derived.from, Value::Bool(is_derived == holds));
                }
                if is_derived {
                    continue;
                }
            }
            self.set.insert(name, value);
        }
    }

    /// Writes times and derived values.
    pub(super) fn settle(&mut self, resource: &Resource, now: i64) {
        for field in resource.fields.values() {
            for stamp in field.rules.stamp.iter().filter(|stamp| stamp.at == StampMoment::Write) {
                let Some(when) = &stamp.when else {
                    self.set(&field.name, Value::String(format_ms(now)));
                    continue;
                };
                let (old, new) = (self.base.get(&when.field), self.field(&when.field));
                let entered =
                    when.enters.as_ref().is_some_and(|value| new == Some(value) && old != Some(value));
                let left = when.enters.as_ref().is_some_and(|value| new != Some(value) && old == Some(value));
                let departed =
                    when.leaves.as_ref().is_some_and(|value| new != Some(value) && old == Some(value));
                let unset = self.field(&field.name).is_none_or(Value::is_null);
                if entered || (departed && unset) {
                    self.set(&field.name, Value::String(format_ms(now)));
                } else if left {
                    self.set(&field.name, Value::Null);
                }
            }
        }
        for field in resource.fields.values() {
            let Some(derived) = &field.rules.derived else {
                continue;
            };
            if self.field(&derived.from) == Some(&derived.equals)
                && let Some(hidden) = self.field(&field.name).cloned()
            {
                self.set(&field.name, derived.value.clone());
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
