//! What the run made, so that it can be taken away again.

use super::credential::Credential;
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

/// Rows the run made and has not deleted, in the order they were made.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    made: Vec<Made>,
}

impl Ledger {
    /// Notes a row; one that is known already is not noted twice.
    pub(crate) fn add(&mut self, made: Made) {
        if !self.made.iter().any(|known| known.id == made.id && known.kin.name == made.kin.name) {
            self.made.push(made);
        }
    }

    /// A row is gone.
    pub(crate) fn remove(&mut self, resource: &str, id: &str) {
        self.made.retain(|made| made.kin.name != resource || made.id != id);
    }

    /// How many are there.
    pub(crate) fn len(&self) -> usize {
        self.made.len()
    }

    /// Takes the newest.
    pub(crate) fn pop(&mut self) -> Option<Made> {
        self.made.pop()
    }
}
