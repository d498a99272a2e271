//! What was recorded before beside what is observed now.

use std::collections::BTreeMap;

use super::format::Record;
use super::recorder::Recording;
use super::snapshot_store::RecordId;

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Same,
    /// It was not there before.
    New(Record),
    /// It differs.
    Changed {
        /// As it was accepted.
        before: Box<Record>,
        /// As it is observed.
        now: Box<Record>,
    },
    /// Its class of input is none any more.
    Vanished(Record),
}

/// Sets what is observed beside what was accepted. What could not be observed this time has not vanished, and neither has
/// what was not asked for.
pub fn compare(
    before: &BTreeMap<RecordId, Record>,
    now: &Recording,
    whole: bool,
) -> BTreeMap<RecordId, Change> {
    let mut changes = BTreeMap::new();
    for (id, record) in &now.records {
        let change = match before.get(id) {
            None => Change::New(record.clone()),
            Some(before) if before == record => Change::Same,
            Some(before) => {
                Change::Changed { before: Box::new(before.clone()), now: Box::new(record.clone()) }
            }
        };
        changes.insert(id.clone(), change);
    }
    for (id, record) in before {
        let observed = now.records.contains_key(id) || now.missing.contains_key(id);
        if !observed && (whole || now.folders.contains(&id.operation)) {
            changes.insert(id.clone(), Change::Vanished(record.clone()));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(status: u16) -> Record {
        Record::read(&format!("request: GET /a\nclass: plain\nstatus: {status}\n")).expect("a record")
    }

    fn id(operation: &str, name: &str) -> RecordId {
        RecordId { operation: operation.to_owned(), name: name.to_owned() }
    }

    #[test]
    fn new_changed_and_vanished_records_are_told_apart() {
        let before = BTreeMap::from_iter([
            (id("a", "same"), record(200)),
            (id("a", "changed"), record(200)),
            (id("a", "gone"), record(200)),
            (id("a", "missing"), record(200)),
            (id("b", "elsewhere"), record(200)),
        ]);
        let mut now = Recording { folders: vec!["a".to_owned()], ..Recording::default() };
        now.records = BTreeMap::from_iter([
            (id("a", "same"), record(200)),
            (id("a", "changed"), record(404)),
            (id("a", "new"), record(201)),
        ]);
        now.missing.insert(id("a", "missing"), "no key".to_owned());
        let words = |whole| -> Vec<String> {
            let changes = compare(&before, &now, whole);
            changes.iter().map(|(id, change)| format!("{id} {}", word(change))).collect()
        };
        let own = ["a/changed changed", "a/gone vanished", "a/new new", "a/same same"];
        assert_eq!(words(false), own);
        assert_eq!(words(true), own.into_iter().chain(["b/elsewhere vanished"]).collect::<Vec<_>>());
    }

    fn word(change: &Change) -> &'static str {
        match change {
            Change::Same => "same",
            Change::New(_) => "new",
            Change::Changed { .. } => "changed",
            Change::Vanished(_) => "vanished",
        }
    }
}
