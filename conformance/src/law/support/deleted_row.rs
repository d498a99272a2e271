//! The set-up of a row that was deleted.

use crate::contract::{Api, Operation, Resource};
use crate::http::Request;
use crate::scenario::{CaseContext, CaseError, Exchange, Row, Setup, SetupResult, SetupUse};

/// A row that was created and deleted, and what the delete answered.
#[derive(Debug, Clone)]
pub(crate) struct DeletedRow {
    resource: Resource,
    delete: Operation,
    setup: SetupUse,
}

impl DeletedRow {
    /// A row of a resource, deleted by an operation.
    pub(crate) fn of(api: &Api, resource: &Resource, delete: &Operation) -> Self {
        let mut needs = api.makers(resource);
        needs.push(delete.id.clone());
        // The delete is the request that deletes what was created: nothing is left to be deleted later.
        let setup = SetupUse { name: format!("deleted/{}", resource.name), requests: 2, needs };
        Self { resource: resource.clone(), delete: delete.clone(), setup }
    }
}

impl Setup for DeletedRow {
    type Output = (Row, Exchange);

    fn describe(&self) -> SetupUse {
        self.setup.clone()
    }

    async fn get(&self, cx: &mut CaseContext) -> Result<(Row, Exchange), CaseError> {
        let Self { resource, delete, setup } = self;
        let result = cx
            .once(setup, async |cx: &mut CaseContext| {
                let row = cx.create_row(resource).await?;
                let exchange = cx.send(Request::of(delete).own(&row.id)).await?;
                cx.require_success(&exchange)?;
                Ok(SetupResult { rows: vec![row], exchanges: vec![exchange] })
            })
            .await?;
        let (mut rows, mut exchanges) = (result.rows.into_iter(), result.exchanges.into_iter());
        let both = rows.next().zip(exchanges.next());
        both.ok_or_else(|| CaseError::NotJudged(format!("no {} was deleted", resource.name)))
    }
}
