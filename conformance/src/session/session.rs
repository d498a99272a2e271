//! One run's conversation with the target.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::allowance::Unmoved;
use super::budget::Budget;
use super::deadline::Deadline;
use super::error::SendError;
use super::ledger::Ledger;
use super::own_limits::OwnLimits;
use super::pacing::Pacing;
use super::stability::Stability;
use crate::contract::Api;
use crate::http::{Client, Keys, Redactor, Request, Response, TrafficObserver, TransportFault};

/// Transport faults in a row after which the target counts as gone.
pub(super) const MOST_FAULTS: u32 = 8;

/// A response, and the refusals for going too fast before it.
#[derive(Debug)]
pub(crate) struct Delivered {
    pub(crate) response: Response,
    pub(crate) throttled: Vec<Response>,
    /// What kept an answer away at first, on a connection of its own.
    pub(crate) failed: Option<TransportFault>,
    /// What the response says is left of the key's allowance cannot be right after the responses before it.
    pub(crate) unmoved: Option<Unmoved>,
}

/// What a session is opened with.
#[derive(Debug)]
pub(crate) struct SessionSetup {
    pub(crate) client: Client,
    pub(crate) keys: Keys,
    /// Requests at the most, those included that delete what was created.
    pub(crate) requests: usize,
    pub(crate) deadline: Deadline,
    /// Set where somebody wants the end.
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) observer: Rc<dyn TrafficObserver>,
}

/// One run's conversation with the target: paced, counted, bounded, and noted in a ledger.
///
/// Its duties are in files of their own: [whose turn it is](super::pacing), [delivering a request](super::delivery),
/// [keeping the ledger](super::bookkeeping), and [cleaning up](super::cleanup).
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) api: Arc<Api>,
    pub(crate) keys: Keys,
    /// Keeps the secrets of the run out of what is remembered.
    pub(crate) redactor: Redactor,
    pub(super) observer: Rc<dyn TrafficObserver>,
    pub(super) ledger: RefCell<Ledger>,
    pub(super) budget: Budget,
    pub(super) client: Client,
    pub(super) pacing: Pacing,
    pub(super) own_limits: RefCell<OwnLimits>,
    pub(super) deadline: Deadline,
    pub(crate) stability: Stability,
    pub(super) faults: Cell<u32>,
    pub(super) throttled: Cell<usize>,
    /// How long responses took, all together.
    pub(super) busy: Cell<Duration>,
    stop: Arc<AtomicBool>,
}

impl Session {
    pub(crate) fn new(api: Arc<Api>, setup: SessionSetup) -> Self {
        let SessionSetup { client, keys, requests, deadline, stop, observer } = setup;
        let pacing = Pacing::new(api.rules().rate_limit.as_ref(), &keys);
        let redactor = Redactor::new(&keys);
        Self {
            api,
            keys,
            redactor,
            observer,
            ledger: RefCell::default(),
            budget: Budget::new(requests),
            client,
            pacing,
            own_limits: RefCell::default(),
            deadline,
            stability: Stability::default(),
            faults: Cell::new(0),
            throttled: Cell::new(0),
            busy: Cell::default(),
            stop,
        }
    }

    /// Sends a request, waiting as long as the target asks for.
    pub(crate) async fn send(&self, request: &Request) -> Result<Delivered, SendError> {
        if self.is_interrupted() {
            return Err(SendError::Interrupted);
        }
        // What is created has to be deleted again.
        let after = usize::from(self.created_by(request).is_some_and(|resource| resource.delete.is_some()));
        if Instant::now() >= self.last_call(1 + after) {
            return Err(SendError::OutOfTime);
        }
        let owed = self.ledger.borrow().owed();
        let reserved = self.budget.reserve(after, owed).ok_or(SendError::OutOfRequests)?;
        self.exchange(request, reserved, false).await
    }

    /// Sends a request that belongs to cleaning up: also after an interrupt, and as long as there is time at all.
    pub(crate) async fn send_cleaning(&self, request: &Request) -> Result<Delivered, SendError> {
        let owed = self.ledger.borrow().owed();
        let reserved = self.budget.reserve(0, owed).ok_or(SendError::OutOfRequests)?;
        self.exchange(request, reserved, true).await
    }

    /// Waits until so many requests may be sent at once, where the target counts them.
    pub(crate) async fn ready(&self, requests: usize) -> Result<(), SendError> {
        let Some(wait) = self.pacing.wait_for(requests as u64) else { return Ok(()) };
        self.rest(Instant::now() + wait, false).await?;
        // The plainest request shows how many are free again.
        if let Some(op) = self.api.closed().find(|op| op.is_plain() && self.api.reachable(op)) {
            for key in self.pacing.own_lanes() {
                self.send(&Request::of(op).key(key)).await?;
            }
        }
        Ok(())
    }

    /// Requests sent so far.
    pub(crate) fn sent(&self) -> usize {
        self.budget.sent()
    }

    /// Requests that were refused for going too fast.
    pub(crate) fn throttled(&self) -> usize {
        self.throttled.get()
    }

    /// Requests that may still be sent, those kept back that deleting rows will cost.
    pub(crate) fn left(&self) -> usize {
        self.budget.left(self.ledger.borrow().owed())
    }

    /// Requests a minute that the target allows the keys under test together, where it says so.
    pub(crate) fn per_minute(&self) -> Option<u64> {
        self.pacing.per_minute()
    }

    /// Whether no new request may be begun.
    pub(crate) fn is_over(&self) -> bool {
        self.is_interrupted() || Instant::now() >= self.last_call(1) || self.is_gone()
    }

    /// Whether somebody asked for the end.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Whether the target does not answer any more.
    pub(crate) fn is_gone(&self) -> bool {
        self.faults.get() >= MOST_FAULTS
    }

    /// When no new request is begun but to delete rows: what that will take, and some more requests before it, is kept
    /// back.
    pub(super) fn last_call(&self, more: usize) -> Instant {
        let owed = self.ledger.borrow().owed();
        let each = self.busy.get() / u32::try_from(self.sent().max(1)).unwrap_or(u32::MAX);
        let sending = each.saturating_mul(u32::try_from(owed).unwrap_or(u32::MAX)).saturating_mul(3) / 2;
        let waiting = self.pacing.delay((owed + more) as u64);
        self.deadline.last_call(sending.saturating_add(waiting))
    }
}
