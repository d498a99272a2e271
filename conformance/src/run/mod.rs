//! Carrying a plan out.

mod acts;
mod cause;
mod cleanup;
mod config;
mod confirm;
mod engine;
mod forecast;
mod hidden;
mod ledger;
mod merge;
mod preflight;
mod row;
mod scene;
mod stage;
mod step;
mod studio;
mod sweep;
mod tally;
mod target;

pub(crate) use acts::{Deed, lent, still};
pub use cleanup::{CannotClean, Cleaned, cleanup};
pub use config::{LedgerFile, RunConfig, Secrets};
pub(crate) use engine::replay;
pub use engine::run;
pub use forecast::Forecast;
pub use preflight::CannotJudge;
pub(crate) use row::Row;
pub(crate) use scene::{Exchange, Found, Outcome, Props, Scene, Stop, plain_property};
pub(crate) use step::Step;
pub(crate) use studio::Studio;
pub(crate) use target::is_this_machine;
pub use target::{TargetError, check_target};
