//! Creating and reading rows.

use serde_json::{Map, Value};

use super::context::CaseContext;
use super::error::CaseError;
use super::exchange::Exchange;
use super::row::Row;
use super::step::Step;
use crate::contract::{Resource, id_text};
use crate::http::{LONGEST_ID, Request, created_id};

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
        self.row_of(resource, &exchange).await
    }

    /// The row that a create answered; where the answer only says where it is, it is read.
    pub(crate) async fn row_of(
        &mut self,
        resource: &Resource,
        exchange: &Exchange,
    ) -> Result<Row, CaseError> {
        let mut value = exchange.json.clone().unwrap_or_default();
        let id = created_id(resource, &exchange.response).ok_or_else(|| {
            CaseError::NotJudged(format!("the new {} has no {}", resource.name, resource.identity.id))
        })?;
        if id.len() > LONGEST_ID {
            return Err(CaseError::NotJudged(format!("the id of the new {} is too long", resource.name)));
        }
        let owners = exchange.request.owner_ids();
        if let Some(read) = resource.read.as_ref().filter(|_| resource.id_of(&value).is_none()) {
            let shown = self.send(Request::of(read).owned_by(&owners).own(&id)).await?;
            self.require_success(&shown)?;
            value = shown.json.clone().unwrap_or_default();
        }
        let owner = resource.parent.as_ref();
        let parent = owner.and_then(|parent| id_text(value.get(parent.field.as_deref()?)?));
        let step = self.story.steps().get(exchange.step).cloned();
        Ok(Row {
            resource: resource.clone(),
            display: resource.display_of(&value),
            id,
            value,
            size: exchange.bytes.len(),
            owners: if owners.is_empty() { parent.iter().cloned().collect() } else { owners },
            parent,
            created_by: step
                .unwrap_or_else(|| Step::new(&self.session, exchange.request.clone(), &exchange.response)),
        })
    }

    /// Reads a row.
    pub(crate) async fn read(&mut self, row: &Row) -> Result<Exchange, CaseError> {
        self.read_by(row, &row.id).await
    }

    /// Reads a row by one of its ids.
    pub(crate) async fn read_by(&mut self, row: &Row, id: &str) -> Result<Exchange, CaseError> {
        let nothing = || CaseError::NotJudged(format!("nothing reads {}", row.resource.one()));
        let op = row.resource.read.as_ref().ok_or_else(nothing)?;
        self.send(row.request(op).own(id)).await
    }
}
