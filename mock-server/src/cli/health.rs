//! Asking a running server whether it is well, for whoever has neither a shell nor curl.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use clap::Args;
use schemas::Problem;

use super::arguments::PORT;
use super::exit::{FAILED, Failed};

/// Where a server says that it is well.
const PATH: &str = "/__mock/health";
/// What is read of an answer: its first line is enough.
const MOST: u64 = 256;

/// Asks a running server whether it is well, for the health check of a container: exit code 0, or 1 and why.
#[derive(Debug, Args)]
#[command(next_line_help = false, max_term_width = 110)]
pub(crate) struct Health {
    /// The server's host, as the server was told it.
    #[arg(long, default_value = "127.0.0.1", env = "MOCK_SERVER_HOST", value_name = "HOST")]
    pub(crate) host: String,
    /// The server's port.
    #[arg(long, short, default_value_t = PORT, env = "MOCK_SERVER_PORT")]
    pub(crate) port: u16,
    /// Seconds to wait for the answer.
    #[arg(long, default_value_t = 2, env = "MOCK_SERVER_HEALTH_TIMEOUT", value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) timeout: u64,
}

/// Asks.
pub(crate) fn health(health: &Health) -> Result<(), Failed> {
    // Whoever listens on all addresses is asked on this machine's own.
    let host = match health.host.trim_matches(['[', ']']) {
        "0.0.0.0" => "127.0.0.1",
        "::" => "::1",
        host => host,
    };
    let failed = |why: String| {
        let problem = Problem::say(format!("no healthy server at {host} port {}: {why}", health.port))
            .with_help("--host and --port, or MOCK_SERVER_HOST and MOCK_SERVER_PORT, say where it is.");
        Failed::with(FAILED, &problem)
    };
    let addresses: Vec<SocketAddr> =
        (host, health.port).to_socket_addrs().map_err(|error| failed(error.to_string()))?.collect();
    let patience = Duration::from_secs(health.timeout);
    let mut last = "the name leads nowhere".to_owned();
    for address in addresses {
        match ask(address, patience) {
            Ok(line) if line.split(' ').nth(1).is_some_and(|status| status.starts_with('2')) => return Ok(()),
            Ok(line) => last = format!("it answered {line:?}"),
            Err(error) => last = error.to_string(),
        }
    }
    Err(failed(last))
}

/// The first line of the answer.
fn ask(address: SocketAddr, patience: Duration) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    write!(stream, "GET {PATH} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(MOST).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    Ok(answer.lines().next().unwrap_or_default().to_owned())
}
