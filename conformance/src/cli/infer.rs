//! `infer`: what a plain description implies.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::error::CommandResult;
use super::exit;
use super::output::stdout;
use super::reading::ReadingArgs;
use super::target::contract;

/// `infer`.
#[derive(Debug, Args)]
pub(super) struct InferArgs {
    /// OpenAPI description to look at.
    #[arg(value_name = "CONTRACT")]
    pub(super) file: PathBuf,
    /// OpenAPI Overlay to apply before; may be given several times, in this order.
    #[arg(long, value_name = "FILE")]
    pub(super) overlay: Vec<PathBuf>,
}

/// Prints what a description implies as an overlay.
pub(super) fn infer(args: &InferArgs) -> CommandResult {
    let reading = ReadingArgs { overlay: args.overlay.clone(), no_infer: false };
    let contract = contract(Some(&args.file), &reading)?;
    write!(stdout(), "{}", contract.inferred_overlay())?;
    Ok(exit::HOLDS)
}
