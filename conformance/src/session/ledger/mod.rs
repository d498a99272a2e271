//! What a run created, in memory and in a file, so that it can be deleted again.

mod file;
#[expect(clippy::module_inception, reason = "the file holds the type of the same name")]
mod ledger;
mod seal;

pub use file::LedgerError;
pub(crate) use file::{
    LedgerContent, LedgerFile, LedgerHeader, LedgerRow, VERSION as LEDGER_VERSION, open_ledgers,
    read_sealed as read_ledger,
};
pub use ledger::Leftover;
pub(crate) use ledger::{CreatedRow, Ledger};
pub(crate) use seal::Seal;
