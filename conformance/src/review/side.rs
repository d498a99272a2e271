//! What is compared: a contract or records, from the disk or from a revision.

use std::collections::BTreeMap;
use std::path::Path;

use schemas::{Contract, LoadOptions};

use super::git::Revision;
use crate::record::{self, Record, RecordId};

/// One side of a comparison.
#[derive(Debug)]
pub struct Side {
    /// As it was asked for.
    pub name: String,
    /// What it is.
    pub content: Content,
}

/// What a side holds.
#[derive(Debug)]
pub enum Content {
    /// A description.
    Contract(Contract),
    /// Observed behaviour.
    Records(BTreeMap<RecordId, Record>),
}

/// Why a side cannot be read, with what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SideError(pub(super) String);

impl Side {
    /// Reads a file, a folder of records, or `REVISION:PATH` of either. What exists wins over a revision.
    pub fn read(name: &str) -> Result<Self, SideError> {
        let path = Path::new(name);
        let content = if path.is_dir() {
            Content::Records(record::load(path).map_err(|error| SideError(error.to_string()))?)
        } else if path.exists() {
            Content::Contract(
                Contract::load_with(path, &LoadOptions::as_written())
                    .map_err(|error| SideError(error.to_string()))?,
            )
        } else if let Some((revision, path)) =
            name.split_once(':').filter(|(revision, _)| !revision.is_empty())
        {
            of_revision(name, revision, path)?
        } else {
            return Err(SideError(format!(
                "failed to read {name}: there is no such file or folder\n  help: give an OpenAPI description, a folder of records, or REVISION:PATH of either, as in main:schemas/openapi.yaml"
            )));
        };
        Ok(Self { name: name.to_owned(), content })
    }

    /// The word for what it is.
    pub fn kind(&self) -> &'static str {
        match self.content {
            Content::Contract(_) => "contract",
            Content::Records(_) => "records",
        }
    }
}

fn of_revision(name: &str, revision: &str, path: &str) -> Result<Content, SideError> {
    let failed = |why: String| {
        SideError(format!(
            "failed to read {name}: {why}\n  help: the path is taken from the top of the repository; `git show {name}` has to work"
        ))
    };
    let found = Revision::find(revision, path).map_err(failed)?;
    if !found.is_folder {
        let contract = Contract::load_from(name, found.path(), &found);
        return contract.map(Content::Contract).map_err(|error| SideError(error.to_string()));
    }
    let mut records = BTreeMap::new();
    for (path, text) in found.texts().map_err(failed)? {
        let Some((operation, file)) = path.split_once('/') else { continue };
        let Some(class) = file.strip_suffix(".snap").filter(|class| !class.contains('/')) else { continue };
        let record = Record::read(&text).map_err(|error| {
            SideError(format!(
                "{name}/{path} is no record: {error}\n  help: compare with a revision in which it is one"
            ))
        })?;
        records.insert(RecordId::of_file(operation, class), record);
    }
    Ok(Content::Records(records))
}
