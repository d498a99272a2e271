//! The laws: what can be checked, on what it applies, and how it is tried.

pub(crate) mod id;

mod alone;
mod auth;
mod catalogue;
mod conflict;
mod deleting;
mod describe;
mod family;
mod field_rules;
mod filters;
mod generated;
mod generated_wrong;
mod idempotency;
mod input;
mod naming;
mod odd;
mod pages;
mod rate;
mod reading;
mod refuse;
mod refused_writes;
mod relations;
mod round_trip;
mod route;
mod sequence;
mod shape;
mod state;
mod statement;
mod walk;
mod writing;

pub(crate) use auth::unknown_id_of;
pub(crate) use catalogue::{by_id, catalogue, judgeable};
pub(crate) use describe::describe;
pub(crate) use refuse::all_wrongs;
pub(crate) use statement::{Law, Tried};
pub(crate) use walk::{page, page_call, page_of, walk};
