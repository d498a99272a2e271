//! `config`: the options of a run and where each comes from.

use std::ffi::OsString;
use std::io::Write as _;

use clap::{ArgMatches, Args, Command};

use super::error::CommandResult;
use super::exit;
use super::output::stdout;
use super::run::RunArgs;
use crate::config::{Layered, OptionSpec, Source, options, schema};
use crate::shown::line;

/// `config`.
#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Print the JSON Schema of the file instead.
    #[arg(long)]
    pub(super) schema: bool,
}

/// `config`.
pub(super) fn config(
    args: &ConfigArgs,
    command_line: &Command,
    matches: &ArgMatches,
    layered: &Layered,
) -> CommandResult {
    let known = command_line.find_subcommand("run").map(options).unwrap_or_default();
    let mut out = stdout();
    if args.schema {
        writeln!(out, "{}", serde_json::to_string_pretty(&schema(&known))?)?;
        return Ok(exit::HOLDS);
    }
    let inner = matches.subcommand().map(|(_, inner)| inner);
    let lines: Vec<(String, Vec<String>, String)> = known
        .iter()
        .map(|option| {
            let source = layered.sources.get(&option.id).unwrap_or(&Source::Default);
            let values = inner.and_then(|inner| values(option, inner));
            (option.name.clone(), values.unwrap_or_default(), source.to_string())
        })
        .collect();
    match &layered.file {
        Some(path) => writeln!(out, "# {}", line(&path.display().to_string()))?,
        None => writeln!(out, "# no conformance.toml here or above")?,
    }
    for (name, values, source) in lines {
        let value = if values.is_empty() { "-".to_owned() } else { values.join(", ") };
        writeln!(out, "{name:<18} {:<44} {}", line(&value), line(&source))?;
    }
    Ok(exit::HOLDS)
}

/// The values of an option as they are shown; secrets are not.
fn values(option: &OptionSpec, matches: &ArgMatches) -> Option<Vec<String>> {
    let shown = |value: OsString| {
        let text = value.to_string_lossy().into_owned();
        match (option.secret, option.name.as_str(), text.split_once(':')) {
            _ if text.is_empty() => text,
            (true, ..) => "…".to_owned(),
            (false, "header", Some((name, _))) => format!("{name}: …"),
            (false, "proxy", _) => match text.rsplit_once('@') {
                Some((_, host)) => format!("…@{host}"),
                None => text,
            },
            _ => text,
        }
    };
    let raw = matches.get_raw(&option.id)?;
    Some(raw.map(|value| shown(value.to_owned())).collect())
}
