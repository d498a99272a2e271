//! The words that reports share.

use serde_json::Value;

use crate::review::advice::{Advice, Bump};
use crate::review::change::Change;
use crate::review::comparison::Review;
use crate::review::counts::Counts;

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

/// What it was, and what it is: of two lists or objects what differs between them, of two long texts where they do.
pub(super) fn values(change: &Change) -> String {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => difference(before, after),
        (Some(before), None) => format!("{} → gone", short(before)),
        (None, Some(after)) => format!("new: {}", short(after)),
        (None, None) => String::new(),
    }
}

fn difference(before: &Value, after: &Value) -> String {
    match (before, after) {
        (Value::Array(old), Value::Array(new)) => {
            let gone = old.iter().filter(|item| !new.contains(item)).map(|item| format!("−{}", short(item)));
            let come = new.iter().filter(|item| !old.contains(item)).map(|item| format!("+{}", short(item)));
            let parts: Vec<String> = gone.chain(come).collect();
            if parts.is_empty() { format!("{} → {}", short(before), short(after)) } else { listed(&parts) }
        }
        (Value::Object(old), Value::Object(new)) => {
            let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
            let parts: Vec<String> = keys
                .filter(|key| old.get(*key) != new.get(*key))
                .map(|key| match (old.get(key), new.get(key)) {
                    (Some(before), Some(after)) => format!("{key}: {}", difference(before, after)),
                    (Some(before), None) => format!("−{key}: {}", short(before)),
                    (None, Some(after)) => format!("+{key}: {}", short(after)),
                    (None, None) => String::new(),
                })
                .collect();
            listed(&parts)
        }
        (Value::String(old), Value::String(new))
            if old.chars().count().max(new.chars().count()) > LONGEST =>
        {
            let (old, new) = apart(old, new);
            format!("{} → {}", short(&old.into()), short(&new.into()))
        }
        _ => format!("{} → {}", short(before), short(after)),
    }
}

/// The first of some differences, and how many more there are.
fn listed(parts: &[String]) -> String {
    const MOST: usize = 6;
    let shown = parts.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    match parts.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Two texts from a little before the first letter that differs.
fn apart(one: &str, other: &str) -> (String, String) {
    const AROUND: usize = 12;
    let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let from = same.saturating_sub(AROUND);
    let cut = |text: &str| {
        let rest: String = text.chars().skip(from).collect();
        if from == 0 { rest } else { format!("…{rest}") }
    };
    (cut(one), cut(other))
}

/// Half a sentence as one that begins.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The operation with its method and path.
pub(super) fn operation(change: &Change) -> String {
    match (&change.operation, &change.call) {
        (Some(id), Some(call)) if id != call && !call.is_empty() => format!("{id} ({call})"),
        (Some(id), _) => id.clone(),
        (None, _) => String::new(),
    }
}

/// What the whole comes to, as a word, and as a sentence.
pub(super) fn verdict(review: &Review) -> (&'static str, String) {
    let unclear = review.groups.unclear;
    match (review.has_failed(), review.groups.breaking, unclear) {
        (true, 1.., _) => ("breaks", "The change breaks clients".to_owned()),
        (true, 0, 1..) => ("unclear", "Whether the change breaks clients has to be looked at".to_owned()),
        (true, 0, 0) => ("changed", "The change is not to be made".to_owned()),
        (false, 1.., _) => ("breaks", "The change breaks clients, and is let pass".to_owned()),
        (false, 0, 1) => {
            ("holds", "The change breaks nothing for certain; 1 change has to be looked at".to_owned())
        }
        (false, 0, 2..) => (
            "holds",
            format!("The change breaks nothing for certain; {unclear} changes have to be looked at"),
        ),
        (false, 0, 0) if review.changes.is_empty() => ("no change", "No change for clients".to_owned()),
        (false, 0, 0) => ("holds", "The change keeps the promise".to_owned()),
    }
}

/// A change in one line: operation, subject, values.
pub(in crate::review) fn told(change: &Change) -> String {
    let parts = [operation(change), change.subject.clone(), values(change)];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}: {}", change.rule, parts.join(" "))
}

/// How many changes of each verdict there are; what several operations see counts once.
pub(super) fn counts(review: &Review) -> String {
    let Counts { breaking, unclear, allowed, accepted } = review.groups;
    let more = if accepted == 0 { String::new() } else { format!(", {accepted} accepted") };
    format!("{breaking} breaking, {unclear} unclear, {allowed} allowed{more}")
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_difference_is_told_and_not_both_values() {
        for (before, after, told) in [
            (json!(["a", "b"]), json!(["b", "c"]), "−a, +c"),
            (json!({"a": 1, "b": 2}), json!({"a": 1, "b": 3}), "b: 2 → 3"),
            (json!({"a": [1, 2]}), json!({"a": [2], "c": true}), "a: −1, +c: true"),
            (json!("short"), json!("shirt"), "short → shirt"),
            (json!(["a", "b"]), json!(["b", "a"]), "a|b → b|a"),
        ] {
            assert_eq!(difference(&before, &after), told);
        }
        let (old, new) = ("x".repeat(200) + "old", "x".repeat(200) + "new");
        assert_eq!(difference(&json!(old), &json!(new)), "…xxxxxxxxxxxxold → …xxxxxxxxxxxxnew");
    }
}
