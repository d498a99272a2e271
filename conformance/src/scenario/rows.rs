//! Creating and reading rows.

use serde_json::{Map, Value};

use super::context::CaseContext;
use super::error::CaseError;
use super::exchange::Exchange;
use super::row::Row;
use super::step::Step;
use crate::contract::Resource;
use crate::http::{LONGEST_ID, Request};

impl CaseContext {
    /// Creates a row of the smallest body, under the shared owner.
    pub(crate) async fn create_row(&mut self, resource: &Resource) -> Result<Row, CaseError> {
        self.create_row_with(resource, None, Map::new()).await
    }

    /// Creates a row under an owner, the shared one where none is given, with some properties set.
    pub(crate) async fn create_row_with(
        &mut self,
        resource: &Resource,
        parent: Option<&Row>,
        fields: Map<String, Value>,
    ) -> Result<Row, CaseError> {
        let request = self.create_request(resource, parent, fields)?;
        let exchange = self.send(request).await?;
        self.require_success(&exchange)?;
        self.row_of(resource, &exchange)
    }

    /// The row that a create answered.
    pub(crate) fn row_of(&self, resource: &Resource, exchange: &Exchange) -> Result<Row, CaseError> {
        let value = exchange.json.clone().unwrap_or_default();
        let id = resource.id_of(&value).ok_or_else(|| {
            CaseError::NotJudged(format!("the new {} has no {}", resource.name, resource.identity.id))
        })?;
        if id.len() > LONGEST_ID {
            return Err(CaseError::NotJudged(format!("the id of the new {} is too long", resource.name)));
        }
        let owner = resource.parent.as_ref();
        let parent =
            owner.and_then(|parent| value.get(parent.field.as_deref()?)?.as_str().map(str::to_owned));
        let step = self.story.steps().get(exchange.step).cloned();
        Ok(Row {
            resource: resource.clone(),
            display: resource.display_of(&value),
            id,
            value,
            size: exchange.bytes.len(),
            parent,
            created_by: step
                .unwrap_or_else(|| Step::new(&self.session, exchange.request.clone(), &exchange.response)),
        })
    }

    /// Reads a row by one of its ids.
    pub(crate) async fn read(&mut self, resource: &Resource, id: &str) -> Result<Exchange, CaseError> {
        let nothing = || CaseError::NotJudged(format!("nothing reads {}", resource.one()));
        let op = resource.read.as_ref().ok_or_else(nothing)?;
        self.send(Request::of(op).own(id)).await
    }
}
