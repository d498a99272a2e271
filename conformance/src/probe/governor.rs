//! How fast a run may go: which key to use next, and how long to wait for it.

use std::time::{Duration, Instant};

use schemas::RateLimit;

use super::received::Received;

/// What is known of one key's allowance.
#[derive(Debug, Clone, Default)]
struct Allowance {
    limit: Option<u64>,
    remaining: Option<u64>,
    free_at: Option<Instant>,
    /// The key said "none left" and answered all the same: only refusals count from now on.
    unreliable: bool,
}

/// Paces requests by what the answers say.
#[derive(Debug)]
pub(crate) struct Governor {
    rules: Option<RateLimit>,
    keys: Vec<Allowance>,
    next: usize,
}

impl Governor {
    pub(crate) fn new(rules: Option<&RateLimit>, keys: usize) -> Self {
        Self { rules: rules.cloned(), keys: vec![Allowance::default(); keys.max(1)], next: 0 }
    }

    /// The key to use now, and how long to wait before.
    pub(crate) fn pick(&mut self, now: Instant) -> (usize, Duration) {
        let count = self.keys.len();
        let wait = |key: &Allowance| match (key.remaining, key.free_at) {
            (Some(0), Some(at)) => at.saturating_duration_since(now),
            _ => Duration::ZERO,
        };
        let start = self.next;
        let best = (0..count)
            .map(|offset| (start + offset) % count)
            .min_by_key(|index| wait(&self.keys[*index]))
            .unwrap_or(0);
        self.next = (best + 1) % count;
        let pause = wait(&self.keys[best]);
        if let Some(left) = self.keys[best].remaining.as_mut() {
            *left = left.saturating_sub(1);
        }
        (best, pause)
    }

    /// Learns from an answer to a key.
    pub(crate) fn learn(&mut self, key: usize, answer: &Received, now: Instant) {
        let Some(rules) = &self.rules else { return };
        let Some(known) = self.keys.get_mut(key) else { return };
        let names = &rules.headers;
        known.limit = answer.number(&names.limit).and_then(|limit| u64::try_from(limit).ok()).or(known.limit);
        if answer.status == rules.rejection.status {
            let seconds = answer.number(&names.retry_after).unwrap_or(1).clamp(1, longest(rules));
            known.remaining = Some(0);
            known.free_at = Some(now + Duration::from_secs(seconds.unsigned_abs()));
            return;
        }
        if known.unreliable {
            return;
        }
        let left = answer.number(&names.remaining).and_then(|left| u64::try_from(left).ok());
        if left == Some(0) && known.free_at.is_some_and(|at| at <= now) && known.remaining == Some(0) {
            *known = Allowance { limit: known.limit, unreliable: true, ..Allowance::default() };
            return;
        }
        known.remaining = left;
        known.free_at = left.is_some().then(|| now + until_reset(rules, answer));
    }

    /// Requests a minute that all keys together may make, where known.
    pub(crate) fn per_minute(&self) -> Option<u64> {
        let window = self.rules.as_ref()?.window_seconds.max(1);
        let limits: Option<Vec<u64>> = self.keys.iter().map(|key| key.limit).collect();
        Some(limits?.iter().sum::<u64>() * 60 / window)
    }
}

/// By the server's own clock where it tells it, for its clock need not be ours.
fn until_reset(rules: &RateLimit, answer: &Received) -> Duration {
    let now = answer
        .header("date")
        .and_then(|text| jiff::fmt::rfc2822::parse(text).ok())
        .map_or_else(|| jiff::Timestamp::now().as_second(), |date| date.timestamp().as_second());
    let reset = answer.number(&rules.headers.reset).unwrap_or(now);
    Duration::from_secs((reset - now).clamp(0, longest(rules)).unsigned_abs()) + Duration::from_millis(250)
}

fn longest(rules: &RateLimit) -> i64 {
    i64::try_from(rules.window_seconds).unwrap_or(60).max(1)
}
