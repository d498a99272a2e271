//! The set-up of a value that is taken.

use serde_json::Map;

use crate::contract::{Api, Operation, Resource};
use crate::scenario::{CaseContext, CaseError, Row, Setup, SetupUse};

/// A row that has a value of a property which no two rows may share.
#[derive(Debug, Clone)]
pub(crate) struct TakenValue {
    resource: Resource,
    create: Operation,
    field: String,
    setup: SetupUse,
}

impl TakenValue {
    /// A value of one property of a resource.
    pub(crate) fn of(api: &Api, resource: &Resource, create: &Operation, field: &str) -> Self {
        let name = format!("taken/{}/{field}", resource.name);
        let setup = SetupUse::of_rows(api, name, 1, resource);
        Self { resource: resource.clone(), create: create.clone(), field: field.to_owned(), setup }
    }
}

impl Setup for TakenValue {
    type Output = Row;

    fn describe(&self) -> SetupUse {
        self.setup.clone()
    }

    async fn get(&self, cx: &mut CaseContext) -> Result<Row, CaseError> {
        let Self { resource, create, field, setup } = self;
        let row = cx
            .once_row(setup, async |cx: &mut CaseContext| {
                let value = cx
                    .value(create, field)
                    .ok_or_else(|| CaseError::NotJudged(format!("no value of {field} can be made")))?;
                let fields = Map::from_iter([(field.clone(), value)]);
                cx.create_row_with(resource, None, fields).await
            })
            .await?;
        if row.text(field).is_none() {
            return Err(CaseError::NotJudged(format!("{} does not keep {field}", create.id)));
        }
        Ok(row)
    }
}
