//! Taking away what was made.

use super::call::Call;
use super::credential::Credential;
use super::ledger::{Leftover, Made};
use super::session::{Answered, Halt, Session};
use crate::atlas::Kin;

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
                self.take_away(&made, &mut lost).await
            };
            if let Err(reason) = outcome {
                leftovers.push(Leftover { resource: made.kin.name.clone(), id: made.id.clone(), reason });
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
    pub(crate) fn adopt(&self, kin: &Kin, id: String) {
        // Should the file be full, the row is known all the same.
        let _ = self.ledger.borrow_mut().found(Made { kin: kin.clone(), id, credential: Credential::Own });
    }

    /// All lists of a resource were looked through: what no answer named and was not found is not there.
    pub(crate) fn looked_through(&self, kin: &Kin) {
        let _ = self.ledger.borrow_mut().looked_through(&kin.name);
    }

    /// Sends a call that belongs to putting things in order again.
    pub(crate) async fn send_cleaning(&self, call: &Call) -> Result<Answered, Halt> {
        let owed = self.ledger.borrow().owed();
        let reserved = self.budget.reserve(0, owed).ok_or(Halt::OutOfRequests)?;
        self.exchange(call, reserved, true).await
    }

    async fn take_away(&self, made: &Made, lost: &mut usize) -> Result<(), String> {
        let Some(delete) = &made.kin.delete else {
            return Err("the contract has no operation that deletes it".to_owned());
        };
        let owed = self.ledger.borrow().owed();
        let reserved = self.budget.reserve(0, owed).ok_or_else(|| "the requests are used up".to_owned())?;
        // Nothing is lost where the file cannot be written: the row stays in it.
        let _ = self.ledger.borrow_mut().deleting(&made.kin.name, &made.id);
        let call = Call::of(delete).own(&made.id).by(made.credential);
        match self.exchange(&call, reserved, true).await {
            Ok(answer) if answer.received.is_success() || matches!(answer.received.status, 404 | 410) => {
                *lost = 0;
                let _ = self.ledger.borrow_mut().deleted(&made.kin.name, &made.id);
                Ok(())
            }
            Ok(answer) => Err(format!("{} answered {}", delete.id, answer.received.status)),
            Err(Halt::Transport(fault) | Halt::Gone(fault)) => {
                *lost += 1;
                Err(fault.to_string())
            }
            Err(halt) => Err(halt.to_string()),
        }
    }
}
