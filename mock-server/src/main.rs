//! `mock-server`: the library as a program.

mod cli;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use cli::exit::{FAILED, Failed, STOPPED};
use cli::line::{Command, CommandLine};
use schemas::Problem;

fn main() -> ExitCode {
    let line = CommandLine::parse();
    let result = match &line.command {
        Some(Command::Health(health)) => cli::health::health(health).map(|()| STOPPED),
        Some(Command::Exec(exec)) => within(cli::exec::exec(exec)),
        None if line.check => Ok(cli::check::check(&line.server, line.format)),
        None => within(cli::serve::serve(&line.server)),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(Failed { code, message }) => {
            let _ = writeln!(anstream::stderr(), "error: {message}");
            ExitCode::from(code)
        }
    }
}

/// Carries something out on a runtime.
fn within(task: impl Future<Output = Result<u8, Failed>>) -> Result<u8, Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let failed = |error| Failed::with(FAILED, &Problem::say(format!("failed to start: {error}")));
    runtime.map_err(failed)?.block_on(task)
}
