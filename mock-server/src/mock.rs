//! The server as a library: for tests in Rust.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use fixtures::Fixtures;
use schemas::{Contract, LoadError, Problem};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::access::Access;
use crate::clock::Clock;
use crate::engine::Engine;
use crate::faults::FaultSpec;
use crate::gate::RateLimitMode;
use crate::host::Host;
use crate::limits::Limits;
use crate::log::{Log, LogFormat};
use crate::options::Options;
use crate::server;
use crate::upstream::{Upstream, UpstreamOptions};

/// How long a server that ends waits for whoever reads its log.
const LOG_PATIENCE: Duration = Duration::from_millis(500);

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The contract or the fixtures do not load.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Requests cannot be sent on to what was named.
    #[error("{0}")]
    Upstream(Problem),
    /// The address cannot be listened on.
    #[error("failed to listen on {address}: {source}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// The system's reason.
        source: std::io::Error,
    },
}

/// A running server. Dropping it stops it.
///
/// ```
/// # tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
/// // Arrange
/// let server = mock_server::MockServer::builder().start().await.expect("a free port");
/// // Act
/// let url = server.url().to_owned();
/// server.shutdown().await;
/// // Assert
/// assert!(url.starts_with("http://127.0.0.1:") && url.ends_with("/api/v1"));
/// # });
/// ```
#[derive(Debug)]
pub struct MockServer {
    url: String,
    origin: String,
    address: SocketAddr,
    log: Arc<Log>,
    upstream: Option<Arc<Upstream>>,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl MockServer {
    /// A server of the built-in contract and fixtures on a free port of 127.0.0.1, quiet and without a rate limit.
    pub fn builder() -> Builder {
        Builder {
            contract: None,
            fixtures: None,
            host: Host::Address(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            port: 0,
            upstream: None,
            options: Options { log: LogFormat::Off, ..Options::default() },
        }
    }

    /// Where the API is: scheme, address and base path, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Scheme, host and port: what is above the base path, such as `/__mock/`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The address that is listened on; the first, where there are two.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What did not agree with the description between clients and the real server behind this one, each with how often.
    pub fn deviations(&self) -> Vec<(String, u64)> {
        self.upstream.as_ref().map(|upstream| upstream.deviations.told()).unwrap_or_default()
    }

    /// Adds a text to a log for people; no other log takes it. It waits for nobody, as the lines of requests do not.
    pub fn log(&self, text: &str) {
        self.log.text(text);
    }

    /// Stops accepting, lets requests in flight finish, and returns when all is closed. What is logged is written by then,
    /// unless nobody reads it.
    pub async fn shutdown(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(task) = self.task.take() {
            let _ = task.await;
        }
        let log = Arc::clone(&self.log);
        let _ = tokio::task::spawn_blocking(move || log.flush(LOG_PATIENCE)).await;
    }
}

/// How a server is to be.
#[derive(Debug, Clone)]
pub struct Builder {
    contract: Option<Contract>,
    fixtures: Option<Fixtures>,
    host: Host,
    port: u16,
    upstream: Option<UpstreamOptions>,
    options: Options,
}

impl Builder {
    /// Plays another contract. Without fixtures of its own it begins with an empty world.
    #[must_use]
    pub fn contract(mut self, contract: Contract) -> Self {
        self.contract = Some(contract);
        self
    }

    /// Begins with another world.
    #[must_use]
    pub fn fixtures(mut self, fixtures: Fixtures) -> Self {
        self.fixtures = Some(fixtures);
        self
    }

    /// Listens on another address of this machine, or on both of its own.
    #[must_use]
    pub fn host(mut self, host: impl Into<Host>) -> Self {
        self.host = host.into();
        self
    }

    /// Listens on a port; 0 picks a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the rate limit.
    #[must_use]
    pub fn rate_limit(mut self, mode: RateLimitMode) -> Self {
        self.options.rate_limit = mode;
        self
    }

    /// Sets what ids are made from.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.seed = seed;
        self
    }

    /// Begins without rows, also where a description's examples and schemas would give some.
    #[must_use]
    pub fn empty(mut self, empty: bool) -> Self {
        self.options.empty = empty;
        self
    }

    /// Sets where the time comes from.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.options.clock = clock;
        self
    }

    /// Answers each operation's example, whatever the state.
    #[must_use]
    pub fn replay(mut self, replay: bool) -> Self {
        self.options.replay = replay;
        self
    }

    /// Logs requests to stderr. No request waits for it: lines that nobody reads are dropped beyond 1 MiB, and counted.
    #[must_use]
    pub fn log(mut self, format: LogFormat) -> Self {
        self.options.log = format;
        self
    }

    /// Answers under `/__mock` when it is called by another name as well; its address and `localhost` are known.
    #[must_use]
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.options.allowed_hosts.push(name.into());
        self
    }

    /// Arms a fault from the start.
    #[must_use]
    pub fn fault(mut self, fault: FaultSpec) -> Self {
        self.options.faults.push(fault);
        self
    }

    /// Tells in a header and in the log what of a request nobody knows.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.options.strict = strict;
        self
    }

    /// Lets only pages of this origin call, and those of others named so; without one, pages of all.
    #[must_use]
    pub fn cors_origin(mut self, origin: impl Into<String>) -> Self {
        self.options.cors_origins.push(origin.into());
        self
    }

    /// Asks for a token under `/__mock`.
    #[must_use]
    pub fn control_token(mut self, token: impl Into<String>) -> Self {
        self.options.control_token = Some(token.into());
        self
    }

    /// Sends requests on to a real server and holds both directions to the description: those that it does not know, or all.
    #[must_use]
    pub fn upstream(mut self, upstream: UpstreamOptions) -> Self {
        self.upstream = Some(upstream);
        self
    }

    /// Sets what is taken on at the most.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.limits = limits;
        self
    }

    /// Starts the server; it answers when this returns.
    #[expect(
        clippy::unused_async,
        reason = "it needs a runtime around it, which only an async caller has for sure"
    )]
    pub async fn start(mut self) -> Result<MockServer, StartError> {
        let upstream = self.upstream.take().map(Upstream::new).transpose().map_err(StartError::Upstream)?;
        let upstream = upstream.map(Arc::new);
        self.options.upstream.clone_from(&upstream);
        let (contract, fixtures) = match (self.contract, self.fixtures) {
            (Some(contract), fixtures) => (contract, fixtures.unwrap_or_else(Fixtures::empty)),
            (None, fixtures) => {
                let contract = Contract::builtin()?;
                let fixtures = fixtures.map_or_else(|| Fixtures::builtin(&contract), Ok)?;
                (contract, fixtures)
            }
        };
        let base = contract.base_path().to_owned();
        let access = Access::new(self.host.first(), &self.options.allowed_hosts);
        let engine = Arc::new(Engine::new(contract, &fixtures, self.options, access));
        drop(fixtures);
        let (listeners, address) = server::listen(self.host, self.port)
            .map_err(|(address, source)| StartError::Listen { address, source })?;
        let log = Arc::clone(&engine.log);
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(server::serve(listeners, engine, async {
            // Dropping the server drops the sender, which ends the wait as well.
            let _ = stopped.await;
        }));
        let origin = match self.host {
            Host::Address(_) => format!("http://{address}"),
            Host::Localhost => format!("http://{}:{}", self.host, address.port()),
        };
        let url = format!("{origin}{base}");
        Ok(MockServer { url, origin, address, upstream, log, stop: Some(stop), task: Some(task) })
    }
}
