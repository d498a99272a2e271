//! Deleting what was created.

use super::error::SendError;
use super::ledger::{CreatedRow, Leftover};
use super::session::Session;
use crate::contract::Resource;
use crate::http::{Credential, Request};

/// What a deletion came to that was no failure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deletion {
    /// The row is deleted.
    Done,
    /// The target knows no such row, and nothing shows that it ever did.
    Unknown,
}

/// Deletions in a row without a response, after which the target counts as gone.
const MOST_LOST: usize = 3;

impl Session {
    /// How many rows are still to be deleted.
    pub(crate) fn owed(&self) -> usize {
        self.ledger.borrow().len()
    }

    /// Deletes what was created, newest first; returns what could not be deleted.
    pub(crate) async fn clean(&self) -> Vec<Leftover> {
        let mut leftovers = Vec::new();
        let mut lost = 0;
        let (mut known, mut unknown) = (false, Vec::new());
        loop {
            let Some(row) = self.ledger.borrow_mut().pop() else { break };
            let outcome = if lost >= MOST_LOST {
                Err("the target does not answer any more".to_owned())
            } else {
                self.delete(&row, &mut lost).await
            };
            match outcome {
                Ok(Deletion::Done) => known = true,
                Ok(Deletion::Unknown) => unknown.push(row),
                Err(reason) => leftovers.push(Leftover {
                    resource: row.resource.name.clone(),
                    id: row.id.clone(),
                    reason,
                }),
            }
        }
        for row in unknown {
            // It went with another row, or in the moment before its deletion could be noted; but where the target knows
            // none of the rows, it may be that they are elsewhere.
            if known {
                let _ = self.ledger.borrow_mut().deleted(&row.resource.name, &row.id);
            } else {
                let reason = "the target knows neither it nor any other row of the ledger, so nothing shows that it was \
                              deleted; if its rows are gone, delete the file"
                    .to_owned();
                leftovers.push(Leftover { resource: row.resource.name.clone(), id: row.id, reason });
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

    /// Whether there may be rows that no response named.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.ledger.borrow().is_doubtful()
    }

    /// The ids of the rows of a resource that were created and not deleted, in the order they were created.
    pub(crate) fn created(&self, resource: &str) -> Vec<String> {
        self.ledger.borrow().ids(resource)
    }

    /// Notes a row that was found, and that only a request of this run can have created.
    pub(crate) fn adopt(&self, resource: &Resource, id: String) {
        // Should the file be full, the row is known all the same.
        let _ = self.ledger.borrow_mut().found(CreatedRow {
            resource: resource.clone(),
            id,
            credential: Credential::Own,
            seen: true,
        });
    }

    /// Notes that all lists of a resource were looked through: what no response named and was not found does not exist.
    pub(crate) fn looked_through(&self, resource: &Resource) {
        let _ = self.ledger.borrow_mut().looked_through(&resource.name);
    }

    async fn delete(&self, row: &CreatedRow, lost: &mut usize) -> Result<Deletion, String> {
        let Some(delete) = &row.resource.delete else {
            return Err("the contract has no operation that deletes it".to_owned());
        };
        let request = Request::of(delete).own(&row.id).by(row.credential);
        if let Some(why) = request.unfit() {
            return Err(why);
        }
        let owed = self.ledger.borrow().owed();
        let reserved = self.budget.reserve(0, owed).ok_or_else(|| "the requests are used up".to_owned())?;
        // Nothing is lost where the file cannot be written: the row stays in it.
        let _ = self.ledger.borrow_mut().deleting(&row.resource.name, &row.id);
        match self.exchange(&request, reserved, true).await {
            Ok(delivered) if !row.seen && matches!(delivered.response.status, 404 | 410) => {
                *lost = 0;
                Ok(Deletion::Unknown)
            }
            Ok(delivered)
                if delivered.response.is_success() || matches!(delivered.response.status, 404 | 410) =>
            {
                *lost = 0;
                let _ = self.ledger.borrow_mut().deleted(&row.resource.name, &row.id);
                Ok(Deletion::Done)
            }
            Ok(delivered) => Err(format!("{} answered {}", delete.id, delivered.response.status)),
            Err(SendError::Transport(fault) | SendError::Gone(fault)) => {
                *lost += 1;
                Err(fault.to_string())
            }
            Err(error) => {
                *lost += usize::from(matches!(error, SendError::Silent | SendError::Throttled));
                Err(error.to_string())
            }
        }
    }
}
