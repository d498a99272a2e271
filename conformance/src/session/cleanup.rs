//! Deleting what was created.

use super::error::SendError;
use super::ledger::{CreatedRow, Leftover};
use super::session::Session;
use crate::contract::Resource;
use crate::http::{Credential, Request};

/// Deletions in a row without an answer, after which the target counts as gone.
const MOST_LOST: usize = 3;

impl Session {
    /// Rows that are still to be taken away.
    pub(crate) fn owed(&self) -> usize {
        self.ledger.borrow().len()
    }

    /// Deletes what was made, newest first; tells what could not be deleted.
    pub(crate) async fn clean(&self) -> Vec<Leftover> {
        let mut leftovers = Vec::new();
        let mut lost = 0;
        loop {
            let Some(made) = self.ledger.borrow_mut().pop() else { break };
            let outcome = if lost >= MOST_LOST {
                Err("the target does not answer any more".to_owned())
            } else {
                self.delete(&made, &mut lost).await
            };
            if let Err(reason) = outcome {
                leftovers.push(Leftover {
                    resource: made.resource.name.clone(),
                    id: made.id.clone(),
                    reason,
                });
            }
        }
        let mut ledger = self.ledger.borrow_mut();
        for resource in ledger.lost() {
            let reason = "no answer named it, so it may be there or not".to_owned();
            leftovers.push(Leftover { resource: resource.to_owned(), id: "unknown".to_owned(), reason });
        }
        ledger.close();
        leftovers
    }

    /// Whether there may be rows that no answer named.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.ledger.borrow().is_doubtful()
    }

    /// The ids of the rows of a resource that were made and are still there, in the order they were made.
    pub(crate) fn made(&self, resource: &str) -> Vec<String> {
        self.ledger.borrow().ids(resource)
    }

    /// A row that was found, and that only a request of this run can have made.
    pub(crate) fn adopt(&self, resource: &Resource, id: String) {
        // Should the file be full, the row is known all the same.
        let _ = self.ledger.borrow_mut().found(CreatedRow {
            resource: resource.clone(),
            id,
            credential: Credential::Own,
        });
    }

    /// All lists of a resource were looked through: what no answer named and was not found is not there.
    pub(crate) fn looked_through(&self, resource: &Resource) {
        let _ = self.ledger.borrow_mut().looked_through(&resource.name);
    }

    async fn delete(&self, made: &CreatedRow, lost: &mut usize) -> Result<(), String> {
        let Some(delete) = &made.resource.delete else {
            return Err("the contract has no operation that deletes it".to_owned());
        };
        let owed = self.ledger.borrow().owed();
        let reserved = self.budget.reserve(0, owed).ok_or_else(|| "the requests are used up".to_owned())?;
        // Nothing is lost where the file cannot be written: the row stays in it.
        let _ = self.ledger.borrow_mut().deleting(&made.resource.name, &made.id);
        let request = Request::of(delete).own(&made.id).by(made.credential);
        match self.exchange(&request, reserved, true).await {
            Ok(answer) if answer.response.is_success() || matches!(answer.response.status, 404 | 410) => {
                *lost = 0;
                let _ = self.ledger.borrow_mut().deleted(&made.resource.name, &made.id);
                Ok(())
            }
            Ok(answer) => Err(format!("{} answered {}", delete.id, answer.response.status)),
            Err(SendError::Transport(fault) | SendError::Gone(fault)) => {
                *lost += 1;
                Err(fault.to_string())
            }
            Err(error) => Err(error.to_string()),
        }
    }
}
