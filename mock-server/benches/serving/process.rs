//! The binary as a process: time to `ready`, memory at rest, memory of a row.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::{load, scale};

const STARTS: usize = 11;
/// Rows for the memory of one.
const ROWS: u64 = 100_000;

/// A running binary; killed when dropped.
struct Server {
    child: Child,
    address: SocketAddr,
    /// Milliseconds from start to `ready`.
    took: f64,
}

impl Server {
    fn start() -> Self {
        let begun = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_mock-server"))
            .args(["--port", "0", "--log", "off"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let took = begun.elapsed().as_secs_f64() * 1e3;
        let url = line.trim().strip_prefix("ready http://").expect("the ready line");
        let address = url.split('/').next().expect("an address").parse().expect("an address");
        Self { child, address, took }
    }

    /// Resident memory in bytes, as Linux reports it; 0 elsewhere.
    fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1_024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Prints the median time from start to `ready`, the memory then, and what a row adds.
pub(crate) fn report() {
    let mut starts: Vec<(f64, u64)> = (0..STARTS)
        .map(|_| {
            let server = Server::start();
            (server.took, server.resident())
        })
        .collect();
    starts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (time, memory) = starts[STARTS / 2];
    #[expect(clippy::cast_precision_loss, reason = "megabytes")]
    let megabytes = memory as f64 / 1e6;
    println!("start to ready: {time:.1} ms (median of {STARTS}); resident at rest: {megabytes:.1} MB");

    let server = Server::start();
    let before = server.resident();
    scale::fill(server.address, ROWS, 50);
    let each = server.resident().saturating_sub(before) / ROWS;
    let request = load::request("GET", "/customers/300", "");
    let own = load::once(&load::Target { address: server.address, request }).body.len() as u64;
    println!("a row takes {each} bytes, {own} of them its own ({ROWS} rows)");
}
