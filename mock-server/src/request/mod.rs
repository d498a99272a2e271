//! What a request says: its route, its parameters, its body.

mod body;
mod parameters;
mod route;
mod segment;

pub(crate) use body::{BodyError, collect, drain};
pub(crate) use parameters::{Parameters, query};
pub(crate) use route::{Found, Router};
