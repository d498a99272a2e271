//! Changes that are one: the same statement, seen by several operations.

use indexmap::IndexMap;

use crate::review::change::Change;

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

impl Folded<'_> {
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
    pub(super) fn prints(&self) -> String {
        let all = std::iter::once(self.first).chain(self.also.iter().copied());
        all.map(|change| change.fingerprint.as_str()).collect::<Vec<_>>().join(" ")
    }
}
