//! What the run made, so that it can be taken away again.

use super::credential::Credential;
use super::journal::{Journal, JournalError, Line};
use crate::atlas::Kin;

/// A row the run made.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) kin: Kin,
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
    made: Vec<Made>,
    journal: Option<Journal>,
    begun: usize,
    lost: Vec<(usize, String)>,
    found: bool,
}

impl Ledger {
    /// One that is kept in a file as well.
    pub(crate) fn kept(journal: Journal) -> Self {
        Self { journal: Some(journal), ..Self::default() }
    }

    /// A row is about to be made; gives the number by which its outcome is told.
    pub(crate) fn creating(&mut self, kin: &Kin, operation: &str) -> Result<usize, JournalError> {
        self.begun += 1;
        let number = self.begun;
        self.write(&Line::Creating { number, resource: kin.name.clone(), operation: operation.to_owned() })?;
        Ok(number)
    }

    /// A row was made; one that is known already is not noted twice.
    pub(crate) fn created(&mut self, number: usize, made: Made) -> Result<(), JournalError> {
        let line = Line::Created {
            number,
            resource: made.kin.name.clone(),
            id: made.id.clone(),
            other: made.credential == Credential::Other,
        };
        self.add(made);
        self.write(&line)
    }

    /// No row was made.
    pub(crate) fn not_created(&mut self, number: usize) -> Result<(), JournalError> {
        self.write(&Line::NotCreated { number })
    }

    /// Nobody knows whether a row was made.
    pub(crate) fn lose(&mut self, number: usize, resource: &str) {
        self.lost.push((number, resource.to_owned()));
    }

    /// All lists of a resource were looked through: what was not found is not there.
    pub(crate) fn looked_through(&mut self, resource: &str) -> Result<(), JournalError> {
        let (gone, lost) = std::mem::take(&mut self.lost).into_iter().partition(|(_, of)| of == resource);
        self.lost = lost;
        let gone: Vec<(usize, String)> = gone;
        gone.into_iter().try_for_each(|(number, _)| self.not_created(number))
    }

    /// A row was found that no answer had named.
    pub(crate) fn found(&mut self, made: Made) -> Result<(), JournalError> {
        if self.made.iter().any(|known| known.id == made.id && known.kin.name == made.kin.name) {
            return Ok(());
        }
        self.found = true;
        let lost = self.lost.iter().position(|(_, resource)| *resource == made.kin.name);
        let number = if let Some(at) = lost {
            self.lost.remove(at).0
        } else {
            let operation = made.kin.create.as_ref().map(|op| op.id.clone()).unwrap_or_default();
            self.creating(&made.kin, &operation)?
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
    pub(crate) fn add(&mut self, made: Made) {
        if !self.made.iter().any(|known| known.id == made.id && known.kin.name == made.kin.name) {
            self.made.push(made);
        }
    }

    /// A row is about to be deleted.
    pub(crate) fn deleting(&mut self, resource: &str, id: &str) -> Result<(), JournalError> {
        self.write(&Line::Deleting { resource: resource.to_owned(), id: id.to_owned() })
    }

    /// A row is gone.
    pub(crate) fn deleted(&mut self, resource: &str, id: &str) -> Result<(), JournalError> {
        self.made.retain(|made| made.kin.name != resource || made.id != id);
        self.write(&Line::Deleted { resource: resource.to_owned(), id: id.to_owned() })
    }

    /// The ids of one resource.
    pub(crate) fn ids(&self, resource: &str) -> Vec<String> {
        self.made.iter().filter(|made| made.kin.name == resource).map(|made| made.id.clone()).collect()
    }

    /// How many are there.
    pub(crate) fn len(&self) -> usize {
        self.made.len()
    }

    /// How many of them can be deleted.
    pub(crate) fn owed(&self) -> usize {
        self.made.iter().filter(|made| made.kin.delete.is_some()).count()
    }

    /// Takes the newest.
    pub(crate) fn pop(&mut self) -> Option<Made> {
        self.made.pop()
    }

    /// Ends the file: away with it where nothing is left that it would be needed for.
    pub(crate) fn close(&mut self) {
        if let Some(journal) = self.journal.take() {
            journal.close();
        }
    }

    fn write(&mut self, line: &Line) -> Result<(), JournalError> {
        self.journal.as_mut().map_or(Ok(()), |journal| journal.write(line))
    }
}
