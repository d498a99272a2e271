//! `Prefer: code=409`, `example=NAME`, `delay=500`, `retry-after=30` and their query twins: any answer on demand.

use http::HeaderMap;
use http::header::HeaderName;

/// The request header (RFC 7240).
pub(crate) const PREFER: HeaderName = HeaderName::from_static("prefer");
const CODE: &str = "code";
const EXAMPLE: &str = "example";
const DELAY: &str = "delay";
const RETRY_AFTER: &str = "retry-after";
/// How long an answer is held back at the most, in milliseconds.
const MOST_DELAY: u64 = 600_000;

/// What a request asks to be answered with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Preference {
    /// A status, as it was written.
    pub(crate) code: Option<String>,
    /// The name of an example.
    pub(crate) example: Option<String>,
    /// How long to hold the answer back, as it was written: milliseconds, or with a unit.
    pub(crate) delay: Option<String>,
    /// What `Retry-After` is to say.
    pub(crate) retry_after: Option<String>,
}

impl Preference {
    /// Reads the header, and the query parameters `__code`, `__example`, `__delay` and `__retry-after`, which win. `None`
    /// without any.
    pub(crate) fn of(headers: &HeaderMap, query: &[(String, String)]) -> Option<Self> {
        let mut preference = Self::default();
        for value in headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok()) {
            for part in value.split([',', ';']) {
                let (name, value) = part.split_once('=').unwrap_or((part, ""));
                preference.set(name.trim(), value.trim().trim_matches('"'));
            }
        }
        for (name, value) in query {
            if let Some(name) = name.strip_prefix("__") {
                preference.set(name, value);
            }
        }
        (preference != Self::default()).then_some(preference)
    }

    /// Whether another answer is wanted than the usual one.
    pub(crate) fn forces(&self) -> bool {
        self.code.is_some() || self.example.is_some()
    }

    /// `code=409, example=slug_taken`.
    pub(crate) fn applied(&self) -> String {
        let all = [
            (CODE, &self.code),
            (EXAMPLE, &self.example),
            (DELAY, &self.delay),
            (RETRY_AFTER, &self.retry_after),
        ];
        let told = all.iter().filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)));
        told.collect::<Vec<_>>().join(", ")
    }

    /// The milliseconds to hold the answer back.
    pub(crate) fn delay_ms(&self) -> Result<Option<u64>, String> {
        let Some(text) = &self.delay else { return Ok(None) };
        let (number, factor) = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
            (Some(number), _) => (number, 1),
            (None, Some(number)) => (number, 1_000),
            (None, None) => (text.as_str(), 1),
        };
        let delay = number.trim().parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
        let delay = delay.filter(|delay| *delay <= MOST_DELAY);
        delay
            .map(Some)
            .ok_or_else(|| format!("`{text}` is no delay; write up to {MOST_DELAY} milliseconds, or 2s"))
    }

    /// The seconds that `Retry-After` is to say.
    pub(crate) fn retry_after(&self) -> Result<Option<u64>, String> {
        let Some(text) = &self.retry_after else { return Ok(None) };
        let seconds = text.parse().ok().filter(|seconds| *seconds <= 86_400);
        seconds.map(Some).ok_or_else(|| format!("`{text}` is no number of seconds up to 86400"))
    }

    fn set(&mut self, name: &str, value: &str) {
        let slot = match name {
            CODE => &mut self.code,
            EXAMPLE => &mut self.example,
            DELAY => &mut self.delay,
            RETRY_AFTER | "retry_after" => &mut self.retry_after,
            _ => return,
        };
        *slot = Some(value.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_are_read_from_header_and_query() {
        let mut headers = HeaderMap::new();
        headers.insert(PREFER, "respond-async, code=409; example=\"a\"".parse().expect("a header"));
        let preference = Preference::of(&headers, &[]).expect("a preference");
        assert_eq!(preference.applied(), "code=409, example=a");
        let query = [("__code".to_owned(), "500".to_owned())];
        assert_eq!(
            Preference::of(&headers, &query).and_then(|preference| preference.code).as_deref(),
            Some("500")
        );
        assert_eq!(Preference::of(&HeaderMap::new(), &[("code".to_owned(), "1".to_owned())]), None);
    }

    #[test]
    fn a_delay_is_in_milliseconds_or_says_its_unit() {
        let delay =
            |text: &str| Preference { delay: Some(text.to_owned()), ..Preference::default() }.delay_ms();
        assert_eq!(delay("150"), Ok(Some(150)));
        assert_eq!(delay("150ms"), Ok(Some(150)));
        assert_eq!(delay("2s"), Ok(Some(2_000)));
        for text in ["", "-1", "1h", "600001", "18446744073709551615s"] {
            assert!(delay(text).is_err(), "{text}");
        }
    }
}
