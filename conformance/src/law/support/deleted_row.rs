//! The set-up of a row that was deleted.

use crate::contract::{Api, Operation, Resource};
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

impl DeletedRow {
    async fn delete_one(&self, cx: &mut CaseContext) -> Result<SetupResult, CaseError> {
        let row = cx.create_row(&self.resource).await?;
        let exchange = cx.send(row.request(&self.delete)).await?;
        cx.require_success(&exchange)?;
        Ok(SetupResult { rows: vec![row], exchanges: vec![exchange] })
    }

    /// The same for a case that writes to what is gone: not where ids are given to other rows again, for then it may be
    /// anybody's by now.
    pub(crate) async fn to_write_to(&self, cx: &mut CaseContext) -> Result<(Row, Exchange), CaseError> {
        let deleted = self.get(cx).await?;
        if cx.session.is_given_again(&self.resource, None) {
            let why = format!(
                "the id of a deleted {} is given to another, which may be anybody's",
                self.resource.name
            );
            return Err(CaseError::NotJudged(why));
        }
        Ok(deleted)
    }
}

impl Setup for DeletedRow {
    type Output = (Row, Exchange);

    fn describe(&self) -> SetupUse {
        self.setup.clone()
    }

    async fn get(&self, cx: &mut CaseContext) -> Result<(Row, Exchange), CaseError> {
        let Self { resource, setup, .. } = self;
        let result = cx.once(setup, async |cx: &mut CaseContext| self.delete_one(cx).await).await?;
        let is_another_by_now =
            result.rows.iter().any(|row| cx.session.is_given_again(resource, Some(&row.id)));
        let result = if is_another_by_now { self.delete_one(cx).await? } else { result };
        let (mut rows, mut exchanges) = (result.rows.into_iter(), result.exchanges.into_iter());
        let both = rows.next().zip(exchanges.next());
        both.ok_or_else(|| CaseError::NotJudged(format!("no {} was deleted", resource.name)))
    }
}
