//! The command line.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use clap::builder::FalseyValueParser;
use fixtures::Fixtures;
use mock_server::{Builder, Clock, Limits, LogFormat, MockServer, RateLimitMode};
use schemas::{Contract, DiagnosisFormat, Level, LoadOptions, Problem, printable};

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
    /// OpenAPI description to serve instead of the built-in one; wins over --contract.
    #[arg(value_name = "FILE")]
    pub(crate) description: Option<PathBuf>,
    /// OpenAPI description to serve instead of the built-in one (YAML or JSON, 2.0 to 3.2). What cannot be used of it is left
    /// out, and told.
    #[arg(long, env = "MOCK_SERVER_CONTRACT", value_name = "FILE")]
    pub(crate) contract: Option<PathBuf>,
    /// Only tell what is wrong with the description, without serving it: 0 where it loads, 3 where it does not.
    #[arg(long, env = "MOCK_SERVER_CHECK", value_parser = FalseyValueParser::new(), help_heading = "Descriptions")]
    pub(crate) check: bool,
    /// How --check tells it: `text`, `json` or `github`.
    #[arg(long, default_value_t = DiagnosisFormat::Text, env = "MOCK_SERVER_FORMAT", help_heading = "Descriptions", value_name = "FORMAT")]
    pub(crate) format: DiagnosisFormat,
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
    /// The description to serve; `None` for the built-in one.
    pub(crate) fn contract(&self) -> Option<&PathBuf> {
        self.description.as_ref().or(self.contract.as_ref())
    }

    /// How the description is read.
    pub(crate) fn load_options(&self) -> LoadOptions {
        LoadOptions { strict: self.strict_contract, allowed: self.allow_ref.clone() }
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

/// How many problems of a description are told at the start; the others are counted.
const MOST_TOLD: usize = 20;

/// The banner at the start: what is played, what could not be made of it, with which keys, and where to look.
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
    let made = made(contract, arguments);
    let mode = format!(
        "{} · rate limit {} · clock {}",
        if arguments.replay { "replays examples" } else { "stateful" },
        arguments.rate_limit,
        arguments.clock
    );
    move |server| {
        format!(
            "{what}{made}\n  keys   {keys}\n  mode   {mode}\n  look   http://{}/__mock/\n",
            server.address()
        )
    }
}

/// What the server made of a description that somebody gave it.
fn made(contract: &Contract, arguments: &Arguments) -> String {
    let Some(path) = arguments.contract() else { return String::new() };
    let count = |level: Level| contract.problems().iter().filter(|problem| problem.level == level).count();
    let (skipped, notices) = (count(Level::Skipped), count(Level::Notice));
    let kept = contract.resources().len();
    let mut made = format!("\n  made   {kept} resources kept");
    if skipped + notices > 0 {
        let _ = write!(
            made,
            " · {skipped} skipped, {notices} notices (mock-server --check {} tells them)",
            path.display()
        );
    }
    made
}

/// The problems of a description that loads, for the start: what was skipped first, and not all of a flood.
pub(crate) fn told(problems: &[Problem]) -> String {
    let mut ordered: Vec<&Problem> = problems.iter().collect();
    ordered.sort_by_key(|problem| problem.level);
    let mut text = String::new();
    for problem in ordered.iter().take(MOST_TOLD) {
        let _ = writeln!(text, "{problem}");
    }
    if let Some(more) = ordered.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
        let _ = writeln!(text, "… and {more} more, which --check tells");
    }
    text
}
