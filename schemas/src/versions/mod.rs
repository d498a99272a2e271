//! Descriptions of other versions in the words of OpenAPI 3.1, whose schemas are those of JSON Schema 2020-12.

mod moved;
mod odd;
mod tidy;
mod v20;
mod v30;

use serde_json::Value;

pub(crate) use moved::Moved;
pub(crate) use odd::Odd;

/// What became of a description.
pub(crate) struct Converted {
    /// Where things went, one table after the other.
    pub(crate) moved: Vec<Moved>,
    pub(crate) odd: Vec<Odd>,
}

/// Rewrites a description in place; references lead where their targets went.
pub(crate) fn convert(document: &mut Value) -> Converted {
    let odd = tidy::tidy(document);
    let begins = |key: &str, version: &str| {
        document.get(key).and_then(Value::as_str).is_some_and(|stated| stated.starts_with(version))
    };
    let (v20, v30) = (begins("swagger", "2"), begins("openapi", "3.0"));
    let mut moved = Vec::new();
    if v20 {
        moved.push(v20::convert(document));
    }
    if v20 || v30 {
        moved.push(v30::convert(document));
    }
    Converted { moved, odd }
}
