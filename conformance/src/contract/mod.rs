//! The contract from a client's side: which operations act on which resource, what a path needs, what an answer should be.

mod api;
mod aspect;
mod caution;
mod expectation;
mod expected;
mod filling;
mod glob;
mod operation;
mod other_method;
mod paging;
mod resource;
mod wishes;
mod words;

pub(crate) use api::{Api, reference};
pub(crate) use aspect::Aspect;
pub(crate) use expectation::{Acceptance, Refusal};
pub(crate) use expected::Expected;
pub(crate) use filling::Filling;
pub(crate) use glob::{admits, matches};
pub(crate) use operation::{Operation, PathSlot};
pub(crate) use paging::Paging;
pub(crate) use resource::{Resource, id_text, id_value};
pub use wishes::Wishes;
pub(crate) use words::lets_in;
