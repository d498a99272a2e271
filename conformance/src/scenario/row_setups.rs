//! The set-ups that most cases use: a row to look at, and a row to change.

use super::context::CaseContext;
use super::error::CaseError;
use super::row::Row;
use super::setup::{Setup, SetupUse};
use super::setup_cache::SetupResult;
use crate::contract::{Api, Resource};

/// A row of the smallest body that nobody changes.
#[derive(Debug, Clone)]
pub(crate) struct ReadonlyRow {
    resource: Resource,
    setup: SetupUse,
}

impl ReadonlyRow {
    /// A row of a resource.
    pub(crate) fn of(api: &Api, resource: &Resource) -> Self {
        Self {
            resource: resource.clone(),
            setup: SetupUse::of_rows(api, format!("still/{}", resource.name), 1, resource),
        }
    }
}

impl Setup for ReadonlyRow {
    type Output = Row;

    fn describe(&self) -> SetupUse {
        self.setup.clone()
    }

    async fn get(&self, cx: &mut CaseContext) -> Result<Row, CaseError> {
        cx.once_row(&self.setup, async |cx: &mut CaseContext| cx.create_row(&self.resource).await).await
    }
}

/// A row that a case may change as it likes until it ends, and that other cases have changed before.
#[derive(Debug, Clone)]
pub(crate) struct ExclusiveRow {
    resource: Resource,
    setup: SetupUse,
}

impl ExclusiveRow {
    /// A row of a resource.
    pub(crate) fn of(api: &Api, resource: &Resource) -> Self {
        Self {
            resource: resource.clone(),
            setup: SetupUse::of_rows(api, format!("lent/{}", resource.name), 1, resource),
        }
    }
}

impl Setup for ExclusiveRow {
    type Output = Row;

    fn describe(&self) -> SetupUse {
        self.setup.clone()
    }

    async fn get(&self, cx: &mut CaseContext) -> Result<Row, CaseError> {
        cx.hold(&self.setup).await;
        cx.once_row(&self.setup, async |cx: &mut CaseContext| cx.create_row(&self.resource).await).await
    }
}

impl CaseContext {
    /// The row that a set-up creates, where that is all it does.
    pub(crate) async fn once_row(
        &mut self,
        setup: &SetupUse,
        create: impl AsyncFnOnce(&mut CaseContext) -> Result<Row, CaseError>,
    ) -> Result<Row, CaseError> {
        let create = async |cx: &mut CaseContext| create(cx).await.map(SetupResult::from);
        let result = self.once(setup, create).await?;
        let row = result.rows.into_iter().next();
        row.ok_or_else(|| CaseError::NotJudged(format!("{} made no row", setup.name)))
    }
}
