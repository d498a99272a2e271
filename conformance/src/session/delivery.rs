//! Delivering one request: in turn, again after refusals for going too fast, and once more where that can do no harm.

use std::time::{Duration, Instant};

use super::budget::Reserved;
use super::error::SendError;
use super::rate_limiter::Permit;
use super::session::{MOST_FAULTS, Session};
use crate::http::{Request, Response, TransportFault};

/// Refusals for going too fast after which a request is given up.
const MOST_THROTTLED: usize = 6;
/// How often a wait looks whether it may end.
const TICK: Duration = Duration::from_millis(100);

/// What became of one request.
pub(super) struct Delivery {
    pub(super) outcome: Result<Response, SendError>,
    /// The refusals for going too fast.
    pub(super) throttled: Vec<Response>,
    /// The target may have acted, although no response came.
    pub(super) reached: bool,
}

impl Session {
    /// Delivers a request.
    pub(super) async fn deliver(
        &self,
        request: &Request,
        reserved: &Reserved<'_>,
        cleaning: bool,
    ) -> Delivery {
        let (mut throttled, mut reached) = (Vec::new(), false);
        let outcome = self.try_to_deliver(request, reserved, cleaning, &mut throttled, &mut reached).await;
        Delivery { outcome, throttled, reached }
    }

    async fn try_to_deliver(
        &self,
        request: &Request,
        reserved: &Reserved<'_>,
        cleaning: bool,
        throttled: &mut Vec<Response>,
        reached: &mut bool,
    ) -> Result<Response, SendError> {
        let mut fault_before = None;
        loop {
            let lane = self.my_turn(request, cleaning).await?;
            let owed = self.ledger.borrow().owed();
            if !reserved.spend(owed) {
                self.pacing.give_back(lane);
                return Err(SendError::OutOfRequests);
            }
            let begun = Instant::now();
            let until = if cleaning { self.deadline.end() } else { self.deadline.give_up() };
            let key = lane.min(self.keys.own.len().saturating_sub(1));
            let sending = self.client.send(request, &self.keys, key);
            let outcome = tokio::time::timeout_at(until.into(), sending).await;
            self.busy.set(self.busy.get() + begun.elapsed());
            self.observer.sent(self.sent());
            match outcome {
                Err(_) => {
                    self.pacing.failed(lane);
                    *reached = true;
                    return Err(SendError::OutOfTime);
                }
                Ok(Err(fault)) => {
                    self.pacing.failed(lane);
                    *reached |= !matches!(fault, TransportFault::Connect(_));
                    if fault_before.is_none() && fault.is_passing() && self.may_repeat(request) {
                        fault_before = Some(fault);
                        continue;
                    }
                    self.faults.set(self.faults.get() + 1);
                    let gone = self.is_gone();
                    return Err(if gone { SendError::Gone(fault) } else { SendError::Transport(fault) });
                }
                Ok(Ok(response)) => {
                    if self.pacing.answered(lane, &response).refused {
                        self.throttled.set(self.throttled.get() + 1);
                        throttled.push(response);
                        if throttled.len() > MOST_THROTTLED {
                            // Two requests in a row that are only refused: the target answers nothing any more.
                            self.faults.set(self.faults.get() + MOST_FAULTS / 2);
                            return Err(SendError::Throttled);
                        }
                        continue;
                    }
                    self.faults.set(0);
                    // A refusal may be the answer to what the first try did: it shows nothing about the law.
                    let doubtful = request.method != "GET" && !response.is_success() && !cleaning;
                    return match fault_before.filter(|_| doubtful) {
                        Some(fault) => Err(SendError::Transport(fault)),
                        None => Ok(response),
                    };
                }
            }
        }
    }

    /// Whether sending again can do no harm: reading, deleting, and creating under an idempotency key.
    fn may_repeat(&self, request: &Request) -> bool {
        let kept = self.api.rules().idempotency.as_ref().is_some_and(|rules| {
            request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(&rules.header))
        });
        matches!(request.method.as_str(), "GET" | "DELETE") || (request.method == "POST" && kept)
    }

    async fn my_turn(&self, request: &Request, cleaning: bool) -> Result<usize, SendError> {
        loop {
            let now = Instant::now();
            match self.pacing.permit(self.pacing.lanes(request)) {
                Permit::Go(lane) => return Ok(lane),
                // Who does not answer gives no window to wait for.
                Permit::Wait(_) | Permit::Hold if self.is_gone() => return Err(SendError::Silent),
                Permit::Wait(time) => self.rest(now + time, cleaning).await?,
                Permit::Hold => {
                    self.pacing.next_answer(TICK).await;
                    self.check(now, cleaning)?;
                }
            }
        }
    }

    /// Waits until an instant, or until a response changes things; not at all where the time is up before.
    pub(super) async fn rest(&self, until: Instant, cleaning: bool) -> Result<(), SendError> {
        self.check(until, cleaning)?;
        let seconds = until.saturating_duration_since(Instant::now()).as_secs() + 1;
        self.observer.waiting(seconds);
        loop {
            let now = Instant::now();
            if now >= until {
                return Ok(());
            }
            self.check(now, cleaning)?;
            if self.pacing.next_answer((until - now).min(TICK)).await {
                return Ok(());
            }
        }
    }

    /// Whether one may still wait at an instant.
    fn check(&self, at: Instant, cleaning: bool) -> Result<(), SendError> {
        if !cleaning && self.is_interrupted() {
            return Err(SendError::Interrupted);
        }
        let end = if cleaning { self.deadline.end() } else { self.last_call(0) };
        if at >= end { Err(SendError::OutOfTime) } else { Ok(()) }
    }
}
