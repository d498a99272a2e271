//! Ctrl-C: what was made is taken away.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Project, get, mock, usual};

/// A wire that counts what is asked and, from some request on, waits for a word before it passes anything on.
async fn counting(upstream: std::net::SocketAddr, asked: Arc<AtomicUsize>) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let asked = Arc::clone(&asked);
            tokio::spawn(async move {
                let server = TcpStream::connect(upstream).await.expect("the mock server");
                let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
                    (client.into_split(), server.into_split());
                tokio::spawn(async move {
                    let mut buffer = vec![0; 65_536];
                    while let Ok(count @ 1..) = from_server.read(&mut buffer).await {
                        if to_client.write_all(&buffer[..count]).await.is_err() {
                            break;
                        }
                    }
                });
                let mut buffer = vec![0; 65_536];
                while let Ok(count @ 1..) = from_client.read(&mut buffer).await {
                    asked.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(std::time::Duration::from_millis(4)).await;
                    if to_server.write_all(&buffer[..count]).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    address
}

#[cfg(unix)]
#[tokio::test]
async fn an_interrupted_run_takes_away_what_it_made() {
    let (project, server, asked) = (Project::new(), mock().await, Arc::new(AtomicUsize::new(0)));
    let wire = counting(server.address(), Arc::clone(&asked)).await;
    let url = server.url().replace(&server.address().to_string(), &wire.to_string());
    let mut arguments = usual(&url);
    arguments.extend(["--report", "json=report.json"]);
    let mut child = project
        .command(&arguments)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    while asked.load(Ordering::SeqCst) < 60 {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    let id = child.id().expect("it runs").to_string();
    let sent = tokio::process::Command::new("kill").args(["-INT", &id]).status().await.expect("kill");
    assert!(sent.success());
    let status = child.wait().await.expect("it ends");
    assert_eq!(status.code(), Some(130));
    let report = project.json("report.json");
    assert_eq!(report["interrupted"], true);
    assert_eq!(report["leftovers"], 0);
    let requests = report["requests"].as_u64().expect("a number");
    assert!(requests < 600, "it ended early: {requests}");
    let tag = report["tag"].as_str().expect("a tag").to_owned();
    let page: Value = get(&format!("{}/customers?limit=100", server.url())).await;
    assert!(!page.to_string().contains(&format!("t{tag}-")), "rows of the run are left");
}
