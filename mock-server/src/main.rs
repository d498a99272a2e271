//! `mock-server`: the library as a program.

mod cli;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use fixtures::Fixtures;
use mock_server::{MockServer, StartError};
use schemas::{Contract, LoadError};

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
        Err(error) => Err((exit::FAILED, format!("failed to start: {error}"))),
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
    let server = arguments.builder().contract(contract).fixtures(fixtures).start().await.map_err(|error| match error {
        StartError::Listen { address, source } if source.kind() == std::io::ErrorKind::AddrInUse => (
            exit::ADDRESS_IN_USE,
            format!(
                "failed to listen on {address}: the port is in use\n  help: Stop what listens there, or choose another \
                 with --port; --port 0 picks a free one."
            ),
        ),
        StartError::Listen { address, source } => (
            exit::ADDRESS_IN_USE,
            format!("failed to listen on {address}: {source}\n  help: --host takes an address of this machine."),
        ),
        StartError::Load(error) => (exit::DOES_NOT_LOAD, error.to_string()),
    })?;
    // Whoever asked for JSON reads nothing but JSON.
    if arguments.log == mock_server::LogFormat::Pretty {
        let _ = anstream::stderr().write_all(format!("{told}{}", banner(&server)).as_bytes());
    }
    ready(&server);
    stop.wait().await;
    tokio::select! {
        () = server.shutdown() => {}
        () = stop.wait() => {}
    }
    Ok(())
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
#[expect(clippy::print_stdout, reason = "the line is this program's output")]
fn ready(server: &MockServer) {
    println!("ready {}", server.url());
    let _ = std::io::stdout().flush();
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
