//! A load generator that costs little: prepared bytes, and answers separated by their Content-Length.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Connections at a time.
const CONNECTIONS: usize = 16;

/// A request, and where to send it.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) request: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// The bytes of a request to the built-in API.
pub(crate) fn request(method: &str, path: &str, body: &str) -> Vec<u8> {
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    format!(
        "{method} /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer pivotal_demo\r\n\
         Accept: application/json\r\n{length}\r\n{body}"
    )
    .into_bytes()
}

/// One request on a connection of its own.
pub(crate) fn once(target: &Target) -> Sample {
    let mut stream = TcpStream::connect(target.address).expect("a connection");
    stream.write_all(&target.request).expect("a request");
    let mut buffer = Vec::new();
    let mut chunk = vec![0; 65_536];
    loop {
        let read = stream.read(&mut chunk).expect("an answer");
        assert!(read > 0, "the server hung up");
        buffer.extend_from_slice(&chunk[..read]);
        if let Some((status, head, length)) = head(&buffer)
            && buffer.len() >= head + length
        {
            return Sample { status, body: buffer[head..head + length].to_vec() };
        }
    }
}

/// Status, length of the head, length of the body.
pub(crate) fn head(buffer: &[u8]) -> Option<(u16, usize, usize)> {
    let end = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&buffer[..end]).expect("an ASCII head");
    let status = text[9..12].parse().expect("a status");
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().expect("a length"))
    });
    Some((status, end, length.expect("a Content-Length")))
}

/// Requests a second, `depth` of them under way on each connection.
pub(crate) fn rate(target: &Target, depth: usize, time: Duration) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let batch = target.request.repeat(depth);
        let begun = Instant::now();
        let tasks: Vec<_> = (0..CONNECTIONS)
            .map(|_| tokio::spawn(connection(target.address, batch.clone(), depth, begun + time)))
            .collect();
        let mut count = 0;
        for task in tasks {
            count += task.await.expect("a connection");
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
        let count = count as f64;
        count / begun.elapsed().as_secs_f64()
    })
}

async fn connection(address: SocketAddr, batch: Vec<u8>, depth: usize, until: Instant) -> usize {
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let mut buffer = Vec::with_capacity(1 << 20);
    let mut chunk = vec![0; 1 << 18];
    let mut count = 0;
    while Instant::now() < until {
        stream.write_all(&batch).await.expect("requests");
        let mut missing = depth;
        let mut start = 0;
        while missing > 0 {
            if let Some((status, head, length)) = head(&buffer[start..])
                && buffer.len() - start >= head + length
            {
                assert!(status < 400 || status == 409, "the server answered {status}");
                start += head + length;
                missing -= 1;
                continue;
            }
            let read = stream.read(&mut chunk).await.expect("answers");
            assert!(read > 0, "the server hung up");
            buffer.extend_from_slice(&chunk[..read]);
        }
        buffer.clear();
        count += depth;
    }
    count
}
