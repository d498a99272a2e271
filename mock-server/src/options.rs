//! How a server behaves, apart from what it plays.

use std::sync::Arc;

use crate::clock::Clock;
use crate::faults::FaultSpec;
use crate::gate::RateLimitMode;
use crate::limits::Limits;
use crate::log::LogFormat;
use crate::upstream::Upstream;

/// How a server behaves. The default is a stateful server with the machine's clock and no rate limit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// What ids are made from.
    pub seed: u64,
    /// Begin without rows where the description alone would give some.
    pub empty: bool,
    /// Where the time comes from.
    pub clock: Clock,
    /// Which allowance holds.
    pub rate_limit: RateLimitMode,
    /// Answer every request with the operation's example, without keeping state.
    pub replay: bool,
    /// How requests are logged.
    pub log: LogFormat,
    /// Names the server goes by, besides its address and `localhost`.
    pub allowed_hosts: Vec<String>,
    /// Faults that are armed from the start.
    pub faults: Vec<FaultSpec>,
    /// Tell in a header and in the log what of a request nobody knows.
    pub strict: bool,
    /// Origins whose pages may call; none for all.
    pub cors_origins: Vec<String>,
    /// What the endpoints under `/__mock` ask for.
    pub control_token: Option<String>,
    /// A real server behind this one.
    pub upstream: Option<Arc<Upstream>>,
    /// What is taken on at the most.
    pub limits: Limits,
}
