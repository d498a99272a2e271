//! Finding rows, and reading one.

use std::sync::Arc;

use schemas::Resource;

use super::RequestContext;
use crate::answer::Answer;
use crate::refusal::kind;
use crate::store::{Row, RowState, State, Table};

impl RequestContext<'_> {
    /// Answers one row.
    pub(super) fn read(&self) -> Result<Answer, Answer> {
        let state = self.workspace.state.read();
        let row = self.named_row(&state)?;
        if row.state == RowState::Deleted {
            return Err(self.unknown(self.prepared.resource));
        }
        Ok(Answer::json(self.success(), row.bytes.clone()))
    }

    /// The row that the path names, deleted or not; under the owner that the path names, if it does.
    pub(super) fn named_row<'s>(&self, state: &'s State) -> Result<&'s Arc<Row>, Answer> {
        let name =
            self.prepared.row.as_deref().and_then(|name| self.parameters.path(name)).unwrap_or_default();
        let table = self.table(state, self.prepared.resource)?;
        let row = table.find(name).ok_or_else(|| self.unknown(self.prepared.resource))?;
        if let Some(owner) = self.owner(state)? {
            let field = self
                .resource(self.prepared.resource)?
                .parent
                .as_ref()
                .and_then(|parent| parent.field.as_deref());
            let value = row.value();
            let same = field.and_then(|field| value.get(field)).and_then(serde_json::Value::as_str)
                == Some(&*owner.id);
            if !same {
                return Err(self.unknown(self.prepared.resource));
            }
        }
        Ok(row)
    }

    /// The owner that the path names; `None` when it names none.
    pub(super) fn owner<'s>(&self, state: &'s State) -> Result<Option<&'s Arc<Row>>, Answer> {
        let Some((resource, parameter)) = &self.prepared.parent else {
            return Ok(None);
        };
        let name = self.parameters.path(parameter).unwrap_or_default();
        let row = self.table(state, *resource)?.find(name).filter(|row| row.state != RowState::Deleted);
        row.map(Some).ok_or_else(|| self.unknown(*resource))
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
