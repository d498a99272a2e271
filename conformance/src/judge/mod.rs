//! How an answer is held to a statement: by equality, each aspect with a standing of its own.

mod breach;
mod compare;
mod passive;
mod refusal;
mod secrets;

pub(crate) use breach::{Breach, Expect};
pub(crate) use compare::{difference, instant, is_whole_second, same_value};
pub(crate) use passive::observe;
pub(crate) use refusal::{Acceptance, Refusal};
pub(crate) use secrets::is_page;
