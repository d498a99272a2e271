//! What the run made, so that it can be taken away again.

use super::file::{LedgerError, LedgerFile, LedgerLine};
use crate::contract::Resource;
use crate::http::Credential;

/// A row the run made.
#[derive(Debug, Clone)]
pub(crate) struct CreatedRow {
    pub(crate) resource: Resource,
    pub(crate) id: String,
    pub(crate) credential: Credential,
}

/// A row that could not be taken away.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Leftover {
    /// Its resource.
    pub resource: String,
    /// Its opaque id.
    pub id: String,
    /// Why it could not.
    pub reason: String,
}

/// Rows the run made and has not deleted, in the order they were made; kept in a file as well, where there is one.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    made: Vec<CreatedRow>,
    journal: Option<LedgerFile>,
    begun: usize,
    lost: Vec<(usize, String)>,
    found: bool,
}

impl Ledger {
    /// One that is kept in a file as well.
    pub(crate) fn kept(journal: LedgerFile) -> Self {
        Self { journal: Some(journal), ..Self::default() }
    }

    /// A row is about to be made; gives the number by which its outcome is told.
    pub(crate) fn creating(&mut self, resource: &Resource, operation: &str) -> Result<usize, LedgerError> {
        self.begun += 1;
        let number = self.begun;
        self.write(&LedgerLine::Creating {
            number,
            resource: resource.name.clone(),
            operation: operation.to_owned(),
        })?;
        Ok(number)
    }

    /// A row was made; one that is known already is not noted twice.
    pub(crate) fn created(&mut self, number: usize, made: CreatedRow) -> Result<(), LedgerError> {
        let line = LedgerLine::Created {
            number,
            resource: made.resource.name.clone(),
            id: made.id.clone(),
            other: made.credential == Credential::Other,
        };
        self.add(made);
        self.write(&line)
    }

    /// No row was made.
    pub(crate) fn not_created(&mut self, number: usize) -> Result<(), LedgerError> {
        self.write(&LedgerLine::NotCreated { number })
    }

    /// Nobody knows whether a row was made.
    pub(crate) fn lose(&mut self, number: usize, resource: &str) {
        self.lost.push((number, resource.to_owned()));
    }

    /// All lists of a resource were looked through: what was not found is not there.
    pub(crate) fn looked_through(&mut self, resource: &str) -> Result<(), LedgerError> {
        let (gone, lost) = std::mem::take(&mut self.lost).into_iter().partition(|(_, of)| of == resource);
        self.lost = lost;
        let gone: Vec<(usize, String)> = gone;
        gone.into_iter().try_for_each(|(number, _)| self.not_created(number))
    }

    /// A row was found that no answer had named.
    pub(crate) fn found(&mut self, made: CreatedRow) -> Result<(), LedgerError> {
        if self.made.iter().any(|known| known.id == made.id && known.resource.name == made.resource.name) {
            return Ok(());
        }
        self.found = true;
        let lost = self.lost.iter().position(|(_, resource)| *resource == made.resource.name);
        let number = if let Some(at) = lost {
            self.lost.remove(at).0
        } else {
            let operation = made.resource.create.as_ref().map(|op| op.id.clone()).unwrap_or_default();
            self.creating(&made.resource, &operation)?
        };
        self.created(number, made)
    }

    /// Whether there may be rows that no answer named.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.found || !self.lost.is_empty()
    }

    /// The resources of rows of which nobody knows.
    pub(crate) fn lost(&self) -> impl Iterator<Item = &str> {
        self.lost.iter().map(|(_, resource)| resource.as_str())
    }

    /// Notes a row without writing it down.
    pub(crate) fn add(&mut self, made: CreatedRow) {
        if !self.made.iter().any(|known| known.id == made.id && known.resource.name == made.resource.name) {
            self.made.push(made);
        }
    }

    /// A row is about to be deleted.
    pub(crate) fn deleting(&mut self, resource: &str, id: &str) -> Result<(), LedgerError> {
        self.write(&LedgerLine::Deleting { resource: resource.to_owned(), id: id.to_owned() })
    }

    /// A row is gone.
    pub(crate) fn deleted(&mut self, resource: &str, id: &str) -> Result<(), LedgerError> {
        self.made.retain(|made| made.resource.name != resource || made.id != id);
        self.write(&LedgerLine::Deleted { resource: resource.to_owned(), id: id.to_owned() })
    }

    /// The ids of one resource.
    pub(crate) fn ids(&self, resource: &str) -> Vec<String> {
        self.made.iter().filter(|made| made.resource.name == resource).map(|made| made.id.clone()).collect()
    }

    /// How many are there.
    pub(crate) fn len(&self) -> usize {
        self.made.len()
    }

    /// How many of them can be deleted.
    pub(crate) fn owed(&self) -> usize {
        self.made.iter().filter(|made| made.resource.delete.is_some()).count()
    }

    /// Takes the newest.
    pub(crate) fn pop(&mut self) -> Option<CreatedRow> {
        self.made.pop()
    }

    /// Ends the file: away with it where nothing is left that it would be needed for.
    pub(crate) fn close(&mut self) {
        if let Some(journal) = self.journal.take() {
            journal.close();
        }
    }

    fn write(&mut self, line: &LedgerLine) -> Result<(), LedgerError> {
        self.journal.as_mut().map_or(Ok(()), |journal| journal.write(line))
    }
}
