//! Whether what a key has left goes down with what it sends.

use std::time::{Duration, Instant};

use super::rate_headers::RateStatus;

/// Requests in a row after which what is left has to be less, besides those that become free again meanwhile.
const ENOUGH: u32 = 20;

/// What answers say is left, although the requests of the run have used more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unmoved {
    /// Requests a window.
    pub(crate) limit: u64,
    /// Requests that are left, in one answer like in the other.
    pub(crate) left: u64,
    /// A request of the key was refused for going too fast.
    pub(crate) enforced: bool,
}

/// The answers to one key that say the same of its allowance, one after the other.
#[derive(Debug, Default)]
pub(super) struct Allowance {
    said: Option<(u64, u64)>,
    since: Option<Instant>,
    answers: u32,
    /// Enough of them to be sure; that holds as long as they go on saying the same.
    stuck: bool,
    enforced: bool,
}

impl Allowance {
    /// Notes an answer; tells where what is left has not moved although it must have.
    ///
    /// A window that slides, or a bucket that fills, frees requests while others are sent: as many as the limit allows in
    /// the time that has passed are no sign.
    pub(super) fn answered(
        &mut self,
        status: &RateStatus,
        success: bool,
        window: Duration,
        now: Instant,
    ) -> Option<Unmoved> {
        self.enforced |= status.refused;
        let (Some(limit), Some(left)) = (status.limit, status.left) else { return None };
        if self.said != Some((limit, left)) {
            *self = Self {
                said: Some((limit, left)),
                since: Some(now),
                enforced: self.enforced,
                ..Self::default()
            };
            return None;
        }
        // What is refused need not count.
        self.answers += u32::from(success);
        let passed = now.saturating_duration_since(self.since?);
        let freed = passed.as_secs_f64() * whole(limit) / window.as_secs_f64().max(1.0);
        self.stuck |= left > 0 && f64::from(self.answers) >= f64::from(ENOUGH) + freed;
        self.stuck.then_some(Unmoved { limit, left, enforced: self.enforced })
    }
}

/// As a number to reckon with; limits beyond it are as good as none.
fn whole(number: u64) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn said(limit: u64, left: u64) -> RateStatus {
        RateStatus { limit: Some(limit), left: Some(left), ..RateStatus::default() }
    }

    /// So many answers, one each so many milliseconds; what the last one shows.
    fn last(answers: u32, every: u64, status: impl Fn(u32) -> (RateStatus, bool)) -> Option<Unmoved> {
        let (mut allowance, begun) = (Allowance::default(), Instant::now());
        (0..answers).fold(None, |_, number| {
            let (status, success) = status(number);
            let now = begun + Duration::from_millis(every) * number;
            allowance.answered(&status, success, MINUTE, now)
        })
    }

    #[test]
    fn what_is_left_has_to_go_down_with_what_is_sent() {
        assert_eq!(last(20, 1, |_| (said(600, 599), true)), None, "not enough to be sure");
        let stuck = Unmoved { limit: 600, left: 599, enforced: false };
        assert_eq!(last(22, 1, |_| (said(600, 599), true)), Some(stuck));
        assert_eq!(last(500, 1, |number| (said(600, u64::from(599 - number)), true)), None);
        assert_eq!(last(500, 1, |_| (said(600, 0), true)), None, "less than nothing is never left");
        assert_eq!(last(500, 1, |_| (said(600, 599), false)), None, "what is refused need not count");
        assert_eq!(last(500, 1, |_| (RateStatus::default(), true)), None);
    }

    #[test]
    fn what_becomes_free_again_meanwhile_is_no_sign() {
        assert_eq!(last(500, 100, |_| (said(600, 599), true)), None, "ten a second are free again");
        assert!(last(500, 80, |_| (said(600, 599), true)).is_some());
    }

    #[test]
    fn a_refusal_shows_that_the_limit_is_enforced() {
        let refused = RateStatus { refused: true, ..said(30, 29) };
        let shown = last(30, 1, |number| if number == 25 { (refused, false) } else { (said(30, 29), true) });
        assert!(shown.is_some_and(|shown| shown.enforced));
    }
}
