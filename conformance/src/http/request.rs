//! A request before it is sent.

use indexmap::IndexMap;
use schemas::{MediaKind, Parameter, ParameterLocation, Unwritable, Written, cookie_text, query_text};
use serde_json::{Map, Value};

use super::credential::Credential;
use super::path_id::unfit;
use crate::contract::{Operation, PathSlot};

const JSON: &str = "application/json";
const COOKIE: &str = "Cookie";

/// What a request carries.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Payload {
    /// Nothing.
    #[default]
    None,
    /// A value, written in the media type that the operation takes; JSON where it says nothing.
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
    /// Names of the query and of headers that parameters were filled with, each with the parameter: what is set by name takes
    /// their place.
    filled: Vec<(ParameterLocation, String, String)>,
    pub(crate) payload: Payload,
    pub(crate) credential: Credential,
    /// Which of the keys under test, where it must be one of them.
    pub(crate) key: Option<usize>,
}

impl Request {
    /// A request of an operation; its path parameters are still open.
    pub(crate) fn of(op: &Operation) -> Self {
        let credential = if op.takes_key() { Credential::Own } else { Credential::None };
        Self {
            op: Some(op.clone()),
            method: op.method.as_str().to_owned(),
            raw_path: String::new(),
            slots: IndexMap::new(),
            query: Vec::new(),
            headers: Vec::new(),
            filled: Vec::new(),
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
            filled: Vec::new(),
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

    /// Names the rows that own those the operation acts on, the nearest first.
    #[must_use]
    pub(crate) fn owned_by(mut self, owners: &[String]) -> Self {
        let names: Vec<String> =
            self.op.iter().flat_map(Operation::owner_parameters).map(str::to_owned).collect();
        self.slots.extend(names.into_iter().zip(owners.iter().cloned()));
        self
    }

    /// What names the rows that own those the operation acts on, the nearest first.
    pub(crate) fn owner_ids(&self) -> Vec<String> {
        let names = self.op.iter().flat_map(Operation::owner_parameters);
        names.map_while(|name| self.slots.get(name).cloned()).collect()
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

    /// Gives a parameter a value, written in its style.
    pub(crate) fn parameter(mut self, parameter: &Parameter, value: &Value) -> Result<Self, Unwritable> {
        let pairs = parameter.write(value)?;
        self.unfill(parameter.location, &parameter.name);
        for (name, _) in &pairs {
            self.filled.push((parameter.location, parameter.name.clone(), name.clone()));
        }
        match parameter.location {
            ParameterLocation::Path => self.slots.extend(pairs),
            ParameterLocation::Query => self.query.extend(pairs),
            ParameterLocation::Header => self.headers.extend(pairs),
            ParameterLocation::Cookie => {
                let own = cookie_text(&pairs);
                match self.headers.iter_mut().find(|(name, _)| name == COOKIE) {
                    Some((_, line)) => *line = format!("{line}; {own}"),
                    None => self.headers.push((COOKIE.to_owned(), own)),
                }
            }
        }
        Ok(self)
    }

    /// The same without a parameter that was given a value.
    #[must_use]
    pub(crate) fn without(mut self, parameter: &Parameter) -> Self {
        self.unfill(parameter.location, &parameter.name);
        self
    }

    /// Takes out what a parameter was filled with.
    fn unfill(&mut self, location: ParameterLocation, parameter: &str) {
        let (gone, kept) = std::mem::take(&mut self.filled)
            .into_iter()
            .partition(|(place, owner, _)| *place == location && owner.eq_ignore_ascii_case(parameter));
        self.filled = kept;
        let gone: Vec<(ParameterLocation, String, String)> = gone;
        let is_gone = |name: &str| gone.iter().any(|(_, _, filled)| filled == name);
        match location {
            ParameterLocation::Query => self.query.retain(|(name, _)| !is_gone(name)),
            ParameterLocation::Header => self.headers.retain(|(name, _)| !is_gone(name)),
            ParameterLocation::Cookie if !gone.is_empty() => {
                let lines = std::mem::take(&mut self.headers).into_iter().filter_map(|(header, line)| {
                    if header != COOKIE {
                        return Some((header, line));
                    }
                    let own = |pair: &&str| !pair.split_once('=').is_some_and(|(name, _)| is_gone(name));
                    let kept: Vec<&str> = line.split("; ").filter(own).collect();
                    (!kept.is_empty()).then(|| (header, kept.join("; ")))
                });
                self.headers = lines.collect();
            }
            ParameterLocation::Cookie | ParameterLocation::Path => {}
        }
    }

    /// Adds a query parameter.
    #[must_use]
    pub(crate) fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.unfill(ParameterLocation::Query, name);
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a header.
    #[must_use]
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.unfill(ParameterLocation::Header, name);
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

    /// Why its body has no written form, if it has none.
    pub(crate) fn unwritable(&self) -> Option<Unwritable> {
        self.written()?.err()
    }

    /// The path below the base path, with the query string.
    pub(crate) fn target(&self) -> String {
        let mut path = match &self.op {
            Some(op) => op.path.expand(|name| self.slots.get(name).cloned()),
            None => self.raw_path.clone(),
        };
        for (index, pair) in self.query.iter().enumerate() {
            path.push(if index == 0 { '?' } else { '&' });
            let stated = self.op.as_ref().and_then(|op| op.parameter(ParameterLocation::Query, &pair.0));
            let reserved = stated.is_some_and(|parameter| parameter.allow_reserved);
            path.push_str(&query_text(std::slice::from_ref(pair), reserved));
        }
        path
    }

    /// The body as it is sent.
    fn written(&self) -> Option<Result<Written, Unwritable>> {
        let body = self.op.as_ref().and_then(|op| op.body.as_ref());
        let as_json = |bytes: Vec<u8>| Ok(Written { content_type: JSON.to_owned(), bytes });
        match (&self.payload, body) {
            (Payload::None, _) => None,
            (Payload::Json(value), Some(body)) => Some(body.usual().write(value)),
            (Payload::Json(value), None) => Some(as_json(value.to_string().into_bytes())),
            (Payload::Raw(text), body) => {
                let stated = body.filter(|body| body.usual().kind() == MediaKind::Json);
                let written = stated.and_then(|body| body.usual().write(&Value::Null).ok());
                let content_type = written.map_or_else(|| JSON.to_owned(), |written| written.content_type);
                Some(Ok(Written { content_type, bytes: text.clone().into_bytes() }))
            }
        }
    }

    /// The body as it is sent, with its media type; nothing where it has no written form.
    pub(crate) fn content(&self) -> Option<Written> {
        self.written()?.ok()
    }

    /// The bytes of the body.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        self.content().map(|written| written.bytes)
    }

    /// The media types that are wanted of the answer: JSON, unless the operation answers in others alone.
    pub(crate) fn accept(&self) -> String {
        let success = self.op.as_ref().and_then(|op| op.success());
        match success {
            Some(success) if success.media_type.is_none() && !success.other.is_empty() => {
                let stated = success.other.iter().map(|media| media.media_type.as_str());
                stated.chain(["*/*;q=0.5"]).collect::<Vec<_>>().join(", ")
            }
            _ => JSON.to_owned(),
        }
    }
}
