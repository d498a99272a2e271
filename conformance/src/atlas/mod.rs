//! The contract from a client's side: which operations act on which resource, and what a path needs.

#[expect(clippy::module_inception, reason = "the file holds the type of the same name")]
mod atlas;
mod kin;
mod operation;

pub(crate) use atlas::{Atlas, reference};
pub(crate) use kin::Kin;
pub(crate) use operation::{Op, Slot};
