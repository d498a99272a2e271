//! A workspace's own time.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::clock::Clock;

/// The workspace goes by the server's clock.
const SERVER: i64 = i64::MIN;
/// The workspace goes by the machine's clock, whatever the server does.
const REAL: i64 = i64::MAX;

/// What a workspace takes the time from, and how far it was moved on. Reading it takes no lock.
#[derive(Debug)]
pub(crate) struct WorkspaceClock {
    /// One of the two above, or the instant at which it stands still.
    base: AtomicI64,
    offset: AtomicI64,
    /// How far it was ever moved on, for what goes by the time that passed.
    passed: AtomicI64,
}

impl Default for WorkspaceClock {
    fn default() -> Self {
        Self { base: AtomicI64::new(SERVER), offset: AtomicI64::new(0), passed: AtomicI64::new(0) }
    }
}

impl WorkspaceClock {
    /// Now, in milliseconds since 1970.
    pub(crate) fn now_ms(&self, server: Clock) -> i64 {
        self.mode(server).now_ms().saturating_add(self.offset.load(Ordering::Relaxed))
    }

    /// Whether time stands still.
    pub(crate) fn is_frozen(&self, server: Clock) -> bool {
        matches!(self.mode(server), Clock::Fixed(_))
    }

    fn mode(&self, server: Clock) -> Clock {
        match self.base.load(Ordering::Relaxed) {
            SERVER => server,
            REAL => Clock::Real,
            instant => Clock::Fixed(instant),
        }
    }

    /// Sets it.
    pub(crate) fn set(&self, clock: Clock) {
        let base = match clock {
            Clock::Real => REAL,
            Clock::Fixed(instant) => instant.clamp(SERVER + 1, REAL - 1),
        };
        self.base.store(base, Ordering::Relaxed);
        self.offset.store(0, Ordering::Relaxed);
    }

    /// Moves it on.
    pub(crate) fn advance(&self, ms: i64) {
        self.offset.fetch_add(ms, Ordering::Relaxed);
        self.passed.fetch_add(ms.max(0), Ordering::Relaxed);
    }

    /// How far it was moved on, in milliseconds.
    pub(crate) fn passed_ms(&self) -> u64 {
        u64::try_from(self.passed.load(Ordering::Relaxed)).unwrap_or_default()
    }

    /// As it was at the start.
    pub(crate) fn reset(&self) {
        self.base.store(SERVER, Ordering::Relaxed);
        self.offset.store(0, Ordering::Relaxed);
        self.passed.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_still_moves_on_and_goes_back_to_the_server_s() {
        let (clock, server) = (WorkspaceClock::default(), Clock::Fixed(1_000));
        assert_eq!((clock.now_ms(server), clock.is_frozen(server)), (1_000, true));
        clock.advance(50);
        assert_eq!((clock.now_ms(server), clock.passed_ms()), (1_050, 50));
        clock.set(Clock::Fixed(7));
        assert_eq!((clock.now_ms(server), clock.passed_ms()), (7, 50));
        clock.set(Clock::Real);
        assert!(clock.now_ms(server) > 1_000_000 && !clock.is_frozen(server));
        clock.reset();
        assert_eq!((clock.now_ms(server), clock.passed_ms()), (1_000, 0));
    }
}
