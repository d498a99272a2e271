//! Keeping the ledger while requests are delivered: whatever a create answers with success is the run's.

use schemas::Action;

use super::budget::Reserved;
use super::delivery::Delivery;
use super::error::SendError;
use super::ledger::{CreatedRow, Ledger};
use super::session::{Delivered, Session};
use crate::contract::Resource;
use crate::http::{Credential, LONGEST_ID, Request, Response, created_id};

impl Session {
    /// Keeps the ledger in a file as well.
    pub(crate) fn keep(&self, ledger: Ledger) {
        *self.ledger.borrow_mut() = ledger;
    }

    /// Delivers a request and notes what it creates or deletes. A create is noted before it is sent.
    pub(super) async fn exchange(
        &self,
        request: &Request,
        reserved: Reserved<'_>,
        cleaning: bool,
    ) -> Result<Delivered, SendError> {
        if let Some(why) = request.unfit() {
            return Err(SendError::Unfit(why));
        }
        if let Some(withheld) = request.op.as_ref().and_then(|op| self.api.withheld(op)) {
            return Err(SendError::Withheld(withheld.why.clone()));
        }
        let creating = self.created_by(request).cloned().zip(request.op.as_ref());
        let Some((resource, op)) = creating else {
            let delivery = self.deliver(request, &reserved, cleaning).await;
            if let Ok(response) = &delivery.outcome {
                self.note_deletion(request, response);
            }
            return delivered(delivery);
        };
        let number = self.ledger.borrow_mut().creating(&resource, &op.id);
        let number = number.map_err(|error| SendError::Ledger(error.to_string()))?;
        let delivery = self.deliver(request, &reserved, cleaning).await;
        self.note_creation(request, &resource, number, &delivery);
        delivered(delivery)
    }

    /// The resource that a request creates a row of, whether it is to succeed or not.
    pub(super) fn created_by(&self, request: &Request) -> Option<&Resource> {
        let op = request.op.as_ref().filter(|op| op.action() == Action::Create)?;
        self.api.resource_of(op)
    }

    /// Should the file be full by now, the next create is not begun; this row is known all the same.
    fn note_creation(&self, request: &Request, resource: &Resource, number: usize, delivery: &Delivery) {
        let mut ledger = self.ledger.borrow_mut();
        let noted = match &delivery.outcome {
            Ok(response) if response.is_success() => {
                let named = created_id(resource, response);
                // What no path can hold is of no use, and may be of any length.
                let named = named.filter(|id| id.len() <= LONGEST_ID);
                if let Some(id) = named {
                    let other = request.credential == Credential::Other;
                    let credential = if other { Credential::Other } else { Credential::Own };
                    ledger.created(
                        number,
                        CreatedRow {
                            resource: resource.clone(),
                            id,
                            owners: request.owner_ids(),
                            credential,
                            seen: true,
                        },
                    )
                } else {
                    ledger.lose(number, &resource.name);
                    Ok(())
                }
            }
            Ok(_) => ledger.not_created(number),
            Err(_) if !delivery.reached => ledger.not_created(number),
            Err(_) => {
                ledger.lose(number, &resource.name);
                Ok(())
            }
        };
        let _ = noted;
    }

    fn note_deletion(&self, request: &Request, response: &Response) {
        let deletes = request.op.as_ref().filter(|op| op.action() == Action::Delete && response.is_success());
        let Some(resource) = deletes.and_then(|op| self.api.resource_of(op)) else { return };
        // The path may name it by its number; then only the answer tells its id.
        let mut ledger = self.ledger.borrow_mut();
        let by_path = request.own_id().filter(|id| ledger.ids(&resource.name).contains(*id));
        let told = response.json.as_ref().and_then(|row| resource.id_of(row));
        if let Some(id) = by_path.cloned().or(told) {
            let _ = ledger.deleted(&resource.name, &id);
        }
    }
}

fn delivered(delivery: Delivery) -> Result<Delivered, SendError> {
    let Delivery { outcome, throttled, failed, unmoved, .. } = delivery;
    outcome.map(|response| Delivered { response, throttled, failed, unmoved })
}
