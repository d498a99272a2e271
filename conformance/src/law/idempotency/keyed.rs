//! Creates that take an idempotency key.

use schemas::Idempotency;
use serde_json::Map;

use crate::contract::{Api, Operation, Resource};
use crate::generate::shortened;
use crate::http::Request;
use crate::scenario::{CaseContext, CaseError, Exchange, Setup, SetupResult, SetupUse};

/// Where the contract states idempotency.
pub(super) const PLACE: &str = "/x-contract/idempotency";

/// A create that takes a key.
#[derive(Debug, Clone)]
pub(super) struct KeyedCreate {
    pub(super) op: Operation,
    pub(super) resource: Resource,
    pub(super) rule: Idempotency,
}

/// Every such create of a contract.
pub(super) fn keyed_creates(api: &Api) -> Vec<KeyedCreate> {
    let Some(rule) = &api.rules().idempotency else { return Vec::new() };
    let takes =
        |op: &&Operation| api.reachable(op) && rule.methods.iter().any(|method| method == op.method.as_str());
    let create = |resource: &Resource| {
        let op = resource.create.as_ref().filter(takes)?.clone();
        Some(KeyedCreate { op, resource: resource.clone(), rule: rule.clone() })
    };
    api.resources.iter().filter_map(create).collect()
}

impl KeyedCreate {
    /// A key that nobody has used.
    pub(super) fn fresh_key(&self, cx: &CaseContext) -> String {
        shortened(&cx.names.token(), self.rule.max_bytes)
    }

    /// A create with a key.
    pub(super) fn request(&self, cx: &CaseContext, key: &str) -> Result<Request, CaseError> {
        Ok(cx.create_request(&self.resource, None, Map::new())?.header(&self.rule.header, key))
    }

    /// The id of the row that a response shows.
    pub(super) fn id_in(&self, exchange: &Exchange) -> Option<String> {
        exchange.json.as_ref().and_then(|row| self.resource.id_of(row))
    }

    /// The set-up of a create that went through.
    pub(super) fn done(&self, api: &Api) -> KeyUsed {
        let name = format!("keyed/{}", self.resource.name);
        let setup = SetupUse::of_rows(api, name, 1, &self.resource);
        KeyUsed { create: self.clone(), setup }
    }
}

/// A create that went through with a key.
#[derive(Debug, Clone)]
pub(super) struct KeyUsed {
    create: KeyedCreate,
    setup: SetupUse,
}

/// The key, the request and its response.
pub(super) struct FirstUse {
    pub(super) key: String,
    pub(super) request: Request,
    pub(super) response: Exchange,
}

impl Setup for KeyUsed {
    type Output = FirstUse;

    fn describe(&self) -> SetupUse {
        self.setup.clone()
    }

    async fn get(&self, cx: &mut CaseContext) -> Result<FirstUse, CaseError> {
        let create = &self.create;
        let result = cx
            .once(&self.setup, async |cx: &mut CaseContext| {
                let key = create.fresh_key(cx);
                let first = cx.send(create.request(cx, &key)?).await?;
                cx.require_success(&first)?;
                Ok(SetupResult { rows: Vec::new(), exchanges: vec![first] })
            })
            .await?;
        let response = result.exchanges.into_iter().next().ok_or_else(|| {
            CaseError::NotJudged(format!("no {} was created with a key", create.resource.name))
        })?;
        let request = response.request.clone();
        let sent = request.headers.iter().find(|(name, _)| *name == create.rule.header);
        let key = sent.map(|(_, key)| key.clone()).unwrap_or_default();
        Ok(FirstUse { key, request, response })
    }
}
