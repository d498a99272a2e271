//! One run's conversation with the target: paced, counted, bounded, remembered.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use schemas::Action;
use tokio::sync::Notify;

use super::budget::{Budget, Reserved};
use super::call::Call;
use super::client::{Client, TransportFault};
use super::credential::{Credential, Keys};
use super::ledger::{Ledger, Made};
use super::limits::Limits;
use super::pace::{Pace, Turn};
use super::received::Received;
use super::said::Rates;
use crate::atlas::{Atlas, Kin};
use crate::report::{Event, Stream};

/// Refusals for going too fast that are borne before a call is given up.
const MOST_THROTTLED: usize = 6;
/// Transport faults in a row after which the target counts as gone.
const MOST_FAULTS: u32 = 8;
/// How often a wait looks up.
const TICK: Duration = Duration::from_millis(100);

/// Why no answer can be had.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum Halt {
    /// The wire.
    #[error("{0}")]
    Transport(TransportFault),
    /// Somebody wants the run to end.
    #[error("interrupted")]
    Interrupted,
    /// The requests are used up.
    #[error("the requests are used up")]
    OutOfRequests,
    /// The time is used up.
    #[error("the time is used up")]
    OutOfTime,
    /// The target does not answer any more.
    #[error("{0}")]
    Gone(TransportFault),
    /// The target says again and again that it is too fast.
    #[error("the target refused it again and again for going too fast")]
    Throttled,
    /// What is made could not be written down, so nothing is made.
    #[error("nothing is made that cannot be written down: {0}")]
    Ledger(String),
}

/// An answer, and the refusals for going too fast before it.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) received: Received,
    pub(crate) throttled: Vec<Received>,
}

/// One run's conversation with the target.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) atlas: Arc<Atlas>,
    pub(crate) keys: Keys,
    pub(crate) stream: Stream,
    pub(super) ledger: RefCell<Ledger>,
    pub(super) budget: Budget,
    client: Client,
    rates: Rates,
    pace: RefCell<Pace>,
    answered: Notify,
    limits: Limits,
    stop: Arc<AtomicBool>,
    faults: Cell<u32>,
    throttled: Cell<usize>,
    /// How long answers took, all together.
    busy: Cell<Duration>,
}

impl Session {
    pub(crate) fn new(
        atlas: Arc<Atlas>,
        client: Client,
        keys: Keys,
        limits: Limits,
        stop: Arc<AtomicBool>,
        stream: Stream,
    ) -> Self {
        let rates = Rates::new(atlas.rules().rate_limit.as_ref());
        // One lane for each own key, one for the other key, one for the revoked one, one for nobody.
        let pace = Pace::new(rates.window, keys.own.len().max(1) + 3);
        Self {
            atlas,
            keys,
            stream,
            ledger: RefCell::default(),
            budget: Budget::new(limits.requests),
            client,
            rates,
            pace: RefCell::new(pace),
            answered: Notify::new(),
            limits,
            stop,
            faults: Cell::new(0),
            throttled: Cell::new(0),
            busy: Cell::default(),
        }
    }

    /// Keeps the ledger in a file as well.
    pub(crate) fn keep(&self, ledger: Ledger) {
        *self.ledger.borrow_mut() = ledger;
    }

    /// Requests sent so far.
    pub(crate) fn sent(&self) -> usize {
        self.budget.sent()
    }

    /// Calls that were refused for going too fast.
    pub(crate) fn throttled(&self) -> usize {
        self.throttled.get()
    }

    /// Requests that may still be sent, those that taking rows away will cost kept back.
    pub(crate) fn left(&self) -> usize {
        self.budget.left(self.ledger.borrow().owed())
    }

    /// Requests a minute that the target allows the keys under test together, where it says so.
    pub(crate) fn per_minute(&self) -> Option<u64> {
        let pace = self.pace.borrow();
        Some(pace.limit(self.own_lanes())? * 60 / pace.window().as_secs().max(1))
    }

    /// Whether no new request may be begun.
    pub(crate) fn is_over(&self) -> bool {
        self.is_interrupted() || Instant::now() >= self.last_call(1) || self.is_gone()
    }

    /// Whether somebody asked for the end.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn is_gone(&self) -> bool {
        self.faults.get() >= MOST_FAULTS
    }

    /// When no new request is begun but to take rows away: what that will take, and some more requests before it, is
    /// kept back.
    fn last_call(&self, more: usize) -> Instant {
        let owed = self.ledger.borrow().owed();
        let each = self.busy.get() / u32::try_from(self.sent().max(1)).unwrap_or(u32::MAX);
        let sending = each.saturating_mul(u32::try_from(owed).unwrap_or(u32::MAX)).saturating_mul(3) / 2;
        let waiting = self.pace.borrow().delay(self.own_lanes(), (owed + more) as u64, Instant::now());
        self.limits.last_call(sending.saturating_add(waiting))
    }

    /// Sends a call, waiting as long as the target asks for.
    pub(crate) async fn send(&self, call: &Call) -> Result<Answered, Halt> {
        if self.is_interrupted() {
            return Err(Halt::Interrupted);
        }
        // What is made has to be taken away again.
        let after = usize::from(self.making(call).is_some_and(|kin| kin.delete.is_some()));
        if Instant::now() >= self.last_call(1 + after) {
            return Err(Halt::OutOfTime);
        }
        let owed = self.ledger.borrow().owed();
        let reserved = self.budget.reserve(after, owed).ok_or(Halt::OutOfRequests)?;
        self.exchange(call, reserved, false).await
    }

    /// Waits until so many calls may be sent at once, where the target counts them.
    pub(crate) async fn ready(&self, calls: usize) -> Result<(), Halt> {
        let lanes = self.own_lanes();
        let calls = calls as u64;
        let short = || {
            let pace = self.pace.borrow();
            let most = pace.limit(lanes.clone()).unwrap_or(calls);
            pace.room(lanes.clone()).is_some_and(|room| room < calls.min(most))
        };
        if !short() {
            return Ok(());
        }
        let until = Instant::now() + self.pace.borrow().all_free(lanes.clone(), Instant::now());
        self.rest(until, false).await?;
        // The plainest request tells how many are free again.
        let plain = self.atlas.closed().find(|op| op.is_plain());
        if let Some(op) = plain {
            for key in lanes {
                self.send(&Call::of(op).key(key)).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn exchange(
        &self,
        call: &Call,
        reserved: Reserved<'_>,
        cleaning: bool,
    ) -> Result<Answered, Halt> {
        let making = self.making(call).cloned();
        let number = match (&making, &call.op) {
            (Some(kin), Some(op)) => {
                let number = self.ledger.borrow_mut().creating(kin, &op.id);
                Some(number.map_err(|error| Halt::Ledger(error.to_string()))?)
            }
            (None | Some(_), _) => None,
        };
        let mut reached = false;
        let mut throttled = Vec::new();
        let outcome = self.deliver(call, &reserved, cleaning, &mut throttled, &mut reached).await;
        // Should the file be full by now, the next create is not begun; this row is known all the same.
        let mut ledger = self.ledger.borrow_mut();
        let made = |received: &Received| {
            let kin = making.as_ref().filter(|_| received.is_success())?;
            let id = kin.id_of(received.json.as_ref()?)?;
            let credential =
                if call.credential == Credential::Other { Credential::Other } else { Credential::Own };
            Some(Made { kin: kin.clone(), id, credential })
        };
        match (&outcome, number) {
            (Ok(received), Some(number)) => {
                let _ = match (made(received), &making) {
                    (Some(made), _) => ledger.created(number, made),
                    (None, Some(kin)) if received.is_success() => {
                        ledger.lose(number, &kin.name);
                        Ok(())
                    }
                    (None, _) => ledger.not_created(number),
                };
            }
            (Err(_), Some(number)) if !reached => {
                let _ = ledger.not_created(number);
            }
            (Err(_), Some(number)) => {
                ledger.lose(number, making.as_ref().map_or("", |kin| kin.name.as_str()));
            }
            (Ok(received), None) => self.note_deletion(&mut ledger, call, received),
            (Err(_), None) => {}
        }
        outcome.map(|received| Answered { received, throttled })
    }

    /// Whatever a create answers with success is ours, whether it was to succeed or not.
    fn making(&self, call: &Call) -> Option<&Kin> {
        let op = call.op.as_ref().filter(|op| op.action() == Action::Create)?;
        self.atlas.kin_of(op)
    }

    fn note_deletion(&self, ledger: &mut Ledger, call: &Call, received: &Received) {
        let deletes = |op: &&crate::atlas::Op| op.action() == Action::Delete && received.is_success();
        let Some(kin) = call.op.as_ref().filter(deletes).and_then(|op| self.atlas.kin_of(op)) else { return };
        if let Some(id) = received.json.as_ref().and_then(|row| kin.id_of(row)) {
            let _ = ledger.deleted(&kin.name, &id);
        }
    }

    /// Sends a call, again after refusals for going too fast, and once more where that can do no harm. `reached` tells
    /// whether the target may have acted although no answer came.
    async fn deliver(
        &self,
        call: &Call,
        reserved: &Reserved<'_>,
        cleaning: bool,
        throttled: &mut Vec<Received>,
        reached: &mut bool,
    ) -> Result<Received, Halt> {
        let mut fault_before = None;
        loop {
            let lane = self.my_turn(call, cleaning).await?;
            let owed = self.ledger.borrow().owed();
            if !reserved.spend(owed) {
                self.pace.borrow_mut().failed(lane);
                return Err(Halt::OutOfRequests);
            }
            let begun = Instant::now();
            let until = if cleaning { self.limits.end() } else { self.limits.give_up() };
            let key = lane.min(self.keys.own.len().saturating_sub(1));
            let sending = self.client.send(call, &self.keys, key);
            let outcome = tokio::time::timeout_at(until.into(), sending).await;
            self.busy.set(self.busy.get() + begun.elapsed());
            self.stream.emit(&Event::Sent { requests: self.sent() });
            match outcome {
                Err(_) => {
                    self.missed(lane);
                    *reached = true;
                    return Err(Halt::OutOfTime);
                }
                Ok(Err(fault)) => {
                    self.missed(lane);
                    *reached |= !matches!(fault, TransportFault::Connect(_));
                    if fault_before.is_none() && fault.is_passing() && self.may_repeat(call) {
                        fault_before = Some(fault);
                        continue;
                    }
                    self.faults.set(self.faults.get() + 1);
                    return Err(if self.is_gone() { Halt::Gone(fault) } else { Halt::Transport(fault) });
                }
                Ok(Ok(received)) => {
                    self.faults.set(0);
                    let said = self.rates.of(&received);
                    self.pace.borrow_mut().answered(lane, &said, Instant::now());
                    self.answered.notify_waiters();
                    if said.refused {
                        self.throttled.set(self.throttled.get() + 1);
                        throttled.push(received);
                        if throttled.len() > MOST_THROTTLED {
                            return Err(Halt::Throttled);
                        }
                        continue;
                    }
                    // A refusal may be the answer to what the first try did: it tells nothing of the law.
                    let doubtful = call.method != "GET" && !received.is_success() && !cleaning;
                    return match fault_before.filter(|_| doubtful) {
                        Some(fault) => Err(Halt::Transport(fault)),
                        None => Ok(received),
                    };
                }
            }
        }
    }

    fn missed(&self, lane: usize) {
        self.pace.borrow_mut().failed(lane);
        self.answered.notify_waiters();
    }

    /// Whether sending again can do no harm: reading, deleting, and making under an idempotency key.
    fn may_repeat(&self, call: &Call) -> bool {
        let kept = self.atlas.rules().idempotency.as_ref().is_some_and(|rules| {
            call.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(&rules.header))
        });
        matches!(call.method.as_str(), "GET" | "DELETE") || (call.method == "POST" && kept)
    }

    /// The lanes a call may take: any own key, else the one of its caller.
    fn lanes(&self, call: &Call) -> Range<usize> {
        let own = self.own_lanes();
        let one = match (call.credential, call.key) {
            (Credential::Other, _) => own.end,
            (Credential::Revoked, _) => own.end + 1,
            (credential, key) if credential.is_own() => match key {
                Some(key) => key.min(own.end - 1),
                None => return own,
            },
            _ => own.end + 2,
        };
        one..one + 1
    }

    fn own_lanes(&self) -> Range<usize> {
        0..self.keys.own.len().max(1)
    }

    async fn my_turn(&self, call: &Call, cleaning: bool) -> Result<usize, Halt> {
        let lanes = self.lanes(call);
        loop {
            let now = Instant::now();
            let turn = self.pace.borrow_mut().turn(lanes.clone(), now);
            match turn {
                Turn::Go(lane) => return Ok(lane),
                Turn::Wait(time) => self.rest(now + time, cleaning).await?,
                Turn::Hold => {
                    let _ = tokio::time::timeout(TICK, self.answered.notified()).await;
                    self.check(now, cleaning)?;
                }
            }
        }
    }

    /// Waits until an instant, or until an answer changes things; not at all where the time is up before.
    async fn rest(&self, until: Instant, cleaning: bool) -> Result<(), Halt> {
        self.check(until, cleaning)?;
        let seconds = until.saturating_duration_since(Instant::now()).as_secs() + 1;
        self.stream.emit(&Event::Waiting { seconds });
        loop {
            let now = Instant::now();
            if now >= until {
                return Ok(());
            }
            self.check(now, cleaning)?;
            let tick = (until - now).min(TICK);
            if tokio::time::timeout(tick, self.answered.notified()).await.is_ok() {
                return Ok(());
            }
        }
    }

    /// Whether one may still wait at an instant.
    fn check(&self, at: Instant, cleaning: bool) -> Result<(), Halt> {
        if !cleaning && self.is_interrupted() {
            return Err(Halt::Interrupted);
        }
        let end = if cleaning { self.limits.end() } else { self.last_call(0) };
        if at >= end { Err(Halt::OutOfTime) } else { Ok(()) }
    }
}
