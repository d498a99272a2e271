//! Time: the machine's, or one that stands still until something is written.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::fmt::temporal::Pieces;

/// Where the server takes the time from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    Real,
    /// Always this instant, in milliseconds since 1970; writes move each workspace on by a millisecond.
    Fixed(i64),
}

impl Clock {
    /// Now, in milliseconds since 1970-01-01T00:00:00Z.
    pub fn now_ms(self) -> i64 {
        match self {
            Self::Real => SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
            Self::Fixed(instant) => instant,
        }
    }
}

impl FromStr for Clock {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "real" {
            return Ok(Self::Real);
        }
        text.parse::<Timestamp>()
            .map(|instant| Self::Fixed(instant.as_millisecond()))
            .map_err(|_| format!("`{text}` is neither `real` nor an instant such as 2026-05-26T17:21:09Z"))
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Real => f.write_str("real"),
            Self::Fixed(instant) => f.write_str(&format_ms(*instant)),
        }
    }
}

/// ISO 8601 in UTC with milliseconds, as the contract writes time.
pub(crate) fn format_ms(instant: i64) -> String {
    let Ok(timestamp) = Timestamp::from_millisecond(instant) else {
        return "9999-12-31T23:59:59.999Z".to_owned();
    };
    format!("{timestamp:.3}")
}

/// Milliseconds since 1970, rounded up: a row is older than the instant exactly when its own time is under this.
pub(crate) fn parse_ms(text: &str) -> Option<i64> {
    let timestamp: Timestamp = text.parse().ok()?;
    let nanoseconds = timestamp.as_nanosecond();
    i64::try_from(nanoseconds.div_euclid(1_000_000) + i128::from(nanoseconds.rem_euclid(1_000_000) != 0)).ok()
}

/// The same for an instant to compare with, which may lie beyond what the clock can show: then it is the far end.
pub(crate) fn parse_bound(text: &str) -> Option<i64> {
    parse_ms(text).or_else(|| {
        let pieces = Pieces::parse(text).ok()?;
        let (_, _) = (pieces.time()?, pieces.to_numeric_offset()?);
        Some(if pieces.date().year() > 0 { i64::MAX } else { i64::MIN })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_written_with_milliseconds_in_utc() {
        assert_eq!(format_ms(1_779_816_069_412), "2026-05-26T17:21:09.412Z");
        assert_eq!(format_ms(1_779_816_069_000), "2026-05-26T17:21:09.000Z");
    }

    #[test]
    fn time_is_read_with_any_offset_and_rounded_up() {
        assert_eq!(parse_ms("2026-05-26T19:21:09.412+02:00"), Some(1_779_816_069_412));
        assert_eq!(parse_ms("2026-05-26T17:21:09.4120001Z"), Some(1_779_816_069_413));
        assert_eq!(parse_ms("yesterday"), None);
    }

    #[test]
    fn an_instant_to_compare_with_may_lie_beyond_the_clock() {
        assert_eq!(parse_bound("2026-05-26T17:21:09.412Z"), Some(1_779_816_069_412));
        assert_eq!(parse_bound("9999-12-31T23:59:59Z"), Some(i64::MAX));
        for text in ["9999-12-31", "9999-12-31T23:59:59", "yesterday"] {
            assert_eq!(parse_bound(text), None, "{text}");
        }
    }

    #[test]
    fn a_clock_is_real_or_an_instant() {
        assert_eq!("real".parse(), Ok(Clock::Real));
        assert_eq!("2026-05-26T17:21:09.412Z".parse(), Ok(Clock::Fixed(1_779_816_069_412)));
        assert!("noon".parse::<Clock>().is_err());
    }
}
