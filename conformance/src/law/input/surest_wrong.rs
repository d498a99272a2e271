//! The surest thing that can be wrong with a body.

use schemas::Standing;

use crate::contract::{Api, Operation};
use crate::generate::Wrong;
use crate::law::support::all_wrongs;

/// The surest thing that can be wrong with a body elsewhere than in one property; nothing that is merely assumed.
pub(super) fn surest_wrong(api: &Api, op: &Operation, except: &str) -> Option<Wrong> {
    let mut wrongs = all_wrongs(api, op);
    wrongs.retain(|wrong| wrong.field != except);
    wrongs.sort_by_key(|wrong| wrong.standing);
    wrongs.into_iter().next().filter(|wrong| wrong.standing < Standing::Assumed)
}
