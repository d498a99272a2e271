//! Requests and what comes back.

mod call;
mod client;
mod credential;
mod governor;
mod ledger;
mod received;
mod session;
mod watch;

pub(crate) use call::{Call, Payload, hex};
pub(crate) use client::Client;
pub(crate) use credential::{Credential, Keys};
pub use ledger::Leftover;
pub(crate) use received::Received;
pub(crate) use session::{Halt, Limits, Session};
pub(crate) use watch::Watch;
