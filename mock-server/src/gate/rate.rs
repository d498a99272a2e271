//! How often a key may call: an exact sliding window.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use parking_lot::Mutex;
use schemas::{RateLimit, Rejection};

use crate::clock::Clock;

/// Which allowance holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RateLimitMode {
    /// None: the headers say what the contract says, and nobody is refused.
    #[default]
    Off,
    /// The tier of each key, as the contract says.
    Documented,
    /// This many requests a minute for every key.
    PerMinute(u32),
}

impl FromStr for RateLimitMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            "documented" => Ok(Self::Documented),
            _ => text
                .strip_suffix("/min")
                .and_then(|number| number.parse().ok())
                .filter(|number| (1..=1_000_000).contains(number))
                .map(Self::PerMinute)
                .ok_or_else(|| format!("`{text}` is none of off, documented, N/min (N from 1 to 1000000)")),
        }
    }
}

impl fmt::Display for RateLimitMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Documented => f.write_str("documented"),
            Self::PerMinute(number) => write!(f, "{number}/min"),
        }
    }
}

/// What a key may still do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    pub(crate) limit: u64,
    pub(crate) remaining: u64,
    /// Epoch seconds.
    pub(crate) reset: i64,
    /// Seconds to wait; on a refusal only.
    pub(crate) retry_after: Option<u64>,
}

impl Allowance {
    /// The allowance of whoever is told to wait.
    pub(crate) fn used_up(self, seconds: u64, now_ms: i64) -> Self {
        let reset = after(now_ms.div_euclid(1_000), seconds);
        Self { remaining: 0, reset, retry_after: Some(seconds), ..self }
    }
}

#[derive(Debug)]
struct Names {
    limit: HeaderName,
    remaining: HeaderName,
    reset: HeaderName,
    retry_after: HeaderName,
}

/// The calls of each key in the last window.
#[derive(Debug)]
struct Windows {
    calls: HashMap<Arc<str>, Calls>,
    /// When idle keys were last forgotten.
    swept: Instant,
}

/// The calls of a key.
#[derive(Debug, Default)]
struct Calls {
    /// Where they went.
    workspace: Arc<str>,
    times: VecDeque<Instant>,
}

/// What became of a call.
#[derive(Debug, PartialEq, Eq)]
struct Call {
    refused: bool,
    remaining: u64,
    /// Whole seconds until the oldest call leaves the window.
    free_in: u64,
}

impl Windows {
    fn new(now: Instant) -> Self {
        Self { calls: HashMap::new(), swept: now }
    }

    /// Counts a call of a key, and forgets keys that did not call for a window.
    fn call(
        &mut self,
        key: &Arc<str>,
        workspace: &Arc<str>,
        limit: u64,
        window: Duration,
        now: Instant,
    ) -> Call {
        let is_past = |call: &Instant| now.saturating_duration_since(*call) >= window;
        if is_past(&self.swept) {
            self.calls.retain(|_, calls| calls.times.back().is_some_and(|call| !is_past(call)));
            self.swept = now;
        }
        let known = || Calls { workspace: Arc::clone(workspace), times: VecDeque::new() };
        let calls = &mut self.calls.entry(Arc::clone(key)).or_insert_with(known).times;
        while calls.front().is_some_and(is_past) {
            calls.pop_front();
        }
        let used = calls.len() as u64;
        let refused = used >= limit;
        if !refused {
            calls.push_back(now);
        }
        let left = calls
            .front()
            .map_or(window, |first| window.saturating_sub(now.saturating_duration_since(*first)));
        let free_in = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        Call { refused, remaining: limit.saturating_sub(used + 1), free_in: free_in.max(u64::from(refused)) }
    }
}

/// Counts requests. Absent rules count nothing and say nothing.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    rules: Option<(RateLimit, Names)>,
    mode: RateLimitMode,
    clock: Clock,
    windows: Mutex<Windows>,
}

impl RateLimiter {
    pub(crate) fn new(rules: Option<&RateLimit>, mode: RateLimitMode, clock: Clock) -> Self {
        let name = |text: &str| HeaderName::from_bytes(text.to_ascii_lowercase().as_bytes()).ok();
        let rules = rules.and_then(|rules| {
            let names = Names {
                limit: name(&rules.headers.limit)?,
                remaining: name(&rules.headers.remaining)?,
                reset: name(&rules.headers.reset)?,
                retry_after: name(&rules.headers.retry_after)?,
            };
            Some((rules.clone(), names))
        });
        Self { rules, mode, clock, windows: Mutex::new(Windows::new(Instant::now())) }
    }

    /// How a call over the limit is answered.
    pub(crate) fn rejection(&self) -> Option<&Rejection> {
        self.rules.as_ref().map(|(rules, _)| &rules.rejection)
    }

    /// Counts a call of a key.
    ///
    /// `passed` is how far the workspace's clock was moved on by hand, which empties windows as waiting does.
    pub(crate) fn count(
        &self,
        key: &Arc<str>,
        workspace: &Arc<str>,
        tier: Option<&str>,
        passed: Duration,
        now_ms: i64,
    ) -> Option<Allowance> {
        let (rules, _) = self.rules.as_ref()?;
        let limit = self.limit(rules, tier);
        let window = Duration::from_secs(rules.window_seconds);
        let epoch = now_ms.div_euclid(1_000);
        if self.mode == RateLimitMode::Off {
            return Some(unused(limit, rules, epoch));
        }
        let now = Instant::now();
        let now = now.checked_add(passed).unwrap_or(now);
        let call = self.windows.lock().call(key, workspace, limit, window, now);
        Some(Allowance {
            limit,
            remaining: call.remaining,
            reset: after(epoch, call.free_in),
            retry_after: call.refused.then_some(call.free_in),
        })
    }

    /// The rate headers of a call without a key: the smallest allowance, untouched.
    pub(crate) fn anonymous(&self) -> Option<Allowance> {
        let (rules, _) = self.rules.as_ref()?;
        let limit = match self.mode {
            RateLimitMode::PerMinute(number) => u64::from(number),
            RateLimitMode::Off | RateLimitMode::Documented => rules.tiers.values().copied().min()?,
        };
        Some(unused(limit, rules, self.clock.now_ms().div_euclid(1_000)))
    }

    /// Forgets the calls of a workspace; without a name, all.
    pub(crate) fn forget(&self, workspace: Option<&str>) {
        self.windows.lock().calls.retain(|_, calls| workspace.is_some_and(|name| *calls.workspace != *name));
    }

    /// Seconds of a window.
    pub(crate) fn window(&self) -> u64 {
        self.rules.as_ref().map_or(60, |(rules, _)| rules.window_seconds)
    }

    /// Writes the headers.
    pub(crate) fn write(&self, allowance: &Allowance, headers: &mut HeaderMap) {
        let Some((_, names)) = &self.rules else { return };
        headers.insert(&names.limit, HeaderValue::from(allowance.limit));
        headers.insert(&names.remaining, HeaderValue::from(allowance.remaining));
        headers.insert(&names.reset, HeaderValue::from(allowance.reset));
        if let Some(seconds) = allowance.retry_after {
            headers.insert(&names.retry_after, HeaderValue::from(seconds));
        }
    }

    /// The names of the headers, for browsers.
    pub(crate) fn header_names(&self) -> Vec<&str> {
        let Some((rules, _)) = &self.rules else {
            return Vec::new();
        };
        let names = &rules.headers;
        vec![&names.limit, &names.remaining, &names.reset, &names.retry_after]
    }

    fn limit(&self, rules: &RateLimit, tier: Option<&str>) -> u64 {
        match self.mode {
            RateLimitMode::PerMinute(number) => u64::from(number),
            RateLimitMode::Off | RateLimitMode::Documented => tier
                .and_then(|tier| rules.tiers.get(tier))
                .or_else(|| rules.tiers.values().min())
                .copied()
                .unwrap_or(1),
        }
    }
}

fn unused(limit: u64, rules: &RateLimit, epoch: i64) -> Allowance {
    Allowance {
        limit,
        remaining: limit.saturating_sub(1),
        reset: after(epoch, rules.window_seconds),
        retry_after: None,
    }
}

fn after(epoch: i64, seconds: u64) -> i64 {
    epoch.saturating_add_unsigned(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_over_the_limit_waits_for_the_oldest_to_leave_the_window() {
        let (start, window) = (Instant::now(), Duration::from_mins(1));
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut windows = Windows::new(start);
        let mut call = |seconds| windows.call(&"k".into(), &"w".into(), 2, window, at(seconds));
        assert_eq!(call(0), Call { refused: false, remaining: 1, free_in: 60 });
        assert_eq!(call(10), Call { refused: false, remaining: 0, free_in: 50 });
        assert_eq!(call(20), Call { refused: true, remaining: 0, free_in: 40 });
        assert_eq!(call(60), Call { refused: false, remaining: 0, free_in: 10 });
    }

    #[test]
    fn keys_that_do_not_call_any_more_are_forgotten() {
        let (start, window) = (Instant::now(), Duration::from_mins(1));
        let mut windows = Windows::new(start);
        for key in 0..100 {
            windows.call(&key.to_string().into(), &"w".into(), 2, window, start + Duration::from_secs(1));
        }
        windows.call(&"late".into(), &"w".into(), 2, window, start + Duration::from_mins(1));
        assert_eq!(windows.calls.len(), 101, "they called within the window");
        windows.call(&"late".into(), &"w".into(), 2, window, start + Duration::from_mins(2));
        assert_eq!(windows.calls.len(), 1);
    }

    #[test]
    fn modes_are_read_as_they_are_written() {
        for text in ["off", "documented", "7/min"] {
            assert_eq!(text.parse::<RateLimitMode>().map(|mode| mode.to_string()).as_deref(), Ok(text));
        }
        for text in ["0/min", "x/min", "7/hour", ""] {
            assert!(text.parse::<RateLimitMode>().is_err(), "{text}");
        }
    }
}
