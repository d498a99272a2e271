//! Sequences of steps against a model.

use super::law::Law;

/// The family.
pub(crate) const LAWS: &[Law] = &[];
