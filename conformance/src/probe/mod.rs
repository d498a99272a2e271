//! Requests and what comes back.

mod budget;
mod call;
mod clean;
mod client;
mod credential;
mod journal;
mod ledger;
mod limits;
mod options;
mod pace;
mod received;
mod said;
mod session;
mod tls;
mod watch;
mod workspace;

pub(crate) use call::{Call, Payload, hex};
pub(crate) use client::{Client, TransportFault};
pub(crate) use credential::{Credential, Keys};
pub use journal::JournalError;
pub(crate) use journal::{Account, Entry, Header, Journal, open_ledgers, read as read_ledger};
pub use ledger::Leftover;
pub(crate) use ledger::{Ledger, Made};
pub(crate) use limits::Limits;
pub use options::{ClientOptions, ExtraHeader};
pub(crate) use received::Received;
pub(crate) use session::{Halt, Session};
pub(crate) use watch::Watch;
pub(crate) use workspace::Workspace;
