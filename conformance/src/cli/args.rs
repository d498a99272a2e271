//! What can be said on the command line.

use clap::{Parser, Subcommand};

use super::baseline::BaselineArgs;
use super::cleanup::CleanupArgs;
use super::completions::{CompletionsArgs, ManArgs};
use super::config::ConfigArgs;
use super::diff::DiffArgs;
use super::laws::{ExplainArgs, LawsArgs};
use super::merge::MergeArgs;
use super::record::RecordArgs;
use super::replay::ReplayArgs;
use super::review::ReviewArgs;
use super::run::RunArgs;
use super::self_test::SelfTestArgs;

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
    /// Join the reports of shards into one verdict.
    Merge(Box<MergeArgs>),
    /// Run one finding of the last run again.
    Replay(Box<ReplayArgs>),
    /// Take away what a run left that was killed.
    Cleanup(Box<CleanupArgs>),
    /// Review a change: what moved between two contracts or two folders of records, and what it breaks.
    Diff(Box<DiffArgs>),
    /// List every law: what it says, how sure it is, where the contract states it.
    Laws(LawsArgs),
    /// Explain one law and where it applies.
    Explain(ExplainArgs),
    /// Keep the observed behaviour of a target as records, or hold the target to them.
    Record(Box<RecordArgs>),
    /// Look at records that wait, one by one.
    Review(ReviewArgs),
    /// Accept records that wait.
    Accept(ReviewArgs),
    /// Reject records that wait.
    Reject(ReviewArgs),
    /// Bear findings that are known, for a while.
    Baseline(BaselineArgs),
    /// Print what a run would be told, and by whom: flags, environment, configuration file.
    Config(Box<ConfigArgs>),
    /// Print completions for a shell.
    Completions(CompletionsArgs),
    /// Write manual pages.
    Man(ManArgs),
    /// Prove the gate: clean on the mock server, then every planted fault found.
    SelfTest(SelfTestArgs),
}
