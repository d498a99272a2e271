//! Paths and methods that are not there.

use crate::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] = &[
    // &route_unknown::LAW,
    // &method_unknown::LAW,
];
