//! A look at what was sent, and a clean world on demand: `/__mock/…`, outside the API.

mod page;

use http::header::{HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use http::{Method, StatusCode};
use schemas::Contract;
use serde_json::json;

use crate::access::{Access, Denied};
use crate::answer::Answer;
use crate::gate::IdempotencyStore;
use crate::journal::RequestJournal;
use crate::request::query;
use crate::store::{FreeError, Workspaces};

/// The path of the page; everything else is below it.
pub(crate) const PATH: &str = "/__mock";

/// Keeps pages of other origins from taking an answer in as a script or a picture.
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Answers what does not belong to the API. No other origin may read or change it.
pub(crate) struct Inspector<'a> {
    pub(crate) access: &'a Access,
    pub(crate) contract: &'a Contract,
    pub(crate) journal: &'a RequestJournal,
    pub(crate) workspaces: &'a Workspaces,
    pub(crate) idempotency: &'a IdempotencyStore,
}

impl Inspector<'_> {
    /// `None` for a request to the API.
    pub(crate) fn answer(&self, head: &Parts) -> Option<Answer> {
        let rest = head.uri.path().strip_prefix(PATH)?;
        if !rest.is_empty() && !rest.starts_with('/') {
            return None;
        }
        let mut answer = match self.access.denied(head) {
            Some(Denied { code, message }) => told(StatusCode::FORBIDDEN, "forbidden", code, &message),
            None => self.admitted(head, rest),
        };
        answer.headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
        answer.headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        Some(answer)
    }

    fn admitted(&self, head: &Parts, rest: &str) -> Answer {
        let query = query(head.uri.query());
        let workspace = query.iter().find(|(name, _)| name == "workspace").map(|(_, value)| value.as_str());
        match (&head.method, rest) {
            (&Method::GET, "" | "/") => page::page(self.contract),
            (&Method::GET, "/requests") => ok(&self.journal.show(workspace)),
            (&Method::DELETE, "/requests") => {
                self.journal.clear();
                ok(&json!({"cleared": true}))
            }
            (&Method::GET, "/workspaces") => {
                let sizes = self.workspaces.sizes();
                let shown = sizes.iter().map(|(name, rows)| json!({"name": &**name, "rows": rows}));
                ok(&json!({"workspaces": shown.collect::<Vec<_>>()}))
            }
            (&Method::DELETE, "/workspaces") => self.free(workspace),
            (&Method::POST, "/reset") => self.reset(workspace),
            _ => not_found(&format!(
                "{PATH} knows GET /, GET /requests, DELETE /requests, GET /workspaces, \
                 DELETE /workspaces and POST /reset; ?workspace=NAME picks one workspace"
            )),
        }
    }

    fn free(&self, workspace: Option<&str>) -> Answer {
        let names = match workspace {
            None => self.workspaces.free_all(),
            Some(name) => match self.workspaces.free(name) {
                Ok(()) => vec![name.into()],
                Err(FreeError::Unknown) => return not_found(&format!("there is no workspace {name}")),
                Err(FreeError::Seeded) => {
                    let message = format!("{name} is no private workspace; POST {PATH}/reset puts it back");
                    return told(StatusCode::CONFLICT, "conflict", "not_private", &message);
                }
            },
        };
        for name in &names {
            self.idempotency.forget(Some(name));
        }
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        ok(&json!({"freed": names}))
    }

    fn reset(&self, workspace: Option<&str>) -> Answer {
        match workspace {
            Some(name) if !self.workspaces.reset(name) => not_found(&format!("there is no workspace {name}")),
            Some(name) => {
                self.idempotency.forget(Some(name));
                ok(&json!({"reset": name}))
            }
            None => {
                self.workspaces.reset_all();
                self.idempotency.forget(None);
                ok(&json!({"reset": "all workspaces"}))
            }
        }
    }
}

fn ok(body: &serde_json::Value) -> Answer {
    Answer::json(StatusCode::OK, body.to_string())
}

fn not_found(message: &str) -> Answer {
    told(StatusCode::NOT_FOUND, "not_found", "not_found", message)
}

fn told(status: StatusCode, kind: &str, code: &str, message: &str) -> Answer {
    Answer::json(status, json!({"error": {"type": kind, "code": code, "message": message}}).to_string())
}
