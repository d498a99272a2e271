//! The options of a command, as a file and the environment may set them.

use clap::{Arg, ArgAction, Command, ValueHint};

/// Options that say how the others are read; no file sets them.
const OWN: [&str; 5] = ["config", "no-config", "help", "version", "schema"];

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing: it is set or not.
    Switch,
    /// A whole number.
    Number,
    /// A text.
    Text,
    /// Several texts.
    List,
}

/// Where in the value of an option a path stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nowhere.
    Nowhere,
    /// It is one.
    Whole,
    /// After an equals sign, where there is one.
    AfterEquals,
}

/// An option of a command.
#[derive(Debug, Clone)]
pub(crate) struct OptionSpec {
    /// Its name on the command line, without dashes, and in the file.
    pub(crate) name: String,
    /// Its name for clap.
    pub(crate) id: String,
    pub(crate) kind: Kind,
    /// Where in its value a path stands.
    pub(crate) path: Place,
    /// Its value is never shown.
    pub(crate) secret: bool,
    /// What it is for.
    pub(crate) help: String,
    /// The variable that sets it.
    pub(crate) variable: String,
    /// clap reads the variable itself.
    pub(crate) built_in: bool,
}

/// The options of a command that a file may set, in the order of its help.
pub(crate) fn options(command: &Command) -> Vec<OptionSpec> {
    command.get_arguments().filter_map(option).collect()
}

fn option(arg: &Arg) -> Option<OptionSpec> {
    let name = arg.get_long().filter(|name| !OWN.contains(name))?.to_owned();
    let shown = arg.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str());
    let kind = match arg.get_action() {
        ArgAction::SetTrue => Kind::Switch,
        ArgAction::Append => Kind::List,
        ArgAction::Set if matches!(shown, "N" | "SECONDS") => Kind::Number,
        ArgAction::Set => Kind::Text,
        _ => return None,
    };
    let variable = arg.get_env().map(|name| name.to_string_lossy().into_owned());
    Some(OptionSpec {
        id: arg.get_id().to_string(),
        kind,
        path: match arg.get_value_hint() {
            ValueHint::AnyPath => Place::Whole,
            _ if shown.contains("=PATH") => Place::AfterEquals,
            _ => Place::Nowhere,
        },
        secret: arg.is_hide_env_values_set(),
        help: arg.get_help().map(ToString::to_string).unwrap_or_default(),
        built_in: variable.is_some(),
        variable: variable
            .unwrap_or_else(|| format!("CONFORMANCE_{}", name.to_ascii_uppercase().replace('-', "_"))),
        name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_option_takes_follows_from_the_command_line() {
        let command = Command::new("run")
            .arg(Arg::new("many").long("many").action(ArgAction::Append).value_name("KIND[=PATH]"))
            .arg(Arg::new("count").long("max-count").value_name("N"))
            .arg(Arg::new("file").long("file").value_parser(clap::value_parser!(std::path::PathBuf)))
            .arg(Arg::new("key").long("key").env("THE_KEY").hide_env_values(true))
            .arg(Arg::new("yes").long("yes").action(ArgAction::SetTrue))
            .arg(Arg::new("config").long("config"))
            .arg(Arg::new("place"));
        let found: Vec<_> = options(&command)
            .into_iter()
            .map(|option| (option.name, option.kind, option.path, option.secret, option.variable))
            .collect();
        let text = str::to_owned;
        assert_eq!(
            found,
            [
                (text("many"), Kind::List, Place::AfterEquals, false, text("CONFORMANCE_MANY")),
                (text("max-count"), Kind::Number, Place::Nowhere, false, text("CONFORMANCE_MAX_COUNT")),
                (text("file"), Kind::Text, Place::Whole, false, text("CONFORMANCE_FILE")),
                (text("key"), Kind::Text, Place::Nowhere, true, text("THE_KEY")),
                (text("yes"), Kind::Switch, Place::Nowhere, false, text("CONFORMANCE_YES")),
            ]
        );
    }
}
