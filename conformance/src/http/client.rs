//! The HTTP client: sends exactly what it is given and separates transport faults from responses.

use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use reqwest::redirect::Policy;
use reqwest::{Method, NoProxy, Proxy, Url, retry};
use schemas::Problem;

use super::credential::{Credential, QUERY_NAMES};
use super::fault::{LONGEST_BODY, MOST_VALUES, TransportFault};
use super::host::is_this_machine;
use super::keys::Keys;
use super::observer::{InFlight, TrafficWatch};
use super::options::ClientOptions;
use super::placement::Placed;
use super::request::Request;
use super::response::Response;
use super::shorten::values_in;
use super::tls::{TlsFault, authorities, identity};

/// Whether a request may go out on a connection that served others before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    /// It may: the target may be closing it at that moment.
    Kept,
    /// It gets one of its own.
    Fresh,
}

/// Sends requests below one base URL.
#[derive(Debug)]
pub(crate) struct Client {
    inner: reqwest::Client,
    /// Keeps no connection; built when it is first needed.
    unpooled: OnceLock<reqwest::Client>,
    options: ClientOptions,
    base: String,
    watch: Option<TrafficWatch>,
}

impl Client {
    /// For a base URL without a slash at the end.
    pub(crate) fn new(base: &str, options: &ClientOptions) -> Result<Self, Problem> {
        let inner = build(base, options, Connection::Kept)?;
        let base = base.trim_end_matches('/').to_owned();
        Ok(Self { inner, unpooled: OnceLock::new(), options: options.clone(), base, watch: None })
    }

    /// The client for a kind of connection.
    fn on(&self, connection: Connection) -> &reqwest::Client {
        match connection {
            Connection::Kept => &self.inner,
            // What could be built once can be built again.
            Connection::Fresh => self.unpooled.get_or_init(|| {
                build(&self.base, &self.options, connection).unwrap_or_else(|_| self.inner.clone())
            }),
        }
    }

    /// The same, reported to an observer.
    #[must_use]
    pub(crate) fn watched(self, watch: TrafficWatch) -> Self {
        Self { watch: Some(watch), ..self }
    }

    /// Sends a request with one of the keys; every answer that is no redirect is an answer.
    pub(crate) async fn send(
        &self,
        request: &Request,
        keys: &Keys,
        key: usize,
        connection: Connection,
    ) -> Result<Response, TransportFault> {
        let mut url = format!("{}{}", self.base, request.target());
        if request.credential == Credential::Query {
            let own = keys.own.get(key).map_or("", String::as_str);
            for (index, name) in QUERY_NAMES.iter().enumerate() {
                url.push(if index == 0 && request.query.is_empty() { '?' } else { '&' });
                url.push_str(name);
                url.push('=');
                url.extend(form_urlencoded::byte_serialize(own.as_bytes()));
            }
        }
        let placed = keys.placed(request.op.as_ref(), request.credential, key);
        for place in &placed {
            if let Placed::Query(name, value) = place {
                url.push(if url.contains('?') { '&' } else { '?' });
                url.extend(form_urlencoded::byte_serialize(name.as_bytes()));
                url.push('=');
                url.extend(form_urlencoded::byte_serialize(value.as_bytes()));
            }
        }
        let url = Url::parse(&url).map_err(|error| TransportFault::Connect(error.to_string()))?;
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|error| TransportFault::Connect(error.to_string()))?;
        let client = self.on(connection);
        let mut wire = client.request(method, url).header("accept", request.accept());
        let cookies: Vec<String> = placed
            .iter()
            .filter_map(|place| match place {
                Placed::Cookie(name, value) => Some(format!("{name}={value}")),
                Placed::Header(..) | Placed::Query(..) => None,
            })
            .collect();
        if !cookies.is_empty() {
            wire = wire.header("cookie", cookies.join("; "));
        }
        for place in &placed {
            if let Placed::Header(name, value) = place {
                wire = wire.header(name, value);
            }
        }
        for (name, value) in &request.headers {
            wire = wire.header(name, value);
        }
        if let Some(content) = request.content() {
            wire = wire.header("content-type", content.content_type).body(content.bytes);
        }
        let wire = wire.build().map_err(|error| self.fault(&error))?;
        let mut awaited = self.watch.as_ref().map(|watch| watch.begin(request, &wire));
        let outcome = self.answer(client, wire, &mut awaited).await;
        if let Some(awaited) = &mut awaited {
            awaited.answered(&outcome);
        }
        outcome
    }

    async fn answer(
        &self,
        client: &reqwest::Client,
        request: reqwest::Request,
        awaited: &mut Option<InFlight<'_>>,
    ) -> Result<Response, TransportFault> {
        let mut response = client.execute(request).await.map_err(|error| self.fault(&error))?;
        if let Some(awaited) = awaited {
            awaited.headed();
        }
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let length = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        if length > LONGEST_BODY {
            return Err(TransportFault::TooLong);
        }
        let mut bytes = Vec::with_capacity(length);
        while let Some(chunk) = response.chunk().await.map_err(|error| self.fault(&error))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LONGEST_BODY {
                return Err(TransportFault::TooLong);
            }
        }
        if bytes.len() > MOST_VALUES && values_in(&bytes) > MOST_VALUES {
            return Err(TransportFault::TooMany);
        }
        Ok(Response::new(status, headers, Bytes::from(bytes)))
    }

    fn fault(&self, error: &reqwest::Error) -> TransportFault {
        if error.is_timeout() {
            TransportFault::Timeout(self.options.timeout.as_secs())
        } else if let Some(fault) = TlsFault::of(error) {
            TransportFault::Tls(fault)
        } else if error.is_connect() {
            TransportFault::Connect(causes(error))
        } else {
            TransportFault::Broken(causes(error))
        }
    }
}

/// A client that keeps connections or not.
fn build(base: &str, options: &ClientOptions, connection: Connection) -> Result<reqwest::Client, Problem> {
    // Whoever installed a provider before is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let timeout = options.timeout;
    let headers = options.headers.iter().map(|header| (header.name.clone(), header.value.clone()));
    let idle = match connection {
        Connection::Kept => usize::MAX,
        Connection::Fresh => 0,
    };
    let mut builder = reqwest::Client::builder()
        .pool_max_idle_per_host(idle)
        .user_agent(concat!("conformance/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers.collect())
        .redirect(Policy::none())
        .retry(retry::never())
        .connect_timeout(timeout.min(Duration::from_secs(10)))
        .timeout(timeout)
        .pool_idle_timeout(Duration::from_secs(4))
        .tcp_nodelay(true);
    if let Some(proxy) = &options.proxy {
        check_proxy(proxy)?;
        let through = Proxy::all(proxy).map_err(|error| {
            Problem::say(format!("--proxy cannot be used: {}", causes(&error)))
                .with_help("give a URL, such as http://proxy.example.com:3128")
        })?;
        builder = builder.proxy(through.no_proxy(NoProxy::from_env()));
    } else if Url::parse(base).is_ok_and(|url| is_this_machine(&url)) {
        // Proxies of the environment serve remote targets; a target on this machine is reached directly.
        builder = builder.no_proxy();
    }
    for path in &options.ca_cert {
        builder = builder.tls_certs_merge(authorities(path)?);
    }
    if let Some(path) = &options.client_cert {
        builder = builder.identity(identity(path)?);
    }
    builder
        .build()
        .map_err(|error| Problem::say(format!("failed to prepare the HTTP client: {}", causes(&error))))
}

/// Whether a proxy is one that can be gone through: the client would pass over any other and go without.
pub(crate) fn check_proxy(proxy: &str) -> Result<(), Problem> {
    match proxy.split_once("://") {
        Some((scheme, _)) if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) => {
            Err(Problem::say(format!(
                "--proxy cannot be used: {scheme:?} is no kind of proxy that is supported"
            ))
            .with_help("give an http or https URL, such as http://proxy.example.com:3128"))
        }
        _ => Ok(()),
    }
}

/// The innermost cause says most; the outer ones repeat the URL.
fn causes(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_that_would_be_passed_over_is_refused() {
        for proxy in ["http://p:1", "HTTPS://u:p@p", "proxy:3128", "proxy"] {
            assert!(check_proxy(proxy).is_ok(), "{proxy}");
        }
        for proxy in ["ftp://u:secret@x", "socks5://x", "socks5h://x:1", "://x"] {
            let error = check_proxy(proxy).expect_err(proxy).to_string();
            assert!(error.contains("no kind of proxy") && error.contains("http://proxy"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
