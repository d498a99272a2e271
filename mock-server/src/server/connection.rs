//! One connection: HTTP/1.1 or, recognised by its first bytes, HTTP/2 without TLS.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::Watcher;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;

use super::socket::Socket;
use crate::delivery::{Body, Broken};
use crate::engine::Engine;

/// How an HTTP/2 connection begins.
const PREFACE: &[u8] = b"PRI";
/// Requests at a time on one HTTP/2 connection.
const STREAMS: u32 = 256;
/// How often an idle HTTP/2 peer is asked whether it is still there.
const PING: Duration = Duration::from_secs(30);

/// Serves a connection to its end. What goes wrong on the wire ends this connection and nothing else.
///
/// `stopping` resolves when the server begins to stop: a peer that has said nothing yet is not waited for.
pub(super) async fn connection(
    stream: TcpStream,
    engine: Arc<Engine>,
    watcher: Watcher,
    mut stopping: watch::Receiver<()>,
) {
    let _ = stream.set_nodelay(true);
    let limits = &engine.options.limits;
    let (header_time, header_bytes) = (limits.header_time, limits.header_bytes);
    let first = tokio::select! {
        _ = stopping.changed() => return,
        first = timeout(header_time, is_http2(&stream)) => first,
    };
    let Ok(Some(is_http2)) = first else {
        return;
    };
    let reset = Arc::new(AtomicBool::new(false));
    let io = TokioIo::new(Socket::new(stream, Arc::clone(&reset)));
    if is_http2 {
        let (busy, mut in_flight) = watch::channel(0);
        let busy = Arc::new(busy);
        let service = service_fn(move |request| {
            let (engine, here) = (Arc::clone(&engine), InFlight::enter(&busy));
            async move {
                let response = respond(&engine, request).await;
                drop(here);
                response
            }
        });
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(u32::try_from(header_bytes).unwrap_or(u32::MAX))
            .keep_alive_interval(PING)
            .serve_connection(io, service);
        let mut connection = std::pin::pin!(connection);
        tokio::select! {
            _ = &mut connection => return,
            _ = stopping.changed() => {}
            () = idle(&mut in_flight, header_time) => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
        // The shutdown waits for whoever holds one.
        drop(watcher);
    } else {
        let service = service_fn(move |request| {
            let (engine, reset) = (Arc::clone(&engine), Arc::clone(&reset));
            async move {
                let response = respond(&engine, request).await;
                reset.store(matches!(response, Err(Broken::Reset)), Ordering::Relaxed);
                response
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(header_time)
            .max_header_size(header_bytes)
            // A client may close its side once it has asked, as `nc` does.
            .half_close(true)
            .serve_connection(io, service);
        let _ = watcher.watch(connection).await;
    }
}

async fn respond(engine: &Arc<Engine>, request: Request<Incoming>) -> Result<Response<Body>, Broken> {
    let (head, body) = request.into_parts();
    engine.handle(head, body).await
}

/// A request that is being answered.
struct InFlight(Arc<watch::Sender<usize>>);

impl InFlight {
    fn enter(count: &Arc<watch::Sender<usize>>) -> Self {
        count.send_modify(|count| *count += 1);
        Self(Arc::clone(count))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

/// Resolves when no request was in flight for a while.
async fn idle(in_flight: &mut watch::Receiver<usize>, patience: Duration) {
    loop {
        let is_idle = *in_flight.borrow_and_update() == 0;
        let change = in_flight.changed();
        // The sender lives as long as the connection, so a change always comes or the time runs out.
        if is_idle {
            if timeout(patience, change).await.is_err() {
                return;
            }
        } else if change.await.is_err() {
            return;
        }
    }
}

/// Looks at the first bytes without taking them; `None` when the peer is gone.
async fn is_http2(stream: &TcpStream) -> Option<bool> {
    let mut start = [0; PREFACE.len()];
    loop {
        let seen = stream.peek(&mut start).await.ok().filter(|seen| *seen > 0)?;
        if start[..seen] != PREFACE[..seen] {
            return Some(false);
        }
        if seen == PREFACE.len() {
            return Some(true);
        }
        // A part of the preface: the rest is under way, and peeking again does not wait for it.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
