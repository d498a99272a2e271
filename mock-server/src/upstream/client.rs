//! Sending a request on, and taking the answer.

use std::error::Error as _;
use std::net::IpAddr;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderName, LOCATION, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use reqwest::{Client, Url, redirect, retry};
use schemas::Problem;

use super::options::UpstreamOptions;

/// Time to connect, and for the whole answer.
const CONNECT_TIME: Duration = Duration::from_secs(10);
const TIME: Duration = Duration::from_mins(1);
/// Bytes of an answer; more is not passed on.
const LONGEST_ANSWER: usize = 64 << 20;
/// Headers that belong to one connection.
const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

/// An answer of the real server.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Sends requests to the real server.
#[derive(Debug)]
pub(super) struct Target {
    client: Client,
    /// Without a slash at the end.
    url: String,
    origin: String,
}

impl Target {
    pub(super) fn new(options: &UpstreamOptions) -> Result<Self, Problem> {
        let failed = |why: &str| {
            Problem::say(format!("{} is no server to send requests on to: {why}", options.url))
                .with_help("Give --upstream a base URL such as https://api.example.com/v1.")
        };
        let url = Url::parse(&options.url).map_err(|error| failed(&error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(failed("it begins with neither http:// nor https://"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(failed("it has a query or a fragment"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(failed("it holds credentials, which the requests bring themselves"));
        }
        // Whoever installed a provider before is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .connect_timeout(CONNECT_TIME)
            .timeout(TIME)
            .tcp_nodelay(true);
        if is_near(&url) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| failed(&error.to_string()))?;
        let origin = url.origin().ascii_serialization();
        Ok(Self { client, url: url.as_str().trim_end_matches('/').to_owned(), origin })
    }

    /// Scheme, host and port.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// Sends a request on. `base` is the base path that the URL stands for.
    pub(super) async fn send(&self, head: &Parts, body: Bytes, base: &str) -> Result<Sent, String> {
        let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
        let below = target.strip_prefix(base).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        let url = match below {
            Some(rest) => format!("{}{rest}", self.url),
            None => format!("{}{target}", self.origin),
        };
        let url = Url::parse(&url).map_err(|error| error.to_string())?;
        let mut headers = head.headers.clone();
        without_connection(&mut headers);
        // The body has to be read here as well.
        for name in [HOST, ACCEPT_ENCODING, EXPECT] {
            headers.remove(name);
        }
        let request = self.client.request(head.method.clone(), url).headers(headers).body(body);
        let mut response = request.send().await.map_err(|error| causes(&error))?;
        let mut whole = BytesMut::new();
        while let Some(part) = response.chunk().await.map_err(|error| causes(&error))? {
            if whole.len() + part.len() > LONGEST_ANSWER {
                return Err(format!("its answer is over {} MB", LONGEST_ANSWER >> 20));
            }
            whole.extend_from_slice(&part);
        }
        let status = response.status();
        let mut headers = std::mem::take(response.headers_mut());
        without_connection(&mut headers);
        self.point_back(&mut headers, base);
        Ok(Sent { status, headers, body: whole.freeze() })
    }

    /// A redirect to the real server leads to this one instead.
    fn point_back(&self, headers: &mut HeaderMap, base: &str) {
        let here = headers.get(LOCATION).and_then(|value| value.to_str().ok()).and_then(|place| {
            place
                .strip_prefix(&self.url)
                .map(|rest| format!("{base}{rest}"))
                .or_else(|| place.strip_prefix(&self.origin).map(str::to_owned))
        });
        if let Some(here) =
            here.filter(|here| here.starts_with('/')).and_then(|here| HeaderValue::from_str(&here).ok())
        {
            headers.insert(LOCATION, here);
        }
    }
}

/// Takes out what belongs to one connection, and what its `Connection` header names.
fn without_connection(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    let own =
        [CONNECTION, CONTENT_LENGTH, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, KEEP_ALIVE, PROXY_CONNECTION];
    for name in named.into_iter().chain(own) {
        headers.remove(name);
    }
}

/// Whether a server is on this machine: proxies of the environment serve others.
fn is_near(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let bare = host.trim_matches(['[', ']']);
        bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}

/// An error with what caused it.
fn causes(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("it did not answer within {} s", TIME.as_secs());
    }
    let mut cause = error.source();
    let mut last = error.to_string();
    while let Some(one) = cause {
        last = one.to_string();
        cause = one.source();
    }
    last
}
