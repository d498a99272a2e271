//! What a case acts in: it builds and sends requests, shares rows with other cases, and holds responses to the contract.

mod attempt;
mod build;
mod context;
mod error;
mod exchange;
mod judging;
mod page;
mod row;
mod row_setups;
mod rows;
mod run_state;
mod send;
mod setup;
mod setup_cache;
mod shared_rows;
mod step;
mod story;
mod walk;

pub(crate) use attempt::Attempt;
pub(crate) use build::plain_property;
pub(crate) use context::CaseContext;
pub(crate) use error::{CaseError, CaseResult};
pub(crate) use exchange::Exchange;
pub(crate) use page::{Page, page_request};
pub(crate) use row::Row;
pub(crate) use row_setups::{ExclusiveRow, ReadonlyRow};
pub(crate) use run_state::RunState;
pub(crate) use setup::{Setup, SetupUse, Setups};
pub(crate) use setup_cache::SetupResult;
pub(crate) use shared_rows::SharedRows;
pub(crate) use step::{NO_RESPONSE, Step};
pub(crate) use story::Told;
pub(crate) use walk::rows_like;
