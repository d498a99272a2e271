//! Times as a property writes them.

use schemas::Schema;
use serde_json::Value;

use crate::clock::format_ms;

/// How a property writes a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StampForm {
    /// ISO 8601 with milliseconds.
    Instant,
    /// The date alone.
    Date,
    /// Whole seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
}

impl StampForm {
    /// The form that a property's schema admits.
    pub(crate) fn of(schema: &Schema) -> Self {
        if schema.admits_type("string") || !(schema.admits_type("integer") || schema.admits_type("number")) {
            let is_date = schema.keyword("format").and_then(Value::as_str) == Some("date");
            return if is_date { Self::Date } else { Self::Instant };
        }
        let example = schema.keyword("example").and_then(Value::as_f64);
        if example.is_some_and(|example| example > 1e11) { Self::Milliseconds } else { Self::Seconds }
    }

    /// Whether a property holds a time, by its format.
    pub(crate) fn is_time(schema: &Schema) -> bool {
        schema.keyword("format").and_then(Value::as_str) == Some("date-time")
    }

    /// A time, in milliseconds since 1970.
    pub(crate) fn write(self, now: i64) -> Value {
        match self {
            Self::Instant => format_ms(now).into(),
            Self::Date => format_ms(now).chars().take(10).collect::<String>().into(),
            Self::Seconds => now.div_euclid(1_000).into(),
            Self::Milliseconds => now.into(),
        }
    }
}
