//! The words that reports share.

use serde_json::Value;

use crate::diff::advice::{Advice, Bump};
use crate::diff::change::Change;
use crate::diff::review::Review;

/// Longest value that is told whole.
const LONGEST: usize = 60;

/// A value in short.
pub(super) fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|")
        }
        other => other.to_string(),
    };
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// What it was, and what it is.
pub(super) fn values(change: &Change) -> String {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{} → {}", short(before), short(after)),
        (Some(before), None) => format!("{} → gone", short(before)),
        (None, Some(after)) => format!("new: {}", short(after)),
        (None, None) => String::new(),
    }
}

/// A change in one line: operation, subject, values.
pub(in crate::diff) fn told(change: &Change) -> String {
    let parts = [change.operation.clone().unwrap_or_default(), change.subject.clone(), values(change)];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}: {}", change.rule, parts.join(" "))
}

/// How many changes of each verdict there are.
pub(super) fn counts(review: &Review) -> String {
    let summary = &review.summary;
    let accepted = match summary.accepted {
        0 => String::new(),
        more => format!(", {more} accepted"),
    };
    format!(
        "{} breaking, {} unclear, {} allowed{accepted}",
        summary.breaking, summary.unclear, summary.allowed
    )
}

/// What the version should do.
pub(super) fn version(advice: &Advice) -> String {
    let Advice { bump, base, head, wanted, followed } = advice;
    let is = match (wanted, followed) {
        (Some(wanted), Some(true)) if base == head => {
            format!("it is {head}, as it should: at least {wanted}")
        }
        (Some(wanted), Some(true)) => format!("{base} → {head}, as it should: at least {wanted}"),
        (Some(wanted), Some(false)) if base == head => {
            format!("it is still {head}; at least {wanted} is due")
        }
        (Some(wanted), Some(false)) => format!("{base} → {head}; at least {wanted} is due"),
        _ => format!("{base} → {head}, which cannot be compared: write versions as in 1.2.3"),
    };
    match bump {
        Bump::None => format!("version: nothing moved; {is}"),
        bump => format!("version: a {bump} step is due; {is}"),
    }
}
