//! Rows in answers: as they are kept where the answer is the row, else in whatever the description puts around them.

use std::sync::OnceLock;

use bytes::Bytes;
use schemas::{Resource, Sampler, Schema, pointer};
use serde_json::{Map, Value};

use crate::store::Row;

/// How an answer shows a row.
#[derive(Debug)]
pub(crate) enum Shown {
    /// The answer is the row as it is kept.
    Kept,
    /// The answer is made around the row, or shows only some of it.
    Made(Box<Made>),
}

/// An answer made around a row.
#[derive(Debug)]
pub(crate) struct Made {
    schema: Schema,
    /// Where the row stands in the answer.
    at: String,
    /// The answer without the row.
    around: OnceLock<Value>,
    /// The properties of a row that the answer knows; empty where it does not say.
    known: Vec<String>,
}

impl Shown {
    /// For an answer of this schema with the row at a pointer.
    pub(crate) fn new(schema: &Schema, at: &str, resource: &Resource) -> Self {
        let inner = schema.within(at);
        let same = inner.as_ref().is_some_and(|inner| inner.resolved().0 == resource.schema.resolved().0);
        if at.is_empty() && same {
            return Self::Kept;
        }
        let known = inner.iter().flat_map(Schema::properties).map(|property| property.name);
        Self::Made(Box::new(Made {
            schema: schema.clone(),
            at: at.to_owned(),
            around: OnceLock::new(),
            known: known.collect(),
        }))
    }

    /// The same as a value.
    pub(crate) fn value(&self, row: &Row) -> Value {
        match self {
            Self::Kept => Value::Object(row.value()),
            Self::Made(made) => made.value(row.value()),
        }
    }

    /// The answer for a kept row.
    pub(crate) fn of(&self, row: &Row) -> Bytes {
        match self {
            Self::Kept => row.bytes.clone(),
            Self::Made(made) => made.value(row.value()).to_string().into(),
        }
    }
}

impl Made {
    /// The answer for a row: valid where that is possible, and with as much of the row as may be shown.
    pub(crate) fn value(&self, row: Map<String, Value>) -> Value {
        let whole = self.put(row.clone());
        if self.schema.is_valid(&whole) {
            return whole;
        }
        let some = row.into_iter().filter(|(name, _)| self.known.contains(name)).collect();
        Sampler::new(&self.schema).repaired(self.put(some)).0
    }

    fn put(&self, row: Map<String, Value>) -> Value {
        if self.at.is_empty() {
            return Value::Object(row);
        }
        let around = self.around.get_or_init(|| Sampler::new(&self.schema).best().unwrap_or_default());
        let mut answer = around.clone();
        pointer::set(&mut answer, &self.at, Value::Object(row));
        answer
    }
}
