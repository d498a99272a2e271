//! The last day of what is deprecated: the `x-sunset` of operations and parameters.

use jiff::civil::Date;
use serde_json::Value;

use crate::review::found::Found;
use crate::review::rule::rules;
use crate::review::verdict::Verdict;

rules! {
    area "sunset";
    SUNSET_STATED = "sunset-stated", Allowed, Both, "a last day is named",
        "Until then it works as it did.",
        known "sunset-added", reverse ["sunset-withdrawn"];
    SUNSET_WITHDRAWN = "sunset-withdrawn", Allowed, Both, "no last day is named any more",
        "It works on; when it ends is not said.",
        known "sunset-deleted", reverse ["sunset-stated"];
    SUNSET_EARLIER = "sunset-moved-earlier", Breaking, Both, "the last day is an earlier one",
        "A client that goes by the day it was told is late.",
        known "api-sunset-date-changed-too-small", reverse ["sunset-moved-later"];
    SUNSET_LATER = "sunset-moved-later", Allowed, Both, "the last day is a later one",
        "A client that goes by the day it was told is early.",
        reverse ["sunset-moved-earlier"];
}

const KEY: &str = "x-sunset";

/// The last day that is named, a time of that day left out.
fn day(holder: &Value) -> Option<Date> {
    holder.get(KEY)?.as_str()?.get(..10)?.parse().ok()
}

/// What changed about a last day.
pub(in crate::review) fn compare(
    (was, was_at): (&Value, &str),
    (is, is_at): (&Value, &str),
    prefix: &str,
    out: &mut Vec<Found>,
) {
    let rule = match (day(was), day(is)) {
        (None, Some(_)) => &SUNSET_STATED,
        (Some(_), None) => &SUNSET_WITHDRAWN,
        (Some(old), Some(new)) if new < old => &SUNSET_EARLIER,
        (Some(old), Some(new)) if new > old => &SUNSET_LATER,
        _ => return,
    };
    let found = Found::new(rule, format!("{prefix}{KEY}"));
    let found = found.values(was.get(KEY).cloned(), is.get(KEY).cloned());
    out.push(found.was_at(format!("{was_at}/{KEY}")).now_at(format!("{is_at}/{KEY}")));
}

/// What it means that something is gone that had a last day.
pub(in crate::review) fn after_removal(was: &Value) -> Option<(Verdict, String)> {
    let last = day(was).filter(|_| was.get("deprecated") == Some(&Value::Bool(true)))?;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    Some(if last < today {
        (Verdict::Allowed, format!("It was deprecated, and {last}, its last day, is over."))
    } else {
        (Verdict::Breaking, format!("It was deprecated, and was to work until {last}."))
    })
}
