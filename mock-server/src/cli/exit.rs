//! What the process ends with.

use mock_server::StartError;
use schemas::{LoadError, Problem};

/// Stopped by SIGTERM or SIGINT.
pub(crate) const STOPPED: u8 = 0;
/// Anything that has no code of its own.
pub(crate) const FAILED: u8 = 1;
/// Wrong usage; what clap finds ends with the same.
pub(crate) const USAGE: u8 = 2;
/// The contract or the fixtures do not load.
pub(crate) const DOES_NOT_LOAD: u8 = 3;
/// The address cannot be listened on.
pub(crate) const ADDRESS_IN_USE: u8 = 4;
/// As a shell says it: the command is there and cannot be run.
pub(crate) const NOT_RUNNABLE: u8 = 126;
/// As a shell says it: there is no such command.
pub(crate) const NO_COMMAND: u8 = 127;

/// An end before its time.
#[derive(Debug)]
pub(crate) struct Failed {
    /// The exit code.
    pub(crate) code: u8,
    /// Why, and what to do.
    pub(crate) message: String,
}

impl Failed {
    /// An end with a reason.
    pub(crate) fn with(code: u8, problem: &Problem) -> Self {
        Self { code, message: problem.to_string() }
    }
}

impl From<LoadError> for Failed {
    fn from(error: LoadError) -> Self {
        Self { code: DOES_NOT_LOAD, message: error.to_string() }
    }
}

impl From<StartError> for Failed {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Load(error) => error.into(),
            StartError::Upstream(problem) => Self::with(USAGE, &problem),
            StartError::Listen { address, source } => {
                let (why, help) = if source.kind() == std::io::ErrorKind::AddrInUse {
                    let help =
                        "Stop what listens there, or choose another with --port; --port 0 picks a free one.";
                    ("the port is in use".to_owned(), help)
                } else {
                    (source.to_string(), "--host takes an address of this machine.")
                };
                let problem = Problem::say(format!("failed to listen on {address}: {why}")).with_help(help);
                Self::with(ADDRESS_IN_USE, &problem)
            }
        }
    }
}
