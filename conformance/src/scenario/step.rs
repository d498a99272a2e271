//! One request of a case as it is remembered.

use std::rc::Rc;

use schemas::Action;
use serde_json::Value;

use crate::contract::Expected;
use crate::http::{Placed, Request, Response, created_id};
use crate::session::Session;

/// The status of a request that got no response, in stories and reports.
pub(crate) const NO_RESPONSE: u16 = 0;

/// One request of a case as it is remembered.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) request: Request,
    pub(crate) status: u16,
    /// The body of the response as a report shows it, as JSON text: a run keeps many of them.
    response: Rc<str>,
    /// What should have come, where something is expected.
    pub(crate) expected: Option<Expected>,
    /// What lets its caller in, with variables for secrets.
    pub(crate) key: Rc<[Placed]>,
    /// The property and the value by which the row that it created is named.
    pub(crate) created: Option<(String, String)>,
}

impl Step {
    pub(crate) fn new(session: &Session, request: Request, response: &Response) -> Self {
        let api = &session.api;
        let creates = request.op.as_ref().filter(|op| op.action() == Action::Create);
        let resource = creates.and_then(|op| api.resource_of(op)).filter(|_| response.is_success());
        let created = resource
            .and_then(|resource| Some((resource.identity.id.clone(), created_id(resource, response)?)));
        let shown = response.shown(&session.redactor);
        let key = key(session, &request);
        Self { request, status: response.status, response: text(&shown), expected: None, key, created }
    }

    /// The body of the response as a report shows it; a long one is shortened.
    pub(crate) fn response(&self) -> Value {
        serde_json::from_str(&self.response).unwrap_or_default()
    }

    /// A request that got no response, for a reason.
    pub(crate) fn unanswered(session: &Session, request: Request, why: &str) -> Self {
        let response = Value::String(format!("no response: {why}"));
        let key = key(session, &request);
        Self { request, status: NO_RESPONSE, response: text(&response), expected: None, key, created: None }
    }

    /// Whether two steps are one request with one response.
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        self.request.target() == other.request.target() && self.response == other.response
    }

    /// Whether it mentions a text in its path or body.
    pub(crate) fn mentions(&self, text: &str) -> bool {
        self.request.target().contains(text)
            || self.request.bytes().is_some_and(|bytes| String::from_utf8_lossy(&bytes).contains(text))
    }
}

fn text(value: &Value) -> Rc<str> {
    value.to_string().into()
}

fn key(session: &Session, request: &Request) -> Rc<[Placed]> {
    session.keys.shown(request.op.as_ref(), request.credential).into()
}
