//! Serving until it is stopped.

use std::io::Write as _;

use mock_server::MockServer;
use schemas::Problem;

use super::agreed::agreed;
use super::arguments::ServerArguments;
use super::exit::{FAILED, Failed, STOPPED};
use super::signals::Signals;
use super::{banner, load};

/// Serves, and says so, until a signal comes; returns the exit code.
pub(crate) async fn serve(arguments: &ServerArguments) -> Result<u8, Failed> {
    let contract = load::contract(arguments)?;
    let fixtures = load::world(arguments, &contract)?;
    let mut signals = Signals::new().map_err(|error| no_signals(&error))?;
    let banner = banner::banner(&contract, &fixtures, arguments);
    let told = banner::told(contract.problems());
    let server = arguments.builder().contract(contract).fixtures(fixtures).start().await?;
    server.log(&format!("{told}{}", banner(&server)));
    if let Err(error) = ready(&server) {
        server.log(&format!("the ready line cannot be written to stdout: {error}\n"));
    }
    signals.wait().await;
    let code = if agreed(&arguments.real, &server) { STOPPED } else { FAILED };
    tokio::select! {
        () = server.shutdown() => {}
        _ = signals.wait() => {}
    }
    Ok(code)
}

/// The end where signals cannot be listened for.
pub(crate) fn no_signals(error: &std::io::Error) -> Failed {
    Failed::with(FAILED, &Problem::say(format!("failed to listen for signals: {error}")))
}

/// The one line that whoever started the process waits for.
fn ready(server: &MockServer) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready {}", schemas::printable(server.url()))?;
    out.flush()
}
