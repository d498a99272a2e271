//! Whose turn it is, by what the target says of its rate limit.
//!
//! Every caller has a lane: one for each key under test, one for the other key, one for the revoked one, one for nobody.

use std::cell::RefCell;
use std::ops::Range;
use std::time::{Duration, Instant};

use schemas::RateLimit;
use tokio::sync::Notify;

use super::allowance::{Allowance, Unmoved};
use super::rate_headers::{RateHeaders, RateStatus};
use super::rate_limiter::{Permit, RateLimiter};
use crate::http::{Credential, Keys, Request, Response};

/// Whose turn it is, by what the target says of its rate limit.
#[derive(Debug)]
pub(super) struct Pacing {
    headers: RateHeaders,
    limiter: RefCell<RateLimiter>,
    /// What answers say of each lane's allowance.
    allowances: RefCell<Vec<Allowance>>,
    answered: Notify,
    own: usize,
}

impl Pacing {
    pub(super) fn new(rules: Option<&RateLimit>, keys: &Keys) -> Self {
        let headers = RateHeaders::new(rules);
        let own = keys.own.len().max(1);
        let limiter = RefCell::new(RateLimiter::new(headers.window, own + 3));
        let allowances = RefCell::new((0..own + 3).map(|_| Allowance::default()).collect());
        Self { headers, limiter, allowances, answered: Notify::new(), own }
    }

    /// The lanes of the keys under test.
    pub(super) fn own_lanes(&self) -> Range<usize> {
        0..self.own
    }

    /// The lanes that a request may take: any own key, else the one of its caller.
    pub(super) fn lanes(&self, request: &Request) -> Range<usize> {
        let own = self.own_lanes();
        let one = match (request.credential, request.key) {
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

    /// Whether a request may go out now, and in which lane.
    pub(super) fn permit(&self, lanes: Range<usize>) -> Permit {
        self.limiter.borrow_mut().turn(lanes, Instant::now())
    }

    /// Notes a response; returns what it says of the rate limit, and whether that cannot be right after those before it.
    pub(super) fn answered(&self, lane: usize, response: &Response) -> (RateStatus, Option<Unmoved>) {
        let status = self.headers.of(response);
        let now = Instant::now();
        self.limiter.borrow_mut().answered(lane, &status, now);
        let mut allowances = self.allowances.borrow_mut();
        let unmoved = allowances.get_mut(lane).and_then(|allowance| {
            allowance.answered(&status, response.is_success(), self.headers.window, now)
        });
        self.answered.notify_waiters();
        (status, unmoved)
    }

    /// What a response says of the rate limit.
    pub(super) fn status(&self, response: &Response) -> RateStatus {
        self.headers.of(response)
    }

    /// Whether a lane waits.
    pub(super) fn is_held(&self, lane: usize) -> bool {
        self.limiter.borrow().room(lane..lane + 1) == Some(0)
    }

    /// Notes that a request got no response.
    pub(super) fn failed(&self, lane: usize) {
        self.limiter.borrow_mut().failed(lane);
        self.answered.notify_waiters();
    }

    /// Gives a permit back that was not used.
    pub(super) fn give_back(&self, lane: usize) {
        self.limiter.borrow_mut().failed(lane);
    }

    /// Waits for the next response of any request, but no longer than some time. Returns whether there was one.
    pub(super) async fn next_answer(&self, at_most: Duration) -> bool {
        tokio::time::timeout(at_most, self.answered.notified()).await.is_ok()
    }

    /// How long so many requests of the keys under test must wait from now on.
    pub(super) fn delay(&self, requests: u64) -> Duration {
        self.limiter.borrow().delay(self.own_lanes(), requests, Instant::now())
    }

    /// How long to wait until so many requests may be sent at once; `None` where they may now.
    pub(super) fn wait_for(&self, requests: u64) -> Option<Duration> {
        let (limiter, lanes) = (self.limiter.borrow(), self.own_lanes());
        let most = limiter.limit(lanes.clone()).unwrap_or(requests);
        let short = limiter.room(lanes.clone()).is_some_and(|room| room < requests.min(most));
        short.then(|| limiter.all_free(lanes, Instant::now()))
    }

    /// Requests a minute that the target allows the keys under test together, where it says so.
    pub(super) fn per_minute(&self) -> Option<u64> {
        let limiter = self.limiter.borrow();
        Some(limiter.limit(self.own_lanes())? * 60 / limiter.window().as_secs().max(1))
    }
}
