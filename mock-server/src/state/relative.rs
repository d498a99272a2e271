//! Instants that are told by how far they are from now: `now-3d`.

use crate::clock::format_ms;

/// The instant that a text tells, as rows write it; `None` for any other text.
pub(super) fn instant(text: &str, now: i64) -> Option<String> {
    let rest = text.trim().strip_prefix("now")?;
    if rest.is_empty() {
        return Some(format_ms(now));
    }
    let sign = match rest.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let rest = rest.get(1..)?;
    let digits = rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let (number, unit) = rest.split_at(digits);
    let unit: i64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        "w" => 7 * 86_400_000,
        "y" => 365 * 86_400_000,
        _ => return None,
    };
    let distance = number.parse::<i64>().ok()?.checked_mul(unit)?.checked_mul(sign)?;
    Some(format_ms(now.checked_add(distance)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_have_a_sign_a_number_and_a_unit() {
        let noon = 1_779_796_800_000;
        for (text, told) in [
            ("now", "2026-05-26T12:00:00.000Z"),
            ("now-3d", "2026-05-23T12:00:00.000Z"),
            ("now+90m", "2026-05-26T13:30:00.000Z"),
            ("now-1w", "2026-05-19T12:00:00.000Z"),
        ] {
            assert_eq!(instant(text, noon).as_deref(), Some(told), "{text}");
        }
        for text in ["", "nowhere", "now3d", "now-d", "now-3", "now-3é", "now-99999999999999999999d", "2026"]
        {
            assert_eq!(instant(text, noon), None, "{text}");
        }
    }
}
