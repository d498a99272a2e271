//! How fast the mock serves, as ratios within one run: beside a bare hyper server that sends the same bytes, and
//! beside itself with a thousand times the rows. Also the time to `ready` and the memory of the release binary.
//!
//! `cargo bench -p mock-server --bench serving` takes about two minutes; `-- --rows 100000` makes it shorter,
//! `-- --scale-only` leaves out the comparison with the bare server.

#![expect(clippy::print_stdout, reason = "the figures are this program's output")]

mod bare;
mod load;
mod process;
mod scale;

use std::time::Duration;

use mock_server::{Limits, MockServer};

/// Rounds of each comparison; the median ratio counts.
const ROUNDS: usize = 7;
/// Time a server is loaded in one round.
const ROUND: Duration = Duration::from_millis(700);

fn main() {
    let rows = argument("--rows").unwrap_or(1_000_000);
    process::report();
    if !std::env::args().any(|argument| argument == "--scale-only") {
        beside_bare();
    }
    scale::report(rows);
}

fn argument(name: &str) -> Option<u64> {
    let mut arguments = std::env::args();
    arguments.find(|argument| argument == name)?;
    arguments.next()?.parse().ok()
}

/// A runtime with one worker: the load has the other core.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

fn limits(rows: u64) -> Limits {
    Limits { rows: usize::try_from(rows).expect("fits") + 1_000_000, ..Limits::default() }
}

fn beside_bare() {
    println!(
        "\nrequests/s beside a bare hyper server that sends the same bytes (median of {ROUNDS} paired rounds)"
    );
    println!("{:<34}{:>12}{:>12}{:>8}", "", "bare", "mock", "ratio");
    let cases = [
        ("read one row", "GET", "/customers/128", ""),
        ("list 25 rows", "GET", "/customers", ""),
        (
            "validated create",
            "POST",
            "/customers",
            r#"{"name":"Bench","status":"active","plan":"growth","mrr":100}"#,
        ),
    ];
    for (name, method, path, body) in cases {
        for (how, depth) in [("", 1), (", 16 pipelined", 16)] {
            let mock_runtime = runtime();
            let mock = mock_runtime
                .block_on(MockServer::builder().limits(limits(3_000_000)).start())
                .expect("the mock starts");
            let target = load::Target { address: mock.address(), request: load::request(method, path, body) };
            let sample = load::once(&target);
            let bare_runtime = runtime();
            let bare = load::Target {
                address: bare_runtime.block_on(bare::start(sample)).expect("the bare server starts"),
                request: target.request.clone(),
            };
            let mut rounds: Vec<(f64, f64)> = (0..=ROUNDS)
                .map(|_| (load::rate(&bare, depth, ROUND), load::rate(&target, depth, ROUND)))
                .skip(1)
                .collect();
            rounds.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
            let (bare, mock) = rounds[ROUNDS / 2];
            println!("{:<34}{bare:>12.0}{mock:>12.0}{:>8.2}", format!("{name}{how}"), mock / bare);
        }
    }
}
