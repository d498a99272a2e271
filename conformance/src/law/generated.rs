//! Generated requests.

use super::law::Law;
use crate::atlas::Atlas;
use crate::plan::Case;

/// Cases with generated bodies.
pub(crate) fn cases(_: &'static Law, _: &Atlas, _: u64) -> Vec<Case> {
    Vec::new()
}
