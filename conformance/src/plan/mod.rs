//! What a run will do, and in which order.

#[expect(clippy::module_inception, reason = "the file holds the type of the same name")]
mod plan;
mod shard;
mod worth;

pub(crate) use plan::{Plan, Selection};
pub use shard::Shard;
