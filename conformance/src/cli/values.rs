//! Values of options that need a check.

use std::time::Duration;

/// Longer than this no run takes.
const LONGEST: Duration = Duration::from_hours(7 * 24);

/// A time such as `90s`, `10m` or `1h 30m`; a number without a unit counts seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let time = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => humantime::parse_duration(text)
            .map_err(|_| "write a number and a unit, as in 90s, 10m or 1h".to_owned())?,
    };
    if (Duration::from_secs(1)..=LONGEST).contains(&time) {
        Ok(time)
    } else {
        Err("it must be between one second and a week".to_owned())
    }
}

/// A number of requests.
pub(super) fn requests(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| "write a number from 1 on: a run without requests would judge nothing".to_owned())
}

/// A number of cases tried at the same time.
pub(super) fn workers(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| (1..=64).contains(number))
        .ok_or_else(|| "write a number from 1 to 64".to_owned())
}

/// A name and its value.
pub(super) fn named_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.is_empty() => {
            Ok((name.trim().to_owned(), value.to_owned()))
        }
        _ => Err("write it as in userId=7".to_owned()),
    }
}

/// The tag of a run.
pub(super) fn tag(text: &str) -> Result<String, String> {
    let fine = (1..=12).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if fine { Ok(text.to_owned()) } else { Err("write 1 to 12 lower-case letters and digits".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_and_a_unit() {
        for (text, seconds) in [("90s", 90), ("10m", 600), ("1h", 3_600), ("1h 30m", 5_400), ("45", 45)] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "0", "0s", "10x", "-1s", "8days", "s", "99999999999999999999s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
