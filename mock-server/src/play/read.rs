//! Finding rows, and reading one.

use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use schemas::Resource;

use super::RequestContext;
use crate::answer::Answer;
use crate::refusal::kind;
use crate::store::{Row, RowState, State, Table, filter_text};

impl RequestContext<'_> {
    /// Answers one row.
    pub(super) fn read(&self) -> Result<Answer, Answer> {
        let state = self.workspace.state.read();
        let row = self.named_row(&state)?;
        if row.state == RowState::Deleted {
            return Err(self.unknown(self.prepared.resource));
        }
        Ok(self.row_answer(row, self.success()))
    }

    /// A row as the operation answers it.
    pub(super) fn row_answer(&self, row: &Row, status: StatusCode) -> Answer {
        match &self.prepared.shown {
            Some(shown) => self.with_described(Answer::json(status, shown.of(row))),
            None => self.with_described(Answer::empty(status)),
        }
    }

    /// A success with a body.
    pub(super) fn success_with(&self, body: impl Into<Bytes>) -> Answer {
        self.with_described(Answer::json(self.success(), body))
    }

    /// An answer with the described media type and headers.
    pub(super) fn with_described(&self, answer: Answer) -> Answer {
        let headers = &self.prepared.headers;
        let answer = headers.iter().fold(answer, |answer, (name, value)| answer.with_header(name, value));
        match &self.prepared.media_type {
            Some(media_type) if !answer.body.is_empty() => answer.with_header("Content-Type", media_type),
            _ => answer,
        }
    }

    /// The row that the path names, deleted or not; under the owner that the path names, if it does.
    pub(super) fn named_row<'s>(&self, state: &'s State) -> Result<&'s Arc<Row>, Answer> {
        let owner = self.owner(state)?;
        self.known_row(state, owner, self.row_name())?.ok_or_else(|| self.unknown(self.prepared.resource))
    }

    /// How the request names its row.
    pub(super) fn row_name(&self) -> &str {
        self.prepared.row.as_deref().and_then(|name| self.parameters.path(name)).unwrap_or_default()
    }

    /// The row of a name, of an owner where one is named.
    pub(super) fn known_row<'s>(
        &self,
        state: &'s State,
        owner: Option<&Arc<Row>>,
        name: &str,
    ) -> Result<Option<&'s Arc<Row>>, Answer> {
        self.find_under(state, self.prepared.resource, owner, name)
    }

    fn find_under<'s>(
        &self,
        state: &'s State,
        resource: usize,
        owner: Option<&Arc<Row>>,
        name: &str,
    ) -> Result<Option<&'s Arc<Row>>, Answer> {
        let table = self.table(state, resource)?;
        let Some(owner) = owner else { return Ok(table.find(name)) };
        let parent = self.resource(resource)?.parent.as_ref();
        let field = parent.and_then(|parent| parent.field.as_deref());
        Ok(table.find_if(name, |row| match field {
            Some(field) => row.value().get(field).and_then(filter_text).is_some_and(|id| id == *owner.id),
            None => row.owner == owner.key,
        }))
    }

    /// The owner that the path names; `None` when it names none.
    pub(super) fn owner<'s>(&self, state: &'s State) -> Result<Option<&'s Arc<Row>>, Answer> {
        let mut above = None;
        for (resource, parameter) in self.prepared.owners.iter().rev() {
            let name = self.parameters.path(parameter).unwrap_or_default();
            let row = self.find_under(state, *resource, above, name)?;
            let row = row.filter(|row| row.state != RowState::Deleted);
            above = Some(row.ok_or_else(|| self.unknown(*resource))?);
        }
        Ok(above)
    }

    /// How a request for an unknown row is answered.
    pub(super) fn unknown(&self, resource: usize) -> Answer {
        let resource = self.contract.resources().get(resource);
        let name = resource.map_or("row", |resource| resource.name.as_str());
        let message = format!("No such {name}.");
        match resource.and_then(|resource| resource.not_found.as_ref()) {
            Some(rejection) => self.refusals.of(rejection, &message, None),
            None => self.refusals.of_kind(kind::ROW_UNKNOWN, 404, &message),
        }
    }

    pub(super) fn table<'s>(&self, state: &'s State, index: usize) -> Result<&'s Table, Answer> {
        state.tables.get(index).ok_or_else(|| self.lost())
    }

    pub(super) fn resource(&self, index: usize) -> Result<&Resource, Answer> {
        self.contract.resources().get(index).ok_or_else(|| self.lost())
    }

    pub(super) fn lost(&self) -> Answer {
        self.refusals.of_kind(kind::INTERNAL, 500, "The operation's resource is not there.")
    }
}
