//! The kinds of changes, a file an area: what each means, and how it is found.
//!
//! How to add one is in `CONTRIBUTING.md`.

pub(super) mod alternatives;
pub(super) mod authentication;
pub(super) mod behaviour;
pub(super) mod bodies;
pub(super) mod bounds;
pub(super) mod calls;
mod catalogue;
pub(super) mod composition;
pub(super) mod errors;
pub(super) mod fields;
pub(super) mod idempotency;
pub(super) mod operations;
pub(super) mod pages;
pub(super) mod parameters;
pub(super) mod properties;
pub(super) mod rate;
pub(super) mod resources;
pub(super) mod responses;
pub(super) mod servers;
pub(super) mod standing;
pub(super) mod statements;
pub(super) mod sunset;
pub(super) mod text;
pub(super) mod types;
pub(super) mod values;

pub use catalogue::{all, find};
