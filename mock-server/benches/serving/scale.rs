//! The same questions at a thousand rows and at many more.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use mock_server::MockServer;

use crate::load::{self, Target};
use crate::{limits, runtime};

/// Rows of the small world.
const FEW: u64 = 1_000;
/// Rounds; the median ratio counts.
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(400);

struct World {
    _runtime: tokio::runtime::Runtime,
    server: MockServer,
}

impl World {
    fn with_room_for(rows: u64) -> Self {
        let runtime = runtime();
        let server =
            runtime.block_on(MockServer::builder().limits(limits(rows)).start()).expect("the mock starts");
        Self { _runtime: runtime, server }
    }

    fn target(&self, method: &str, path: &str, body: &str) -> Target {
        Target { address: self.server.address(), request: load::request(method, path, body) }
    }
}

/// Creates rows over one connection, a batch of them under way at a time.
pub(crate) fn fill(address: SocketAddr, rows: u64, batch: u64) {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let mut chunk = vec![0; 1 << 18];
    let mut row = 0;
    while row < rows {
        let count = batch.min(rows - row);
        let mut requests = Vec::new();
        for row in row..row + count {
            let status = ["active", "churned", "onboarding"][usize::try_from(row % 3).expect("small")];
            let body =
                format!(r#"{{"name":"Row {row}","slug":"row-{row}","status":"{status}","mrr":{row}}}"#);
            requests.extend(load::request("POST", "/customers", &body));
        }
        stream.write_all(&requests).expect("requests");
        let (mut answers, mut missing) = (Vec::new(), count);
        let mut start = 0;
        while missing > 0 {
            if let Some((status, head, length)) = load::head(&answers[start..])
                && answers.len() - start >= head + length
            {
                assert_eq!(status, 201, "a row was not created");
                start += head + length;
                missing -= 1;
                continue;
            }
            let read = stream.read(&mut chunk).expect("answers");
            assert!(read > 0, "the server hung up");
            answers.extend_from_slice(&chunk[..read]);
        }
        row += count;
    }
}

/// Prints requests a second of both worlds.
pub(crate) fn report(rows: u64) {
    println!("\nrequests/s with {FEW} and with {rows} rows (median of {ROUNDS} paired rounds)");
    println!("{:<34}{:>12}{:>12}{:>8}", "", FEW, rows, "ratio");
    let (few, many) = (World::with_room_for(FEW), World::with_room_for(rows));
    fill(few.server.address(), FEW, 50);
    fill(many.server.address(), rows, 50);
    let last = 300;
    let cases = [
        ("read by number", "GET", format!("/customers/{last}"), String::new()),
        ("first page", "GET", "/customers".to_owned(), String::new()),
        ("page of a filter", "GET", "/customers?status=churned".to_owned(), String::new()),
        ("row by a unique value", "GET", "/customers?slug=row-500".to_owned(), String::new()),
        (
            "a unique value is taken",
            "POST",
            "/customers".to_owned(),
            r#"{"name":"a","slug":"row-500"}"#.to_owned(),
        ),
        ("update", "PATCH", format!("/customers/{last}"), r#"{"mrr":5}"#.to_owned()),
    ];
    for (name, method, path, body) in cases {
        let (small, large) = (few.target(method, &path, &body), many.target(method, &path, &body));
        let mut rounds: Vec<(f64, f64)> = (0..=ROUNDS)
            .map(|_| (load::rate(&small, 1, ROUND), load::rate(&large, 1, ROUND)))
            .skip(1)
            .collect();
        rounds.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
        let (small, large) = rounds[ROUNDS / 2];
        println!("{name:<34}{small:>12.0}{large:>12.0}{:>8.2}", large / small);
    }
}
