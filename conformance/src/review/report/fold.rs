//! Changes that are one: the same statement, seen by several operations.

use indexmap::IndexMap;

use crate::review::change::Change;
use crate::review::counts::Counts;
use crate::review::verdict::Verdict;

/// A change, and the others that are the same seen from elsewhere.
#[derive(Debug)]
pub(super) struct Folded<'c> {
    pub(super) first: &'c Change,
    pub(super) also: Vec<&'c Change>,
}

/// Folds changes of one place and rule into one each, in order.
pub(super) fn folded(changes: &[Change]) -> Vec<Folded<'_>> {
    let mut known: IndexMap<String, Folded<'_>> = IndexMap::new();
    for change in changes {
        let value = |value: &Option<serde_json::Value>| value.as_ref().map(ToString::to_string);
        let key = format!(
            "{:?}",
            (
                &change.rule,
                change.verdict,
                &change.place,
                value(&change.before),
                value(&change.after),
                &change.accepted,
                &change.why,
            )
        );
        known
            .entry(key)
            .and_modify(|folded| folded.also.push(change))
            .or_insert(Folded { first: change, also: Vec::new() });
    }
    known.into_values().collect()
}

/// How many changes there are of each verdict, those that are one counted once.
pub(in crate::review) fn grouped(changes: &[Change]) -> Counts {
    let all = folded(changes);
    let count = |verdict: Verdict| {
        all.iter().filter(|one| one.first.verdict == verdict && one.first.accepted.is_none()).count()
    };
    let accepted = all.iter().filter(|one| one.first.accepted.is_some()).count();
    Counts {
        breaking: count(Verdict::Breaking),
        unclear: count(Verdict::Unclear),
        allowed: count(Verdict::Allowed),
        accepted,
    }
}

/// Those with the most operations first.
pub(super) fn largest_first<'f, 'c>(mut ones: Vec<&'f Folded<'c>>) -> Vec<&'f Folded<'c>> {
    ones.sort_by_key(|one| std::cmp::Reverse(one.also.len()));
    ones
}

/// The first of some names, and how many more there are.
pub(super) fn some(names: &[&str], most: usize, separator: &str) -> String {
    let shown = names.iter().take(most).copied().collect::<Vec<_>>().join(separator);
    match names.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

impl Folded<'_> {
    /// Method and path of every operation, each once.
    pub(super) fn calls(&self) -> Vec<&str> {
        let mut calls: Vec<&str> = Vec::new();
        for change in std::iter::once(self.first).chain(self.also.iter().copied()) {
            let call = change.call.as_deref().filter(|call| !call.is_empty()).or(change.operation.as_deref());
            calls.extend(call.filter(|call| !calls.contains(call)));
        }
        calls
    }

    /// The other operations, each once.
    pub(super) fn others(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for change in &self.also {
            if let Some(name) = change.operation.as_deref()
                && self.first.operation.as_deref() != Some(name)
                && !names.contains(&name)
            {
                names.push(name);
            }
        }
        names
    }

    /// Every fingerprint.
    pub(super) fn prints(&self) -> Vec<&str> {
        let all = std::iter::once(self.first).chain(self.also.iter().copied());
        all.map(|change| change.fingerprint.as_str()).collect()
    }
}
