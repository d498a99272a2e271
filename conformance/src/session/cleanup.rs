//! Deleting what was created.

use std::time::{Duration, Instant};

use super::budget::Reserved;
use super::error::Lost;
use super::ledger::{CreatedRow, Leftover};
use super::session::{Delivered, Session};
use crate::contract::Resource;
use crate::http::{Credential, Request};

/// Deletions in a row without a response, after which the target counts as gone.
const MOST_LOST: usize = 3;
/// How often a target that answers other requests is given another chance.
const MOST_CHECKS: usize = 5;
/// How long each further round of deletions waits, for what the target could not do just now.
const PAUSES: [Duration; 8] = [
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
    Duration::from_secs(1),
    Duration::from_secs(1),
    Duration::from_secs(1),
    Duration::from_secs(1),
];

/// Deletions that got no response.
#[derive(Default)]
struct Silence {
    in_a_row: usize,
    /// How often the target was seen to answer other requests all the same.
    checks: usize,
}

impl Silence {
    /// Whether no further deletion is tried.
    fn is_final(&self) -> bool {
        self.in_a_row >= MOST_LOST
    }
}

/// Why a row was not deleted.
struct Undeleted {
    row: CreatedRow,
    reason: String,
    /// Trying again may help: the server failed, was busy, or did not answer.
    may_pass: bool,
}

impl Session {
    /// How many rows are still to be deleted.
    pub(crate) fn owed(&self) -> usize {
        self.ledger.borrow().len()
    }

    /// Deletes what was created, newest first, and tries again what could not be deleted; returns what is left.
    pub(crate) async fn clean(&self) -> Vec<Leftover> {
        let mut lost = Silence::default();
        let mut undeleted: Vec<Undeleted> = Vec::new();
        loop {
            let Some(row) = self.ledger.borrow_mut().pop() else { break };
            let owed = self.ledger.borrow().owed();
            undeleted.extend(self.delete(row, self.budget.reserve(0, owed), &mut lost).await);
        }
        for pause in PAUSES {
            let end = self.deadline.end();
            if !undeleted.iter().any(|row| row.may_pass) || lost.is_final() || Instant::now() + pause >= end {
                break;
            }
            tokio::time::sleep(pause).await;
            let mut still = Vec::new();
            for row in undeleted {
                if row.may_pass {
                    still.extend(self.delete(row.row, Some(self.budget.overdraw()), &mut lost).await);
                } else {
                    still.push(row);
                }
            }
            undeleted = still;
        }
        let mut leftovers: Vec<Leftover> = undeleted
            .into_iter()
            .map(|Undeleted { row, reason, .. }| Leftover {
                resource: row.resource.name.clone(),
                id: row.id,
                reason,
            })
            .collect();
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
        });
    }

    /// Notes that all lists of a resource were looked through: what no response named and was not found does not exist.
    pub(crate) fn looked_through(&self, resource: &Resource) {
        let _ = self.ledger.borrow_mut().looked_through(&resource.name);
    }

    /// Deletes a row; nothing comes back where it is gone.
    async fn delete(
        &self,
        row: CreatedRow,
        reserved: Option<Reserved<'_>>,
        lost: &mut Silence,
    ) -> Option<Undeleted> {
        let failed = |row, reason: String, may_pass| Some(Undeleted { row, reason, may_pass });
        if lost.is_final() {
            return failed(row, "the target does not answer any more".to_owned(), false);
        }
        let Some(delete) = &row.resource.delete else {
            return failed(row, "the contract has no operation that deletes it".to_owned(), false);
        };
        let Some(reserved) = reserved else {
            return failed(row, "the requests are used up".to_owned(), false);
        };
        // Nothing is lost where the file cannot be written: the row stays in it.
        let _ = self.ledger.borrow_mut().deleting(&row.resource.name, &row.id);
        let request = Request::of(delete).own(&row.id).by(row.credential);
        match self.exchange(&request, reserved, true).await {
            Ok(Delivered { response, .. }) => {
                lost.in_a_row = 0;
                if response.is_success() || matches!(response.status, 404 | 410) {
                    let _ = self.ledger.borrow_mut().deleted(&row.resource.name, &row.id);
                    return None;
                }
                let reason = format!("{} answered {}", delete.id, response.status);
                failed(row, reason, response.is_server_error() || matches!(response.status, 409 | 423 | 425))
            }
            Err(error) => {
                let wire = error.lost() == Some(Lost::Wire);
                if wire {
                    lost.in_a_row += 1;
                    if lost.in_a_row == MOST_LOST && lost.checks < MOST_CHECKS && self.still_answers().await {
                        *lost = Silence { in_a_row: 0, checks: lost.checks + 1 };
                    }
                }
                failed(row, error.to_string(), wire)
            }
        }
    }
}
