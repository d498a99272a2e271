//! The set-up of a row whose owner was deleted.

use serde_json::Map;

use crate::contract::{Api, Operation, Resource};
use crate::scenario::{CaseContext, CaseError, Row, Setup, SetupResult, SetupUse};

/// A row whose owner was deleted, and the owner.
#[derive(Debug, Clone)]
pub(super) struct OrphanedRow {
    resource: Resource,
    owner: Resource,
    delete: Operation,
    setup: SetupUse,
}

/// An owner that was deleted, and a row that it owned.
pub(super) struct Orphaned {
    pub(super) owner: Row,
    pub(super) row: Row,
}

impl OrphanedRow {
    /// A row of a resource under an owner that an operation deletes.
    pub(super) fn of(api: &Api, resource: &Resource, owner: &Resource, delete: &Operation) -> Self {
        let mut needs = api.makers(resource);
        needs.push(delete.id.clone());
        // The owner's delete is one of the requests that delete what was created.
        let requests = owner.requests_per_row() + resource.requests_per_row();
        let setup = SetupUse { name: format!("orphan/{}", resource.name), requests, needs };
        Self { resource: resource.clone(), owner: owner.clone(), delete: delete.clone(), setup }
    }
}

impl Setup for OrphanedRow {
    type Output = Orphaned;

    fn describe(&self) -> SetupUse {
        self.setup.clone()
    }

    async fn get(&self, cx: &mut CaseContext) -> Result<Orphaned, CaseError> {
        let Self { resource, owner, delete, setup } = self;
        let result = cx
            .once(setup, async |cx: &mut CaseContext| {
                let parent = cx.create_row(owner).await?;
                let row = cx.create_row_with(resource, Some(&parent), Map::new()).await?;
                let exchange = cx.send(parent.request(delete)).await?;
                cx.require_success(&exchange)?;
                Ok(SetupResult { rows: vec![parent, row], exchanges: vec![exchange] })
            })
            .await?;
        let mut rows = result.rows.into_iter();
        let both = rows.next().zip(rows.next());
        let (owner, row) =
            both.ok_or_else(|| CaseError::NotJudged(format!("no {} was orphaned", resource.name)))?;
        Ok(Orphaned { owner, row })
    }
}
