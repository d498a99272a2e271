//! The operations that have a limit of their own, and how long they were waited for.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// The operations that are refused for being called too often while others are not.
#[derive(Debug, Default)]
pub(super) struct OwnLimits(HashMap<String, OwnLimit>);

#[derive(Debug)]
struct OwnLimit {
    /// When it may be called again.
    until: Instant,
    /// How long it was waited for.
    waited: Duration,
}

impl OwnLimits {
    /// Whether an operation has one.
    pub(super) fn knows(&self, operation: &str) -> bool {
        self.0.contains_key(operation)
    }

    /// Notes that an operation may not be called before an instant.
    pub(super) fn note(&mut self, operation: &str, until: Instant) {
        let new = || OwnLimit { until, waited: Duration::ZERO };
        self.0.entry(operation.to_owned()).or_insert_with(new).until = until;
    }

    /// How long an operation is to be waited for; `Err` where that would be more than its share.
    pub(super) fn wait(&mut self, operation: &str, now: Instant, share: Duration) -> Result<Duration, ()> {
        let Some(limit) = self.0.get_mut(operation) else { return Ok(Duration::ZERO) };
        let wait = limit.until.saturating_duration_since(now);
        if limit.waited + wait > share {
            return Err(());
        }
        limit.waited += wait;
        Ok(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_waited_for_within_its_share() {
        let (mut limits, now) = (OwnLimits::default(), Instant::now());
        let (second, share) = (Duration::from_secs(1), Duration::from_secs(3));
        assert_eq!(limits.wait("a", now, share), Ok(Duration::ZERO), "nothing is known");
        limits.note("a", now + second * 2);
        assert_eq!(limits.wait("b", now, share), Ok(Duration::ZERO), "another is not held up");
        assert_eq!(limits.wait("a", now, share), Ok(second * 2));
        limits.note("a", now + second * 4);
        assert_eq!(limits.wait("a", now + second * 2, share), Err(()), "together it would be too long");
        assert_eq!(limits.wait("a", now + second * 4, share), Ok(Duration::ZERO), "the time has passed");
    }
}
