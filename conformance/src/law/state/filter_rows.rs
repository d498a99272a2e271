//! The rows that a filter is tried with: some match it and some do not.

use serde_json::Value;

use super::filter::{Filter, Values, text_of};
use super::matching_pair::MatchingPair;
use super::number::number_of;
use super::stranger::Stranger;
use crate::contract::Api;
use crate::law::support::OwnerWithRows;
use crate::scenario::{CaseContext, CaseError, Row, Setup as _, SetupUse, Setups};

/// A row that matches a filter, a newer one that does not, and the filter's text.
pub(super) struct Chosen {
    pub(super) wanted: Row,
    pub(super) other: Row,
    pub(super) text: String,
}

/// Where the rows that a filter is tried with come from.
pub(super) enum FilterRows {
    /// Rows of two owners.
    Owned(OwnerWithRows, Stranger),
    /// Rows with two values.
    Valued(MatchingPair),
}

impl Setups for FilterRows {
    fn describe_all(&self) -> Vec<SetupUse> {
        match self {
            Self::Owned(family, stranger) => vec![family.describe(), stranger.describe()],
            Self::Valued(pair) => vec![pair.describe()],
        }
    }
}

impl FilterRows {
    /// Where a row that matches and one that does not come from.
    pub(super) fn of(api: &Api, filter: &Filter) -> Self {
        match &filter.values {
            Values::Owners(_) => {
                Self::Owned(OwnerWithRows::of(api, &filter.rows), Stranger::of(api, &filter.rows))
            }
            Values::Members(..) | Values::Fresh => Self::Valued(MatchingPair::of(api, filter)),
        }
    }

    /// A row that matches, a newer one that does not, and the filter's text; an owner by its number, if that is wanted.
    pub(super) async fn choose(
        &self,
        cx: &mut CaseContext,
        filter: &Filter,
        by_number: bool,
    ) -> Result<Chosen, CaseError> {
        match self {
            Self::Owned(family, stranger) => {
                let (owner, rows) = family.get(cx).await?;
                let (Some(owner), Some(wanted)) = (owner, rows.into_iter().next()) else {
                    let why = format!("nothing makes the owner of {}", filter.rows.one());
                    return Err(CaseError::NotJudged(why));
                };
                let other = stranger.get(cx).await?;
                let text = if by_number { number_of(&owner, &owner.resource)? } else { owner.id.clone() };
                Ok(Chosen { wanted, other, text })
            }
            Self::Valued(pair) => {
                let (wanted, other) = pair.get(cx).await?;
                let text = text_of(wanted.get(&filter.field).unwrap_or(&Value::Null));
                Ok(Chosen { wanted, other, text })
            }
        }
    }
}
