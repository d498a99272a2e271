//! Telling what is wrong with a description, without serving it.

use std::io::Write as _;

use schemas::DiagnosisFormat;

use super::arguments::ServerArguments;
use super::exit::{DOES_NOT_LOAD, STOPPED};
use super::load;

/// Tells what is wrong with the description; returns the exit code.
pub(crate) fn check(arguments: &ServerArguments, format: DiagnosisFormat) -> u8 {
    let name =
        arguments.contract().map_or_else(|| load::BUILTIN.to_owned(), |path| path.display().to_string());
    let (problems, operations, code) = match load::checked(arguments) {
        Ok(contract) => (contract.problems().to_vec(), Some(contract.operations().len()), STOPPED),
        Err(error) => (error.problems, None, DOES_NOT_LOAD),
    };
    let text = schemas::diagnosis(&problems, &name, operations, format);
    let _ = anstream::stdout().write_all(text.as_bytes());
    code
}
