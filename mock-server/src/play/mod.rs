//! What operations do: actions on resources, and answers from examples.

mod delete;
mod described;
mod draft;
mod examples;
mod list;
mod prepared;
mod read;
mod refused;
mod templates;
mod write;

pub(crate) use examples::Examples;
pub(crate) use prepared::{PreparedOperation, PreparedOperations};
pub(crate) use refused::as_described;

use http::StatusCode;
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::refusal::Refusals;
use crate::request::Parameters;
use crate::store::Workspace;
use schemas::{Action, Contract};

/// What an action works with.
#[derive(Debug)]
pub(crate) struct RequestContext<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) prepared: &'a PreparedOperation,
    pub(crate) refusals: &'a Refusals,
    pub(crate) workspace: &'a Workspace,
    pub(crate) parameters: &'a Parameters<'a>,
    /// Milliseconds since 1970.
    pub(crate) now: i64,
    pub(crate) seed: u64,
    /// Rows a workspace may hold.
    pub(crate) max_rows: usize,
}

impl RequestContext<'_> {
    /// Plays the operation's action; `None` when it has none that can be played.
    pub(crate) fn play(&self, body: Option<Map<String, Value>>) -> Option<Answer> {
        let (_, action) = self.prepared.operation.acts()?;
        let played = match (action, body) {
            (Action::List, _) => self.list(),
            (Action::Create, Some(body)) => self.create(body),
            (Action::Read, _) => self.read(),
            (Action::Update, Some(body)) => self.update(body),
            (Action::Delete, _) => self.delete(),
            (Action::Create | Action::Update, None)
            | (Action::Replace | Action::Upsert | Action::Other | Action::Identity, _) => return None,
        };
        Some(played.unwrap_or_else(|refusal| refusal))
    }

    /// The status of a success, as the description states it.
    pub(crate) fn success(&self) -> StatusCode {
        self.prepared.success
    }
}
