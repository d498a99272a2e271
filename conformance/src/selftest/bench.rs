//! What faults work with: the request, the answer, the contract, and a memory of what went by.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use schemas::{Action, Contract, Operation, Rejection, Resource, pointer};
use serde_json::{Map, Value, json};

/// A request on its way to the server.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) method: Method,
    /// Relative to the base path, as on the wire.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Position of the operation in the contract.
    pub(crate) operation: Option<usize>,
    /// The values of the path parameters, in order.
    pub(crate) names: Vec<String>,
    /// The body as the client sent it.
    pub(crate) original: Bytes,
}

/// An answer on its way back.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What went by.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// The last seen state of each row, by id.
    pub(crate) rows: HashMap<String, Value>,
    /// Rows that were deleted, by either id.
    pub(crate) deleted: HashSet<String>,
    /// Unique values whose create is under way.
    pub(crate) under_way: HashSet<String>,
    /// Answers by idempotency key.
    pub(crate) kept: HashMap<String, (u16, Bytes)>,
    /// Texts as they were sent, by how they are stored.
    pub(crate) spelt: HashMap<String, String>,
    pub(crate) count: u64,
}

/// What faults work with.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) contract: Contract,
    /// Credentials that the server knows: the run's own first.
    pub(crate) own_key: String,
    pub(crate) other_key: String,
    pub(crate) revoked_key: String,
    memory: Mutex<Memory>,
}

impl Bench {
    pub(crate) fn new(contract: Contract, own_key: &str, other_key: &str, revoked_key: &str) -> Self {
        Self {
            contract,
            own_key: own_key.to_owned(),
            other_key: other_key.to_owned(),
            revoked_key: revoked_key.to_owned(),
            memory: Mutex::default(),
        }
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn operation(&self, sent: &Sent) -> Option<&Operation> {
        self.contract.operations().get(sent.operation?)
    }

    pub(crate) fn action(&self, sent: &Sent) -> Action {
        self.operation(sent).and_then(|operation| operation.acts()).map_or(Action::Other, |(_, action)| action)
    }

    /// The resource that a request acts on.
    pub(crate) fn resource(&self, sent: &Sent) -> Option<&Resource> {
        let (name, _) = self.operation(sent)?.acts()?;
        self.contract.resource(name)
    }

    /// The fields of the resource that are unique.
    pub(crate) fn unique_fields(&self, sent: &Sent) -> Vec<String> {
        let fields = self.resource(sent).map(|resource| resource.fields.values()).into_iter().flatten();
        fields.filter(|field| field.rules.unique.is_some()).map(|field| field.name.clone()).collect()
    }

    /// A refusal as the contract states it.
    pub(crate) fn refuse(&self, rejection: &Rejection, field: Option<&str>) -> Answered {
        let code = rejection.code.clone().unwrap_or_else(|| "refused".to_owned());
        self.envelope(rejection.status, &code, field.filter(|_| rejection.field))
    }

    /// A refusal of a kind.
    pub(crate) fn refuse_kind(&self, kind: &str, status: u16, field: Option<&str>) -> Answered {
        let errors = self.contract.rules().errors.as_ref();
        match errors.and_then(|errors| errors.rejection(kind)) {
            Some(rejection) => self.refuse(rejection, field),
            None => self.envelope(status, "refused", field),
        }
    }

    /// The envelope of a status.
    pub(crate) fn envelope(&self, status: u16, code: &str, field: Option<&str>) -> Answered {
        let mut body = json!({});
        if let Some(errors) = &self.contract.rules().errors {
            let word = errors.type_of(status).map_or("error", |kind| kind.name.as_str());
            pointer::set(&mut body, &errors.pointers.kind, json!(word));
            pointer::set(&mut body, &errors.pointers.code, json!(code));
            pointer::set(&mut body, &errors.pointers.message, json!("refused"));
            if let Some(field) = field {
                pointer::set(&mut body, &errors.pointers.field, json!(field));
            }
        }
        Answered::json(status, &body)
    }

    /// Changes a part of error envelopes with a status.
    pub(crate) fn edit_error(&self, answer: &mut Answered, edit: impl FnOnce(&schemas::ErrorPointers, &mut Value)) {
        let (Some(errors), Some(mut body)) = (&self.contract.rules().errors, answer.value()) else { return };
        if answer.status >= 400 {
            edit(&errors.pointers, &mut body);
            answer.set(&body);
        }
    }

    /// Changes every row in a success: the row itself, or those of a page.
    pub(crate) fn edit_rows(&self, sent: &Sent, answer: &mut Answered, mut edit: impl FnMut(&Resource, &mut Map<String, Value>)) {
        let Some(resource) = self.resource(sent) else { return };
        let Some(mut body) = answer.value().filter(|_| answer.status < 300) else { return };
        let at = match self.action(sent) {
            Action::List => self.contract.rules().pagination.as_ref().map(|rule| rule.envelope.rows.clone()),
            Action::Create | Action::Read | Action::Update => Some(String::new()),
            Action::Delete | Action::Identity | Action::Other => None,
        };
        match at.and_then(|at| body.pointer_mut(&at)) {
            Some(Value::Array(rows)) => rows.iter_mut().filter_map(Value::as_object_mut).for_each(|row| edit(resource, row)),
            Some(Value::Object(row)) => edit(resource, row),
            _ => return,
        }
        answer.set(&body);
    }

    /// Changes a page.
    pub(crate) fn edit_page(&self, sent: &Sent, answer: &mut Answered, edit: impl FnOnce(&schemas::Envelope, &mut Value)) {
        let Some(rule) = self.contract.rules().pagination.as_ref().filter(|_| self.action(sent) == Action::List) else { return };
        let Some(mut body) = answer.value().filter(|_| answer.status < 300) else { return };
        edit(&rule.envelope, &mut body);
        answer.set(&body);
    }

    /// Changes the JSON body of a request.
    pub(crate) fn edit_body(&self, sent: &mut Sent, edit: impl FnOnce(&mut Map<String, Value>)) {
        let Ok(Value::Object(mut body)) = serde_json::from_slice::<Value>(&sent.body) else { return };
        edit(&mut body);
        sent.body = Value::Object(body).to_string().into();
    }

    /// Notes the rows of an answer and the deletes.
    pub(crate) fn remember(&self, sent: &Sent, answer: &Answered) {
        let mut answer = answer.clone();
        if self.action(sent) == Action::Delete && answer.status < 300 {
            let gone = self.resource(sent).zip(answer.value());
            if let Some((resource, body)) = gone {
                let names = [Some(&resource.identity.id), resource.identity.display.as_ref()];
                let mut memory = self.memory();
                for name in names.into_iter().flatten().filter_map(|field| body.get(field)) {
                    memory.deleted.insert(format!("{} {}", resource.name, text(name)));
                }
            }
        }
        self.edit_rows(sent, &mut answer, |resource, row| {
            if let Some(id) = row.get(&resource.identity.id) {
                self.memory().rows.insert(text(id), Value::Object(row.clone()));
            }
        });
    }

    /// Whether the row that a request names was deleted.
    pub(crate) fn is_deleted(&self, sent: &Sent) -> bool {
        let (Some(resource), Some(name)) = (self.resource(sent), sent.names.last()) else { return false };
        self.memory().deleted.contains(&format!("{} {name}", resource.name))
    }

    /// The last seen state of the row that a request names.
    pub(crate) fn row(&self, sent: &Sent) -> Option<Map<String, Value>> {
        let (resource, name) = (self.resource(sent)?, sent.names.last()?);
        let memory = self.memory();
        let found = memory.rows.get(name).or_else(|| {
            let display = resource.identity.display.as_ref()?;
            memory.rows.values().find(|row| row.get(display).map(text).as_deref() == Some(name))
        });
        found?.as_object().cloned()
    }
}

impl Sent {
    pub(crate) fn value(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The key after the scheme word, or the whole header.
    pub(crate) fn key(&self) -> Option<&str> {
        let value = self.headers.get(AUTHORIZATION)?.to_str().ok()?;
        Some(value.rsplit(' ').next().unwrap_or(value))
    }

    pub(crate) fn set_key(&mut self, key: &str) {
        if let Ok(value) = HeaderValue::from_str(&format!("Bearer {key}")) {
            self.headers.insert(AUTHORIZATION, value);
        }
    }
}

impl Answered {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Self { status, headers, body: body.to_string().into() }
    }

    pub(crate) fn value(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    pub(crate) fn set(&mut self, body: &Value) {
        self.body = body.to_string().into();
    }

    pub(crate) fn set_header(&mut self, name: &str, value: &str) {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            self.headers.insert(name, value);
        }
    }

    /// Becomes a page for people.
    pub(crate) fn become_html(&mut self) {
        self.set_header("content-type", "text/html; charset=utf-8");
        self.body = Bytes::from_static(b"<!doctype html><title>Error</title><h1>Something went wrong</h1>");
    }
}

/// A scalar as a path or query would write it.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
