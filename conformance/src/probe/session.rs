//! One run's conversation with the target: paced, counted, bounded, remembered.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use schemas::Action;

use super::call::Call;
use super::client::{Client, TransportFault};
use super::credential::{Credential, Keys};
use super::governor::Governor;
use super::ledger::{Ledger, Leftover, Made};
use super::received::Received;
use crate::atlas::Atlas;
use crate::report::{Event, Stream};

/// Refusals for going too fast that are borne before a call is given up.
const MOST_THROTTLED: usize = 6;
/// Transport faults in a row after which the target counts as gone.
const MOST_FAULTS: u32 = 8;

/// What a run may cost.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// Requests, taking away what was made not counted.
    pub(crate) requests: usize,
    /// When no new request is begun.
    pub(crate) until: Instant,
}

/// Why no answer can be had.
#[derive(Debug, Clone)]
pub(crate) enum Halt {
    /// The wire.
    Transport(TransportFault),
    /// Somebody wants the run to end.
    Interrupted,
    /// The requests are used up.
    OutOfRequests,
    /// The time is used up.
    OutOfTime,
    /// The target does not answer any more.
    Gone(TransportFault),
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
    client: Client,
    governor: RefCell<Governor>,
    ledger: RefCell<Ledger>,
    limits: Limits,
    stop: Arc<AtomicBool>,
    sent: Cell<usize>,
    faults: Cell<u32>,
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
        let governor = Governor::new(atlas.rules().rate_limit.as_ref(), keys.own.len());
        Self {
            atlas,
            keys,
            stream,
            client,
            governor: RefCell::new(governor),
            ledger: RefCell::default(),
            limits,
            stop,
            sent: Cell::new(0),
            faults: Cell::new(0),
        }
    }

    /// Requests sent so far.
    pub(crate) fn sent(&self) -> usize {
        self.sent.get()
    }

    /// Requests that may still be sent, what taking rows away will cost not counted.
    pub(crate) fn left(&self) -> usize {
        self.limits.requests.saturating_sub(self.sent.get())
    }

    /// Requests a minute that the target allows, where it says so.
    pub(crate) fn per_minute(&self) -> Option<u64> {
        self.governor.borrow().per_minute()
    }

    /// Whether the run is to end now.
    pub(crate) fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || Instant::now() >= self.limits.until || self.is_gone()
    }

    /// Whether somebody asked for the end.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn is_gone(&self) -> bool {
        self.faults.get() >= MOST_FAULTS
    }

    /// Sends a call, waiting as long as the target asks for.
    pub(crate) async fn send(&self, call: &Call) -> Result<Answered, Halt> {
        if self.is_interrupted() {
            return Err(Halt::Interrupted);
        }
        if self.left() == 0 {
            return Err(Halt::OutOfRequests);
        }
        if Instant::now() >= self.limits.until {
            return Err(Halt::OutOfTime);
        }
        self.exchange(call, false).await
    }

    async fn exchange(&self, call: &Call, cleaning: bool) -> Result<Answered, Halt> {
        let mut throttled = Vec::new();
        let mut again = call.method == "GET" || call.method == "DELETE";
        loop {
            let (key, pause) = self.turn(call);
            self.pause(pause, cleaning).await?;
            self.sent.set(self.sent.get() + 1);
            let outcome = self.client.send(call, &self.keys, key).await;
            self.stream.emit(&Event::Sent { requests: self.sent.get() });
            match outcome {
                Err(fault) if again && fault.is_passing() => again = false,
                Err(fault) => {
                    self.faults.set(self.faults.get() + 1);
                    return Err(if self.is_gone() { Halt::Gone(fault) } else { Halt::Transport(fault) });
                }
                Ok(received) => {
                    self.faults.set(0);
                    if call.credential.is_own() {
                        self.governor.borrow_mut().learn(key, &received, Instant::now());
                    }
                    if self.is_throttled(&received) && throttled.len() < MOST_THROTTLED {
                        throttled.push(received);
                        continue;
                    }
                    self.note(call, &received);
                    return Ok(Answered { received, throttled });
                }
            }
        }
    }

    fn is_throttled(&self, received: &Received) -> bool {
        self.atlas.rules().rate_limit.as_ref().is_some_and(|rules| rules.rejection.status == received.status)
    }

    fn turn(&self, call: &Call) -> (usize, Duration) {
        if call.credential.is_own() {
            self.governor.borrow_mut().pick(Instant::now())
        } else {
            (0, Duration::ZERO)
        }
    }

    async fn pause(&self, pause: Duration, cleaning: bool) -> Result<(), Halt> {
        if pause.is_zero() {
            return Ok(());
        }
        self.stream.emit(&Event::Waiting { seconds: pause.as_secs() + 1 });
        let until = Instant::now() + pause;
        while Instant::now() < until {
            if !cleaning && self.is_interrupted() {
                return Err(Halt::Interrupted);
            }
            if !cleaning && Instant::now() >= self.limits.until {
                return Err(Halt::OutOfTime);
            }
            tokio::time::sleep((until - Instant::now()).min(Duration::from_millis(100))).await;
        }
        Ok(())
    }

    /// Keeps the ledger: whatever a create answers with success is ours, whether it was to succeed or not.
    fn note(&self, call: &Call, received: &Received) {
        let Some(op) = call.op.as_ref().filter(|_| received.is_success()) else { return };
        let Some(kin) = self.atlas.kin_of(op) else { return };
        let Some(id) = received.json.as_ref().and_then(|row| kin.id_of(row)) else { return };
        match op.action() {
            Action::Create => {
                let credential =
                    if call.credential == Credential::Other { Credential::Other } else { Credential::Own };
                self.ledger.borrow_mut().add(Made { kin: kin.clone(), id, credential });
            }
            Action::Delete => self.ledger.borrow_mut().remove(&kin.name, &id),
            Action::List | Action::Read | Action::Update | Action::Identity | Action::Other => {}
        }
    }

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
            let left =
                |reason: String| Leftover { resource: made.kin.name.clone(), id: made.id.clone(), reason };
            let Some(delete) = &made.kin.delete else {
                leftovers.push(left("the contract has no operation that deletes it".to_owned()));
                continue;
            };
            if lost >= 3 {
                leftovers.push(left("the target does not answer any more".to_owned()));
                continue;
            }
            let call = Call::of(delete).own(&made.id).by(made.credential);
            match self.exchange(&call, true).await {
                Ok(answer) if answer.received.is_success() || matches!(answer.received.status, 404 | 410) => {
                }
                Ok(answer) => {
                    leftovers.push(left(format!("{} answered {}", delete.id, answer.received.status)));
                }
                Err(Halt::Transport(fault) | Halt::Gone(fault)) => {
                    lost += 1;
                    leftovers.push(left(fault.to_string()));
                }
                Err(Halt::Interrupted | Halt::OutOfRequests | Halt::OutOfTime) => {
                    leftovers.push(left("interrupted".to_owned()));
                }
            }
        }
        leftovers
    }
}
