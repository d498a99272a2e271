//! Paths and methods that are not there.

mod method_unknown;
mod refused;
mod route_unknown;

use crate::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] = &[&route_unknown::LAW, &method_unknown::LAW];
