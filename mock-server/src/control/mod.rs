//! What the server can be told and asked under `/__mock`, outside the API: described by `control.yaml`, which also decides
//! what a call may say.

mod call;
mod chosen;
mod faults;
mod har;
mod operations;
mod page;
mod requests;
mod rows;
mod snapshots;
mod stream;
mod told;
mod workspaces;

use std::sync::Arc;

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use http::{Method, Response, StatusCode};
use schemas::Contract;
use serde_json::json;
use tokio::sync::watch;

pub(crate) use self::call::Description;
use self::call::{Call, PATH};
use self::told::{Refusal, ok};
use crate::access::{Access, Denied};
use crate::answer::Answer;
use crate::delivery::Body;
use crate::faults::Faults;
use crate::gate::{Authenticator, IdempotencyStore, RateLimiter};
use crate::journal::{RequestJournal, Secrets};
use crate::options::Options;
use crate::play::Examples;
use crate::refusal::Refusals;
use crate::request::{BodyError, Router};
use crate::store::{Snapshots, Workspaces};

/// How large a body may be at least: rows of a whole workspace come in one.
pub(crate) const MAX_BODY: usize = 32 << 20;

/// Keeps pages of other origins from taking an answer in as a script or a picture.
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const TOKEN: HeaderName = HeaderName::from_static("mock-control-token");

/// Whether a path is one of these.
pub(crate) fn is_for(path: &str) -> bool {
    path.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a call is answered with.
pub(crate) enum Reply {
    Answer(Answer),
    /// One that goes on.
    Stream(Response<Body>),
}

/// Answers what does not belong to the API. No other origin may read or change it.
pub(crate) struct Control<'a> {
    pub(crate) access: &'a Access,
    pub(crate) contract: &'a Contract,
    pub(crate) options: &'a Options,
    pub(crate) description: &'a Description,
    pub(crate) journal: &'a Arc<RequestJournal>,
    pub(crate) secrets: &'a Arc<Secrets>,
    pub(crate) workspaces: &'a Workspaces,
    pub(crate) snapshots: &'a Snapshots,
    pub(crate) faults: &'a Faults,
    pub(crate) idempotency: &'a IdempotencyStore,
    pub(crate) limiter: &'a RateLimiter,
    pub(crate) authenticator: &'a Authenticator,
    pub(crate) examples: &'a Examples,
    pub(crate) refusals: &'a Refusals,
    pub(crate) router: &'a Router,
    pub(crate) stopping: watch::Receiver<bool>,
}

impl Control<'_> {
    /// Answers a call.
    pub(crate) async fn answer(&self, head: &Parts, body: Result<Bytes, BodyError>) -> Reply {
        let mut reply =
            self.reply(head, body).await.unwrap_or_else(|refusal| Reply::Answer(refusal.answer()));
        let headers = match &mut reply {
            Reply::Answer(answer) => &mut answer.headers,
            Reply::Stream(response) => response.headers_mut(),
        };
        headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        reply
    }

    async fn reply(&self, head: &Parts, body: Result<Bytes, BodyError>) -> Result<Reply, Refusal> {
        if let Some(Denied { code, message }) = self.access.denied(head) {
            return Err(Refusal::new(StatusCode::FORBIDDEN, code, message));
        }
        let rest = head.uri.path().strip_prefix(PATH).unwrap_or_default();
        if let (&Method::GET | &Method::HEAD, Some(answer)) = (&head.method, self.open(rest)) {
            return Ok(Reply::Answer(answer));
        }
        self.let_in(head)?;
        let call = Call::read(self.description, head, body)?;
        if call.id() == "stream-requests" {
            return self.stream(&call).map(Reply::Stream);
        }
        let answer = match call.id() {
            "list-operations" => Ok(self.operations()),
            "list-requests" => self.list_requests(&call).await,
            "get-request" => self.get_request(&call),
            "clear-requests" => self.clear_requests(&call),
            "export-requests" => self.export_requests(&call),
            "list-faults" => self.list_faults(&call),
            "arm-fault" => self.arm_fault(&call),
            "clear-faults" => self.clear_faults(&call),
            "disarm-fault" => self.disarm_fault(&call),
            "get-state" => self.get_state(&call),
            "put-state" => self.put_state(&call),
            "add-row" => self.add_row(&call),
            "put-row" => self.put_row(&call),
            "delete-row" => self.delete_row(&call),
            "list-snapshots" => self.list_snapshots(&call),
            "take-snapshot" => self.take_snapshot(&call),
            "delete-snapshot" => self.delete_snapshot(&call),
            "restore-snapshot" => self.restore_snapshot(&call),
            "reset" => self.reset(&call),
            "list-workspaces" => Ok(self.list_workspaces()),
            "free-workspaces" => self.free_workspaces(&call),
            "free-workspace" => self.free_workspace(&call),
            "get-clock" => self.get_clock(&call),
            "set-clock" => self.set_clock(&call),
            other => {
                let message =
                    format!("{other} is described, but not there; this is a bug in the mock server.");
                Err(Refusal::new(StatusCode::NOT_IMPLEMENTED, "not_there", message))
            }
        };
        answer.map(Reply::Answer)
    }

    /// What anybody may see who reaches the server.
    fn open(&self, rest: &str) -> Option<Answer> {
        match rest {
            "/health" => Some(ok(&json!({
                "status": "ok",
                "title": self.contract.title(),
                "version": self.contract.version(),
            }))),
            "/openapi.yaml" => Some(page::description()),
            _ => page::asset(rest),
        }
    }

    fn let_in(&self, head: &Parts) -> Result<(), Refusal> {
        let Some(token) = &self.options.control_token else { return Ok(()) };
        if head.headers.get(TOKEN).is_some_and(|given| given.as_bytes() == token.as_bytes()) {
            return Ok(());
        }
        let message = "This server asks for its control token. Send it in the header Mock-Control-Token.";
        Err(Refusal::new(StatusCode::UNAUTHORIZED, "token_required", message))
    }
}
