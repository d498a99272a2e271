//! The rows of one resource in one workspace, with an index for every question asked of them.
//!
//! All maps share structure between copies, so copying a table costs nothing until one side is written.

use std::borrow::Cow;
use std::sync::Arc;

use imbl::{OrdMap, Vector};
use schemas::{Resource, Scope};
use serde_json::Value;

use super::index::{Index, hash, newest_in_all};
use super::row::{Fields, NO_OWNER, Row, RowState};

/// A page of rows, newest first.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) rows: Vec<Arc<Row>>,
    pub(crate) more: bool,
}

/// Listed rows by the value of a field.
#[derive(Debug, Clone)]
struct ValueIndex {
    field: Arc<str>,
    rows: Index,
}

/// Rows by a value that no other row of its scope may have.
#[derive(Debug, Clone)]
struct UniqueIndex {
    field: Arc<str>,
    /// The field with the owner's id, where the scope is the owner.
    within: Option<Arc<str>>,
    /// A deleted row's value is free again.
    freed: bool,
    rows: Index,
}

/// A table. Cloning shares everything.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    rows: OrdMap<i64, Arc<Row>>,
    listed: OrdMap<i64, Arc<Row>>,
    by_id: Index,
    /// Rows have numbers that name them as well.
    has_display: bool,
    by_display: OrdMap<u64, i64>,
    /// Listed rows by the row that owns them, where they do not show it.
    owned: Index,
    values: Vec<ValueIndex>,
    uniques: Vec<UniqueIndex>,
    next_display: u64,
    /// The number after the greatest that is an id.
    next_number: u64,
    /// Deleted rows, in the order in which they were deleted.
    deleted: Vector<i64>,
    /// Rows made by requests; the source of ids.
    pub(crate) made: u64,
}

impl Table {
    /// An empty table. `indexed` are the fields that lists select by.
    pub(crate) fn new(resource: &Resource, indexed: &[String]) -> Self {
        let owner = resource.parent.as_ref().and_then(|parent| Some(Arc::from(parent.field.as_deref()?)));
        let uniques = resource.fields.values().filter_map(|field| {
            let unique = field.rules.unique.as_ref()?;
            let within = match unique.scope {
                Scope::Parent => owner.clone(),
                Scope::Workspace => None,
            };
            let freed = unique.after_delete.is_none_or(|after| after.free);
            Some(UniqueIndex { field: field.name.as_str().into(), within, freed, rows: Index::default() })
        });
        let values =
            indexed.iter().map(|field| ValueIndex { field: field.as_str().into(), rows: Index::default() });
        Self {
            rows: OrdMap::new(),
            listed: OrdMap::new(),
            by_id: Index::default(),
            has_display: resource.identity.display.is_some(),
            by_display: OrdMap::new(),
            owned: Index::default(),
            values: values.collect(),
            uniques: uniques.collect(),
            next_display: 1,
            next_number: 1,
            deleted: Vector::new(),
            made: 0,
        }
    }

    /// Every row, deleted ones included, oldest first.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values().map(|row| &**row)
    }

    /// Rows, deleted ones included.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether a row has this key.
    pub(crate) fn has_key(&self, key: i64) -> bool {
        self.rows.contains_key(&key)
    }

    /// Rows that are deleted.
    pub(crate) fn deleted(&self) -> usize {
        self.deleted.len()
    }

    /// The number the next row gets.
    pub(crate) fn next_display(&self) -> u64 {
        self.next_display
    }

    /// The number the next row gets for its id, where ids are numbers.
    pub(crate) fn next_number(&self) -> u64 {
        self.next_number
    }

    /// A row by its id, or by its number where the text is all digits and rows have one; deleted ones included.
    pub(crate) fn find(&self, name: &str) -> Option<&Arc<Row>> {
        self.find_if(name, |_| true)
    }

    /// The same among some rows: natural keys may be those of several rows, of different owners, or of one that was deleted.
    pub(crate) fn find_if(&self, name: &str, counts: impl Fn(&Row) -> bool) -> Option<&Arc<Row>> {
        let digits = self.has_display && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        if digits {
            let row = self.rows.get(self.by_display.get(&name.parse::<u64>().ok()?)?);
            return row.filter(|row| counts(row));
        }
        let mut deleted = None;
        for key in self.by_id.keys(hash(&[name])).rev() {
            let Some(row) = self.rows.get(&key).filter(|row| *row.id == *name && counts(row)) else {
                continue;
            };
            if row.state != RowState::Deleted {
                return Some(row);
            }
            deleted = deleted.or(Some(row));
        }
        deleted
    }

    /// The listed rows that have every value of `filters`, of one owner where one is given, newest first.
    pub(crate) fn matching(&self, filters: &[(&str, &str)], owner: Option<i64>) -> Vec<Arc<Row>> {
        if filters.is_empty() && owner.is_none() {
            return self.listed.values().rev().cloned().collect();
        }
        let mut indexes = Vec::with_capacity(filters.len() + 1);
        for (field, value) in filters {
            let Some(index) = self.values.iter().find(|index| *index.field == **field) else {
                return Vec::new();
            };
            indexes.push((&index.rows, hash(&[value])));
        }
        indexes.extend(owner.map(|owner| (&self.owned, owner.cast_unsigned())));
        let mut found = Vec::new();
        let mut max = i64::MAX;
        while let Some(key) = newest_in_all(&indexes, max) {
            found.extend(self.listed.get(&key).cloned());
            let Some(next) = key.checked_sub(1) else { break };
            max = next;
        }
        found
    }

    /// Who holds a unique value; `value` is the row it would stand in.
    pub(crate) fn holder(&self, field: &str, value: &impl Fields) -> Option<i64> {
        let index = self.uniques.iter().find(|index| *index.field == *field)?;
        let (hash, entry) = (index.hash(value)?, index.entry(value)?);
        index.rows.keys(hash).find(|key| {
            // The hash brought us here; the row itself decides.
            self.rows.get(key).is_some_and(|row| index.entry(&row.value()) == Some(entry.clone()))
        })
    }

    /// A page of listed rows strictly older than `before`, among those that have every value of `filters`.
    pub(crate) fn page(&self, filters: &[(&str, &str)], before: Option<i64>, limit: usize) -> Page {
        let mut page = Page { rows: Vec::with_capacity(limit.min(100)), more: false };
        let mut max = before.map_or(i64::MAX, |before| before.saturating_sub(1));
        if filters.is_empty() {
            for (_, row) in self.listed.range(..=max).rev() {
                if page.rows.len() == limit {
                    page.more = true;
                    break;
                }
                page.rows.push(Arc::clone(row));
            }
            return page;
        }
        let mut indexes = Vec::with_capacity(filters.len());
        for (field, value) in filters {
            let Some(index) = self.values.iter().find(|index| *index.field == **field) else { return page };
            indexes.push((&index.rows, hash(&[value])));
        }
        while let Some(key) = newest_in_all(&indexes, max) {
            if page.rows.len() == limit {
                page.more = true;
                break;
            }
            page.rows.extend(self.listed.get(&key).cloned());
            let Some(next) = key.checked_sub(1) else { break };
            max = next;
        }
        page
    }

    /// The listed rows with a value, oldest first.
    pub(crate) fn having(&self, field: &str, value: &str) -> Vec<Arc<Row>> {
        let index = self.values.iter().find(|index| *index.field == *field);
        let keys = index.into_iter().flat_map(|index| index.rows.keys(hash(&[value])));
        keys.filter_map(|key| self.rows.get(&key)).cloned().collect()
    }

    /// Puts a row in, in place of the one with its key. `value` is what its bytes say.
    pub(crate) fn put(&mut self, row: Row, value: &impl Fields) -> Arc<Row> {
        let row = Arc::new(row);
        let key = row.key;
        if let Some(old) = self.rows.get(&key).cloned() {
            if old.state == RowState::Deleted {
                self.deleted.retain(|deleted| *deleted != key);
            }
            let before = old.value();
            for index in &mut self.uniques {
                if let Some(hash) = index.hash(&before) {
                    index.rows.remove(hash, key);
                }
            }
            if *old.id != *row.id {
                self.by_id.remove(hash(&[&old.id]), key);
                self.by_id.insert(hash(&[&row.id]), key);
            }
            if self.listed.remove(&key).is_some() {
                if old.owner != NO_OWNER {
                    self.owned.remove(old.owner.cast_unsigned(), key);
                }
                for index in &mut self.values {
                    if let Some(hash) = index.hash(&before) {
                        index.rows.remove(hash, key);
                    }
                }
            }
        } else {
            self.by_id.insert(hash(&[&row.id]), key);
            if self.has_display {
                self.by_display.insert(row.display, key);
            }
            self.next_display = self.next_display.max(row.display.saturating_add(1));
        }
        if let Ok(number) = row.id.parse::<u64>() {
            self.next_number = self.next_number.max(number.saturating_add(1));
        }
        for index in &mut self.uniques {
            if row.state == RowState::Deleted && index.freed {
                continue;
            }
            if let Some(hash) = index.hash(value) {
                index.rows.insert(hash, key);
            }
        }
        if row.state == RowState::Deleted {
            self.deleted.push_back(key);
        }
        if row.state == RowState::Listed {
            for index in &mut self.values {
                if let Some(hash) = index.hash(value) {
                    index.rows.insert(hash, key);
                }
            }
            if row.owner != NO_OWNER {
                self.owned.insert(row.owner.cast_unsigned(), key);
            }
            self.listed.insert(key, Arc::clone(&row));
        }
        self.rows.insert(key, Arc::clone(&row));
        row
    }

    /// Forgets the row that was deleted longest ago; `false` where none is.
    pub(crate) fn forget_deleted(&mut self) -> bool {
        let Some(row) = self.deleted.pop_front().and_then(|key| self.rows.remove(&key)) else {
            return false;
        };
        self.by_id.remove(hash(&[&row.id]), row.key);
        self.by_display.remove(&row.display);
        for index in &mut self.uniques {
            if let Some(hash) = index.hash(&row.value()) {
                index.rows.remove(hash, row.key);
            }
        }
        true
    }

    /// Takes a row out of lists and, when it is deleted, out of reads.
    pub(crate) fn retire(&mut self, row: &Row, state: RowState) {
        self.put(row.copy(state), &row.value());
    }
}

impl ValueIndex {
    fn hash(&self, value: &impl Fields) -> Option<u64> {
        Some(hash(&[&filter_text(value.field(&self.field)?)?]))
    }
}

impl UniqueIndex {
    /// The owner, where the scope is the owner, and the value. A null takes no entry.
    fn entry(&self, value: &impl Fields) -> Option<(String, String)> {
        let text = filter_text(value.field(&self.field)?)?;
        let owner = self.within.as_ref().and_then(|owner| filter_text(value.field(owner)?));
        Some((owner.unwrap_or_default().into_owned(), text.into_owned()))
    }

    fn hash(&self, value: &impl Fields) -> Option<u64> {
        let (owner, text) = self.entry(value)?;
        Some(hash(&[&owner, &text]))
    }
}

/// A scalar as a query parameter would write it; `None` for null and for what has parts.
pub(crate) fn filter_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
