//! The set-up of rows that a filter separates by a value.

use serde_json::{Map, Value};

use super::filter::{Filter, Values};
use crate::contract::Api;
use crate::judge::same_value;
use crate::scenario::{CaseContext, CaseError, Row, Setup, SetupResult, SetupUse};

/// A row with a value of a property, and a newer one with another.
#[derive(Debug, Clone)]
pub(super) struct MatchingPair {
    filter: Filter,
    setup: SetupUse,
}

impl MatchingPair {
    /// Rows that a filter separates.
    pub(super) fn of(api: &Api, filter: &Filter) -> Self {
        let rows = if has_older_rows(filter) { 4 } else { 2 };
        let name = format!("pair/{}/{}", filter.rows.name, filter.field);
        let setup = SetupUse::of_rows(api, name, rows, &filter.rows);
        Self { filter: filter.clone(), setup }
    }

    async fn create(&self, cx: &mut CaseContext) -> Result<SetupResult, CaseError> {
        let Filter { rows, field, create, .. } = &self.filter;
        let (one, another) = self.filter.two_values(cx)?;
        let with = |value: Value| Map::from_iter([(field.clone(), value)]);
        if has_older_rows(&self.filter) {
            cx.create_row_with(rows, None, with(one.clone())).await?;
            cx.create_row_with(rows, None, with(another.clone())).await?;
        }
        let wanted = cx.create_row_with(rows, None, with(one.clone())).await?;
        let other = cx.create_row_with(rows, None, with(another)).await?;
        if wanted.get(field).is_none_or(|kept| !same_value(kept, &one)) {
            return Err(CaseError::NotJudged(format!("{} does not keep {field}", create.id)));
        }
        Ok(SetupResult { rows: vec![wanted, other], exchanges: Vec::new() })
    }
}

/// Whether there is an older row that matches, and one between that does not: a second page shows whether it is
/// filtered. A value that nobody else has fills no second page.
fn has_older_rows(filter: &Filter) -> bool {
    matches!(filter.values, Values::Members(..))
}

impl Setup for MatchingPair {
    type Output = (Row, Row);

    fn describe(&self) -> SetupUse {
        self.setup.clone()
    }

    async fn get(&self, cx: &mut CaseContext) -> Result<(Row, Row), CaseError> {
        let result = cx.once(&self.setup, async |cx: &mut CaseContext| self.create(cx).await).await?;
        let mut rows = result.rows.into_iter();
        rows.next()
            .zip(rows.next())
            .ok_or_else(|| CaseError::NotJudged(format!("no {} was made", self.filter.rows.name)))
    }
}
