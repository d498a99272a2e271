//! The configuration file.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use schemas::Problem;
use toml::de::{DeTable, DeValue};

use super::expand::{Missing, expand, refers, variables};
use super::options::{Kind, OptionSpec, Place};

/// A configuration that cannot be used: where, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConfigError {
    /// File and line, or the variable.
    pub(crate) place: String,
    pub(crate) what: String,
    pub(crate) help: String,
}

impl ConfigError {
    /// What is wrong, where, and what to do.
    pub(crate) fn problem(&self) -> Problem {
        Problem::say(format!("{}: {}", self.place, self.what)).with_help(self.help.clone())
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem().fmt(f)
    }
}

/// One key of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) name: String,
    pub(crate) line: usize,
    value: Value,
}

/// Its value as written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Switch(bool),
    Texts(Vec<String>),
}

impl Setting {
    /// A switch that is not set.
    pub(super) fn is_off(&self) -> bool {
        self.value == Value::Switch(false)
    }

    /// Its texts as written.
    pub(super) fn texts(&self) -> &[String] {
        match &self.value {
            Value::Switch(_) => &[],
            Value::Texts(texts) => texts,
        }
    }

    /// The variables of the environment that it refers to.
    pub(super) fn variables(&self) -> Vec<String> {
        self.texts().iter().flat_map(|text| variables(text)).collect()
    }
}

/// A configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) settings: Vec<Setting>,
}

impl File {
    /// Reads a file, whose keys must be among some options.
    pub(super) fn read(path: &Path, options: &[OptionSpec]) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path).map_err(|error| ConfigError {
            place: path.display().to_string(),
            what: format!("failed to read the configuration: {error}"),
            help: "name another with --config, or none with --no-config".to_owned(),
        })?;
        Self::of_text(path, &text, options)
    }

    pub(super) fn of_text(path: &Path, text: &str, options: &[OptionSpec]) -> Result<Self, ConfigError> {
        let line = |offset: usize| text[..offset.min(text.len())].matches('\n').count() + 1;
        let wrong = |offset: usize, what: String, help: String| ConfigError {
            place: format!("{}:{}", path.display(), line(offset)),
            what,
            help,
        };
        let table = DeTable::parse(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let what = error.message().lines().next().unwrap_or("it is no TOML").to_owned();
            wrong(offset, what, "write it as in: max-requests = 600".to_owned())
        })?;
        let mut settings = Vec::new();
        for (key, value) in table.get_ref() {
            let (name, offset) = (key.get_ref().as_ref(), key.span().start);
            let Some(option) = options.iter().find(|option| option.name == name) else {
                let help = match nearest(name, options) {
                    Some(near) => format!("did you mean {near}?"),
                    None => "the keys are the long names of the flags; `conformance run --help` lists them"
                        .to_owned(),
                };
                return Err(wrong(offset, format!("there is no option {name}"), help));
            };
            let value = value_of(option, value.get_ref()).map_err(|help| {
                wrong(offset, format!("{name} cannot be {}", value.get_ref().type_str()), help)
            })?;
            if let Some(why) = plain_secret(option, &value) {
                let help =
                    format!("keep it in the environment and refer to it: \"${{{}}}\"", secret_name(option));
                return Err(wrong(offset, why, help));
            }
            settings.push(Setting { name: name.to_owned(), line: line(offset), value });
        }
        Ok(Self { path: path.to_owned(), settings })
    }

    /// What a setting comes to on the command line: the values of its option, or for a switch whether it is set.
    pub(super) fn arguments(
        &self,
        setting: &Setting,
        option: &OptionSpec,
    ) -> Result<Vec<String>, ConfigError> {
        let wrong = |what: String, help: &str| ConfigError {
            place: format!("{}:{}", self.path.display(), setting.line),
            what,
            help: help.to_owned(),
        };
        let texts = match &setting.value {
            Value::Switch(on) => {
                return Ok(if *on { vec![format!("--{}", option.name)] } else { Vec::new() });
            }
            Value::Texts(texts) => texts,
        };
        texts
            .iter()
            .map(|text| {
                let value =
                    expand(text, |name| std::env::var(name).ok()).map_err(|missing| match missing {
                        Missing::Variable(name) => wrong(
                            format!("{} wants {name} of the environment, which is not set", setting.name),
                            "set it, or write $$ for a dollar sign",
                        ),
                        Missing::Brace => wrong(
                            format!("a brace of {} is never closed", setting.name),
                            "write ${NAME}, or $$ for a dollar sign",
                        ),
                    })?;
                Ok(format!("--{}={}", option.name, self.placed(option, &value)))
            })
            .collect()
    }

    /// A path in the file is meant from where the file lies.
    fn placed(&self, option: &OptionSpec, value: &str) -> String {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let Some(folder) = folder else { return value.to_owned() };
        let placed = |path: &str| {
            if path.is_empty() { String::new() } else { folder.join(path).display().to_string() }
        };
        match (option.path, value.split_once('=')) {
            (Place::Whole, _) => placed(value),
            (Place::AfterEquals, Some((kind, path))) => format!("{kind}={}", placed(path)),
            (Place::Nowhere | Place::AfterEquals, _) => value.to_owned(),
        }
    }
}

/// The value of an option; an error says what would be valid.
fn value_of(option: &OptionSpec, value: &DeValue<'_>) -> Result<Value, String> {
    let text = |value: &DeValue<'_>| value.as_str().map(str::to_owned);
    let found = match (option.kind, value) {
        (Kind::Switch, DeValue::Boolean(on)) => Some(Value::Switch(*on)),
        (Kind::Number, DeValue::Integer(number)) if number.radix() == 10 => {
            Some(Value::Texts(vec![number.as_str().replace('_', "")]))
        }
        (Kind::Text | Kind::Number | Kind::List, DeValue::String(text)) => {
            Some(Value::Texts(vec![text.as_ref().to_owned()]))
        }
        (Kind::List, DeValue::Array(items)) => {
            items.iter().map(|item| text(item.get_ref())).collect::<Option<Vec<_>>>().map(Value::Texts)
        }
        _ => None,
    };
    found.ok_or_else(|| {
        let name = &option.name;
        match option.kind {
            Kind::Switch => format!("write {name} = true or {name} = false"),
            Kind::Number => format!("write a number, as in {name} = 10"),
            Kind::Text => format!("write a text in quotes, as in {name} = \"…\""),
            Kind::List => format!("write texts in brackets, as in {name} = [\"…\", \"…\"]"),
        }
    })
}

/// Why a value may not stand in a file that is shared.
fn plain_secret(option: &OptionSpec, value: &Value) -> Option<String> {
    let Value::Texts(texts) = value else { return None };
    let plain = |text: &String| !text.is_empty() && !refers(text);
    let told = |text: &str| {
        // A header whose name shows that it is a secret, or a proxy that wants a password.
        let name = text.split_once(':').map_or("", |(name, _)| name).to_ascii_lowercase();
        ["auth", "token", "secret", "key", "cookie", "password"].iter().any(|word| name.contains(word))
            || text
                .split_once("://")
                .is_some_and(|(_, rest)| rest.split('/').next().unwrap_or("").contains('@'))
    };
    let secret = texts
        .iter()
        .any(|text| plain(text) && (option.secret || (option.path == Place::Nowhere && told(text))));
    secret.then(|| format!("{} holds a secret as plain text", option.name))
}

fn secret_name(option: &OptionSpec) -> String {
    if option.secret { option.variable.clone() } else { "NAME".to_owned() }
}

/// The option that was most likely meant.
fn nearest<'a>(name: &str, options: &'a [OptionSpec]) -> Option<&'a str> {
    schemas::nearest(&name.replace('_', "-"), options.iter().map(|option| option.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(name: &str, kind: Kind, path: Place, secret: bool) -> OptionSpec {
        OptionSpec {
            name: name.to_owned(),
            id: name.to_owned(),
            kind,
            path,
            secret,
            help: String::new(),
            variable: format!("VARIABLE_{name}"),
            built_in: false,
        }
    }

    fn options() -> Vec<OptionSpec> {
        vec![
            option("max-requests", Kind::Number, Place::Nowhere, false),
            option("max-time", Kind::Text, Place::Nowhere, false),
            option("strict", Kind::Switch, Place::Nowhere, false),
            option("law", Kind::List, Place::Nowhere, false),
            option("report", Kind::List, Place::AfterEquals, false),
            option("contract", Kind::Text, Place::Whole, false),
            option("api-key", Kind::List, Place::Nowhere, true),
            option("header", Kind::List, Place::Nowhere, false),
            option("proxy", Kind::Text, Place::Nowhere, false),
        ]
    }

    fn arguments(text: &str) -> Result<Vec<String>, ConfigError> {
        let (options, path) = (options(), Path::new("etc/conformance.toml"));
        let file = File::of_text(path, text, &options)?;
        let mut all = Vec::new();
        for setting in &file.settings {
            let option = options.iter().find(|option| option.name == setting.name).expect("known");
            all.extend(file.arguments(setting, option)?);
        }
        Ok(all)
    }

    #[test]
    fn settings_become_flags_and_paths_are_meant_from_the_file() {
        let table = [
            ("max-requests = 6_00", vec!["--max-requests=600"]),
            ("strict = true", vec!["--strict"]),
            ("strict = false", vec![]),
            ("law = \"auth-*\"", vec!["--law=auth-*"]),
            ("law = [\"a\", \"b\"]", vec!["--law=a", "--law=b"]),
            ("report = [\"json=out/r.json\"]", vec!["--report=json=etc/out/r.json"]),
            ("report = \"json=/tmp/r.json\"", vec!["--report=json=/tmp/r.json"]),
            ("report = [\"json\", \"junit\"]", vec!["--report=json", "--report=junit"]),
            ("contract = \"../a=b.yaml\"", vec!["--contract=etc/../a=b.yaml"]),
            ("api-key = \"${CARGO_PKG_NAME}\"", vec!["--api-key=conformance"]),
            ("header = [\"X-Env: staging\"]", vec!["--header=X-Env: staging"]),
            ("proxy = \"http://proxy:3128\"", vec!["--proxy=http://proxy:3128"]),
        ];
        for (text, expected) in table {
            assert_eq!(arguments(text).expect(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let table = [
            (
                "\nmax_requests = 1",
                "etc/conformance.toml:2: there is no option max_requests",
                "did you mean max-requests?",
            ),
            ("banana = 1", "there is no option banana", "`conformance run --help` lists them"),
            ("a =", "etc/conformance.toml:1: ", "write it as in"),
            ("strict = \"yes\"", "strict cannot be string", "strict = true"),
            ("max-requests = 1.5", "max-requests cannot be float", "max-requests = 10"),
            ("max-requests = 0x10", "max-requests cannot be integer", "max-requests = 10"),
            ("max-time = 10", "max-time cannot be integer", "in quotes"),
            ("law = [1]", "law cannot be array", "in brackets"),
            ("[law]\na = 1", "law cannot be table", "in brackets"),
            ("api-key = \"pivotal\"", "api-key holds a secret as plain text", "\"${VARIABLE_api-key}\""),
            ("header = \"X-Api-Key: abc\"", "header holds a secret as plain text", "\"${NAME}\""),
            ("proxy = \"http://u:p@proxy\"", "proxy holds a secret as plain text", "\"${NAME}\""),
            (
                "api-key = \"${NO_SUCH_VARIABLE}\"",
                "api-key wants NO_SUCH_VARIABLE of the environment",
                "set it",
            ),
            ("law = \"${A\"", "a brace of law is never closed", "${NAME}"),
        ];
        for (text, what, help) in table {
            let error = arguments(text).expect_err(text).to_string();
            assert!(error.contains(what) && error.contains(help), "{text}: {error}");
        }
    }
}
