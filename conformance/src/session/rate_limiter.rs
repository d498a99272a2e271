//! How fast a run may go: which key to use next, and how long to wait for it.

use std::time::{Duration, Instant};

use super::rate_headers::RateStatus;

/// What is waited after a refusal that does not say how long, doubled with each in a row.
const UNTOLD: Duration = Duration::from_secs(1);
/// Answers in a row that say "none left" after a whole window was waited out, before they are not believed any more.
const STRIKES: u8 = 3;

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permit {
    /// Send with the key of this lane.
    Go(usize),
    /// Wait so long.
    Wait(Duration),
    /// Wait for an answer that is still to come.
    Hold,
}

/// What is known of one caller's allowance.
#[derive(Debug, Clone, Default)]
struct KeyBudget {
    limit: Option<u64>,
    /// Requests that may be sent now, those in flight taken off; unknown until somebody says.
    left: Option<u64>,
    /// When more are free.
    free_at: Option<Instant>,
    /// Requests without an answer yet.
    flying: u64,
    /// The least that the answers since the last quiet moment said. They may come in another order than they were
    /// counted.
    lowest: Option<u64>,
    /// It was sent after a wait, to see whether more are free.
    probing: bool,
    refusals: u32,
    strikes: u8,
    /// Since when answers are counted, and how many came.
    counted: Option<(Instant, u64)>,
    /// More answers came in one window than two windows allow: the limit is stated and not enforced.
    unenforced: bool,
}

/// Paces requests by what the answers say, each caller by itself. Knows no clock: every question names the instant.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    window: Duration,
    lanes: Vec<KeyBudget>,
    next: usize,
}

impl RateLimiter {
    pub(crate) fn new(window: Duration, lanes: usize) -> Self {
        Self { window, lanes: vec![KeyBudget::default(); lanes.max(1)], next: 0 }
    }

    /// Whose turn it is among some lanes: the first that is free, else the one that is free soonest. Takes it.
    pub(crate) fn turn(&mut self, among: std::ops::Range<usize>, now: Instant) -> Permit {
        let count = among.len().max(1);
        let start = self.next;
        let order = (0..count).map(|offset| among.start + (start + offset) % count);
        let best = order.min_by_key(|index| self.lanes[*index].wait(now)).unwrap_or(among.start);
        let wait = self.lanes[best].wait(now);
        if !wait.is_zero() {
            let hold = self.lanes[among].iter().any(KeyBudget::holds);
            return if hold { Permit::Hold } else { Permit::Wait(wait) };
        }
        if count > 1 {
            self.next = (best - among.start + 1) % count;
        }
        self.lanes[best].take();
        Permit::Go(best)
    }

    /// An answer came.
    pub(crate) fn answered(&mut self, lane: usize, said: &RateStatus, now: Instant) {
        let window = self.window;
        self.lanes[lane].answered(said, now, window);
    }

    /// No answer came.
    pub(crate) fn failed(&mut self, lane: usize) {
        let unenforced = self.lanes.iter().any(|lane| lane.unenforced);
        let lane = &mut self.lanes[lane];
        lane.flying = lane.flying.saturating_sub(1);
        lane.probing = false;
        // Nothing is on its way any more: what the answers before it said holds.
        if lane.flying == 0
            && let Some(lowest) = lane.lowest.take()
        {
            lane.left = Some(lowest);
        } else if unenforced {
            // Nobody counts it.
            lane.left = lane.left.map(|left| left + 1);
        }
    }

    /// Requests that may be sent at once among some lanes; `None` where nobody counts.
    pub(crate) fn room(&self, among: std::ops::Range<usize>) -> Option<u64> {
        self.lanes[among].iter().map(KeyBudget::room).sum()
    }

    /// Time until all of some lanes are free again.
    pub(crate) fn all_free(&self, among: std::ops::Range<usize>, now: Instant) -> Duration {
        let waits = self.lanes[among]
            .iter()
            .map(|lane| lane.free_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now)));
        waits.max().unwrap_or_default()
    }

    /// How long some more requests will have to wait, at the least, for windows to pass.
    pub(crate) fn delay(&self, among: std::ops::Range<usize>, requests: u64, now: Instant) -> Duration {
        let (Some(room), Some(limit)) = (self.room(among.clone()), self.limit(among.clone())) else {
            return Duration::ZERO;
        };
        let Some(over) = requests.checked_sub(room).filter(|over| *over > 0) else { return Duration::ZERO };
        let windows = u32::try_from((over - 1) / limit.max(1)).unwrap_or(u32::MAX);
        self.all_free(among, now).saturating_add(self.window.saturating_mul(windows))
    }

    /// Requests a window that some lanes may make together, where they all say.
    pub(crate) fn limit(&self, among: std::ops::Range<usize>) -> Option<u64> {
        self.lanes[among].iter().map(|lane| lane.limit).sum()
    }

    pub(crate) fn window(&self) -> Duration {
        self.window
    }
}

impl KeyBudget {
    fn wait(&self, now: Instant) -> Duration {
        match (self.left, self.free_at) {
            _ if self.holds() => Duration::MAX,
            (Some(0), Some(at)) => at.saturating_duration_since(now),
            (None | Some(_), _) => Duration::ZERO,
        }
    }

    /// Whether a response that is still to come will show more.
    fn holds(&self) -> bool {
        self.left == Some(0) && self.flying > 0
    }

    fn room(&self) -> Option<u64> {
        if self.strikes >= STRIKES || self.unenforced { None } else { self.left }
    }

    fn take(&mut self) {
        self.probing = self.left == Some(0);
        self.left = self.left.map(|left| left.saturating_sub(1));
        self.flying += 1;
    }

    /// Counts an answer that is no refusal. Two windows that meet may allow twice the limit in the time of one.
    fn count(&mut self, said: &RateStatus, now: Instant, window: Duration) {
        let (since, before) = self.counted.filter(|(since, _)| now - *since < window).unwrap_or((now, 0));
        self.counted = Some((since, before + 1));
        match said.left {
            Some(0) => self.unenforced = false,
            _ => self.unenforced |= self.limit.is_some_and(|limit| before + 1 > 2 * limit),
        }
    }

    fn answered(&mut self, said: &RateStatus, now: Instant, window: Duration) {
        self.flying = self.flying.saturating_sub(1);
        let probed = std::mem::take(&mut self.probing);
        self.limit = said.limit.or(self.limit);
        if said.refused {
            let untold = UNTOLD.saturating_mul(1 << self.refusals.min(6));
            self.refusals += 1;
            (self.counted, self.unenforced) = (None, false);
            self.strikes = 0;
            self.left = Some(0);
            self.lowest = None;
            // A refusal that says that some are left is not about the window.
            let reset = said.reset.filter(|_| said.left.is_none_or(|left| left == 0));
            self.free_at = Some(now + said.wait.or(reset).unwrap_or(untold));
            return;
        }
        self.refusals = 0;
        self.count(said, now, window);
        // "None left, for nearly a whole window" after a whole window was waited out: nobody could ever request.
        let absurd = probed
            && said.left == Some(0)
            && self.limit.is_none_or(|limit| limit > 1)
            && said.reset.is_some_and(|reset| reset > window * 3 / 4);
        self.strikes = match (self.strikes, absurd) {
            (STRIKES.., _) => STRIKES,
            (strikes, true) => strikes + 1,
            (_, false) if said.left == Some(0) => self.strikes,
            (_, false) => 0,
        };
        let Some(left) = said.left.filter(|_| self.strikes < STRIKES) else {
            (self.left, self.free_at, self.lowest) = (None, None, None);
            return;
        };
        let lowest = self.lowest.map_or(left, |lowest| lowest.min(left));
        if self.flying == 0 {
            (self.left, self.lowest) = (Some(lowest), None);
        } else {
            self.left = Some(self.left.map_or(lowest, |known| known.min(lowest)));
            self.lowest = Some(lowest);
        }
        // Without a word on when, a window is surely enough.
        self.free_at = Some(now + said.reset.unwrap_or(window));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const MINUTE: Duration = Duration::from_mins(1);

    /// A target with an exact sliding window a key, as the clock of the test goes.
    struct Target {
        limit: usize,
        requests: Vec<VecDeque<Instant>>,
        refused: usize,
    }

    impl Target {
        fn new(limit: usize, keys: usize) -> Self {
            Self { limit, requests: vec![VecDeque::new(); keys], refused: 0 }
        }

        fn request(&mut self, key: usize, now: Instant) -> RateStatus {
            let requests = &mut self.requests[key];
            while requests.front().is_some_and(|request| now.duration_since(*request) >= MINUTE) {
                requests.pop_front();
            }
            let refused = requests.len() >= self.limit;
            if refused {
                self.refused += 1;
            } else {
                requests.push_back(now);
            }
            let reset = MINUTE.saturating_sub(now.duration_since(requests[0]));
            let whole = Duration::from_secs(reset.as_secs() + u64::from(reset.subsec_nanos() > 0));
            RateStatus {
                limit: Some(self.limit as u64),
                left: Some((self.limit - requests.len()) as u64),
                reset: Some(whole),
                refused,
                wait: refused.then_some(whole),
            }
        }
    }

    /// Sends so many requests one after the other, each taking so long; how long it took.
    fn send(
        pace: &mut RateLimiter,
        target: &mut Target,
        keys: usize,
        requests: usize,
        each: Duration,
    ) -> Duration {
        let begun = Instant::now();
        let mut now = begun;
        for _ in 0..requests {
            let lane = loop {
                match pace.turn(0..keys, now) {
                    Permit::Go(lane) => break lane,
                    Permit::Wait(time) => now += time,
                    Permit::Hold => unreachable!("nothing is in flight"),
                }
            };
            let said = target.request(lane, now);
            now += each;
            pace.answered(lane, &said, now);
        }
        now - begun
    }

    #[test]
    fn a_burst_uses_the_allowance_and_then_waits_for_the_window() {
        let (mut pace, mut target) = (RateLimiter::new(MINUTE, 1), Target::new(30, 1));
        let took = send(&mut pace, &mut target, 1, 30, SECOND / 100);
        assert!(took < SECOND, "{took:?}");
        let took = send(&mut pace, &mut target, 1, 30, SECOND / 100);
        assert!(took > 59 * SECOND && took < MINUTE + 2 * SECOND, "{took:?}");
        assert_eq!(target.refused, 0);
    }

    #[test]
    fn a_window_that_slides_frees_one_by_one_and_none_is_provoked() {
        let (mut pace, mut target) = (RateLimiter::new(MINUTE, 1), Target::new(30, 1));
        let took = send(&mut pace, &mut target, 1, 120, 2 * SECOND);
        assert_eq!(target.refused, 0);
        assert!(took <= 5 * MINUTE, "{took:?}");
    }

    #[test]
    fn keys_multiply_the_allowance() {
        let (mut pace, mut target) = (RateLimiter::new(MINUTE, 3), Target::new(30, 3));
        let took = send(&mut pace, &mut target, 3, 90, SECOND / 100);
        assert!(took < 2 * SECOND, "{took:?}");
        assert_eq!(target.requests.iter().map(VecDeque::len).collect::<Vec<_>>(), [30, 30, 30]);
        assert_eq!(target.refused, 0);
    }

    #[test]
    fn the_answer_is_believed_over_our_own_count() {
        let now = Instant::now();
        let mut pace = RateLimiter::new(MINUTE, 1);
        assert_eq!(pace.turn(0..1, now), Permit::Go(0));
        // Somebody else has used nearly all of it.
        let said =
            RateStatus { limit: Some(30), left: Some(1), reset: Some(20 * SECOND), ..RateStatus::default() };
        pace.answered(0, &said, now);
        assert_eq!(pace.turn(0..1, now), Permit::Go(0));
        pace.answered(0, &RateStatus { left: Some(0), ..said }, now);
        assert_eq!(pace.turn(0..1, now), Permit::Wait(20 * SECOND));
        // And one that never counts down lets everything through.
        let mut pace = RateLimiter::new(MINUTE, 1);
        for _ in 0..100 {
            assert_eq!(pace.turn(0..1, now), Permit::Go(0));
            pace.answered(0, &RateStatus { left: Some(29), ..said }, now);
        }
    }

    #[test]
    fn a_limit_that_is_stated_and_not_enforced_keeps_no_time_back() {
        let now = Instant::now();
        let mut pace = RateLimiter::new(MINUTE, 1);
        let said =
            RateStatus { limit: Some(30), left: Some(29), reset: Some(MINUTE), ..RateStatus::default() };
        for answers in 1..=61 {
            assert_eq!(
                pace.delay(0..1, 300, now).is_zero(),
                answers == 1,
                "{answers}: nothing is known at first"
            );
            assert_eq!(pace.turn(0..1, now), Permit::Go(0));
            pace.answered(0, &said, now);
        }
        assert_eq!((pace.room(0..1), pace.delay(0..1, 300, now)), (None, Duration::ZERO));
        pace.turn(0..1, now);
        pace.answered(0, &RateStatus { refused: true, left: Some(0), ..said }, now);
        assert!(!pace.delay(0..1, 300, now).is_zero(), "it is enforced after all");
    }

    #[test]
    fn requests_in_flight_count_and_answers_may_overtake_each_other() {
        let now = Instant::now();
        let mut pace = RateLimiter::new(MINUTE, 1);
        let said = |left| RateStatus {
            limit: Some(3),
            left: Some(left),
            reset: Some(MINUTE),
            ..RateStatus::default()
        };
        assert_eq!(pace.turn(0..1, now), Permit::Go(0));
        pace.answered(0, &said(2), now);
        assert_eq!(pace.turn(0..1, now), Permit::Go(0));
        assert_eq!(pace.turn(0..1, now), Permit::Go(0));
        assert_eq!(pace.turn(0..1, now), Permit::Hold, "both that are left are in flight");
        pace.answered(0, &said(0), now);
        pace.answered(0, &said(1), now);
        assert_eq!(pace.turn(0..1, now), Permit::Wait(MINUTE), "the later answer was the earlier count");
    }

    #[test]
    fn after_a_wait_one_goes_first_and_the_others_wait_for_its_answer() {
        let now = Instant::now();
        let mut pace = RateLimiter::new(MINUTE, 1);
        let said =
            RateStatus { limit: Some(30), left: Some(0), reset: Some(MINUTE), ..RateStatus::default() };
        assert_eq!(pace.turn(0..1, now), Permit::Go(0));
        pace.answered(0, &said, now);
        let later = now + MINUTE;
        assert_eq!(pace.turn(0..1, later), Permit::Go(0));
        assert_eq!(pace.turn(0..1, later), Permit::Hold);
        pace.answered(0, &RateStatus { left: Some(29), ..said }, later);
        assert_eq!(pace.turn(0..1, later), Permit::Go(0));
        // One that never comes back does not hold the others up.
        let mut pace = RateLimiter::new(MINUTE, 1);
        assert_eq!(pace.turn(0..1, now), Permit::Go(0));
        pace.answered(0, &said, now);
        assert_eq!(pace.turn(0..1, later), Permit::Go(0));
        pace.failed(0);
        assert_eq!(pace.turn(0..1, later), Permit::Go(0));
    }

    #[test]
    fn a_refusal_is_waited_out_and_untold_waits_grow() {
        let now = Instant::now();
        let mut pace = RateLimiter::new(MINUTE, 2);
        let refusal = RateStatus { refused: true, wait: Some(7 * SECOND), ..RateStatus::default() };
        assert_eq!(pace.turn(0..1, now), Permit::Go(0));
        pace.answered(0, &refusal, now);
        assert_eq!(pace.turn(0..1, now), Permit::Wait(7 * SECOND));
        assert_eq!(pace.turn(0..2, now), Permit::Go(1), "another key is free");
        let untold =
            RateStatus { refused: true, left: Some(29), reset: Some(MINUTE), ..RateStatus::default() };
        let mut now = now + 7 * SECOND;
        for wait in [2, 4, 8] {
            assert_eq!(pace.turn(0..1, now), Permit::Go(0));
            pace.answered(0, &untold, now);
            assert_eq!(pace.turn(0..1, now), Permit::Wait(wait * SECOND));
            now += wait * SECOND;
        }
    }

    #[test]
    fn a_target_that_always_says_none_is_left_is_not_believed_for_ever() {
        let (mut pace, begun) = (RateLimiter::new(MINUTE, 1), Instant::now());
        let said =
            RateStatus { limit: Some(30), left: Some(0), reset: Some(MINUTE), ..RateStatus::default() };
        let mut now = begun;
        for _ in 0..50 {
            while let Permit::Wait(time) = pace.turn(0..1, now) {
                now += time;
            }
            pace.answered(0, &said, now);
        }
        assert_eq!(now - begun, 3 * MINUTE);
        // A refusal shows that it meant it.
        assert_eq!(pace.turn(0..1, now), Permit::Go(0));
        pace.answered(0, &RateStatus { refused: true, wait: Some(SECOND), ..RateStatus::default() }, now);
        assert_eq!(pace.turn(0..1, now), Permit::Wait(SECOND));
    }

    #[test]
    fn what_is_still_to_come_is_known_in_windows() {
        let now = Instant::now();
        let mut pace = RateLimiter::new(MINUTE, 1);
        assert_eq!(pace.delay(0..1, 1_000, now), Duration::ZERO, "nobody counts");
        assert_eq!(pace.turn(0..1, now), Permit::Go(0));
        let said =
            RateStatus { limit: Some(30), left: Some(10), reset: Some(40 * SECOND), ..RateStatus::default() };
        pace.answered(0, &said, now);
        for (requests, seconds) in [(10, 0), (11, 40), (40, 40), (41, 100), (71, 160)] {
            assert_eq!(pace.delay(0..1, requests, now), seconds * SECOND, "{requests}");
        }
    }
}
