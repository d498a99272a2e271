//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Holds any implementation of the API to its contract.
///
/// Exit codes: 0 the contract holds, 1 a violation (with --strict also a warning), 2 it could not be judged,
/// 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "conformance", version, about, long_about, max_term_width = 110)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Hold a target to the contract.
    Run(Box<RunArgs>),
    /// Run one finding of the last run again.
    Replay(Box<ReplayArgs>),
    /// List every law: what it says, how sure it is, where the contract states it.
    Laws(LawsArgs),
    /// Explain one law and where it applies.
    Explain(ExplainArgs),
    /// Prove the gate: clean on the mock server, then every planted fault found.
    SelfTest(SelfTestArgs),
}

/// Where the target is and who calls.
#[derive(Debug, Args)]
pub(super) struct TargetArgs {
    /// Base URL of the target, base path included.
    #[arg(long, env = "PIVOTAL_API_URL", value_name = "URL")]
    pub(super) url: String,
    /// Key of the workspace under test; give it again for several keys of that workspace.
    #[arg(long, env = "PIVOTAL_API_KEY", hide_env_values = true, value_delimiter = ',', value_name = "KEY")]
    pub(super) api_key: Vec<String>,
    /// Key of another workspace, to see that workspaces do not see each other.
    #[arg(long, env = "PIVOTAL_OTHER_KEY", hide_env_values = true, value_name = "KEY")]
    pub(super) other_key: Option<String>,
    /// Key that was revoked.
    #[arg(long, env = "PIVOTAL_REVOKED_KEY", hide_env_values = true, value_name = "KEY")]
    pub(super) revoked_key: Option<String>,
    /// OpenAPI description to hold the target to, instead of the built-in one (YAML or JSON, 3.0 or 3.1).
    #[arg(long, env = "CONFORMANCE_CONTRACT", value_name = "FILE")]
    pub(super) contract: Option<PathBuf>,
    /// Host outside of this machine and of private networks that may be tried.
    #[arg(long, value_name = "HOST")]
    pub(super) allow_host: Vec<String>,
    /// Allow keys that act on the real world.
    #[arg(long)]
    pub(super) allow_live: bool,
    /// Seconds one answer may take.
    #[arg(long, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(super) timeout: u64,
    /// Where the findings of the last run are kept, for `replay`.
    #[arg(
        long,
        env = "CONFORMANCE_LAST_RUN",
        default_value = ".conformance/last-run.json",
        value_name = "PATH"
    )]
    pub(super) last_run: PathBuf,
}

/// `run`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) target: TargetArgs,
    /// What generated values follow from.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(super) seed: u64,
    /// Requests at the most, taking away what was made not counted.
    #[arg(long, default_value_t = 2_000, value_name = "N")]
    pub(super) max_requests: usize,
    /// Time at the most: `90s`, `10m`, `1h`.
    #[arg(long, default_value = "10m", value_name = "TIME", value_parser = duration)]
    pub(super) max_time: std::time::Duration,
    /// Cases tried at the same time.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = workers)]
    pub(super) workers: usize,
    /// Only laws that match: `auth-*`, `unique-on-?????`; give it again for more.
    #[arg(long, value_name = "GLOB")]
    pub(super) law: Vec<String>,
    /// Only operations that match; give it again for more.
    #[arg(long, value_name = "GLOB")]
    pub(super) operation: Vec<String>,
    /// Warnings fail the run as well.
    #[arg(long)]
    pub(super) strict: bool,
    /// Leave out generated requests.
    #[arg(long)]
    pub(super) no_generated: bool,
    /// Write a report: `json=PATH` or `junit=PATH`; give it again for more.
    #[arg(long, value_name = "KIND=PATH", value_parser = destination)]
    pub(super) report: Vec<Destination>,
    /// Mark of everything the run makes, instead of a fresh one.
    #[arg(long, value_name = "TEXT", value_parser = tag)]
    pub(super) run_tag: Option<String>,
    /// Print the plan and what it costs; send nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Tell notes whole as well.
    #[arg(short, long)]
    pub(super) verbose: bool,
}

/// `replay`.
#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// The finding's id.
    pub(super) id: String,
    #[command(flatten)]
    pub(super) target: TargetArgs,
}

/// `laws`.
#[derive(Debug, Args)]
pub(super) struct LawsArgs {
    /// OpenAPI description to derive them from, instead of the built-in one.
    #[arg(long, env = "CONFORMANCE_CONTRACT", value_name = "FILE")]
    pub(super) contract: Option<PathBuf>,
    /// As JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// `explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The law's id.
    pub(super) law: String,
    /// OpenAPI description to derive it from, instead of the built-in one.
    #[arg(long, env = "CONFORMANCE_CONTRACT", value_name = "FILE")]
    pub(super) contract: Option<PathBuf>,
}

/// `self-test`.
#[derive(Debug, Args)]
pub(super) struct SelfTestArgs {
    /// Only faults that match.
    #[arg(long, value_name = "GLOB")]
    pub(super) fault: Vec<String>,
    /// What generated values follow from.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(super) seed: u64,
    /// Tell what each fault brought to light.
    #[arg(short, long)]
    pub(super) verbose: bool,
}

/// A report to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Destination {
    Json(PathBuf),
    Junit(PathBuf),
}

fn destination(text: &str) -> Result<Destination, String> {
    match text.split_once('=') {
        Some((_, "")) => Err("the path is missing".to_owned()),
        Some(("json", path)) => Ok(Destination::Json(path.into())),
        Some(("junit", path)) => Ok(Destination::Junit(path.into())),
        _ => Err("write json=PATH or junit=PATH".to_owned()),
    }
}

fn duration(text: &str) -> Result<std::time::Duration, String> {
    let (digits, unit) =
        text.split_at(text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len()));
    let number: u64 =
        digits.parse().map_err(|_| "write a number and a unit, as in 90s, 10m or 1h".to_owned())?;
    let seconds = match unit {
        "" | "s" => number,
        "m" => number.saturating_mul(60),
        "h" => number.saturating_mul(3_600),
        _ => return Err("the unit is none of s, m, h".to_owned()),
    };
    if (1..=7 * 86_400).contains(&seconds) {
        Ok(std::time::Duration::from_secs(seconds))
    } else {
        Err("it must be between one second and a week".to_owned())
    }
}

fn workers(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| (1..=64).contains(number))
        .ok_or_else(|| "write a number from 1 to 64".to_owned())
}

fn tag(text: &str) -> Result<String, String> {
    let fine = (1..=12).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if fine { Ok(text.to_owned()) } else { Err("write 1 to 12 lower-case letters and digits".to_owned()) }
}
