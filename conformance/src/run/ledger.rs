//! The ledger of a run as a file.

use super::config::RunConfig;
use super::preflight::{CannotJudge, Cleared};
use crate::generate::RunMark;
use crate::session::{LEDGER_VERSION, Ledger, LedgerFile, LedgerHeader, Seal, Session};

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
        version: LEDGER_VERSION,
        target: config.url.clone(),
        tag: mark.clone(),
        workspace: cleared.workspace.clone(),
        other: cleared.other.clone(),
    };
    let seal = Seal::new(config.secrets.own.first().map_or("", String::as_str));
    let file = LedgerFile::new(path.path(&mark), header, seal, config.redactor())?;
    session.keep(Ledger::kept(file));
    Ok(())
}
