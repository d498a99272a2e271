//! A layer in front of a sound target that plants a fault.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use schemas::Contract;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::matching;
use super::rule::{Change, Rule};
use super::tamper;
use super::tamper::{Ask, Reply};

/// A layer in front of a target. Dropping it stops it.
pub(crate) struct Proxy {
    pub(crate) url: String,
    _stop: oneshot::Sender<()>,
}

/// A connection is closed without a response.
#[derive(Debug, thiserror::Error)]
#[error("closed without a response")]
struct Dropped;

struct Layer {
    upstream: String,
    base: String,
    contract: Contract,
    rules: Vec<Rule>,
    counts: Vec<AtomicUsize>,
    kept: Mutex<HashMap<String, Reply>>,
    client: reqwest::Client,
}

impl Proxy {
    /// Starts one on a free port.
    pub(crate) async fn start(
        upstream: &str,
        contract: &Contract,
        rules: Vec<Rule>,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let address = listener.local_addr()?;
        let base = contract.base_path().to_owned();
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            // Sooner than the mock server closes an idle connection, lest one is taken up while it is being closed.
            .pool_idle_timeout(Duration::from_secs(4))
            .build();
        let layer = Arc::new(Layer {
            upstream: upstream.to_owned(),
            contract: contract.clone(),
            counts: rules.iter().map(|_| AtomicUsize::new(0)).collect(),
            rules,
            kept: Mutex::default(),
            client: client.map_err(std::io::Error::other)?,
            base: base.clone(),
        });
        let (stop, mut stopped) = oneshot::channel::<()>();
        tokio::spawn(async move {
            loop {
                let stream = tokio::select! {
                    accepted = listener.accept() => accepted,
                    _ = &mut stopped => break,
                };
                let Ok((stream, _)) = stream else { continue };
                let _ = stream.set_nodelay(true);
                let layer = Arc::clone(&layer);
                tokio::spawn(async move {
                    let service = service_fn(move |request| {
                        let layer = Arc::clone(&layer);
                        async move { layer.handle(request).await.ok_or(Dropped) }
                    });
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Ok(Self { url: format!("http://{address}{base}"), _stop: stop })
    }
}

impl Layer {
    /// The response to a request; nothing where the connection is to be closed instead.
    async fn handle(&self, request: Request<Incoming>) -> Option<Response<Full<Bytes>>> {
        let (head, body) = request.into_parts();
        let raw = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        let path = head.uri.path();
        let path = path.strip_prefix(self.base.as_str()).unwrap_or(path).to_owned();
        let query =
            form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let ask = Ask {
            operation: self.operation(head.method.as_str(), &path),
            method: head.method.as_str().to_owned(),
            path,
            query,
            headers: head.headers,
            body: serde_json::from_slice(&raw).ok(),
            raw,
        };
        let reply = self.play(&ask).await?;
        let mut response = Response::new(Full::new(reply.raw));
        *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_GATEWAY);
        *response.headers_mut() = reply.headers;
        for name in ["content-length", "transfer-encoding", "connection"] {
            response.headers_mut().remove(name);
        }
        Some(response)
    }

    async fn play(&self, ask: &Ask) -> Option<Reply> {
        let mut passed = ask.clone();
        let meant: Vec<usize> =
            (0..self.rules.len()).filter(|index| matching::request(&self.rules[*index].when, ask)).collect();
        for rule in meant.iter().map(|index| &self.rules[*index]) {
            if rule.drop {
                return None;
            }
            if let Some(canned) = &rule.answer {
                let mut reply = Reply {
                    status: canned.status,
                    headers: http::HeaderMap::new(),
                    raw: Bytes::new(),
                    body: canned.body.clone(),
                };
                if let Some(body) = &canned.body {
                    reply.raw = Bytes::from(body.to_string());
                    reply.headers.insert("content-type", http::HeaderValue::from_static("application/json"));
                }
                if let Some(text) = &canned.text {
                    reply.raw = Bytes::from(text.clone());
                }
                let headers =
                    canned.headers.iter().map(|(name, value)| (name.clone(), Some(value.clone()))).collect();
                tamper::response(&Change { headers, ..Change::default() }, &mut reply, ask, 0);
                return Some(reply);
            }
            if !rule.request.is_none() {
                tamper::request(&rule.request, &mut passed, ask);
            }
            if rule.stale
                && let Some(kept) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&ask.path)
            {
                return Some(kept.clone());
            }
            for _ in 0..rule.repeat {
                self.forward(&passed).await;
            }
        }
        let mut reply = self.forward(&passed).await;
        for index in meant {
            let rule = &self.rules[index];
            if !matching::response(&rule.when, &reply) {
                continue;
            }
            if let Some(name) = &rule.when.again {
                let part = name.strip_prefix("body").filter(|pointer| pointer.starts_with('/'));
                let value = match part {
                    Some(pointer) => ask.body.as_ref().and_then(|body| body.pointer(pointer)?.as_str()),
                    None => ask.headers.get(name).and_then(|value| value.to_str().ok()),
                };
                let value = value.unwrap_or_default();
                let path = if part.is_some() { "" } else { &ask.path };
                let caller = ask
                    .headers
                    .get("authorization")
                    .and_then(|value| value.to_str().ok())
                    .unwrap_or_default();
                let key = format!("{index} {caller} {path} {value}");
                if self
                    .kept
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(key, reply.clone())
                    .is_none()
                {
                    continue;
                }
            }
            let count = self.counts[index].fetch_add(1, Ordering::Relaxed) + 1;
            if rule.when.every.is_some_and(|every| !count.is_multiple_of(every.max(1))) {
                continue;
            }
            if let Some(change) = &rule.retry {
                let mut again = passed.clone();
                tamper::request(change, &mut again, ask);
                reply = self.forward(&again).await;
            }
            tamper::response(&rule.response, &mut reply, ask, count);
            if rule.stale && reply.status == 200 {
                self.kept
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(ask.path.clone(), reply.clone());
            }
        }
        Some(reply)
    }

    async fn forward(&self, ask: &Ask) -> Reply {
        let mut url = format!("{}{}", self.upstream, ask.path);
        if !ask.query.is_empty() {
            let query: String =
                form_urlencoded::Serializer::new(String::new()).extend_pairs(&ask.query).finish();
            url = format!("{url}?{query}");
        }
        let method = reqwest::Method::from_bytes(ask.method.as_bytes()).unwrap_or(reqwest::Method::GET);
        let mut headers = ask.headers.clone();
        for name in ["host", "content-length", "transfer-encoding", "connection"] {
            headers.remove(name);
        }
        let sent = self.client.request(method, url).headers(headers).body(ask.raw.clone()).send().await;
        match sent {
            Ok(response) => {
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                let raw = response.bytes().await.unwrap_or_default();
                let body = serde_json::from_slice(&raw).ok();
                Reply { status, headers, raw, body }
            }
            Err(_) => Reply { status: 502, headers: http::HeaderMap::new(), raw: Bytes::new(), body: None },
        }
    }

    fn operation(&self, method: &str, path: &str) -> Option<String> {
        let segments: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let parts: Vec<&str> = template.split('/').collect();
            parts.len() == segments.len()
                && parts.iter().zip(&segments).all(|(part, segment)| part.starts_with('{') || part == segment)
        };
        self.contract
            .operations()
            .iter()
            .find(|operation| operation.method.as_str() == method && fits(operation.path.as_str()))
            .map(|operation| operation.id.clone())
    }
}
