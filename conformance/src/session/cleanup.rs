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

/// How the deletions go.
#[derive(Default)]
struct CleanupState {
    /// Deletions in a row that got no response.
    in_a_row: usize,
    /// How often the target was seen to answer other requests all the same.
    checks: usize,
    /// It knew one of the rows.
    known: bool,
}

impl CleanupState {
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
    /// The target knows no such row, and nothing shows that it ever did.
    unknown: bool,
}

impl Session {
    /// How many rows are still to be deleted.
    pub(crate) fn owed(&self) -> usize {
        self.ledger.borrow().len()
    }

    /// Deletes what was created, newest first, and tries again what could not be deleted; returns what is left.
    pub(crate) async fn clean(&self) -> Vec<Leftover> {
        let mut lost = CleanupState::default();
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
        // It went with another row, or in the moment before its deletion could be noted; but where the target knows none of
        // the rows, it may be that they are elsewhere.
        if lost.known {
            for row in undeleted.extract_if(.., |row| row.unknown) {
                let _ = self.ledger.borrow_mut().deleted(&row.row.resource.name, &row.row.id);
            }
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

    /// Whether an id was given to another row after its own was deleted; any id of the resource, where none is named.
    pub(crate) fn is_given_again(&self, resource: &Resource, id: Option<&str>) -> bool {
        self.ledger.borrow().is_given_again(&resource.name, id)
    }

    /// The same with the ids of their owners: each from itself outwards.
    pub(crate) fn created_paths(&self, resource: &str) -> Vec<Vec<String>> {
        self.ledger.borrow().paths(resource)
    }

    /// Notes a row that was found, and that only a request of this run can have created.
    pub(crate) fn adopt(&self, resource: &Resource, id: String, owners: Vec<String>) {
        // Should the file be full, the row is known all the same.
        let _ = self.ledger.borrow_mut().found(CreatedRow {
            resource: resource.clone(),
            id,
            owners,
            credential: Credential::Own,
            seen: true,
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
        state: &mut CleanupState,
    ) -> Option<Undeleted> {
        let failed =
            |row, reason: String, may_pass| Some(Undeleted { row, reason, may_pass, unknown: false });
        if state.is_final() {
            return failed(row, "the target does not answer any more".to_owned(), false);
        }
        let Some(delete) = &row.resource.delete else {
            return failed(row, "the contract has no operation that deletes it".to_owned(), false);
        };
        let request = Request::of(delete).owned_by(&row.owners).own(&row.id).by(row.credential);
        if let Some(why) = request.unfit() {
            return failed(row, why, false);
        }
        let Some(reserved) = reserved else {
            return failed(row, "the requests are used up".to_owned(), false);
        };
        // Nothing is lost where the file cannot be written: the row stays in it.
        let _ = self.ledger.borrow_mut().deleting(&row.resource.name, &row.id);
        let response = match self.exchange(&request, reserved, true).await {
            Ok(Delivered { response, .. }) => response,
            Err(error) => {
                let wire = error.lost() == Some(Lost::Wire);
                if wire {
                    state.in_a_row += 1;
                    if state.in_a_row == MOST_LOST && state.checks < MOST_CHECKS && self.still_answers().await
                    {
                        (state.in_a_row, state.checks) = (0, state.checks + 1);
                    }
                }
                return failed(row, error.to_string(), wire);
            }
        };
        state.in_a_row = 0;
        let gone = matches!(response.status, 404 | 410);
        if gone && !row.seen {
            let reason = "the target knows neither it nor any other row of the ledger, so nothing shows that it was deleted; \
                          if its rows are gone, delete the file";
            return Some(Undeleted { row, reason: reason.to_owned(), may_pass: false, unknown: true });
        }
        if gone || response.is_success() {
            state.known = true;
            let _ = self.ledger.borrow_mut().deleted(&row.resource.name, &row.id);
            return None;
        }
        let reason = format!("{} answered {}", delete.id, response.status);
        failed(row, reason, response.is_server_error() || matches!(response.status, 409 | 423 | 425))
    }
}
