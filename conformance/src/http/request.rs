//! A request before it is sent.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::credential::Credential;
use super::path_id::unfit;
use crate::contract::{Operation, PathSlot};

/// What a request carries.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Payload {
    /// Nothing.
    #[default]
    None,
    /// JSON.
    Json(Value),
    /// Text said to be JSON.
    Raw(String),
}

/// A request before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) op: Option<Operation>,
    pub(crate) method: String,
    raw_path: String,
    slots: IndexMap<String, String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) payload: Payload,
    pub(crate) credential: Credential,
    /// Which of the keys under test, where it must be one of them.
    pub(crate) key: Option<usize>,
}

impl Request {
    /// A request of an operation; its path parameters are still open.
    pub(crate) fn of(op: &Operation) -> Self {
        let credential = if op.open { Credential::None } else { Credential::Own };
        Self {
            op: Some(op.clone()),
            method: op.method.as_str().to_owned(),
            raw_path: String::new(),
            slots: IndexMap::new(),
            query: Vec::new(),
            headers: Vec::new(),
            payload: Payload::None,
            credential,
            key: None,
        }
    }

    /// A request of a path that is no operation.
    pub(crate) fn at(method: &str, path: impl Into<String>) -> Self {
        Self {
            op: None,
            method: method.to_owned(),
            raw_path: path.into(),
            slots: IndexMap::new(),
            query: Vec::new(),
            headers: Vec::new(),
            payload: Payload::None,
            credential: Credential::Own,
            key: None,
        }
    }

    /// Names the row the operation acts on.
    #[must_use]
    pub(crate) fn own(self, id: &str) -> Self {
        self.fill(PathSlot::Own, id)
    }

    /// What names the row the operation acts on.
    pub(crate) fn own_id(&self) -> Option<&String> {
        let mut slots = self.op.as_ref()?.slots();
        slots.find(|(_, slot)| *slot == PathSlot::Own).and_then(|(name, _)| self.slots.get(name))
    }

    /// Names the row that owns those the operation acts on.
    #[must_use]
    pub(crate) fn parent(self, id: &str) -> Self {
        self.fill(PathSlot::Parent, id)
    }

    /// Fills one path parameter.
    #[must_use]
    pub(crate) fn slot(mut self, name: &str, value: impl Into<String>) -> Self {
        self.slots.insert(name.to_owned(), value.into());
        self
    }

    fn fill(mut self, wanted: PathSlot, value: &str) -> Self {
        let names: Vec<String> = self
            .op
            .iter()
            .flat_map(|op| {
                op.slots()
                    .filter(|(_, slot)| *slot == wanted)
                    .map(|(name, _)| name.to_owned())
                    .collect::<Vec<_>>()
            })
            .collect();
        for name in names {
            self.slots.insert(name, value.to_owned());
        }
        self
    }

    /// Sends JSON.
    #[must_use]
    pub(crate) fn json(mut self, body: impl Into<Value>) -> Self {
        self.payload = Payload::Json(body.into());
        self
    }

    /// Sends a text as if it were JSON.
    #[must_use]
    pub(crate) fn raw(mut self, text: &str) -> Self {
        self.payload = Payload::Raw(text.to_owned());
        self
    }

    /// Adds a query parameter.
    #[must_use]
    pub(crate) fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a header.
    #[must_use]
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Calls as somebody else.
    #[must_use]
    pub(crate) fn by(mut self, credential: Credential) -> Self {
        self.credential = credential;
        self
    }

    /// Calls with a certain one of the keys under test.
    #[must_use]
    pub(crate) fn key(mut self, key: usize) -> Self {
        self.key = Some(key);
        self
    }

    /// The body, where it is an object.
    pub(crate) fn body(&self) -> Option<&Map<String, Value>> {
        match &self.payload {
            Payload::Json(Value::Object(map)) => Some(map),
            Payload::None | Payload::Raw(_) | Payload::Json(_) => None,
        }
    }

    /// Why it may not be sent, if it may not: an id in its path would make another path of it.
    pub(crate) fn unfit(&self) -> Option<String> {
        let writes = !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS");
        let why = self.slots.values().find_map(|id| Some((id, unfit(id, writes)?)));
        why.map(|(id, why)| format!("the id {id:?} cannot stand in a path: {why}"))
    }

    /// The path below the base path, with the query string.
    pub(crate) fn target(&self) -> String {
        let mut path = match &self.op {
            Some(op) => op.path.expand(|name| self.slots.get(name).cloned()),
            None => self.raw_path.clone(),
        };
        for (index, (name, value)) in self.query.iter().enumerate() {
            path.push(if index == 0 { '?' } else { '&' });
            path.extend(form_urlencoded::byte_serialize(name.as_bytes()));
            path.push('=');
            path.extend(form_urlencoded::byte_serialize(value.as_bytes()));
        }
        path
    }

    /// The bytes of the body.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        match &self.payload {
            Payload::None => None,
            Payload::Json(value) => Some(value.to_string().into_bytes()),
            Payload::Raw(text) => Some(text.clone().into_bytes()),
        }
    }
}
