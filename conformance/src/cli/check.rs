//! `check`: what is wrong with a description.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use schemas::{Contract, DiagnosisFormat, LoadOptions};

use super::error::CommandResult;
use super::exit;
use super::reading::ReadingArgs;

/// `check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// OpenAPI description to check, instead of the built-in one.
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// `text`, `json` or `github`.
    #[arg(long, default_value_t = DiagnosisFormat::Text, value_name = "FORMAT")]
    pub(super) format: DiagnosisFormat,
    /// What would be skipped is an error.
    #[arg(long)]
    pub(super) strict_contract: bool,
    /// Folder, beside the description's own, that its references may lead into; may be given several times.
    #[arg(long, value_name = "DIR")]
    pub(super) allow_ref: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// Tells every problem of a description. It holds when the description loads.
pub(super) fn check(args: &CheckArgs) -> CommandResult {
    let options = LoadOptions {
        strict: args.strict_contract,
        allowed: args.allow_ref.clone(),
        ..args.reading.options()
    };
    let name =
        args.file.as_ref().map_or_else(|| "openapi.yaml".to_owned(), |file| file.display().to_string());
    let loaded = match &args.file {
        Some(file) => Contract::load_with(file, &options),
        None => Contract::from_text_with(&name, Contract::builtin_text(), &options),
    };
    let (problems, operations, code) = match loaded {
        Ok(contract) => (contract.problems().to_vec(), Some(contract.operations().len()), exit::HOLDS),
        Err(error) => (error.problems, None, exit::CANNOT_JUDGE),
    };
    write!(anstream::stdout(), "{}", schemas::diagnosis(&problems, &name, operations, args.format))?;
    Ok(code)
}
