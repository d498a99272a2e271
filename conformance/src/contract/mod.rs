//! The contract from a client's side: which operations act on which resource, what a path needs, what an answer should be.

mod api;
mod aspect;
mod expectation;
mod expected;
mod glob;
mod operation;
mod paging;
mod resource;

pub(crate) use api::{Api, reference};
pub(crate) use aspect::Aspect;
pub(crate) use expectation::{Acceptance, Refusal};
pub(crate) use expected::Expected;
pub(crate) use glob::matches;
pub(crate) use operation::{Operation, PathSlot};
pub(crate) use paging::Paging;
pub(crate) use resource::Resource;
