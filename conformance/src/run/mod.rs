//! Carrying a plan out.

mod attempted;
mod beside;
mod cleanup;
mod collect;
mod conduct;
mod config;
mod confirm;
mod engine;
mod forecast;
mod judge;
mod ledger;
mod open;
mod orphans;
mod preflight;
mod replay;
mod report;
mod settle;
mod sources;
mod target;
mod vanish;

pub use cleanup::{CannotClean, Cleaned, cleanup};
pub use config::{LedgerPath, RunConfig, Secrets};
pub use forecast::{Allowed, Forecast};
pub use judge::run;
pub(crate) use ledger::keep_ledger;
pub(crate) use open::{Watch, open_session};
pub use preflight::CannotJudge;
pub(crate) use preflight::preflight;
pub(crate) use replay::replay;
pub use target::{TargetError, check_target};
