//! What can be said on the command line.

use clap::{Parser, Subcommand};

use super::baseline::BaselineArgs;
use super::check::CheckArgs;
use super::cleanup::CleanupArgs;
use super::completions::{CompletionsArgs, ManArgs};
use super::config::ConfigArgs;
use super::diff::DiffArgs;
use super::infer::InferArgs;
use super::laws::{ExplainArgs, LawsArgs};
use super::merge::MergeArgs;
use super::record::RecordArgs;
use super::replay::ReplayArgs;
use super::review::ReviewArgs;
use super::run::RunArgs;
use super::self_test::SelfTestArgs;

/// Checks any implementation of an API against its contract.
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
    /// Check a target against the contract.
    Run(Box<RunArgs>),
    /// Merge the reports of shards into one verdict.
    Merge(Box<MergeArgs>),
    /// Run one finding of the last run again.
    Replay(Box<ReplayArgs>),
    /// Delete what a killed run left on the target.
    Cleanup(Box<CleanupArgs>),
    /// Review a change: what differs between two contracts or two folders of records, and what that breaks.
    Diff(Box<DiffArgs>),
    /// Tell what is wrong with a description: what cannot be used of it, and what is odd.
    Check(CheckArgs),
    /// Print what a plain description implies as an OpenAPI Overlay: the resources, what operations do to them, and why.
    Infer(InferArgs),
    /// List every law: what it says, how sure it is, where the contract states it.
    Laws(LawsArgs),
    /// Explain one law and where it applies.
    Explain(ExplainArgs),
    /// Record the behaviour of a target as snapshots, or check the target against them.
    Record(Box<RecordArgs>),
    /// Review pending records one by one.
    Review(ReviewArgs),
    /// Accept pending records.
    Accept(ReviewArgs),
    /// Reject pending records.
    Reject(ReviewArgs),
    /// Suppress known findings until a date.
    Baseline(BaselineArgs),
    /// Print the options of a run and where each comes from: flags, environment or configuration file.
    Config(Box<ConfigArgs>),
    /// Print completions for a shell.
    Completions(CompletionsArgs),
    /// Write manual pages.
    Man(ManArgs),
    /// Test the runner itself: no finding on the mock server, then one for every planted fault.
    SelfTest(SelfTestArgs),
}
