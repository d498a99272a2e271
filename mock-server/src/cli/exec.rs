//! A command with a server beside it: started before, stopped after.

use std::ffi::OsString;
use std::io::{ErrorKind, Write as _};
use std::process::ExitStatus;

use clap::Args;
use mock_server::LogFormat;
use schemas::{Problem, printable};
use tokio::process::{Child, Command};

use super::agreed::agreed;
use super::arguments::ServerArguments;
use super::exit::{FAILED, Failed, NO_COMMAND, NOT_RUNNABLE};
use super::serve::no_signals;
use super::signals::{Signals, pass_on};
use super::{banner, load};

/// Where a command finds the URL of the server.
const URL: &str = "MOCK_SERVER_URL";

/// Runs a command with a server beside it: `mock-server exec -- npm test`.
///
/// The server takes a free port and is ready when the command starts, which finds its URL in `MOCK_SERVER_URL`. When the
/// command ends, so does the server, and the exit code is the command's (128 and the number of the signal that ended it; 127
/// where there is no such command, 126 where it cannot be run). Signals are passed on to it.
#[derive(Debug, Args)]
#[command(next_line_help = false, max_term_width = 110)]
pub(crate) struct Exec {
    #[command(flatten)]
    pub(crate) server: ServerArguments,
    /// Another variable that gets the URL, such as `VITE_API_URL`; repeated, or with commas, several.
    #[arg(long, env = "MOCK_SERVER_URL_NAMES", value_name = "NAME", value_delimiter = ',', value_parser = variable)]
    pub(crate) env: Vec<String>,
    /// The command and its arguments, after `--`.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

/// The name of a variable.
fn variable(text: &str) -> Result<String, String> {
    let good = !text.is_empty() && !text.contains(['=', '\0']) && !text.contains(char::is_whitespace);
    good.then(|| text.to_owned()).ok_or_else(|| "a variable has a name such as VITE_API_URL".to_owned())
}

/// Runs the command; returns the exit code.
pub(crate) async fn exec(exec: &Exec) -> Result<u8, Failed> {
    let arguments = &exec.server;
    let contract = load::contract(arguments)?;
    let fixtures = load::world(arguments, &contract)?;
    let mut signals = Signals::for_a_child().map_err(|error| no_signals(&error))?;
    let told = banner::told(contract.problems());
    let builder = arguments.builder().log(arguments.log.unwrap_or(LogFormat::Off));
    let server =
        builder.port(arguments.port.unwrap_or(0)).contract(contract).fixtures(fixtures).start().await?;
    let _ = anstream::stderr().write_all(told.as_bytes());
    let mut child = start(exec, server.url())?;
    let ended = loop {
        tokio::select! {
            ended = child.wait() => break ended,
            stop = signals.wait() => pass_on(stop, child.id()),
        }
    };
    let agreed = agreed(&arguments.real, &server);
    server.shutdown().await;
    match ended {
        Ok(status) if status.success() && !agreed => Ok(FAILED),
        Ok(status) => Ok(code(status)),
        Err(error) => Err(Failed::with(FAILED, &Problem::say(format!("the command is lost: {error}")))),
    }
}

fn start(exec: &Exec, url: &str) -> Result<Child, Failed> {
    let Some((program, arguments)) = exec.command.split_first() else {
        let problem =
            Problem::say("there is no command").with_help("Put it after --, as in exec -- npm test.");
        return Err(Failed::with(NO_COMMAND, &problem));
    };
    let command = |program: &OsString| {
        let mut command = Command::new(program);
        command.args(arguments).env(URL, url).kill_on_drop(true);
        for name in &exec.env {
            command.env(name, url);
        }
        command.spawn()
    };
    let spawned = command(program).or_else(|error| {
        // On Windows npm and its like are scripts, which are found by their whole name only.
        if cfg!(windows) && error.kind() == ErrorKind::NotFound {
            let mut script = program.clone();
            script.push(".cmd");
            return command(&script);
        }
        Err(error)
    });
    spawned.map_err(|error| {
        let name = program.to_string_lossy();
        let name = printable(&name);
        let (code, why, help) = match error.kind() {
            ErrorKind::NotFound => (
                NO_COMMAND,
                "there is no such program".to_owned(),
                "Check its spelling and the PATH; a line for a shell goes to one: exec -- sh -c '…'.",
            ),
            ErrorKind::PermissionDenied => {
                (NOT_RUNNABLE, "it may not be run".to_owned(), "It has to be an executable file.")
            }
            _ => (NOT_RUNNABLE, error.to_string(), "Run it without the server first."),
        };
        let problem = Problem::say(format!("failed to start `{name}`: {why}")).with_help(help);
        Failed::with(code, &problem)
    })
}

/// The exit code that a shell would give.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(FAILED);
    }
    // Where codes are larger than a byte, what is left of one must not look like success.
    status.code().map_or(FAILED, |code| u8::try_from(code).unwrap_or(FAILED))
}
