//! What an answer says of a key's allowance.

use std::time::Duration;

use schemas::RateLimit;

use crate::http::Response;

/// The status that HTTP has for going too fast.
const TOO_MANY: u16 = 429;
/// Nobody is seriously asked to wait longer than this.
const LONGEST: Duration = Duration::from_hours(1);
/// Numbers from here on are instants in epoch seconds, smaller ones are seconds from now.
const EPOCH: i64 = 1_000_000_000;
/// What a clock that is read in whole seconds may hide.
const MARGIN: Duration = Duration::from_millis(250);

/// Where answers say it: as the contract states, else as everybody does.
#[derive(Debug, Clone)]
pub(crate) struct RateHeaders {
    limit: String,
    remaining: String,
    reset: String,
    retry_after: String,
    status: u16,
    pub(crate) window: Duration,
}

/// What one answer says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RateStatus {
    /// Requests a window.
    pub(crate) limit: Option<u64>,
    /// Requests that are left.
    pub(crate) left: Option<u64>,
    /// Time until some are free again.
    pub(crate) reset: Option<Duration>,
    /// It refuses the request for going too fast.
    pub(crate) refused: bool,
    /// Time to wait that was asked for.
    pub(crate) wait: Option<Duration>,
}

impl RateHeaders {
    pub(crate) fn new(rules: Option<&RateLimit>) -> Self {
        match rules {
            Some(rules) => Self {
                limit: rules.headers.limit.clone(),
                remaining: rules.headers.remaining.clone(),
                reset: rules.headers.reset.clone(),
                retry_after: rules.headers.retry_after.clone(),
                status: rules.rejection.status,
                window: Duration::from_secs(rules.window_seconds.max(1)),
            },
            None => Self {
                limit: "x-ratelimit-limit".to_owned(),
                remaining: "x-ratelimit-remaining".to_owned(),
                reset: "x-ratelimit-reset".to_owned(),
                retry_after: "retry-after".to_owned(),
                status: TOO_MANY,
                window: Duration::from_mins(1),
            },
        }
    }

    /// Whether an answer refuses its request for going too fast.
    pub(crate) fn refuses(&self, answer: &Response) -> bool {
        answer.status == self.status || answer.status == TOO_MANY
    }

    /// What an answer says.
    pub(crate) fn of(&self, answer: &Response) -> RateStatus {
        let whole = |name: &str| answer.number(name).and_then(|number| u64::try_from(number).ok());
        let refused = self.refuses(answer);
        RateStatus {
            limit: whole(&self.limit),
            left: whole(&self.remaining),
            reset: self.reset(answer),
            refused,
            wait: answer.header(&self.retry_after).filter(|_| refused).and_then(|text| until(text, answer)),
        }
    }

    /// By the server's own clock where it sends it, for its clock need not be ours. An instant out of all proportion is
    /// as good as none.
    fn reset(&self, answer: &Response) -> Option<Duration> {
        let number = answer.number(&self.reset)?;
        let seconds = if number >= EPOCH { number - server_now(answer) } else { number };
        let most = i64::try_from(LONGEST.max(self.window).as_secs()).unwrap_or(i64::MAX);
        (seconds <= most).then(|| Duration::from_secs(seconds.max(0).unsigned_abs()) + MARGIN)
    }
}

/// The time a `Retry-After` asks for: seconds, or an HTTP date.
fn until(text: &str, answer: &Response) -> Option<Duration> {
    let text = text.trim();
    let seconds = match text.parse::<i64>() {
        Ok(seconds) => seconds,
        Err(_) => instant(text)? - server_now(answer),
    };
    Some(Duration::from_secs(seconds.max(0).unsigned_abs()).min(LONGEST) + MARGIN)
}

fn server_now(answer: &Response) -> i64 {
    answer.header("date").and_then(instant).unwrap_or_else(|| jiff::Timestamp::now().as_second())
}

fn instant(text: &str) -> Option<i64> {
    jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderMap;

    use super::*;

    const DATE: (&str, &str) = ("date", "Tue, 26 May 2026 17:21:09 GMT");
    const NOW: i64 = 1_779_816_069;

    fn answer(status: u16, headers: &[(&'static str, &str)]) -> Response {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                (http::HeaderName::from_static(name), value.parse().expect("a header's value"))
            })
            .collect();
        Response::new(status, headers, Bytes::new())
    }

    #[test]
    fn a_wait_is_seconds_or_an_http_date_by_the_servers_clock() {
        let rates = RateHeaders::new(None);
        for (text, seconds) in [
            ("7", Some(7)),
            (" 7 ", Some(7)),
            ("0", Some(0)),
            ("-3", Some(0)),
            ("Tue, 26 May 2026 17:21:39 GMT", Some(30)),
            ("Tue, 26 May 2026 17:20:00 GMT", Some(0)),
            ("99999999", Some(3_600)),
            ("soon", None),
        ] {
            let said = rates.of(&answer(429, &[DATE, ("retry-after", text)]));
            assert_eq!(said.wait, seconds.map(|seconds| Duration::from_secs(seconds) + MARGIN), "{text}");
            assert!(said.refused);
        }
        let fine = rates.of(&answer(503, &[DATE, ("retry-after", "7")]));
        assert_eq!(
            (fine.wait, fine.refused),
            (None, false),
            "only a refusal for going too fast is waited out"
        );
    }

    #[test]
    fn a_reset_is_an_instant_or_seconds_from_now() {
        let rates = RateHeaders::new(None);
        for (reset, seconds) in [
            (NOW + 12, Some(12)),
            (NOW - 12, Some(0)),
            (45, Some(45)),
            (NOW * 1_000, None),
            (NOW + 900_000, None),
        ] {
            let reset_text = reset.to_string();
            let said = rates.of(&answer(
                200,
                &[
                    DATE,
                    ("x-ratelimit-limit", "30"),
                    ("x-ratelimit-remaining", "4"),
                    ("x-ratelimit-reset", &reset_text),
                ],
            ));
            assert_eq!(said.reset, seconds.map(|seconds| Duration::from_secs(seconds) + MARGIN), "{reset}");
            assert_eq!((said.limit, said.left), (Some(30), Some(4)));
        }
    }

    #[test]
    fn what_is_not_said_is_not_known() {
        let said = RateHeaders::new(None).of(&answer(200, &[("x-ratelimit-remaining", "many")]));
        assert_eq!(said, RateStatus::default());
    }
}
