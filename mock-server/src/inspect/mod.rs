//! A look at what was sent, and a clean world on demand: `/__mock/…`, outside the API.

mod page;

use http::request::Parts;
use http::{Method, StatusCode};
use serde_json::json;

use crate::answer::Answer;
use crate::engine::Engine;
use crate::request::query;

/// The path of the page; everything else is below it.
pub(crate) const PATH: &str = "/__mock";

/// Answers what does not belong to the API. No other origin may read it.
pub(crate) struct Inspector<'a>(pub(crate) &'a Engine);

impl Inspector<'_> {
    /// `None` for a request to the API.
    pub(crate) fn answer(&self, head: &Parts) -> Option<Answer> {
        let rest = head.uri.path().strip_prefix(PATH)?;
        let query = query(head.uri.query());
        let workspace = query.iter().find(|(name, _)| name == "workspace").map(|(_, value)| value.as_str());
        Some(match (&head.method, rest) {
            (&Method::GET, "" | "/") => page::page(&self.0.contract),
            (&Method::GET, "/requests") => ok(&self.0.journal.show(workspace)),
            (&Method::DELETE, "/requests") => {
                self.0.journal.clear();
                ok(&json!({"cleared": true}))
            }
            (&Method::GET, "/workspaces") => {
                let sizes = self.0.workspaces.sizes();
                let shown = sizes.iter().map(|(name, rows)| json!({"name": &**name, "rows": rows}));
                ok(&json!({"workspaces": shown.collect::<Vec<_>>()}))
            }
            (&Method::POST, "/reset") => self.reset(workspace),
            _ => told(
                StatusCode::NOT_FOUND,
                &format!(
                    "{PATH} knows GET /, GET /requests, DELETE /requests, GET /workspaces and POST /reset; \
                     ?workspace=NAME picks one workspace"
                ),
            ),
        })
    }

    fn reset(&self, workspace: Option<&str>) -> Answer {
        match workspace {
            Some(name) if !self.0.workspaces.reset(name) => {
                told(StatusCode::NOT_FOUND, &format!("there is no workspace {name}"))
            }
            Some(name) => {
                self.0.idempotency.forget(Some(name));
                ok(&json!({"reset": name}))
            }
            None => {
                self.0.workspaces.reset_all();
                self.0.idempotency.forget(None);
                ok(&json!({"reset": "all workspaces"}))
            }
        }
    }
}

fn ok(body: &serde_json::Value) -> Answer {
    Answer::json(StatusCode::OK, body.to_string())
}

fn told(status: StatusCode, message: &str) -> Answer {
    Answer::json(
        status,
        json!({"error": {"type": "not_found", "code": "not_found", "message": message}}).to_string(),
    )
}
