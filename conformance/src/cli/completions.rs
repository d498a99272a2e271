//! `completions` and `man`: what shells and `man` show of the command line.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

use super::exit;
use super::start;
use super::start::{CommandResult, UserError, user_error};

/// `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// `man`.
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Folder for the pages; it is made where there is none.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// `completions`.
pub(super) fn completions(args: &CompletionsArgs) -> CommandResult {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut start::command(), "conformance", &mut text);
    std::io::stdout().write_all(&text).map_err(user_error)?;
    Ok(exit::HOLDS)
}

/// `man`: a page for the program and one for each command.
pub(super) fn man(args: &ManArgs) -> CommandResult {
    let failed = |error: std::io::Error| {
        UserError(format!(
            "failed to write pages to {}: {error}\n  help: give a folder that can be written",
            args.folder.display()
        ))
    };
    fs::create_dir_all(&args.folder).map_err(failed)?;
    clap_mangen::generate_to(start::command(), &args.folder).map_err(failed)?;
    let pages = fs::read_dir(&args.folder).map_err(failed)?.count();
    writeln!(anstream::stdout(), "{pages} pages in {}", args.folder.display()).map_err(user_error)?;
    Ok(exit::HOLDS)
}
