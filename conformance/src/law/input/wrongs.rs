//! What can be wrong with a body in one way.

use schemas::FaultKind;

use crate::contract::{Api, Operation};
use crate::generate::Wrong;
use crate::law::support::all_wrongs;

/// What can be wrong with an operation's body in one way.
pub(super) fn wrongs_of_kind(api: &Api, op: &Operation, kind: FaultKind) -> Vec<Wrong> {
    all_wrongs(api, op).into_iter().filter(|wrong| wrong.kinds.first() == Some(&kind)).collect()
}
