//! The laws: what can be checked, on what it applies, and how it is tried.

pub(crate) mod id;

mod auth;
mod catalogue;
mod conflict;
mod deleting;
mod describe;
mod generated;
mod idempotency;
mod input;
mod law;
mod pages;
mod rate;
mod reading;
mod refuse;
mod relations;
mod route;
mod sequence;
mod shape;
mod state;
mod walk;
mod writing;

pub(crate) use catalogue::{by_id, catalogue};
pub(crate) use describe::describe;
pub(crate) use law::{Law, Tried};
pub(crate) use walk::{page_call, walk};
