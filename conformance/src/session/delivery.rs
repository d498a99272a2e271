//! Delivering one request: in turn, again after refusals for going too fast, and once more where that can do no harm.

use std::time::{Duration, Instant};

use super::allowance::Unmoved;
use super::budget::Reserved;
use super::error::SendError;
use super::rate_limiter::Permit;
use super::session::{MOST_FAULTS, Session};
use crate::contract::Operation;
use crate::http::{Connection, FreshKey, Request, Response, TransportFault};

/// Refusals for going too fast after which a request is given up.
const MOST_THROTTLED: usize = 6;
/// How long the plainest request may take that shows whether the target is there at all.
const LONGEST_CHECK: Duration = Duration::from_secs(3);
/// How often a wait looks whether it may end.
const TICK: Duration = Duration::from_millis(100);

/// What became of one request.
pub(super) struct Delivery {
    pub(super) outcome: Result<Response, SendError>,
    /// The refusals for going too fast.
    pub(super) throttled: Vec<Response>,
    /// The target may have acted, although no response came.
    pub(super) reached: bool,
    /// What kept an answer away at first, on a connection of its own.
    pub(super) failed: Option<TransportFault>,
    /// What the response says is left cannot be right.
    pub(super) unmoved: Option<Unmoved>,
}

/// What happened to a request on its way.
#[derive(Default)]
struct Journey {
    throttled: Vec<Response>,
    reached: bool,
    failed: Option<TransportFault>,
    unmoved: Option<Unmoved>,
    /// The key was renewed since the request was first sent.
    renewed: bool,
}

impl Session {
    /// Delivers a request.
    pub(super) async fn deliver(
        &self,
        request: &Request,
        reserved: &Reserved<'_>,
        cleaning: bool,
    ) -> Delivery {
        let mut journey = Journey::default();
        let outcome = self.try_to_deliver(request, reserved, cleaning, &mut journey).await;
        let Journey { throttled, reached, failed, unmoved, .. } = journey;
        Delivery { outcome, throttled, reached, failed, unmoved }
    }

    async fn try_to_deliver(
        &self,
        request: &Request,
        reserved: &Reserved<'_>,
        cleaning: bool,
        journey: &mut Journey,
    ) -> Result<Response, SendError> {
        let mut fault_before: Option<SendError> = None;
        loop {
            self.wait_for_own_limit(request, cleaning).await?;
            let lane = self.my_turn(request, cleaning).await?;
            let owed = self.ledger.borrow().owed();
            if !reserved.spend(owed) {
                self.pacing.give_back(lane);
                return Err(SendError::OutOfRequests);
            }
            if let Some(fresh) = self.keys.fresh.as_ref().filter(|_| request.credential.is_own()) {
                fresh.renew_before_it_ends();
            }
            let begun = Instant::now();
            let until = if cleaning { self.deadline.end() } else { self.deadline.give_up() };
            let key = lane.min(self.keys.own.len().saturating_sub(1));
            // A second try gets a connection of its own: the target may have been closing the first.
            let connection =
                if fault_before.is_some() { Connection::Fresh } else { self.stability.connection() };
            let sending = self.client.send(request, &self.keys, key, connection);
            let outcome = tokio::time::timeout_at(until.into(), sending).await;
            self.busy.set(self.busy.get() + begun.elapsed());
            self.observer.sent(self.sent());
            match outcome {
                Err(_) => {
                    self.pacing.failed(lane);
                    journey.reached = true;
                    return Err(SendError::OutOfTime);
                }
                Ok(Err(fault)) => {
                    self.pacing.failed(lane);
                    journey.reached |= !matches!(fault, TransportFault::Connect(_));
                    // Who says too much is there all the same.
                    let is_too_large = fault.is_too_large();
                    let again = fault_before.is_none() && fault.is_passing() && self.may_repeat(request);
                    let error = if connection == Connection::Kept && fault.is_passing() {
                        self.stability.note_reset();
                        SendError::Reset(fault)
                    } else {
                        if !is_too_large {
                            self.stability.note_failure();
                        }
                        journey.failed = again.then(|| fault.clone());
                        SendError::Transport(fault)
                    };
                    if again {
                        fault_before = Some(error);
                        continue;
                    }
                    if is_too_large {
                        self.faults.set(0);
                        return Err(error);
                    }
                    self.faults.set(self.faults.get() + 1);
                    if self.is_gone() && !self.still_answers().await {
                        return Err(SendError::Gone(error.to_string()));
                    }
                    return Err(error);
                }
                Ok(Ok(response)) => {
                    let (status, unmoved) = self.pacing.answered(lane, &response);
                    journey.unmoved = unmoved;
                    if status.refused {
                        self.throttled.set(self.throttled.get() + 1);
                        self.note_own_limit(request, &response, lane).await;
                        journey.throttled.push(response);
                        if journey.throttled.len() > MOST_THROTTLED {
                            // Two requests in a row that are only refused: the target answers nothing any more.
                            self.faults.set(self.faults.get() + MOST_FAULTS / 2);
                            return Err(SendError::Throttled);
                        }
                        continue;
                    }
                    self.faults.set(0);
                    // The key may have ended.
                    let is_refused = response.status == 401 && request.credential.is_own();
                    if is_refused && !journey.renewed && self.keys.fresh.as_ref().is_some_and(FreshKey::renew)
                    {
                        journey.renewed = true;
                        continue;
                    }
                    if response.is_server_error() {
                        self.stability.note_failure();
                    }
                    // A refusal may be the answer to what the first try did: it shows nothing about the law.
                    let doubtful = request.method != "GET" && !response.is_success() && !cleaning;
                    return fault_before.filter(|_| doubtful).map_or(Ok(response), Err);
                }
            }
        }
    }

    /// Whether the target answers the plainest request there is, on a connection of its own. Then it is not gone, however
    /// many requests of another kind it left without an answer.
    pub(crate) async fn still_answers(&self) -> bool {
        let plain = |op: &&Operation| op.is_plain() && self.api.reachable(op);
        let open = self.api.operations.iter().find(|op| op.open && plain(op));
        for op in self.api.closed().find(plain).into_iter().chain(open) {
            let now = Instant::now();
            let until = self.deadline.give_up().min(now + LONGEST_CHECK).max(now);
            let request = Request::of(op);
            self.budget.count_one();
            let sending = self.client.send(&request, &self.keys, 0, Connection::Fresh);
            if let Ok(Ok(_)) = tokio::time::timeout_at(until.into(), sending).await {
                self.faults.set(0);
                return true;
            }
        }
        false
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
