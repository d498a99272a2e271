//! Soft deletes.

use schemas::{Contract, Deletion};

use super::RequestContext;
use crate::answer::Answer;
use crate::store::{Row, RowState, State};

impl RequestContext<'_> {
    /// Deletes a row; again, where the contract says that a delete may be repeated.
    pub(super) fn delete(&self) -> Result<Answer, Answer> {
        let mut state = self.workspace.state.write();
        let row = std::sync::Arc::clone(self.named_row(&state)?);
        let deletion = self.resource(self.prepared.resource)?.deletion.clone();
        if row.state == RowState::Deleted {
            return if deletion.repeatable.is_some() {
                Ok(self.gone(&row))
            } else {
                Err(self.unknown(self.prepared.resource))
            };
        }
        state.tick(self.now);
        delete_row(self.contract, &mut state, self.prepared.resource, &row);
        Ok(self.gone(&row))
    }

    fn gone(&self, row: &Row) -> Answer {
        match &self.prepared.deleted {
            Some(projection) => self.success_with(projection.write(&row.value())),
            None => self.with_described(Answer::empty(self.success())),
        }
    }
}

/// Deletes a row, with what that means for the rows that it owns.
pub(crate) fn delete_row(contract: &Contract, state: &mut State, resource: usize, row: &Row) {
    if let Some(table) = state.tables.get_mut(resource) {
        table.retire(row, RowState::Deleted);
    }
    let deletion = contract.resources().get(resource).map(|resource| resource.deletion.clone());
    unlist_children(contract, state, resource, row, &deletion.unwrap_or_default());
}

/// Takes the rows that a deleted row owns out of the lists.
fn unlist_children(contract: &Contract, state: &mut State, owner: usize, row: &Row, deletion: &Deletion) {
    if deletion.children_unlisted.is_none() {
        return;
    }
    let Some(owner) = contract.resources().get(owner) else {
        return;
    };
    for (index, resource) in contract.resources().iter().enumerate() {
        let Some(parent) = resource.parent.as_ref().filter(|parent| parent.resource == owner.name) else {
            continue;
        };
        let Some(table) = state.tables.get_mut(index) else {
            continue;
        };
        let children = match &parent.field {
            Some(field) => table.having(field, &row.id),
            None => table.matching(&[], Some(row.key)),
        };
        for child in children {
            let fate =
                if deletion.children_readable.is_some() { RowState::Unlisted } else { RowState::Deleted };
            table.retire(&child, fate);
        }
    }
}
