//! How sure a statement is.

use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How sure a statement of the contract is; it decides what a deviation means. Ordered from the surest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The published documentation says so: a deviation is a violation. A plain description's statements are documented.
    #[default]
    Documented,
    /// The documentation implies it: a deviation is a warning.
    Inferred,
    /// Nobody says; the mock had to choose: a deviation is a note at the most.
    Assumed,
}

impl Standing {
    /// The less sure of two: a statement that rests on both.
    #[must_use]
    pub fn weakest(self, other: Self) -> Self {
        self.max(other)
    }

    /// The word the description uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Inferred => "inferred",
            Self::Assumed => "assumed",
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// `x-contract-standing`: one standing for all that a schema says, or one per keyword.
///
/// The pseudo-keyword `null` stands for what becomes of a null: refused where the type does not admit one, accepted
/// where it does.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum StandingMap {
    /// For every keyword.
    All(Standing),
    /// Per keyword; `default` for those not named.
    PerKeyword(IndexMap<String, Standing>),
}

impl StandingMap {
    /// Reads the extension's value; `None` where it is not of its form, which loading refuses.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let word = |value: &Value| Standing::deserialize(value).ok();
        match value {
            Value::Object(map) => {
                let pairs = map.iter().map(|(keyword, value)| Some((keyword.clone(), word(value)?)));
                pairs.collect::<Option<_>>().map(Self::PerKeyword)
            }
            other => word(other).map(Self::All),
        }
    }

    /// What a schema, property or parameter states of itself.
    pub(crate) fn stated(holder: &Value) -> Option<Self> {
        holder.get("x-contract-standing").and_then(Self::read)
    }

    /// The standing of a keyword; `None` when nothing is said about it here.
    pub fn of(&self, keyword: &str) -> Option<Standing> {
        match self {
            Self::All(standing) => Some(*standing),
            Self::PerKeyword(map) => map.get(keyword).or_else(|| map.get("default")).copied(),
        }
    }

    /// The standing named for this very keyword.
    pub fn of_exactly(&self, keyword: &str) -> Option<Standing> {
        match self {
            Self::All(standing) => Some(*standing),
            Self::PerKeyword(map) => map.get(keyword).copied(),
        }
    }
}
