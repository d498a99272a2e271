//! Bytes on a socket, for what no well-behaved client sends.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::contract::in_envelope;
use super::{builtin, server};

/// Nothing here waits this long unless the server hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection.
pub(crate) struct Wire {
    stream: TcpStream,
    read: Vec<u8>,
}

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) status: u16,
    /// The head in lower case.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Wire {
    /// To the server that the tests share.
    pub(crate) async fn shared() -> Self {
        Self::to(server::shared_address()).await
    }

    /// To a `host:port`.
    pub(crate) async fn to(address: &str) -> Self {
        Self { stream: TcpStream::connect(address).await.expect("a connection"), read: Vec::new() }
    }

    /// Sends bytes; a server that hung up already is no failure.
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).await.is_ok() && self.stream.flush().await.is_ok()
    }

    /// Says that nothing more will be sent.
    pub(crate) async fn half_close(&mut self) {
        let _ = self.stream.shutdown().await;
    }

    /// Reads one answer.
    pub(crate) async fn answer(&mut self) -> Raw {
        self.try_answer().await.expect("an answer before the connection ends")
    }

    /// Reads one answer; `None` when the connection ends before.
    pub(crate) async fn try_answer(&mut self) -> Option<Raw> {
        let end = loop {
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            if !self.more().await {
                return None;
            }
        };
        let head = String::from_utf8_lossy(&self.read[..end]).to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|text| text.parse().ok()).expect("a status");
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .map_or(0, |text| text.trim().parse().expect("a length"));
        self.read.drain(..end + 4);
        while self.read.len() < length {
            assert!(self.more().await, "the body breaks off");
        }
        let body = self.read.drain(..length).collect();
        Some(Raw { status, head, body })
    }

    /// Reads to the end of the connection.
    pub(crate) async fn ends(&mut self) -> Vec<u8> {
        while self.more().await {}
        std::mem::take(&mut self.read)
    }

    /// Reads on; `false` at the end of the connection.
    async fn more(&mut self) -> bool {
        let read = timeout(PATIENCE, self.stream.read_buf(&mut self.read)).await;
        read.expect("the server neither answers nor hangs up").is_ok_and(|count| count > 0)
    }
}

impl Raw {
    /// Asserts the status and the envelope, and returns the code.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{self:?}");
        in_envelope(&builtin(), status, &self.body, &self.head);
        let body: serde_json::Value = serde_json::from_slice(&self.body).expect("JSON");
        body["error"]["code"].as_str().expect("a code").to_owned()
    }
}
