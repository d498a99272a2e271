//! Whether one schema admits all that another does. The only file that names `jsonschema::canonical`.

use jsonschema::Draft;
use jsonschema::canonical::{CanonicalSchema, Containment, Satisfiability, options};
use serde_json::Value;

/// Longest schema, as text, whose lost values are listed; wider ones only say that there are some.
const LONGEST_TOLD: usize = 4_000;
/// Longest schema, as text, that is compared at all: the cost grows faster than the schema.
const LONGEST: usize = 200_000;

/// The answer to [`covers`].
#[derive(Debug, Clone, PartialEq)]
pub enum Covered {
    /// Every value of the narrow schema is one of the wide schema: proven.
    Yes,
    /// Some value is not: proven.
    No {
        /// The values that are lost, as a schema, where they are short.
        lost: Option<Value>,
    },
    /// Neither was proven.
    Unknown,
}

/// Whether every value of `narrow` is one of `wide`; both are schemas that stand on their own
/// (see [`excerpt`](crate::excerpt)). Formats count.
///
/// ```
/// use schemas::canonical::{Covered, covers};
/// use serde_json::json;
///
/// let (old, new) = (json!({"enum": ["a"]}), json!({"enum": ["a", "b"]}));
/// assert_eq!(covers(&new, &old), Covered::Yes);
/// assert!(matches!(covers(&old, &new), Covered::No { .. }));
/// ```
pub fn covers(wide: &Value, narrow: &Value) -> Covered {
    let length = wide.to_string().len() + narrow.to_string().len();
    if length > LONGEST {
        return Covered::Unknown;
    }
    let (Some(wide), Some(narrow)) = (read(wide), read(narrow)) else { return Covered::Unknown };
    match wide.covers(&narrow) {
        Ok(Containment::Yes) => Covered::Yes,
        Ok(Containment::No) => {
            let lost = if length > LONGEST_TOLD { None } else { lost(&wide, &narrow) };
            Covered::No { lost }
        }
        Ok(Containment::Unknown) | Err(_) => Covered::Unknown,
    }
}

fn read(schema: &Value) -> Option<CanonicalSchema> {
    options().with_draft(Draft::Draft202012).should_validate_formats(true).offline().canonicalize(schema).ok()
}

fn lost(wide: &CanonicalSchema, narrow: &CanonicalSchema) -> Option<Value> {
    let rest = narrow.subtract(wide).ok()?;
    let mut schema = (rest.satisfiability() == Satisfiability::Yes).then(|| rest.to_json_schema())?;
    if let Some(map) = schema.as_object_mut() {
        map.shift_remove("$schema");
    }
    Some(schema)
}
