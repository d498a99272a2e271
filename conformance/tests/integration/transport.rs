//! Faults of the wire are nobody's breach of the contract.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::{Project, plain};

/// A target that answers every connection with some bytes, and then closes it or keeps it open.
async fn target(bytes: &'static str, close: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(bytes.as_bytes()).await;
            if !close {
                open.push(stream);
            }
        }
    });
    address
}

#[tokio::test]
async fn a_broken_wire_is_told_as_such_and_ends_with_two() {
    let table = [
        ("closes at once", "", true, "broke off"),
        ("is no HTTP", "220 mail.example.com ESMTP\r\n", true, "broke off"),
        (
            "is cut short",
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n[",
            true,
            "broke off",
        ),
        ("hangs", "", false, "within 1 seconds"),
        ("hangs in the body", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[", false, "within 1 seconds"),
        (
            "points elsewhere",
            "HTTP/1.1 302 Found\r\nlocation: https://login.example.com/\r\ncontent-length: 0\r\n\r\n",
            true,
            "redirects to https://login.example.com/",
        ),
        (
            "is a web site",
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>",
            true,
            "does not answer like an API",
        ),
    ];
    for (name, bytes, close, message) in table {
        let project = Project::new();
        let url = format!("http://{}/v1", target(bytes, close).await);
        let ended = project
            .run(&[
                "run",
                "--url",
                &url,
                "--api-key",
                "key-of-mine",
                "--contract",
                &plain(),
                "--timeout",
                "1",
                "--report",
                "json=report.json",
            ])
            .await;
        assert_eq!(ended.code, 2, "{name}: {ended:#?}");
        assert!(ended.err.contains(message), "{name}: {ended:#?}");
        let report = project.json("report.json");
        assert_eq!(report["verdict"], "error", "{name}");
        assert_eq!(report["summary"]["violations"], 0, "{name}");
    }
}
