//! From arguments to an exit code.

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::args::Command;
use super::error::{CommandResult, UserError};
use super::output::arrived;
use super::parse::{Misuse, Parsed, command_line, parse};
use super::signal::watch;
use super::{
    baseline, check, cleanup, completions, config, diff, exit, infer, laws, merge, record, replay, review,
    run, self_test,
};
use crate::shown::lines;

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    // A second provider is never installed; whoever was first is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let parsed = match parse() {
        Ok(parsed) => parsed,
        Err(Misuse::CommandLine(error)) => {
            let code = if error.use_stderr() { exit::CANNOT_JUDGE } else { exit::HOLDS };
            let printed = match error.print() {
                Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
                _ => arrived(),
            };
            return printed.map_or_else(|error| failed(&error), |()| ExitCode::from(code));
        }
        Err(Misuse::Elsewhere(error)) => return failed(&error),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&UserError::say(format!("failed to start: {error}"))),
    };
    match runtime.block_on(carry_out(parsed)).and_then(|code| arrived().map(|()| code)) {
        Ok(code) => ExitCode::from(code),
        Err(error) => failed(&error),
    }
}

async fn carry_out(Parsed { cli, matches, layered }: Parsed) -> CommandResult {
    // `config` says it on stdout.
    if let Some(path) = layered.file.as_deref().filter(|_| !matches!(cli.command, Command::Config(_))) {
        let _ = writeln!(anstream::stderr(), "configuration: {}", path.display());
    }
    let stop = Arc::new(AtomicBool::new(false));
    tokio::spawn(watch(Arc::clone(&stop)));
    match cli.command {
        Command::Run(args) => run::run(*args, layered.file.as_deref(), stop).await,
        Command::Merge(args) => merge::merge(&args),
        Command::Replay(args) => replay::replay(*args, stop).await,
        Command::Cleanup(args) => cleanup::cleanup(*args, stop).await,
        Command::Diff(args) => diff::diff(&args),
        Command::Check(args) => check::check(&args),
        Command::Infer(args) => infer::infer(&args),
        Command::Laws(args) => laws::laws(&args),
        Command::Explain(args) => laws::explain(&args),
        Command::Record(args) => record::record(*args, stop).await,
        Command::Review(args) => review::review(&args),
        Command::Accept(args) => review::accept(&args),
        Command::Reject(args) => review::reject(&args),
        Command::Baseline(args) => baseline::baseline(&args, layered.file.as_deref()),
        Command::Config(args) => config::config(&args, &command_line(), &matches, &layered),
        Command::Completions(args) => completions::completions(&args, command_line()),
        Command::Man(args) => completions::man(&args, command_line()),
        Command::SelfTest(args) => self_test::self_test(&args, stop).await,
    }
}

/// Ends with an error, which may quote a target, a contract or a file.
fn failed(error: &UserError) -> ExitCode {
    let _ = writeln!(anstream::stderr(), "error: {}", lines(&error.to_string()));
    ExitCode::from(exit::CANNOT_JUDGE)
}
