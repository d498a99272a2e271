//! From what was typed, the environment and the configuration file to arguments.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command, CommandFactory as _, FromArgMatches as _};

use super::args::Cli;
use super::error::UserError;
use super::target::TargetArgs;
use crate::config::{Guarded, Layered, Source, read};

/// Commands that take all of the configuration; the others take where the target is and who calls.
const WHOLE: [&str; 2] = ["run", "config"];

/// What a file may not say that was found rather than named: a run sends keys, and a live key acts on the real world.
const GUARDED: Guarded<'_> = Guarded {
    target: "url",
    sent: &["header", "client-cert"],
    never: &["allow-live", "auth-command", "ca-cert", "proxy"],
    written: &["report", "ledger", "last-run"],
};

/// The arguments, and where each comes from.
pub(super) struct Parsed {
    pub(super) cli: Cli,
    pub(super) matches: ArgMatches,
    pub(super) layered: Layered,
}

/// What is wrong with the arguments.
pub(super) enum Misuse {
    /// On the command line; or it asks for help.
    CommandLine(clap::Error),
    /// In the configuration file or the environment.
    Elsewhere(UserError),
}

/// The command line.
pub(super) fn command_line() -> Command {
    let config = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .value_parser(clap::value_parser!(PathBuf))
        .conflicts_with("no_config")
        .global(true)
        .help("Configuration file that is trusted, instead of the nearest conformance.toml in this folder or above in its repository");
    let without = Arg::new("no_config")
        .long("no-config")
        .action(ArgAction::SetTrue)
        .global(true)
        .help("Read no configuration file");
    // A variable that is set to nothing is not set: so CI servers pass secrets that are not there.
    let unset = |arg: Arg| {
        let empty = arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
        if empty { arg.env(None::<&'static str>) } else { arg }
    };
    Cli::command().arg(config).arg(without).mut_subcommands(move |command| command.mut_args(unset))
}

/// Reads what was typed, then what the environment and the file add.
pub(super) fn parse() -> Result<Parsed, Misuse> {
    let typed: Vec<OsString> = std::env::args_os().collect();
    let (first, count) = (command_line().try_get_matches_from(&typed), typed.len());
    let first = first.map_err(Misuse::CommandLine)?;
    let mut built = command_line();
    built.build();
    let shared = TargetArgs::augment_args(Command::new("target"));
    let layered = read(&built, typed, &first, &WHOLE, &shared, &GUARDED)
        .map_err(|error| Misuse::Elsewhere(error.into()))?;
    let matches = command_line()
        .try_get_matches_from(&layered.arguments)
        .map_err(|error| Misuse::Elsewhere(UserError::say(describe(&error, &layered, count))))?;
    let cli = Cli::from_arg_matches(&matches).map_err(Misuse::CommandLine)?;
    Ok(Parsed { cli, matches, layered })
}

/// A value of the file or of the environment that the command line would refuse too.
fn describe(error: &clap::Error, layered: &Layered, typed: usize) -> String {
    let text = error.to_string();
    let added = layered.arguments.iter().skip(typed).filter_map(|argument| argument.to_str());
    let names = added.filter_map(|argument| argument.strip_prefix("--")?.split('=').next());
    let name = names.into_iter().find(|name| text.contains(&format!("--{name}")));
    let source = name.and_then(|name| layered.sources.get(&name.replace('-', "_")));
    let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let what = if error.kind() == ErrorKind::ArgumentConflict { text.replace("error: ", "") } else { first };
    match source {
        Some(source @ (Source::Variable(_) | Source::File(..))) => format!("{source}: {what}"),
        Some(Source::Flag | Source::Default) | None => what,
    }
}
