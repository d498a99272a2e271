//! What a file may say that nobody named.

use std::path::{Component, Path};

use super::file::{ConfigError, File, Setting};
use super::options::{OptionSpec, Place};
use super::source::Source;

/// The options that could send a secret where its owner did not mean it to go, by name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guarded<'a> {
    /// Where requests go.
    pub(crate) target: &'a str,
    /// What goes with every request besides the options that are secrets anyway.
    pub(crate) sent: &'a [&'a str],
    /// What only a file may say that was named.
    pub(crate) never: &'a [&'a str],
    /// What names files to write: a file that was found names none outside of its folder.
    pub(crate) written: &'a [&'a str],
}

/// Holds a file that was found, not named, to what such a file may say. A repository that somebody else wrote must not get
/// hold of a secret: where the file says where requests go, nothing of the environment goes there.
pub(super) fn check(
    file: &File,
    options: &[(&OptionSpec, Source)],
    guarded: &Guarded<'_>,
) -> Result<(), ConfigError> {
    let path = file.path.display();
    let named = format!("`--config {path}`");
    for setting in &file.settings {
        if guarded.never.contains(&setting.name.as_str()) && !setting.is_off() {
            return Err(ConfigError {
                place: format!("{path}:{}", setting.line),
                what: format!("a configuration that was found, not named, may not set {}", setting.name),
                help: format!("read the file; {named} if you trust it, or say --{} yourself", setting.name),
            });
        }
    }
    for (option, _) in options.iter().filter(|(option, _)| guarded.written.contains(&option.name.as_str())) {
        let setting = file.settings.iter().find(|setting| setting.name == option.name);
        if let Some(setting) = setting.filter(|setting| leaves(setting, option.path)) {
            return Err(ConfigError {
                place: format!("{path}:{}", setting.line),
                what: format!(
                    "{} leads out of the folder of a configuration that was found, not named",
                    setting.name
                ),
                help: format!(
                    "name a file below it; {named} if you trust it, or say --{} yourself",
                    setting.name
                ),
            });
        }
    }
    let target = options.iter().find(|(option, _)| option.name == guarded.target);
    let Some((_, Source::File(_, line))) = target else { return Ok(()) };
    let refuse = |what: String| ConfigError {
        place: format!("{path}:{line}"),
        what: format!(
            "it sets {} and was found, not named, so {what} would go wherever it says",
            guarded.target
        ),
        help: format!("read the file; {named} if you trust it, or say --{} yourself", guarded.target),
    };
    for (option, source) in options {
        match source {
            Source::Variable(name) if option.secret || guarded.sent.contains(&option.name.as_str()) => {
                return Err(refuse(format!("{} of {name}", option.name)));
            }
            Source::File(..) => {
                let setting = file.settings.iter().find(|setting| setting.name == option.name);
                if let Some(variable) = setting.and_then(|setting| setting.variables().into_iter().next()) {
                    return Err(refuse(format!("${{{variable}}} of the environment")));
                }
            }
            Source::Variable(_) | Source::Flag | Source::Default => {}
        }
    }
    Ok(())
}

/// Whether a path of a setting leads out of the folder that it is meant from, or may.
fn leaves(setting: &Setting, place: Place) -> bool {
    let path = |text: &str| {
        let path = if place == Place::AfterEquals {
            text.split_once('=').map_or("", |(_, path)| path)
        } else {
            text
        };
        let below = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        !Path::new(path).components().all(below) || !super::expand::variables(path).is_empty()
    };
    setting.texts().iter().any(|text| path(text))
}

#[cfg(test)]
mod tests {
    use super::super::options::{Kind, Place};
    use super::*;

    const GUARDED: Guarded<'_> =
        Guarded { target: "url", sent: &["header"], never: &["proxy", "allow-live"], written: &["report"] };

    fn option(name: &str, kind: Kind) -> OptionSpec {
        OptionSpec {
            name: name.to_owned(),
            id: name.to_owned(),
            kind,
            path: if name == "report" { Place::AfterEquals } else { Place::Nowhere },
            secret: name == "api-key",
            help: String::new(),
            variable: String::new(),
            built_in: false,
        }
    }

    /// What is refused of a file, where some options come from elsewhere.
    fn refused(text: &str, elsewhere: &[(&str, Source)]) -> Option<String> {
        let options = [
            option("url", Kind::Text),
            option("api-key", Kind::List),
            option("header", Kind::List),
            option("law", Kind::List),
            option("report", Kind::List),
            option("proxy", Kind::Text),
            option("allow-live", Kind::Switch),
        ];
        let path = Path::new("conformance.toml");
        let file = File::of_text(path, text, &options).expect(text);
        let source = |option: &OptionSpec| {
            let given = elsewhere.iter().find(|(name, _)| *name == option.name);
            let set = || file.settings.iter().find(|setting| setting.name == option.name);
            let of_file = || set().map(|setting| Source::File(path.to_owned(), setting.line));
            given.map(|(_, source)| source.clone()).or_else(of_file).unwrap_or(Source::Default)
        };
        let sources: Vec<_> = options.iter().map(|option| (option, source(option))).collect();
        check(&file, &sources, &GUARDED).err().map(|error| error.to_string())
    }

    #[test]
    fn nothing_of_the_environment_goes_where_a_found_file_says() {
        let variable = |name: &str| Source::Variable(name.to_owned());
        for (text, elsewhere, what) in [
            (
                "url = \"http://a\"\napi-key = \"${KEY}\"",
                vec![],
                "1: it sets url and was found, not named, so ${KEY}",
            ),
            ("url = \"http://a\"\nheader = [\"X-A: b ${OTHER}\"]", vec![], "${OTHER} of the environment"),
            ("law = \"a\"\nurl = \"http://${HOST}/\"", vec![], "conformance.toml:2: it sets url"),
            ("url = \"http://a\"", vec![("api-key", variable("THE_KEY"))], "api-key of THE_KEY would go"),
            ("url = \"http://a\"", vec![("header", variable("HEADERS"))], "header of HEADERS would go"),
            ("proxy = \"http://a\"", vec![], "may not set proxy"),
            ("report = \"json=/etc/a\"", vec![], "report leads out"),
            ("report = [\"json\", \"json=a/../../b\"]", vec![], "report leads out"),
            ("report = \"json=${HOME}/b\"", vec![], "report leads out"),
            ("allow-live = true", vec![("url", Source::Flag)], "or say --allow-live yourself"),
        ] {
            let error = refused(text, &elsewhere).expect(text);
            assert!(error.contains(what) && error.contains("`--config conformance.toml`"), "{text}: {error}");
        }
    }

    #[test]
    fn what_else_a_found_file_says_holds() {
        for (text, elsewhere) in [
            ("url = \"http://a\"\nlaw = [\"a\"]", vec![]),
            ("url = \"http://a\"", vec![("api-key", Source::Flag)]),
            ("url = \"http://a\"", vec![("law", Source::Variable("LAW".to_owned()))]),
            ("url = \"http://a\"\napi-key = \"${KEY}\"", vec![("url", Source::Flag)]),
            ("api-key = \"${KEY}\"", vec![("url", Source::Variable("URL".to_owned()))]),
            ("allow-live = false", vec![]),
            ("report = [\"json\", \"junit=./out/=b..xml\"]", vec![]),
        ] {
            assert_eq!(refused(text, &elsewhere), None, "{text}");
        }
    }
}
