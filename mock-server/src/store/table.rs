//! The rows of one resource in one workspace, with an index for every question asked of them.
//!
//! All maps share structure between copies, so copying a table costs nothing until one side is written.

use std::ops::Bound;
use std::sync::Arc;

use imbl::{HashMap, OrdMap, OrdSet};
use schemas::{Resource, Scope};
use serde_json::{Map, Value};

use super::row::{Row, RowState};

/// A page of rows, newest first.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) rows: Vec<Arc<Row>>,
    pub(crate) more: bool,
}

/// An index over the values of one field, of listed rows only.
#[derive(Debug, Clone)]
struct ValueIndex {
    field: Arc<str>,
    keys: HashMap<Arc<str>, OrdSet<i64>>,
}

/// An index that holds who has a unique value.
#[derive(Debug, Clone)]
struct UniqueIndex {
    field: Arc<str>,
    /// The field with the owner's id, where the scope is the owner.
    within: Option<Arc<str>>,
    /// A deleted row's value is free again.
    freed: bool,
    holders: HashMap<Box<str>, i64>,
}

/// A table. Cloning shares everything.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    rows: OrdMap<i64, Arc<Row>>,
    listed: OrdMap<i64, Arc<Row>>,
    by_id: HashMap<Box<str>, i64>,
    by_display: OrdMap<u64, i64>,
    values: Vec<ValueIndex>,
    uniques: Vec<UniqueIndex>,
    next_display: u64,
    /// Rows made by requests; the source of ids.
    pub(crate) made: u64,
}

impl Table {
    /// An empty table. `indexed` are the fields that lists select by.
    pub(crate) fn new(resource: &Resource, indexed: &[String]) -> Self {
        let owner = resource
            .parent
            .as_ref()
            .map(|parent| Arc::from(parent.field.as_str()));
        let uniques = resource.fields.values().filter_map(|field| {
            let unique = field.rules.unique.as_ref()?;
            let within = match unique.scope {
                Scope::Parent => owner.clone(),
                Scope::Workspace => None,
            };
            let freed = unique.after_delete.is_none_or(|after| after.free);
            Some(UniqueIndex {
                field: field.name.as_str().into(),
                within,
                freed,
                holders: HashMap::new(),
            })
        });
        Self {
            rows: OrdMap::new(),
            listed: OrdMap::new(),
            by_id: HashMap::new(),
            by_display: OrdMap::new(),
            values: indexed
                .iter()
                .map(|field| ValueIndex {
                    field: field.as_str().into(),
                    keys: HashMap::new(),
                })
                .collect(),
            uniques: uniques.collect(),
            next_display: 1,
            made: 0,
        }
    }

    /// Rows, deleted ones included.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The number the next row gets.
    pub(crate) fn next_display(&self) -> u64 {
        self.next_display
    }

    /// A row by its opaque id, or by its number where the text is all digits; deleted ones included.
    pub(crate) fn find(&self, name: &str) -> Option<&Arc<Row>> {
        let digits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        let key = if digits {
            self.by_display.get(&name.parse::<u64>().ok()?)?
        } else {
            self.by_id.get(name)?
        };
        self.rows.get(key)
    }

    /// Who holds a unique value; `value` is the row it would stand in.
    pub(crate) fn holder(&self, field: &str, value: &Map<String, Value>) -> Option<i64> {
        let index = self.uniques.iter().find(|index| *index.field == *field)?;
        index.holders.get(index.entry(value)?.as_str()).copied()
    }

    /// A page of listed rows strictly older than `before`, among those that have every value of `filters`.
    pub(crate) fn page(&self, filters: &[(&str, &str)], before: Option<i64>, limit: usize) -> Page {
        let end = before.map_or(Bound::Unbounded, Bound::Excluded);
        let mut page = Page {
            rows: Vec::with_capacity(limit.min(100)),
            more: false,
        };
        if filters.is_empty() {
            for (_, row) in self.listed.range((Bound::Unbounded, end)).rev() {
                if page.rows.len() == limit {
                    page.more = true;
                    break;
                }
                page.rows.push(Arc::clone(row));
            }
            return page;
        }
        let mut sets = Vec::with_capacity(filters.len());
        for (field, value) in filters {
            let index = self.values.iter().find(|index| *index.field == **field);
            match index.and_then(|index| index.keys.get(*value)) {
                Some(set) => sets.push(set),
                None => return page,
            }
        }
        // The smallest set leads; the others are asked.
        sets.sort_by_key(|set| set.len());
        let Some((first, others)) = sets.split_first() else {
            return page;
        };
        for key in first.range((Bound::Unbounded, end)).rev() {
            if !others.iter().all(|set| set.contains(key)) {
                continue;
            }
            if page.rows.len() == limit {
                page.more = true;
                break;
            }
            if let Some(row) = self.listed.get(key) {
                page.rows.push(Arc::clone(row));
            }
        }
        page
    }

    /// The listed rows with a value.
    pub(crate) fn having(&self, field: &str, value: &str) -> Vec<Arc<Row>> {
        let index = self.values.iter().find(|index| *index.field == *field);
        let keys = index
            .and_then(|index| index.keys.get(value))
            .into_iter()
            .flatten();
        keys.filter_map(|key| self.rows.get(key)).cloned().collect()
    }

    /// Puts a row in, in place of the one with its key. `value` is what its bytes say.
    pub(crate) fn put(&mut self, row: Row, value: &Map<String, Value>) {
        let row = Arc::new(row);
        if let Some(old) = self.rows.get(&row.key).cloned() {
            let old_value = old.value();
            self.unindex(old.key, &old_value);
            for index in &mut self.uniques {
                if let Some(entry) = index.entry(&old_value) {
                    index.holders.remove(entry.as_str());
                }
            }
        } else {
            self.by_id.insert(row.id.clone(), row.key);
            self.by_display.insert(row.display, row.key);
            self.next_display = self.next_display.max(row.display + 1);
        }
        for index in &mut self.uniques {
            if row.state == RowState::Deleted && index.freed {
                continue;
            }
            if let Some(entry) = index.entry(value) {
                index.holders.insert(entry.into_boxed_str(), row.key);
            }
        }
        if row.state == RowState::Listed {
            for index in &mut self.values {
                let Some(text) = value.get(&*index.field).and_then(filter_text) else {
                    continue;
                };
                index.keys.entry(text.into()).or_default().insert(row.key);
            }
            self.listed.insert(row.key, Arc::clone(&row));
        }
        self.rows.insert(row.key, row);
    }

    /// Takes a row out of lists and, when it is deleted, out of reads.
    pub(crate) fn retire(&mut self, row: &Row, state: RowState) {
        let retired = Row {
            key: row.key,
            id: row.id.clone(),
            display: row.display,
            state,
            bytes: row.bytes.clone(),
            beneath: row.beneath.clone(),
        };
        self.put(retired, &row.value());
    }

    fn unindex(&mut self, key: i64, value: &Map<String, Value>) {
        self.listed.remove(&key);
        for index in &mut self.values {
            let Some(text) = value.get(&*index.field).and_then(filter_text) else {
                continue;
            };
            if let Some(set) = index.keys.get_mut(text.as_str()) {
                set.remove(&key);
                if set.is_empty() {
                    index.keys.remove(text.as_str());
                }
            }
        }
    }
}

impl UniqueIndex {
    /// The entry of a row: its value, under its owner where the scope is the owner. A null takes no entry.
    fn entry(&self, value: &Map<String, Value>) -> Option<String> {
        let text = value.get(&*self.field).and_then(filter_text)?;
        match &self.within {
            Some(owner) => {
                let owner = value.get(&**owner).and_then(Value::as_str).unwrap_or_default();
                Some(format!("{owner}\0{text}"))
            }
            None => Some(text),
        }
    }
}

/// A scalar as a query parameter would write it; `None` for null and for what has parts.
pub(crate) fn filter_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
