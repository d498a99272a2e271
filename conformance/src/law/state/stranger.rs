//! The set-up of a row that belongs to somebody else.

use crate::contract::{Api, Resource};
use crate::scenario::{CaseContext, CaseError, Row, Setup, SetupUse};

/// A row under another owner than that of [`OwnerWithRows`](crate::law::support::OwnerWithRows), and newer, where that
/// is asked for first.
#[derive(Debug, Clone)]
pub(super) struct Stranger {
    resource: Resource,
    setup: SetupUse,
}

impl Stranger {
    /// A row of a resource.
    pub(super) fn of(api: &Api, resource: &Resource) -> Self {
        let name = format!("stranger/{}", resource.name);
        let setup = SetupUse::of_rows(api, name, 1, resource);
        Self { resource: resource.clone(), setup }
    }
}

impl Setup for Stranger {
    type Output = Row;

    fn describe(&self) -> SetupUse {
        self.setup.clone()
    }

    async fn get(&self, cx: &mut CaseContext) -> Result<Row, CaseError> {
        cx.once_row(&self.setup, async |cx: &mut CaseContext| cx.create_row(&self.resource).await).await
    }
}
