//! How the server is to be, as the command line says it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use clap::builder::FalseyValueParser;
use mock_server::{Builder, Clock, FaultSpec, Host, Limits, LogFormat, MockServer, RateLimitMode};
use schemas::LoadOptions;

use super::upstream::UpstreamArguments;

/// The port where none is given.
pub(crate) const PORT: u16 = 4010;
/// What stands for the standard input in the place of a file.
pub(crate) const STDIN: &str = "-";

/// How the server is to be, and what it plays.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct ServerArguments {
    /// Address to listen on, or `localhost` for both of this machine's own (127.0.0.1 and `::1`).
    #[arg(long, default_value = "127.0.0.1", env = "MOCK_SERVER_HOST", value_name = "IP")]
    pub(crate) host: Host,
    /// Port to listen on; 0 picks a free one [default: 4010; a free one for `exec`].
    #[arg(long, short, env = "MOCK_SERVER_PORT")]
    pub(crate) port: Option<u16>,
    /// Another name that the endpoints under /__mock may be called by; repeated, or with commas, several.
    #[arg(long, env = "MOCK_SERVER_ALLOW_HOST", value_name = "NAME", value_delimiter = ',')]
    pub(crate) allow_host: Vec<String>,
    /// Token that the endpoints under /__mock ask for, in the header Mock-Control-Token; for a server that many share.
    #[arg(long, env = "MOCK_SERVER_CONTROL_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub(crate) control_token: Option<String>,
    /// Origin whose pages may call, such as `http://localhost:5173`; repeated, or with commas, several. Without it, all may.
    #[arg(long, env = "MOCK_SERVER_CORS_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    pub(crate) cors_origin: Vec<String>,
    /// OpenAPI description to serve instead of the built-in one, `-` for the standard input; wins over --contract.
    #[arg(value_name = "FILE")]
    pub(crate) description: Option<PathBuf>,
    /// OpenAPI description to serve instead of the built-in one (YAML or JSON, 2.0 to 3.2); `-` reads it from the standard
    /// input. What cannot be used of it is left out, and told.
    #[arg(long, env = "MOCK_SERVER_CONTRACT", value_name = "FILE")]
    pub(crate) contract: Option<PathBuf>,
    /// Do not load a description of which anything has to be skipped.
    #[arg(long, env = "MOCK_SERVER_STRICT_CONTRACT", value_parser = FalseyValueParser::new(), help_heading = "Descriptions")]
    pub(crate) strict_contract: bool,
    /// Folder, beside the description's own, that its references may lead into; several with commas, or several times.
    #[arg(
        long,
        env = "MOCK_SERVER_ALLOW_REF",
        value_delimiter = ',',
        help_heading = "Descriptions",
        value_name = "DIR"
    )]
    pub(crate) allow_ref: Vec<PathBuf>,
    /// OpenAPI Overlay to apply to the description; several with commas, or several times, in this order.
    #[arg(
        long,
        env = "MOCK_SERVER_OVERLAY",
        value_delimiter = ',',
        help_heading = "Descriptions",
        value_name = "FILE"
    )]
    pub(crate) overlay: Vec<PathBuf>,
    /// Play only what the description says itself, and nothing that it merely implies.
    #[arg(long, env = "MOCK_SERVER_NO_INFER", value_parser = FalseyValueParser::new(), help_heading = "Descriptions")]
    pub(crate) no_infer: bool,
    /// Folder of fixtures to start with instead of the built-in ones.
    #[arg(long, env = "MOCK_SERVER_FIXTURES", value_name = "DIR")]
    pub(crate) fixtures: Option<PathBuf>,
    /// Answer every request with the operation's example, without keeping state.
    // In the environment, `1` and `true` switch it on; nothing, `0` and `false` do not.
    #[arg(long, env = "MOCK_SERVER_REPLAY", value_parser = FalseyValueParser::new())]
    pub(crate) replay: bool,
    /// Begin without rows, also where the description's examples and schemas would give some.
    #[arg(long, env = "MOCK_SERVER_EMPTY", value_parser = FalseyValueParser::new())]
    pub(crate) empty: bool,
    /// Fault that requests meet: `create-customer:503*2`, `list-*:delay=500*0`, or `offline`, `slow-3g`, `flaky`, `rate-limited`;
    /// repeated, several.
    #[arg(long, env = "MOCK_SERVER_FAULT", value_name = "FAULT", value_delimiter = ' ')]
    pub(crate) fault: Vec<FaultSpec>,
    /// Tell unknown properties and query parameters of a request, in the header Mock-Ignored and in the log.
    #[arg(long, env = "MOCK_SERVER_STRICT", value_parser = FalseyValueParser::new())]
    pub(crate) strict: bool,
    /// Seed of generated ids: the same seed, clock and requests give the same bytes.
    #[arg(long, default_value_t = 0, env = "MOCK_SERVER_SEED")]
    pub(crate) seed: u64,
    /// `real`, or the instant at which the clock is frozen, such as 2026-05-26T17:21:09Z.
    #[arg(long, default_value_t = Clock::Real, env = "MOCK_SERVER_CLOCK")]
    pub(crate) clock: Clock,
    /// `off`, `documented` (by the tier of each key) or `N/min` for every key.
    #[arg(long, default_value_t = RateLimitMode::Off, env = "MOCK_SERVER_RATE_LIMIT", value_name = "LIMIT")]
    pub(crate) rate_limit: RateLimitMode,
    /// Log of requests on stderr: `pretty`, `json` or `off` [default: pretty; off for `exec`].
    #[arg(long, env = "MOCK_SERVER_LOG")]
    pub(crate) log: Option<LogFormat>,
    #[command(flatten)]
    pub(crate) real: UpstreamArguments,
    /// Maximum size of a request body in bytes.
    #[arg(long, default_value_t = Limits::default().body_bytes, env = "MOCK_SERVER_MAX_BODY", help_heading = "Bounds", value_name = "BYTES")]
    pub(crate) max_body: usize,
    /// Seconds a request's head, and then its body, may take, and a connection may be idle.
    #[arg(long, default_value_t = 10, env = "MOCK_SERVER_READ_TIMEOUT", help_heading = "Bounds", value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) read_timeout: u64,
    /// Maximum number of open connections; further ones wait.
    #[arg(long, default_value_t = 1_024, env = "MOCK_SERVER_MAX_CONNECTIONS", help_heading = "Bounds", value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) max_connections: u32,
    /// Maximum number of private workspaces; one more frees the one that was not used for longest.
    #[arg(long, default_value_t = Limits::default().workspaces, env = "MOCK_SERVER_MAX_WORKSPACES", help_heading = "Bounds", value_name = "N")]
    pub(crate) max_workspaces: usize,
    /// Maximum number of rows of a workspace; deleted ones are remembered while there is room.
    #[arg(long, default_value_t = Limits::default().rows, env = "MOCK_SERVER_MAX_ROWS", help_heading = "Bounds", value_name = "N")]
    pub(crate) max_rows: usize,
    /// Maximum number of idempotency keys to remember.
    #[arg(long, default_value_t = Limits::default().idempotency_entries, env = "MOCK_SERVER_MAX_IDEMPOTENCY_KEYS", help_heading = "Bounds", value_name = "N")]
    pub(crate) max_idempotency_keys: usize,
    /// Number of requests to keep for the page at /__mock/; 0 keeps none.
    #[arg(long, default_value_t = Limits::default().journal_entries, env = "MOCK_SERVER_JOURNAL", help_heading = "Bounds", value_name = "N")]
    pub(crate) journal: usize,
}

impl ServerArguments {
    /// The description to serve; `None` for the built-in one.
    pub(crate) fn contract(&self) -> Option<&Path> {
        self.description.as_deref().or(self.contract.as_deref())
    }

    /// How the description is read.
    pub(crate) fn load_options(&self) -> LoadOptions {
        LoadOptions {
            strict: self.strict_contract,
            allowed: self.allow_ref.clone(),
            overlays: self.overlay.clone(),
            infer: !self.no_infer,
        }
    }

    /// The server these arguments ask for, but for what it plays.
    pub(crate) fn builder(&self) -> Builder {
        let limits = Limits {
            body_bytes: self.max_body,
            header_time: Duration::from_secs(self.read_timeout),
            body_time: Duration::from_secs(self.read_timeout),
            connections: self.max_connections as usize,
            workspaces: self.max_workspaces,
            rows: self.max_rows,
            idempotency_entries: self.max_idempotency_keys,
            journal_entries: self.journal,
            ..Limits::default()
        };
        let builder = self.real.add_to(MockServer::builder());
        let builder = self.allow_host.iter().fold(builder, Builder::allow_host);
        let builder = self.cors_origin.iter().fold(builder, Builder::cors_origin);
        let builder = self.fault.iter().cloned().fold(builder, Builder::fault);
        let builder = self.control_token.iter().fold(builder, Builder::control_token);
        builder
            .strict(self.strict)
            .host(self.host)
            .port(self.port.unwrap_or(PORT))
            .replay(self.replay)
            .empty(self.empty)
            .seed(self.seed)
            .clock(self.clock)
            .rate_limit(self.rate_limit)
            .log(self.log.unwrap_or(LogFormat::Pretty))
            .limits(limits)
    }
}
