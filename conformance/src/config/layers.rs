//! Flags before the environment before the file before what is usual.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use super::file::{ConfigError, File};
use super::options::{Kind, OptionSpec, options};
use super::search::found;
use super::source::Source;
use super::trust::{Guarded, check};

/// The arguments with what the other layers add, and where each option's value comes from.
#[derive(Debug, Default)]
pub(crate) struct Layered {
    /// What to parse.
    pub(crate) arguments: Vec<OsString>,
    /// By the option's id for clap.
    pub(crate) sources: BTreeMap<String, Source>,
    /// The file that was read.
    pub(crate) file: Option<PathBuf>,
}

/// Adds to some arguments what the environment and the file say. `whole` is a command that takes all of the file; every
/// other command takes what is in `shared` alone. What is `guarded` a file may not say that was found rather than named.
pub(crate) fn read(
    command: &Command,
    arguments: Vec<OsString>,
    matches: &ArgMatches,
    whole: &[&str],
    shared: &Command,
    guarded: &Guarded<'_>,
) -> Result<Layered, ConfigError> {
    let mut layered = Layered { arguments, ..Layered::default() };
    let Some((name, inner)) = matches.subcommand() else { return Ok(layered) };
    let find = |name: &str| command.find_subcommand(name);
    let (Some(this), Some(all)) = (find(name), whole.first().and_then(|name| find(name))) else {
        return Ok(layered);
    };
    let shared = options(shared);
    let known = options(all);
    let takes =
        |option: &OptionSpec| whole.contains(&name) || shared.iter().any(|other| other.name == option.name);
    let mine: Vec<OptionSpec> = options(this)
        .into_iter()
        .filter(|option| known.iter().any(|all| all.name == option.name))
        .filter(takes)
        .collect();
    if mine.is_empty() {
        return Ok(layered);
    }
    let named = inner.get_one::<PathBuf>("config");
    let file = match named {
        _ if inner.get_flag("no_config") => None,
        Some(path) => Some(File::read(path, &known)?),
        None => match found() {
            Some(path) => Some(File::read(&path, &known)?),
            None => None,
        },
    };
    layered.file = file.as_ref().map(|file| file.path.clone());
    let given = |option: &OptionSpec| match inner.value_source(&option.id) {
        Some(ValueSource::CommandLine) => Some(Source::Flag),
        Some(ValueSource::EnvVariable) => Some(Source::Variable(option.variable.clone())),
        Some(_) | None => None,
    };
    let mut sources = Vec::new();
    for option in &mine {
        let rivals = this
            .get_arguments()
            .find(|arg| arg.get_id().as_str() == option.id)
            .map(|arg| this.get_arg_conflicts_with(arg))
            .unwrap_or_default();
        let outdone = rivals
            .iter()
            .any(|rival| inner.value_source(rival.get_id().as_str()) == Some(ValueSource::CommandLine));
        let setting =
            file.as_ref().and_then(|file| file.settings.iter().find(|setting| setting.name == option.name));
        let source = match (given(option), &file, setting) {
            (Some(source), ..) => source,
            (None, ..) if outdone => Source::Default,
            (None, ..) if variable(option).is_some() => Source::Variable(option.variable.clone()),
            (None, Some(file), Some(setting)) => Source::File(file.path.clone(), setting.line),
            (None, ..) => Source::Default,
        };
        sources.push((option, source));
    }
    // Before any variable is put in.
    if let Some(file) = file.as_ref().filter(|_| named.is_none()) {
        check(file, &sources, guarded)?;
    }
    for (option, source) in sources {
        let values = match &source {
            // What clap reads itself it has read.
            Source::Variable(_) => {
                variable(option).map_or(Ok(Vec::new()), |text| of_variable(option, &text))?
            }
            Source::File(..) => {
                let setting = |file: &File| {
                    let setting = file.settings.iter().find(|setting| setting.name == option.name)?;
                    Some(file.arguments(setting, option))
                };
                file.as_ref().and_then(setting).transpose()?.unwrap_or_default()
            }
            Source::Flag | Source::Default => Vec::new(),
        };
        layered.arguments.extend(values.into_iter().map(OsString::from));
        layered.sources.insert(option.id.clone(), source);
    }
    Ok(layered)
}

/// A variable that is set to nothing is not set.
fn variable(option: &OptionSpec) -> Option<String> {
    if option.built_in {
        return None;
    }
    std::env::var(&option.variable).ok().filter(|text| !text.is_empty())
}

fn of_variable(option: &OptionSpec, text: &str) -> Result<Vec<String>, ConfigError> {
    let name = &option.name;
    match option.kind {
        Kind::Switch => match text {
            "true" | "1" => Ok(vec![format!("--{name}")]),
            "false" | "0" => Ok(Vec::new()),
            _ => Err(ConfigError {
                place: option.variable.clone(),
                what: format!("{text:?} is neither true nor false"),
                help: "write true or false".to_owned(),
            }),
        },
        Kind::List => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            Ok(lines.map(|line| format!("--{name}={line}")).collect())
        }
        Kind::Number | Kind::Text => Ok(vec![format!("--{name}={text}")]),
    }
}
