//! One run's conversation with the target: paced, counted, bounded, and undone at the end.

mod allowance;
mod bookkeeping;
mod budget;
mod cleanup;
mod deadline;
mod delivery;
mod error;
mod ledger;
mod own_limit;
mod own_limits;
mod pacing;
mod rate_headers;
mod rate_limiter;
#[expect(clippy::module_inception, reason = "the file holds the type of the same name")]
mod session;
mod stability;
mod workspace;

pub(crate) use allowance::Unmoved;
pub(crate) use deadline::Deadline;
pub use error::Lost;
pub(crate) use error::SendError;
pub(crate) use ledger::{
    CreatedRow, LEDGER_VERSION, Ledger, LedgerContent, LedgerFile, LedgerHeader, LedgerRow, Seal,
    open_ledgers, read_ledger,
};
pub use ledger::{LedgerError, Leftover};
pub(crate) use session::{Delivered, Session, SessionSetup};
pub(crate) use workspace::Workspace;
