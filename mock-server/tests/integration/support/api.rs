//! A client of the API.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::{Client, Method, RequestBuilder};
use schemas::Contract;
use serde_json::Value;

use super::contract::hold;
use super::{Answer, builtin, client, server};

static KEYS: AtomicUsize = AtomicUsize::new(0);

/// A caller with a key. Every answer it gets is held to the contract.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    client: Client,
    base: String,
    key: Option<String>,
    contract: Arc<Contract>,
}

impl Api {
    /// A caller of the server that the tests share, alone in a private copy of the seeded world.
    pub(crate) fn private() -> Self {
        Self::shared().with_key(&fresh_key())
    }

    /// A caller without a key of the server that the tests share.
    pub(crate) fn shared() -> Self {
        Self::at(server::shared_url(), builtin())
    }

    /// A caller without a key.
    pub(crate) fn at(base: &str, contract: Arc<Contract>) -> Self {
        let client = client();
        Self { client, base: base.to_owned(), key: None, contract }
    }

    /// The same caller over another client.
    pub(crate) fn over(mut self, client: Client) -> Self {
        self.client = client;
        self
    }

    /// The same caller with a key.
    pub(crate) fn with_key(&self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self.clone() }
    }

    /// The same caller without a key.
    pub(crate) fn without_key(&self) -> Self {
        Self { key: None, ..self.clone() }
    }

    /// The credential.
    pub(crate) fn key(&self) -> &str {
        self.key.as_deref().expect("a caller with a key")
    }

    /// The server's `host:port`.
    pub(crate) fn address(&self) -> &str {
        server::address_of(&self.base)
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.send("GET", target, |request| request).await
    }

    pub(crate) async fn delete(&self, target: &str) -> Answer {
        self.send("DELETE", target, |request| request).await
    }

    pub(crate) async fn post(&self, target: &str, body: Value) -> Answer {
        self.send("POST", target, |request| request.json(&body)).await
    }

    pub(crate) async fn patch(&self, target: &str, body: Value) -> Answer {
        self.send("PATCH", target, |request| request.json(&body)).await
    }

    /// Posts under an idempotency key.
    pub(crate) async fn post_once(&self, target: &str, key: &str, body: Value) -> Answer {
        self.send("POST", target, |request| request.header("Idempotency-Key", key).json(&body)).await
    }

    /// Posts bytes that may be anything.
    pub(crate) async fn post_bytes(&self, target: &str, body: impl Into<Vec<u8>>) -> Answer {
        let body = body.into();
        self.send("POST", target, |request| request.header("Content-Type", "application/json").body(body))
            .await
    }

    /// Creates a row and returns it.
    pub(crate) async fn make(&self, target: &str, body: Value) -> Value {
        self.post(target, body).await.is(201)
    }

    /// Sends a request below the base path.
    pub(crate) async fn send(
        &self,
        method: &str,
        target: &str,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let verb = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.client.request(verb, format!("{}{target}", self.base));
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        let response =
            with(request).send().await.unwrap_or_else(|error| panic!("{method} {target}: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.expect("a whole body").to_vec();
        let path = target.split('?').next().unwrap_or_default();
        hold(&self.contract, method, path, status, &headers, &body);
        Answer { asked: format!("{method} {target}"), status, headers, body }
    }

    /// Every row of a list, by following `next_cursor` from page to page.
    pub(crate) async fn walk(&self, target: &str) -> Vec<Value> {
        let join = if target.contains('?') { '&' } else { '?' };
        let (mut rows, mut page) = (Vec::new(), self.get(target).await.is(200));
        loop {
            rows.extend(page["data"].as_array().expect("rows").iter().cloned());
            let Some(cursor) = page["next_cursor"].as_str().filter(|_| page["has_more"] == true) else {
                return rows;
            };
            page = self.get(&format!("{target}{join}cursor={cursor}")).await.is(200);
        }
    }
}

/// A key that opens a private copy nobody else has.
pub(crate) fn fresh_key() -> String {
    format!("pivotal_test_ws_t{}", KEYS.fetch_add(1, Ordering::Relaxed))
}

/// The opaque ids of rows.
pub(crate) fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

/// A row's opaque id.
pub(crate) fn id(row: &Value) -> &str {
    row["id"].as_str().expect("an id")
}
