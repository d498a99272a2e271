//! `completions` and `man`: what shells and `man` show of the command line.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_complete::Shell;

use super::error::{CommandResult, UserError};
use super::exit;
use super::output::stdout;

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
    /// Folder for the pages; created if it does not exist.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// `completions`.
pub(super) fn completions(args: &CompletionsArgs, mut command_line: Command) -> CommandResult {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut command_line, "conformance", &mut text);
    stdout().write_all(&text)?;
    Ok(exit::HOLDS)
}

/// `man`: a page for the program and one for each command.
pub(super) fn man(args: &ManArgs, command_line: Command) -> CommandResult {
    let failed = |error: std::io::Error| {
        UserError::new(
            format!("failed to write pages to {}: {error}", args.folder.display()),
            "give a folder that can be written",
        )
    };
    fs::create_dir_all(&args.folder).map_err(failed)?;
    clap_mangen::generate_to(command_line, &args.folder).map_err(failed)?;
    let pages = fs::read_dir(&args.folder).map_err(failed)?.count();
    writeln!(stdout(), "{pages} pages in {}", args.folder.display())?;
    Ok(exit::HOLDS)
}
