//! What a command comes to: an exit code, or an error for the user.

use std::fmt;
use std::io;

use schemas::{LoadError, Problem};

use crate::config::ConfigError;
use crate::findings::{BaselineError, JoinError};
use crate::http::Redactor;
use crate::record::{SnapshotError, SnapshotStoreError};
use crate::run::{CannotClean, CannotJudge, TargetError};
use crate::session::LedgerError;

/// What a command comes to: an exit code, or an error for the user.
pub(super) type CommandResult = Result<u8, UserError>;

/// Why a command ends without a verdict.
#[derive(Debug)]
pub(super) enum UserError {
    /// Something that the user can fix: what, where, and what to do.
    Problem(Problem),
}

impl UserError {
    /// An error with advice.
    pub(super) fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Problem(Problem::say(what).with_help(help))
    }

    /// What a target or a run told of, without secrets.
    pub(super) fn without_secrets(problem: Problem, redactor: &Redactor) -> Self {
        let what = redactor.clean(problem.what.as_str());
        let help = problem.help.as_deref().map(|help| redactor.clean(help));
        Self::Problem(Problem { what, help, ..problem })
    }

    /// An error without advice.
    pub(super) fn say(what: impl Into<String>) -> Self {
        Self::Problem(Problem::say(what))
    }
}

impl From<Problem> for UserError {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<io::Error> for UserError {
    /// An error of writing to the terminal, or to whatever reads the output.
    fn from(error: io::Error) -> Self {
        Self::new(
            format!("failed to print: {error}"),
            "what was to be printed is not whole; look at where the output goes",
        )
    }
}

/// Errors of the library, which say themselves what is wrong and what to do.
macro_rules! from_library {
    ($($error:ty),* $(,)?) => {
        $(impl From<$error> for UserError {
            fn from(error: $error) -> Self {
                Self::Problem(error.problem())
            }
        })*
    };
}

from_library!(
    BaselineError,
    CannotClean,
    CannotJudge,
    ConfigError,
    JoinError,
    LedgerError,
    SnapshotError,
    SnapshotStoreError,
    TargetError,
);

impl From<crate::review::SideError> for UserError {
    fn from(error: crate::review::SideError) -> Self {
        Self::say(error.to_string())
    }
}

impl From<serde_json::Error> for UserError {
    /// An error of writing JSON.
    fn from(error: serde_json::Error) -> Self {
        io::Error::from(error).into()
    }
}

impl From<LoadError> for UserError {
    /// Every problem of a contract or of fixtures, each with its place and advice.
    fn from(error: LoadError) -> Self {
        Self::say(error.to_string())
    }
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(problem) => problem.fmt(f),
        }
    }
}
