//! When a run must end, and what is kept back for deleting what it created.

use std::time::{Duration, Instant};

/// More than this is not kept back for deleting, apart from what the rows themselves ask for.
const LONGEST_SLICE: Duration = Duration::from_secs(10);

/// When a run must end, the deletion of what it created included.
#[derive(Debug, Clone)]
pub(crate) struct Deadline {
    /// When it began.
    begun: Instant,
    /// How long it may take.
    time: Duration,
}

impl Deadline {
    /// The deadline of a run that begins now.
    pub(crate) fn after(time: Duration) -> Self {
        Self { begun: Instant::now(), time }
    }

    /// When everything is over.
    pub(crate) fn end(&self) -> Instant {
        self.begun + self.time
    }

    /// How long everything may take.
    pub(super) fn time(&self) -> Duration {
        self.time
    }

    /// Kept for deleting, whatever has been created: a tenth, and no more than some seconds.
    fn slice(&self) -> Duration {
        (self.time / 10).min(LONGEST_SLICE)
    }

    /// When no new request is begun but to delete rows, which will take some time.
    pub(crate) fn last_call(&self, cleaning: Duration) -> Instant {
        let kept = self.slice().saturating_add(cleaning).min(self.time);
        self.begun + self.time.saturating_sub(kept)
    }

    /// When a request in flight is given up, so that there is time to delete.
    pub(crate) fn give_up(&self) -> Instant {
        self.begun + self.time.saturating_sub(self.slice() / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_and_what_the_rows_ask_for_is_kept_for_deleting() {
        let begun = Instant::now();
        let limits = |seconds| Deadline { begun, time: Duration::from_secs(seconds) };
        let after = |seconds: f64| begun + Duration::from_secs_f64(seconds);
        assert_eq!(limits(20).last_call(Duration::ZERO), after(18.0));
        assert_eq!(limits(20).give_up(), after(19.0));
        assert_eq!(limits(20).last_call(Duration::from_secs(5)), after(13.0));
        assert_eq!(
            limits(20).last_call(Duration::from_secs(500)),
            begun,
            "it never lies before the beginning"
        );
        assert_eq!(limits(600).last_call(Duration::ZERO), after(590.0), "no more than some seconds");
        assert_eq!(limits(600).end(), after(600.0));
    }
}
