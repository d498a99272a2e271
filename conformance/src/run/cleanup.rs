//! Deleting what a killed run left behind.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use schemas::Problem;

use super::config::RunConfig;
use super::open::{Watch, open_session};
use super::orphans::OrphanSearch;
use super::preflight::{CannotJudge, preflight};
use crate::contract::Resource;
use crate::findings::Stream;
use crate::generate::RunMark;
use crate::http::Credential;
use crate::session::{
    CreatedRow, Ledger, LedgerContent, LedgerError, LedgerFile, LedgerRow, Leftover, Session, Workspace,
    read_ledger,
};

/// Why nothing is deleted.
#[derive(Debug, Clone)]
pub enum CannotClean {
    /// The ledger cannot be used.
    Ledger(LedgerError),
    /// The target does not answer as it should.
    Target(CannotJudge),
    /// The rows of the ledger are in another target.
    OtherTarget {
        /// The file.
        ledger: PathBuf,
        /// The target it names.
        theirs: String,
        /// The target that was given.
        ours: String,
    },
    /// The rows of the ledger are in another workspace.
    OtherWorkspace {
        /// The file.
        ledger: PathBuf,
        /// Which key.
        which: &'static str,
    },
}

impl CannotClean {
    /// What is wrong and what to do.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Ledger(error) => error.problem(),
            Self::Target(error) => error.problem(),
            Self::OtherTarget { ledger, theirs, ours } => {
                let ledger = ledger.display();
                Problem::say(format!("the ledger {ledger} is of the target {theirs}, not of {ours}"))
                    .with_help(format!("give --url {theirs}"))
            }
            Self::OtherWorkspace { ledger, which } => {
                let ledger = ledger.display();
                Problem::say(format!("the ledger {ledger} is of another workspace than {which} opens"))
                    .with_help("give a key of the workspace in which the run created its rows")
            }
        }
    }
}

impl fmt::Display for CannotClean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem().fmt(f)
    }
}

impl std::error::Error for CannotClean {}

impl From<LedgerError> for CannotClean {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

impl From<CannotJudge> for CannotClean {
    fn from(error: CannotJudge) -> Self {
        Self::Target(error)
    }
}

/// What was deleted, and what was not.
#[derive(Debug, Clone, Default)]
pub struct Cleaned {
    /// Rows that the ledger named.
    pub rows: usize,
    /// Rows that are still there.
    pub left: Vec<Leftover>,
}

/// Deletes what a ledger file says is left; the file is removed with the last row.
pub async fn cleanup(config: &RunConfig, path: &Path, stop: Arc<AtomicBool>) -> Result<Cleaned, CannotClean> {
    let content = read_ledger(path, &config.secrets.own)?;
    let theirs = &content.header.target;
    if *theirs != config.url {
        let (ledger, theirs, ours) = (path.to_owned(), theirs.clone(), config.url.clone());
        return Err(CannotClean::OtherTarget { ledger, theirs, ours });
    }
    let api = Arc::new(config.api());
    let session = open_session(config, api, stop, &Stream::default(), Watch::Counts)?;
    let cleared = preflight(&session, &config.url).await?;
    let other_workspace = |which| CannotClean::OtherWorkspace { ledger: path.to_owned(), which };
    if !is_one(&content.header.workspace, &cleared.workspace) {
        return Err(other_workspace("--api-key"));
    }
    let other_key = match (&content.header.other, &cleared.other) {
        (Some(theirs), Some(ours)) if !is_one(theirs, ours) => return Err(other_workspace("--other-key")),
        (Some(_), Some(_)) => cleared.other_key,
        (None, _) | (_, None) => false,
    };
    let mut cleaned = Cleaned { rows: content.rows.len(), left: Vec::new() };
    let lost = look_for_lost(&session, &content, &mut cleaned.left).await;
    let mut ledger = Ledger::kept(LedgerFile::resume(path.to_owned(), &content, config.redactor())?);
    for (number, made) in lost {
        cleaned.rows += usize::from(made.is_some());
        match made {
            Some(made) => ledger.created(number, made)?,
            None => ledger.not_created(number)?,
        }
    }
    for row in &content.rows {
        let left = |reason: &str| leftover(&row.resource, &row.id, reason);
        match session.api.resource(&row.resource) {
            None => cleaned.left.push(left("the contract has no such resource; give the one of the run")),
            Some(_) if row.hidden => {
                cleaned.left.push(left("its id holds a secret, which no ledger keeps; delete it yourself"));
            }
            Some(_) if row.other && !other_key => {
                cleaned.left.push(left("it was created with the other key; give --other-key"));
            }
            Some(resource) => ledger.add(made(resource, row)),
        }
    }
    session.keep(ledger);
    cleaned.left.extend(session.clean().await);
    Ok(cleaned)
}

/// Whether two workspaces are surely one.
fn is_one(theirs: &Workspace, ours: &Workspace) -> bool {
    theirs.shares_a_key(ours) || theirs.agrees(ours) == Some(true)
}

fn made(resource: &Resource, row: &LedgerRow) -> CreatedRow {
    let credential = if row.other { Credential::Other } else { Credential::Own };
    CreatedRow {
        resource: resource.clone(),
        id: row.id.clone(),
        owners: row.owners.clone(),
        credential,
        seen: row.begun,
    }
}

/// A row's id, and those of its owners outwards.
fn path_of(row: &LedgerRow) -> Vec<String> {
    std::iter::once(&row.id).chain(&row.owners).cloned().collect()
}

fn leftover(resource: &str, id: &str, reason: &str) -> Leftover {
    Leftover { resource: resource.to_owned(), id: id.to_owned(), reason: reason.to_owned() }
}

/// Creates that were cut off may have created rows or not. Such a row shows the run's mark, or names a row of the run. No
/// more rows are taken for the run's than creates were cut off.
async fn look_for_lost(
    session: &Session,
    content: &LedgerContent,
    left: &mut Vec<Leftover>,
) -> Vec<(usize, Option<CreatedRow>)> {
    let mut settled = Vec::new();
    for resource in &session.api.resources {
        let numbers: Vec<usize> = content
            .unknown
            .iter()
            .filter(|(_, name)| *name == resource.name)
            .map(|(number, _)| *number)
            .collect();
        if numbers.is_empty() {
            continue;
        }
        match candidates(session, content, resource).await {
            Ok(mut rows) => {
                rows.truncate(numbers.len());
                let mut rows = rows.into_iter();
                settled.extend(numbers.into_iter().map(|number| {
                    let made = rows.next();
                    (
                        number,
                        made.map(|(id, owners)| CreatedRow {
                            resource: resource.clone(),
                            id,
                            owners,
                            credential: Credential::Own,
                            seen: true,
                        }),
                    )
                }));
            }
            Err(why) => left.push(leftover(&resource.name, "unknown", &why)),
        }
    }
    settled
}

/// Ids of rows that only the run can have created and that its ledger does not name.
async fn candidates(
    session: &Session,
    content: &LedgerContent,
    resource: &Resource,
) -> Result<Vec<(String, Vec<String>)>, String> {
    let mark = RunMark::new(&content.header.tag, None);
    let owner = resource.parent.as_ref().map(|parent| parent.resource.as_str());
    let owners = content.rows.iter().filter(|row| Some(row.resource.as_str()) == owner && !row.other);
    let search = OrphanSearch {
        session,
        mark: &mark,
        known: content.made.iter().cloned().collect(),
        owners: owners.map(path_of).collect(),
    };
    let mut found = search.rows_of(resource).await;
    if let Some(why) = found.error {
        return Err(format!("its create was cut off, and it could not be looked for: {why}"));
    }
    found.rows.retain(|(id, _)| !content.made.contains(id));
    Ok(found.rows)
}
