//! What a run will do, and in which order.

mod case;
mod glob;
#[expect(clippy::module_inception, reason = "the file holds the type of the same name")]
mod plan;
mod shard;

pub(crate) use case::{Case, Phase, Wants};
pub(crate) use glob::matches;
pub(crate) use plan::{Plan, Selection};
pub use shard::Shard;
