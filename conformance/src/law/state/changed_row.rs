//! The set-up of a row that was changed once.

use std::time::Duration;

use schemas::Standing;

use crate::contract::{Api, Operation, Resource};
use crate::generate::Extent;
use crate::scenario::{CaseContext, CaseError, Exchange, Row, Setup, SetupResult, SetupUse};

/// A row that was changed once.
#[derive(Debug, Clone)]
pub(super) struct ChangedRow {
    resource: Resource,
    update: Operation,
    setup: SetupUse,
}

/// A changed row: how its create answered it, the answer to its update, and a read after that, where rows can be read.
pub(super) struct Changed {
    pub(super) created: Row,
    pub(super) update: Exchange,
    pub(super) read: Option<Exchange>,
}

impl ChangedRow {
    /// A row of a resource, changed by an operation.
    pub(super) fn of(api: &Api, resource: &Resource, update: &Operation) -> Self {
        let mut needs = api.makers(resource);
        needs.push(update.id.clone());
        let reads = if resource.read.is_some() { 2 } else { 0 };
        let requests = resource.requests_per_row() + 1 + reads;
        let setup = SetupUse { name: format!("changed/{}", resource.name), requests, needs };
        Self { resource: resource.clone(), update: update.clone(), setup }
    }

    /// The row is read before the update as well: what was read once may be kept too long.
    async fn change(&self, cx: &mut CaseContext) -> Result<SetupResult, CaseError> {
        let Self { resource, update, .. } = self;
        let row = full_row(cx, resource).await?;
        if resource.read.is_some() {
            let before = cx.read(&row).await?;
            cx.require_success(&before)?;
        }
        cx.wait(Duration::from_millis(3)).await;
        let body = cx.change(update)?.0;
        let changed = cx.send(row.change(update, body)).await?;
        cx.require_success(&changed)?;
        let mut exchanges = vec![changed];
        if resource.read.is_some() {
            exchanges.push(cx.read(&row).await?);
        }
        Ok(SetupResult { rows: vec![row], exchanges })
    }
}

impl Setup for ChangedRow {
    type Output = Changed;

    fn describe(&self) -> SetupUse {
        self.setup.clone()
    }

    async fn get(&self, cx: &mut CaseContext) -> Result<Changed, CaseError> {
        let result = cx.once(&self.setup, async |cx: &mut CaseContext| self.change(cx).await).await?;
        let (mut rows, mut exchanges) = (result.rows.into_iter(), result.exchanges.into_iter());
        let both = rows.next().zip(exchanges.next());
        let (created, update) =
            both.ok_or_else(|| CaseError::NotJudged(format!("no {} was changed", self.resource.name)))?;
        Ok(Changed { created, update, read: exchanges.next() })
    }
}

/// A row with every property that is at least inferred, so that one which is lost shows; of the least body where the
/// target does not take that many.
async fn full_row(cx: &mut CaseContext, resource: &Resource) -> Result<Row, CaseError> {
    if let Some(create) = &resource.create {
        let fields = cx.body(create, Extent::Full(Standing::Inferred))?.0;
        let exchange = cx.send(cx.create_request(resource, None, fields)?).await?;
        if exchange.is_success() {
            return cx.row_of(resource, &exchange).await;
        }
    }
    cx.create_row(resource).await
}

/// What an update may change without being asked to.
pub(super) fn moved_by_update(resource: &Resource) -> Vec<&str> {
    resource.updated.as_deref().into_iter().collect()
}
