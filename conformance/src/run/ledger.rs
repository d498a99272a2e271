//! The ledger of a run as a file.

use super::config::RunConfig;
use super::preflight::{CannotJudge, Cleared};
use crate::generate::RunMark;
use crate::session::{Ledger, LedgerFile, LedgerHeader, Session};

/// Keeps the ledger in a file as well, where one is wanted. After the preflight it is known whose rows they will be.
pub(crate) fn keep_ledger(
    session: &Session,
    config: &RunConfig,
    mark: &RunMark,
    cleared: &Cleared,
) -> Result<(), CannotJudge> {
    let Some(path) = &config.ledger else { return Ok(()) };
    let mark = mark.to_string();
    let header = LedgerHeader {
        version: 1,
        target: config.url.clone(),
        tag: mark.clone(),
        workspace: cleared.workspace.clone(),
        other: cleared.other.clone(),
    };
    session.keep(Ledger::kept(LedgerFile::new(path.path(&mark), header)?));
    Ok(())
}
