//! Values of flags that need a look.

pub(super) fn duration(text: &str) -> Result<std::time::Duration, String> {
    let (digits, unit) =
        text.split_at(text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len()));
    let number: u64 =
        digits.parse().map_err(|_| "write a number and a unit, as in 90s, 10m or 1h".to_owned())?;
    let seconds = match unit {
        "" | "s" => number,
        "m" => number.saturating_mul(60),
        "h" => number.saturating_mul(3_600),
        _ => return Err("the unit is none of s, m, h".to_owned()),
    };
    if (1..=7 * 86_400).contains(&seconds) {
        Ok(std::time::Duration::from_secs(seconds))
    } else {
        Err("it must be between one second and a week".to_owned())
    }
}

pub(super) fn requests(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| "write a number from 1 on: a run without requests would judge nothing".to_owned())
}

pub(super) fn workers(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| (1..=64).contains(number))
        .ok_or_else(|| "write a number from 1 to 64".to_owned())
}

pub(super) fn tag(text: &str) -> Result<String, String> {
    let fine = (1..=12).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if fine { Ok(text.to_owned()) } else { Err("write 1 to 12 lower-case letters and digits".to_owned()) }
}
