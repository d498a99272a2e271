//! `mock-server`: the library as a program.

mod cli;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use fixtures::Fixtures;
use mock_server::{MockServer, StartError};
use schemas::{Contract, LoadError, Problem};

/// What the process ends with.
mod exit {
    /// Stopped by SIGTERM or SIGINT.
    pub(crate) const STOPPED: u8 = 0;
    /// The contract or the fixtures do not load. (2, wrong usage, is clap's.)
    pub(crate) const DOES_NOT_LOAD: u8 = 3;
    /// The address cannot be listened on.
    pub(crate) const ADDRESS_IN_USE: u8 = 4;
    /// Anything else that keeps the server from running.
    pub(crate) const FAILED: u8 = 1;
}

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    if arguments.check {
        return ExitCode::from(check(&arguments));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => Err((exit::FAILED, Problem::say(format!("failed to start: {error}")).to_string())),
    };
    match result {
        Ok(()) => ExitCode::from(exit::STOPPED),
        Err((code, message)) => {
            let _ = writeln!(anstream::stderr(), "error: {message}");
            ExitCode::from(code)
        }
    }
}

async fn run(arguments: cli::Arguments) -> Result<(), (u8, String)> {
    let does_not_load = |error: LoadError| (exit::DOES_NOT_LOAD, error.to_string());
    let contract = contract(&arguments).map_err(does_not_load)?;
    let fixtures = match (&arguments.fixtures, arguments.contract()) {
        (Some(folder), _) => Fixtures::load(folder, &contract),
        (None, Some(_)) => Ok(Fixtures::empty()),
        (None, None) => Fixtures::builtin(&contract),
    }
    .map_err(does_not_load)?;

    let mut stop =
        Stop::new().map_err(|error| (exit::FAILED, format!("failed to listen for signals: {error}")))?;
    let banner = cli::banner(&contract, &fixtures, &arguments);
    let told = cli::told(contract.problems());
    let server = arguments.builder().contract(contract).fixtures(fixtures).start().await;
    let server = server.map_err(not_started)?;
    server.log(&format!("{told}{}", banner(&server)));
    if let Err(error) = ready(&server) {
        server.log(&format!("the ready line cannot be written to stdout: {error}\n"));
    }
    stop.wait().await;
    tokio::select! {
        () = server.shutdown() => {}
        () = stop.wait() => {}
    }
    Ok(())
}

/// The exit code for a server that does not start, and why it does not.
fn not_started(error: StartError) -> (u8, String) {
    match error {
        StartError::Load(error) => (exit::DOES_NOT_LOAD, error.to_string()),
        StartError::Listen { address, source } => {
            let (why, help) = if source.kind() == std::io::ErrorKind::AddrInUse {
                let help =
                    "Stop what listens there, or choose another with --port; --port 0 picks a free one.";
                ("the port is in use".to_owned(), help)
            } else {
                (source.to_string(), "--host takes an address of this machine.")
            };
            let problem = Problem::say(format!("failed to listen on {address}: {why}")).with_help(help);
            (exit::ADDRESS_IN_USE, problem.to_string())
        }
    }
}

fn contract(arguments: &cli::Arguments) -> Result<Contract, LoadError> {
    match arguments.contract() {
        Some(path) => Contract::load_with(path, &arguments.load_options()),
        None if arguments.check => Contract::from_text("openapi.yaml", Contract::builtin_text()),
        None => Contract::builtin(),
    }
}

/// Tells what is wrong with the description.
fn check(arguments: &cli::Arguments) -> u8 {
    let name =
        arguments.contract().map_or_else(|| "openapi.yaml".to_owned(), |path| path.display().to_string());
    let (problems, operations, code) = match contract(arguments) {
        Ok(contract) => (contract.problems().to_vec(), Some(contract.operations().len()), exit::STOPPED),
        Err(error) => (error.problems, None, exit::DOES_NOT_LOAD),
    };
    let text = schemas::diagnosis(&problems, &name, operations, arguments.format);
    let _ = anstream::stdout().write_all(text.as_bytes());
    code
}

/// The one line that whoever started the process waits for.
fn ready(server: &MockServer) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready {}", schemas::printable(server.url()))?;
    out.flush()
}

/// The signals that stop the server.
struct Stop {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
    #[cfg(unix)]
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    #[cfg(unix)]
    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    fn new() -> std::io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn wait(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
