//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use clap::builder::FalseyValueParser;
use fixtures::Fixtures;
use mock_server::{Builder, Clock, Limits, LogFormat, MockServer, RateLimitMode};
use schemas::{Contract, printable};

/// Serves an API from its OpenAPI description, with seeded data and state.
///
/// Without flags it serves the built-in API on port 4010 of this machine. When it is ready it prints one line to
/// stdout, `ready <url>`; everything else goes to stderr. It ends with 0 after SIGTERM or SIGINT, 2 on wrong usage, 3 when
/// the contract or the fixtures do not load, 4 when the address is in use.
#[derive(Debug, Parser)]
#[command(version, next_line_help = false, max_term_width = 110)]
pub(crate) struct Arguments {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1", env = "MOCK_SERVER_HOST", value_name = "IP")]
    pub(crate) host: IpAddr,
    /// Port to listen on; 0 picks a free one.
    #[arg(long, default_value_t = 4010, env = "MOCK_SERVER_PORT")]
    pub(crate) port: u16,
    /// Another name that the endpoints under /__mock may be called by; repeated, or with commas, several.
    #[arg(long, env = "MOCK_SERVER_ALLOW_HOST", value_name = "NAME", value_delimiter = ',')]
    pub(crate) allow_host: Vec<String>,
    /// OpenAPI description to serve instead of the built-in one (YAML or JSON, 3.0 or 3.1).
    #[arg(long, env = "MOCK_SERVER_CONTRACT", value_name = "FILE")]
    pub(crate) contract: Option<PathBuf>,
    /// Folder of fixtures to start with instead of the built-in ones.
    #[arg(long, env = "MOCK_SERVER_FIXTURES", value_name = "DIR")]
    pub(crate) fixtures: Option<PathBuf>,
    /// Answer every request with the operation's example, without keeping state.
    // In the environment, `1` and `true` switch it on; nothing, `0` and `false` do not.
    #[arg(long, env = "MOCK_SERVER_REPLAY", value_parser = FalseyValueParser::new())]
    pub(crate) replay: bool,
    /// Seed of generated ids: the same seed, clock and requests give the same bytes.
    #[arg(long, default_value_t = 0, env = "MOCK_SERVER_SEED")]
    pub(crate) seed: u64,
    /// `real`, or the instant at which the clock is frozen, such as 2026-05-26T17:21:09Z.
    #[arg(long, default_value_t = Clock::Real, env = "MOCK_SERVER_CLOCK")]
    pub(crate) clock: Clock,
    /// `off`, `documented` (by the tier of each key) or `N/min` for every key.
    #[arg(long, default_value_t = RateLimitMode::Off, env = "MOCK_SERVER_RATE_LIMIT", value_name = "LIMIT")]
    pub(crate) rate_limit: RateLimitMode,
    /// Log of requests on stderr: `pretty`, `json` or `off`.
    #[arg(long, default_value_t = LogFormat::Pretty, env = "MOCK_SERVER_LOG")]
    pub(crate) log: LogFormat,
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

impl Arguments {
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
        let builder = MockServer::builder();
        self.allow_host
            .iter()
            .fold(builder, Builder::allow_host)
            .host(self.host)
            .port(self.port)
            .replay(self.replay)
            .seed(self.seed)
            .clock(self.clock)
            .rate_limit(self.rate_limit)
            .log(self.log)
            .limits(limits)
    }
}

/// The banner at the start: what is played, with which keys, and where to look.
pub(crate) fn banner(
    contract: &Contract,
    fixtures: &Fixtures,
    arguments: &Arguments,
) -> impl FnOnce(&MockServer) -> String + use<> {
    let keys = fixtures.keys.iter().filter(|key| !key.revoked).map(|key| key.key.clone());
    let copies = fixtures.private_copies.iter().map(|copies| format!("{}<name>", copies.prefix));
    let keys: Vec<String> = keys.chain(copies).collect();
    let keys = if keys.is_empty() { "any".to_owned() } else { keys.join("  ") };
    let what =
        format!("{} {} · {} operations", contract.title(), contract.version(), contract.operations().len());
    // Both are texts of files.
    let (what, keys) = (printable(&what).into_owned(), printable(&keys).into_owned());
    let mode = format!(
        "{} · rate limit {} · clock {}",
        if arguments.replay { "replays examples" } else { "stateful" },
        arguments.rate_limit,
        arguments.clock
    );
    move |server| {
        format!("{what}\n  keys   {keys}\n  mode   {mode}\n  look   http://{}/__mock/\n", server.address())
    }
}
