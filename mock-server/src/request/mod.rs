//! What a request says: its route, its parameters, its body.

mod body;
mod content;
mod parameters;
mod route;
mod segment;

pub(crate) use body::{BodyError, collect, drain};
pub(crate) use content::{ContentError, read_body};
pub(crate) use parameters::{Parameters, query};
pub(crate) use route::{Found, Router};
