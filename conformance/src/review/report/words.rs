//! The words that reports share.

use serde_json::Value;

use super::fold::{Folded, folded};
use crate::review::advice::{Advice, Bump};
use crate::review::change::Change;
use crate::review::comparison::Review;
use crate::review::verdict::Verdict;

/// Longest value that is shown in full.
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
pub(in crate::review) fn told(change: &Change) -> String {
    let parts = [change.operation.clone().unwrap_or_default(), change.subject.clone(), values(change)];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}: {}", change.rule, parts.join(" "))
}

/// How many changes of each verdict there are; what several operations see counts once.
pub(super) fn counts(review: &Review) -> String {
    let all = folded(&review.changes);
    let count = |verdict: Verdict| {
        let open = |one: &&Folded<'_>| one.first.verdict == verdict && one.first.accepted.is_none();
        format!("{} {verdict}", all.iter().filter(open).count())
    };
    let accepted = match all.iter().filter(|one| one.first.accepted.is_some()).count() {
        0 => String::new(),
        more => format!(", {more} accepted"),
    };
    format!("{}{accepted}", Verdict::ALL.map(count).join(", "))
}

/// What the version should do.
pub(super) fn version(advice: &Advice) -> String {
    let Advice { bump, base, head, wanted, followed } = advice;
    match (bump, wanted, followed) {
        (Bump::None, ..) if base == head => format!("version: {head}, and nothing moved"),
        (Bump::None, ..) => format!("version: {base} → {head}, though nothing moved"),
        (_, Some(_), Some(true)) => format!("version: a {bump} step is due, and done: {base} → {head}"),
        (_, Some(wanted), Some(false)) if base == head => {
            format!("version: a {bump} step is due, to {wanted} at least; it is still {head}")
        }
        (_, Some(wanted), Some(false)) => {
            format!("version: a {bump} step is due, to {wanted} at least; it went from {base} to {head}")
        }
        _ => format!(
            "version: a {bump} step is due; {base} → {head} cannot be compared, write versions as in 1.2.3"
        ),
    }
}
