//! The faults that are planted and the readings that are allowed, as data.

use schemas::LoadError;
use serde::Deserialize;

use super::rule::Planted;

/// The faults that are planted and the readings that are allowed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Catalogue {
    /// Keys of the target; `{n}` is a number of its own for every trial.
    pub(crate) keys: CatalogueKeys,
    /// Each must be found.
    pub(crate) faults: Vec<Planted>,
    /// None may be found fault with.
    pub(crate) readings: Vec<Planted>,
}

/// Keys of the target.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CatalogueKeys {
    pub(crate) own: String,
    pub(crate) other: String,
    pub(crate) revoked: String,
}

impl Catalogue {
    /// The one that comes with the runner.
    pub(crate) fn builtin() -> Result<Self, LoadError> {
        let parsed = schemas::parse("planted.yaml", include_str!("../../planted.yaml"))?;
        serde_json::from_value(parsed.value).map_err(|error| {
            LoadError::one("planted.yaml", schemas::Problem::new(None, "", error.to_string()))
        })
    }
}
