//! Taking away what was made.

use super::call::Call;
use super::ledger::{Leftover, Made};
use super::session::{Halt, Session};

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
            let reason = "its create was cut off, so it may be there or not".to_owned();
            leftovers.push(Leftover { resource: resource.clone(), id: "unknown".to_owned(), reason });
        }
        ledger.close();
        leftovers
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
