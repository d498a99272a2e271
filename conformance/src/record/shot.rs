//! An answer on its way to a record.

use super::memory::Memory;
use crate::contract::Api;
use crate::http::Keys;
use crate::scenario::Exchange;

/// An answer, and what is to be known of it to show it.
pub(super) struct Shot<'a> {
    pub(super) api: &'a Api,
    pub(super) keys: &'a Keys,
    pub(super) memory: &'a Memory,
    pub(super) exchange: &'a Exchange,
    /// Rows of others may be in it.
    pub(super) crowded: bool,
}
