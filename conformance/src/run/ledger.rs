//! The ledger of a run as a file.

use super::config::RunConfig;
use super::preflight::{CannotJudge, Cleared};
use crate::probe::{Header, Journal, Ledger, Session};

/// Keeps the ledger in a file as well, where one is wanted. After the preflight it is known whose rows they will be.
pub(super) fn keep_ledger(
    session: &Session,
    config: &RunConfig,
    tag: &str,
    cleared: &Cleared,
) -> Result<(), CannotJudge> {
    let Some(file) = &config.ledger else { return Ok(()) };
    let header = Header {
        version: 1,
        target: config.url.clone(),
        tag: tag.to_owned(),
        workspace: cleared.workspace.clone(),
        other: cleared.other.clone(),
    };
    session.keep(Ledger::kept(Journal::new(file.path(tag), header)?));
    Ok(())
}
