//! What is played: the description and the world, as the arguments name them.

use std::io::Read as _;
use std::path::Path;

use fixtures::Fixtures;
use schemas::{Contract, LoadError, Problem};

use super::arguments::{STDIN, ServerArguments};

/// How the built-in description is called in messages.
pub(crate) const BUILTIN: &str = "openapi.yaml";
/// How a description from the standard input is called in messages.
const FROM_STDIN: &str = "stdin";
/// As large as a file may be; a description beyond it is refused by its reader.
const MAX_STDIN: u64 = (64 << 20) + 1;

/// The description.
pub(crate) fn contract(arguments: &ServerArguments) -> Result<Contract, LoadError> {
    match arguments.contract() {
        Some(path) if path == Path::new(STDIN) => {
            let text = read_stdin()?;
            let name = if text.trim_start().starts_with('{') { "json" } else { "yaml" };
            Contract::from_text_with(&format!("{FROM_STDIN}.{name}"), &text, &arguments.load_options())
        }
        Some(path) => Contract::load_with(path, &arguments.load_options()),
        None if arguments.overlay.is_empty() => Contract::builtin(),
        None => builtin(arguments),
    }
}

/// The built-in description, read as any other.
fn builtin(arguments: &ServerArguments) -> Result<Contract, LoadError> {
    Contract::from_text_with(BUILTIN, Contract::builtin_text(), &arguments.load_options())
}

/// The description, read as whoever checks it has it read: the built-in one is looked at as any other.
pub(crate) fn checked(arguments: &ServerArguments) -> Result<Contract, LoadError> {
    match arguments.contract() {
        Some(_) => contract(arguments),
        None => builtin(arguments),
    }
}

/// The world for a description.
pub(crate) fn world(arguments: &ServerArguments, contract: &Contract) -> Result<Fixtures, LoadError> {
    match (&arguments.fixtures, arguments.contract()) {
        (Some(folder), _) => Fixtures::load(folder, contract),
        (None, Some(_)) => Ok(world_of(contract)),
        (None, None) => Fixtures::builtin(contract),
    }
}

/// The rows that go with a description which was given without fixtures: those that come with the program, where it is the
/// description that comes with it, changed or not, and they fit; else none.
fn world_of(contract: &Contract) -> Fixtures {
    // The text tells at once that most descriptions are other ones.
    let builtin = Contract::builtin_text().contains(contract.title())
        && Contract::builtin().is_ok_and(|builtin| builtin.title() == contract.title());
    let world = if builtin { Fixtures::builtin(contract) } else { Ok(Fixtures::empty()) };
    world.unwrap_or_else(|_| Fixtures::empty())
}

fn read_stdin() -> Result<String, LoadError> {
    let mut bytes = Vec::new();
    let problem = match std::io::stdin().lock().take(MAX_STDIN).read_to_end(&mut bytes) {
        Err(error) => format!("the standard input cannot be read: {error}"),
        Ok(0) => "the standard input is empty".to_owned(),
        Ok(_) => match String::from_utf8(bytes) {
            Ok(text) => return Ok(text),
            Err(_) => "the standard input is not UTF-8".to_owned(),
        },
    };
    let help = "Pipe a description into the program, or name a file.";
    Err(LoadError::one(FROM_STDIN, Problem::say(problem).with_help(help)))
}
