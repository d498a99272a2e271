//! Operations that may be called less often than all others: one of them does not eat the time of all.

use std::time::{Duration, Instant};

use super::error::SendError;
use super::session::Session;
use crate::contract::Operation;
use crate::http::{Connection, Request, Response};

/// The share of the time of a run that is waited for one operation, at the most.
const SHARE: u32 = 20;
/// How long the request may take that shows whether the target refuses everything.
const LONGEST_CHECK: Duration = Duration::from_secs(3);
/// The wait where a refusal says nothing of it.
const UNTOLD: Duration = Duration::from_secs(1);

impl Session {
    /// Waits until an operation may be called that has a limit of its own; not at all where that would take the time of others.
    pub(super) async fn wait_for_own_limit(
        &self,
        request: &Request,
        cleaning: bool,
    ) -> Result<(), SendError> {
        let Some(op) = &request.op else { return Ok(()) };
        let now = Instant::now();
        let share = if cleaning { Duration::MAX } else { self.deadline.time() / SHARE };
        let wait = self.own_limits.borrow_mut().wait(&op.id, now, share);
        match wait {
            Ok(Duration::ZERO) => Ok(()),
            Ok(wait) => self.rest(now + wait, cleaning).await,
            Err(()) => Err(SendError::Limited(op.id.clone())),
        }
    }

    /// Notes a refusal for going too fast that is about the operation alone: another one is answered at the same moment. Where
    /// the contract states a limit for all, it is that.
    pub(super) async fn note_own_limit(&self, request: &Request, refusal: &Response, lane: usize) {
        let Some(op) = request.op.as_ref().filter(|_| self.api.rules().rate_limit.is_none()) else { return };
        let known = self.own_limits.borrow().knows(&op.id);
        let others = |other: &&Operation| {
            other.is_plain() && other.id != op.id && other.path != op.path && self.api.reachable(other)
        };
        let Some(other) = self.api.operations.iter().find(others) else { return };
        if !known || self.pacing.is_held(lane) {
            let now = Instant::now();
            let until = self.deadline.give_up().min(now + LONGEST_CHECK).max(now);
            let request = Request::of(other);
            self.budget.count_one();
            let sending = self.client.send(&request, &self.keys, 0, Connection::Fresh);
            let Ok(Ok(answer)) = tokio::time::timeout_at(until.into(), sending).await else { return };
            if self.pacing.answered(lane, &answer).0.refused {
                return;
            }
        }
        let wait = self.pacing.status(refusal).wait.unwrap_or(UNTOLD);
        self.own_limits.borrow_mut().note(&op.id, Instant::now() + wait);
    }
}
