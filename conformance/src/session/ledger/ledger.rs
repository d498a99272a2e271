//! What a run created and has not deleted yet.

use std::collections::HashSet;

use super::file::{LedgerError, LedgerFile, LedgerLine};
use crate::contract::Resource;
use crate::http::Credential;

/// A row that the run created.
#[derive(Debug, Clone)]
pub(crate) struct CreatedRow {
    pub(crate) resource: Resource,
    pub(crate) id: String,
    /// The rows that own it, as the path of its create named them, the nearest first.
    pub(crate) owners: Vec<String>,
    pub(crate) credential: Credential,
    /// An answer showed it to this process, or its deletion was begun: where the target does not know it, it is deleted.
    pub(crate) seen: bool,
}

/// A row that could not be deleted.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Leftover {
    /// Its resource.
    pub resource: String,
    /// Its opaque id.
    pub id: String,
    /// Why it could not be deleted.
    pub reason: String,
}

/// Rows that the run created and has not deleted, in the order they were created; kept in a file as well, where there is
/// one.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    rows: Vec<CreatedRow>,
    file: Option<LedgerFile>,
    begun: usize,
    lost: Vec<(usize, String)>,
    found: bool,
    /// The ids of rows that were deleted.
    deleted: HashSet<(String, String)>,
    /// Those that were given to another row afterwards.
    given_again: HashSet<(String, String)>,
}

impl Ledger {
    /// A ledger that is kept in a file as well.
    pub(crate) fn kept(file: LedgerFile) -> Self {
        Self { file: Some(file), ..Self::default() }
    }

    /// Notes that a row is about to be created; returns the number by which its outcome is noted.
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

    /// Notes that a row was created; one that is known already is not noted twice.
    pub(crate) fn created(&mut self, number: usize, row: CreatedRow) -> Result<(), LedgerError> {
        let line = LedgerLine::Created {
            number,
            resource: row.resource.name.clone(),
            id: row.id.clone(),
            owners: row.owners.clone(),
            other: row.credential == Credential::Other,
            hidden: false,
        };
        let name = (row.resource.name.clone(), row.id.clone());
        if self.deleted.contains(&name) {
            self.given_again.insert(name);
        }
        self.add(row);
        self.write(&line)
    }

    /// Notes that no row was created.
    pub(crate) fn not_created(&mut self, number: usize) -> Result<(), LedgerError> {
        self.write(&LedgerLine::NotCreated { number })
    }

    /// Notes that nobody knows whether a row was created.
    pub(crate) fn lose(&mut self, number: usize, resource: &str) {
        self.lost.push((number, resource.to_owned()));
    }

    /// Notes that all lists of a resource were looked through: what was not found does not exist.
    pub(crate) fn looked_through(&mut self, resource: &str) -> Result<(), LedgerError> {
        let (gone, lost) = std::mem::take(&mut self.lost).into_iter().partition(|(_, of)| of == resource);
        self.lost = lost;
        let gone: Vec<(usize, String)> = gone;
        gone.into_iter().try_for_each(|(number, _)| self.not_created(number))
    }

    /// Notes a row that was found and that no response had named.
    pub(crate) fn found(&mut self, row: CreatedRow) -> Result<(), LedgerError> {
        if self.rows.iter().any(|known| known.id == row.id && known.resource.name == row.resource.name) {
            return Ok(());
        }
        self.found = true;
        let lost = self.lost.iter().position(|(_, resource)| *resource == row.resource.name);
        let number = if let Some(at) = lost {
            self.lost.remove(at).0
        } else {
            let operation = row.resource.create.as_ref().map(|op| op.id.clone()).unwrap_or_default();
            self.creating(&row.resource, &operation)?
        };
        self.created(number, row)
    }

    /// Whether there may be rows that no response named.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.found || !self.lost.is_empty()
    }

    /// The resources of the rows that may exist or not.
    pub(crate) fn lost(&self) -> impl Iterator<Item = &str> {
        self.lost.iter().map(|(_, resource)| resource.as_str())
    }

    /// Notes a row without writing it to the file.
    pub(crate) fn add(&mut self, row: CreatedRow) {
        if !self.rows.iter().any(|known| known.id == row.id && known.resource.name == row.resource.name) {
            self.rows.push(row);
        }
    }

    /// Notes that a row is about to be deleted.
    pub(crate) fn deleting(&mut self, resource: &str, id: &str) -> Result<(), LedgerError> {
        self.write(&LedgerLine::Deleting { resource: resource.to_owned(), id: id.to_owned() })
    }

    /// Notes that a row is deleted.
    pub(crate) fn deleted(&mut self, resource: &str, id: &str) -> Result<(), LedgerError> {
        self.rows.retain(|row| row.resource.name != resource || row.id != id);
        self.deleted.insert((resource.to_owned(), id.to_owned()));
        self.write(&LedgerLine::Deleted { resource: resource.to_owned(), id: id.to_owned() })
    }

    /// The ids of one resource.
    pub(crate) fn ids(&self, resource: &str) -> Vec<String> {
        self.rows.iter().filter(|row| row.resource.name == resource).map(|row| row.id.clone()).collect()
    }

    /// The ids of the rows of one resource, each with those of its owners outwards.
    pub(crate) fn paths(&self, resource: &str) -> Vec<Vec<String>> {
        let rows = self.rows.iter().filter(|row| row.resource.name == resource);
        rows.map(|row| std::iter::once(&row.id).chain(&row.owners).cloned().collect()).collect()
    }

    /// Whether an id was given to another row after its own was deleted; any id of the resource, where none is named.
    pub(crate) fn is_given_again(&self, resource: &str, id: Option<&str>) -> bool {
        self.given_again.iter().any(|(of, given)| of == resource && id.is_none_or(|id| id == given))
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many of them can be deleted.
    pub(crate) fn owed(&self) -> usize {
        self.rows.iter().filter(|row| row.resource.delete.is_some()).count()
    }

    /// Takes out the newest row.
    pub(crate) fn pop(&mut self) -> Option<CreatedRow> {
        self.rows.pop()
    }

    /// Closes the file; it is removed where nothing is left that it would be needed for.
    pub(crate) fn close(&mut self) {
        if let Some(file) = self.file.take() {
            file.close();
        }
    }

    fn write(&mut self, line: &LedgerLine) -> Result<(), LedgerError> {
        self.file.as_mut().map_or(Ok(()), |file| file.write(line))
    }
}
