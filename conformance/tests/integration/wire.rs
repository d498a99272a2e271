//! A wire between the program and a target, that can be watched and held.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use mock_server::MockServer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A wire to a mock server: counts what is asked, and passes nothing on while it is held.
pub(crate) struct Wire {
    pub(crate) url: String,
    pub(crate) asked: Arc<AtomicUsize>,
    /// Requests of the kind that some answers are lost to.
    pub(crate) matching: Arc<AtomicUsize>,
    held: Arc<AtomicBool>,
}

/// Which answers a wire loses: those to one in every few requests that begin with a text. The server has acted by then.
#[derive(Clone, Copy)]
pub(crate) struct Loses {
    pub(crate) head: &'static str,
    pub(crate) every: usize,
}

impl Wire {
    pub(crate) async fn to(server: &MockServer) -> Self {
        Self::losing(server, None).await
    }

    /// A wire that loses some answers.
    pub(crate) async fn losing(server: &MockServer, loses: Option<Loses>) -> Self {
        let (asked, held) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let url = server.url().replace(&server.address().to_string(), &address.to_string());
        let (upstream, count, hold) = (server.address(), Arc::clone(&asked), Arc::clone(&held));
        let matching = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&matching);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let lost = loses.map(|loses| (loses, Arc::clone(&matching)));
                tokio::spawn(pass(client, upstream, Arc::clone(&count), Arc::clone(&hold), lost));
            }
        });
        Self { url, asked, matching: counted, held }
    }

    /// Waits until so much was asked.
    pub(crate) async fn until(&self, requests: usize) {
        while self.asked.load(Ordering::SeqCst) < requests {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Waits until so much was asked; the next request gets no answer, and the wire is held from then on.
    pub(crate) async fn hold_at(&self, requests: usize) {
        self.until(requests).await;
        self.held.store(true, Ordering::SeqCst);
        self.until(self.asked.load(Ordering::SeqCst) + 1).await;
    }
}

async fn pass(
    client: TcpStream,
    upstream: SocketAddr,
    asked: Arc<AtomicUsize>,
    held: Arc<AtomicBool>,
    lost: Option<(Loses, Arc<AtomicUsize>)>,
) {
    let server = TcpStream::connect(upstream).await.expect("the mock server");
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (client.into_split(), server.into_split());
    let losing = Arc::new(AtomicBool::new(false));
    let lose = Arc::clone(&losing);
    tokio::spawn(async move {
        let mut buffer = vec![0; 65_536];
        while let Ok(count @ 1..) = from_server.read(&mut buffer).await {
            // The server has answered; the connection ends before the client hears of it.
            if lose.load(Ordering::SeqCst) {
                break;
            }
            if to_client.write_all(&buffer[..count]).await.is_err() {
                break;
            }
        }
    });
    let mut buffer = vec![0; 65_536];
    while let Ok(count @ 1..) = from_client.read(&mut buffer).await {
        let hold = held.load(Ordering::SeqCst);
        asked.fetch_add(1, Ordering::SeqCst);
        if hold {
            std::future::pending::<()>().await;
        }
        if let Some((loses, matching)) = &lost
            && buffer.starts_with(loses.head.as_bytes())
        {
            let number = matching.fetch_add(1, Ordering::SeqCst) + 1;
            losing.store(number % loses.every == 0, Ordering::SeqCst);
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
        if to_server.write_all(&buffer[..count]).await.is_err() {
            break;
        }
    }
}
