//! A target that forwards to the mock and is wrong on the wire.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A request as it comes: the first line and the headers in one text, and all bytes.
pub(crate) struct Asked {
    pub(crate) head: String,
    /// How many came before it.
    pub(crate) number: usize,
    bytes: Vec<u8>,
}

impl Asked {
    pub(crate) fn has_header(&self, name: &str) -> bool {
        self.head.lines().any(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")))
    }
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fate {
    /// The mock answers it.
    Answered,
    /// The mock answers it, with another body.
    Rewritten(fn(&str) -> String),
    /// The connection is closed without a response.
    Dropped,
    /// No response comes, and the connection stays open.
    Silent,
    /// The mock forgets all rows, and answers then.
    Forgotten,
    /// A response whose body has no end comes as fast as it is read.
    Endless,
    /// A response comes a byte at a time, and has no end.
    Dripping,
    /// These bytes are the response.
    Instead(&'static str),
    /// Nobody listens from now on.
    Dead,
}

const RESET: &[u8] =
    b"POST /__mock/reset HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

const WITHOUT_END: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";

/// Listens on a port of its own; every connection serves one request.
pub(crate) async fn wrong_on_the_wire(
    mock: SocketAddr,
    fate: impl Fn(&Asked) -> Fate + Send + Sync + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (fate, count) = (Arc::new(fate), Arc::new(AtomicUsize::new(0)));
    tokio::spawn(async move {
        let (dead, mut died) = tokio::sync::mpsc::channel::<()>(1);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = died.recv() => break,
            };
            let Ok((stream, _)) = accepted else { break };
            let (fate, count, dead) = (Arc::clone(&fate), Arc::clone(&count), dead.clone());
            tokio::spawn(async move {
                if let Some(Fate::Dead) = serve(stream, mock, fate.as_ref(), &count).await {
                    let _ = dead.send(()).await;
                }
            });
        }
    });
    format!("http://{address}/api/v1")
}

async fn serve(
    mut stream: TcpStream,
    mock: SocketAddr,
    fate: &(impl Fn(&Asked) -> Fate + Send + Sync),
    count: &AtomicUsize,
) -> Option<Fate> {
    let mut asked = read(&mut stream).await?;
    asked.number = count.fetch_add(1, Ordering::Relaxed);
    let fate = fate(&asked);
    match fate {
        Fate::Answered | Fate::Rewritten(_) | Fate::Forgotten => {
            if matches!(fate, Fate::Forgotten) {
                let mut upstream = TcpStream::connect(mock).await.ok()?;
                upstream.write_all(RESET).await.ok()?;
                upstream.read_to_end(&mut Vec::new()).await.ok()?;
            }
            let mut upstream = TcpStream::connect(mock).await.ok()?;
            upstream.write_all(&asked.bytes).await.ok()?;
            let mut answer = Vec::new();
            upstream.read_to_end(&mut answer).await.ok()?;
            if let Fate::Rewritten(rewrite) = fate {
                answer = rewritten(&answer, rewrite)?;
            }
            stream.write_all(&answer).await.ok()?;
        }
        Fate::Instead(bytes) => stream.write_all(bytes.as_bytes()).await.ok()?,
        Fate::Endless => {
            stream.write_all(WITHOUT_END).await.ok()?;
            let blanks = vec![b' '; 1 << 16];
            while stream.write_all(&blanks).await.is_ok() {}
        }
        Fate::Dripping => {
            stream.write_all(WITHOUT_END).await.ok()?;
            while stream.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        }
        Fate::Silent => tokio::time::sleep(Duration::from_secs(5)).await,
        Fate::Dropped | Fate::Dead => {}
    }
    Some(fate)
}

/// A response with its body rewritten, and its length with it.
fn rewritten(answer: &[u8], rewrite: fn(&str) -> String) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(answer).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let body = rewrite(body);
    let head: Vec<&str> = head.lines().filter(|line| !line.starts_with("content-length:")).collect();
    Some(format!("{}\r\ncontent-length: {}\r\n\r\n{body}", head.join("\r\n"), body.len()).into_bytes())
}

/// Reads a request, and asks in it for a connection that ends after the response.
async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let whole = end + 4 + length.unwrap_or(0);
    while bytes.len() < whole {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let first = bytes.windows(2).position(|two| two == b"\r\n")? + 2;
    bytes.splice(first..first, *b"connection: close\r\n");
    Some(Asked { head, number: 0, bytes })
}
