//! Days, as people write them into a baseline.

use jiff::civil::Date;

/// Reads a day, `2026-12-31`.
pub(crate) fn day(text: &str) -> Result<Date, String> {
    let fine = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    text.parse().ok().filter(|_| fine).ok_or_else(|| format!("{text:?} is no day; write it as in 2026-12-31"))
}

/// Today, in UTC: everywhere the same.
pub(crate) fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_one_way() {
        assert_eq!(day("2026-12-31"), Ok(jiff::civil::date(2026, 12, 31)));
        for text in
            ["", "2026-13-01", "2026-02-30", "31.12.2026", "2026-12-31T00:00:00", "20261231", "+2026-1-01"]
        {
            assert!(day(text).is_err(), "{text}");
        }
    }
}
