//! From arguments to an exit code.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::Command;
pub(super) use super::parse::command;
use super::parse::{Asked, Misused, parse};
use super::{
    baseline, cleanup, completions, config, diff, exit, laws, merge, record, replay, review, run, self_test,
};
use crate::session::open_ledgers;

/// Something the user can user_error: what, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct UserError(pub(super) String);

/// What a command comes to: an exit code, or something to user_error.
pub(super) type CommandResult = Result<u8, UserError>;

/// An error of the library, as something to user_error.
pub(super) fn user_error(error: impl std::fmt::Display) -> UserError {
    UserError(error.to_string())
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    // A second provider is never installed; whoever was first is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let Asked { cli, matches, layered } = match parse() {
        Ok(asked) => asked,
        Err(Misused::Typed(error)) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { exit::CANNOT_JUDGE } else { exit::HOLDS });
        }
        Err(Misused::Told(message)) => return failed(&message),
    };
    if let Command::Record(args) = &cli.command
        && let Some(ended) = args.in_order()
    {
        return ended.map_or_else(|UserError(message)| failed(&message), ExitCode::from);
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("failed to start: {error}")),
    };
    let outcome = runtime.block_on(async {
        let stop = Arc::new(AtomicBool::new(false));
        tokio::spawn(watch(Arc::clone(&stop)));
        match cli.command {
            Command::Run(args) => run::run(*args, layered.file.as_deref(), stop).await,
            Command::Merge(args) => merge::merge(&args),
            Command::Replay(args) => replay::replay(*args, stop).await,
            Command::Cleanup(args) => cleanup::cleanup(*args, stop).await,
            Command::Diff(args) => diff::diff(&args),
            Command::Laws(args) => laws::laws(&args),
            Command::Explain(args) => laws::explain(&args),
            Command::Record(args) => record::record(*args, stop).await,
            Command::Review(args) => review::review(&args),
            Command::Accept(args) => review::accept(&args),
            Command::Reject(args) => review::reject(&args),
            Command::Baseline(args) => baseline::baseline(&args, layered.file.as_deref()),
            Command::Config(args) => config::config(&args, &matches, &layered),
            Command::Completions(args) => completions::completions(&args),
            Command::Man(args) => completions::man(&args),
            Command::SelfTest(args) => self_test::self_test(&args, stop).await,
        }
    });
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(UserError(message)) => failed(&message),
    }
}

/// The number of the error of a closed pipe.
const CLOSED_PIPE: i32 = 32;

fn failed(message: &str) -> ExitCode {
    // Whoever reads has read enough: nothing is wrong, and what was found out is not told to the end.
    if message == std::io::Error::from_raw_os_error(CLOSED_PIPE).to_string() {
        return ExitCode::from(exit::CANNOT_JUDGE);
    }
    let _ = writeln!(anstream::stderr(), "error: {message}");
    ExitCode::from(exit::CANNOT_JUDGE)
}

/// The first signal ends the run in good order, the second at once.
async fn watch(stop: Arc<AtomicBool>) {
    signal().await;
    stop.store(true, Ordering::Relaxed);
    let _ =
        writeln!(anstream::stderr(), "\ninterrupted: taking away what was made; once more to leave at once");
    signal().await;
    for (path, account) in open_ledgers() {
        let (path, header) = (path.display(), &account.header);
        let _ = writeln!(
            anstream::stderr(),
            "{} rows are left; conformance cleanup --url {} --ledger {path} takes them away",
            account.rows.len() + account.unknown.len(),
            header.target,
        );
    }
    leave();
}

#[expect(clippy::exit, reason = "asked for twice, and nothing is left to be put in order")]
fn leave() {
    std::process::exit(i32::from(exit::INTERRUPTED));
}

async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
