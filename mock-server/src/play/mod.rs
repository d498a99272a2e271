//! What operations do: actions on resources, and answers from examples.

mod delete;
mod described;
mod draft;
mod examples;
mod list;
mod pages;
mod place;
mod prepared;
mod read;
mod refused;
mod shown;
mod templates;
mod write;

pub(crate) use delete::delete_row;
pub(crate) use examples::{Examples, undescribed};
pub(crate) use prepared::{PreparedOperation, PreparedOperations};
pub(crate) use refused::as_described;

use http::StatusCode;
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::refusal::Refusals;
use crate::request::Parameters;
use crate::store::{Workspace, begin};
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
        self.begin();
        let played = match (action, body.and_then(|body| self.body_row(body))) {
            (Action::List, _) if self.prepared.list.is_some() || self.prepared.pages.is_some() => self.list(),
            (Action::Create, Some(body)) => self.create(body),
            (Action::Read, _) => self.read(),
            (Action::Update, Some(body)) => self.update(body),
            (Action::Replace, Some(body)) => self.replace(body),
            (Action::Upsert, Some(body)) => self.upsert(body),
            (Action::Delete, _) => self.delete(),
            (Action::Create | Action::Update | Action::Replace | Action::Upsert, None)
            | (Action::List | Action::Other | Action::Identity, _) => return None,
        };
        Some(played.unwrap_or_else(|refusal| refusal))
    }

    /// Sees to it that the tables are there that the operation acts on.
    fn begin(&self) {
        let owners = self.prepared.owners.iter().map(|(owner, _)| *owner);
        let tables = || std::iter::once(self.prepared.resource).chain(owners.clone());
        begin(self.contract, self.workspace, tables(), self.seed, self.now);
    }

    /// The row of a body.
    fn body_row(&self, body: Map<String, Value>) -> Option<Map<String, Value>> {
        let at = self.prepared.operation.role.as_ref().map_or("", |role| role.body_row.as_str());
        if at.is_empty() {
            return Some(body);
        }
        match Value::Object(body).pointer_mut(at)?.take() {
            Value::Object(row) => Some(row),
            _ => None,
        }
    }

    /// The status of a success, as the description states it.
    pub(crate) fn success(&self) -> StatusCode {
        self.prepared.success
    }
}
