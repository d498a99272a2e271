//! Accepting connections until it is stopped.

use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use super::connection::connection;
use crate::engine::Engine;

/// A pause after a failed accept: out of file descriptors, mostly, which passes with time.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` resolves; then lets requests in flight finish, within the bound of the options.
pub(crate) async fn serve(listeners: Vec<TcpListener>, engine: Arc<Engine>, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let (running, stopping) = watch::channel(());
    let places = Arc::new(Semaphore::new(engine.options.limits.connections));
    let mut stop = std::pin::pin!(stop);
    loop {
        let accept = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (accept(&listeners).await, place)
        };
        let (accepted, place) = tokio::select! {
            () = &mut stop => break,
            accepted = accept => accepted,
        };
        let Ok(stream) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let engine = Arc::clone(&engine);
        let watcher = graceful.watcher();
        let stopping = stopping.clone();
        tokio::spawn(async move {
            connection(stream, engine, watcher, stopping).await;
            drop(place);
        });
    }
    drop(listeners);
    engine.stop();
    drop(running);
    let patience = engine.options.limits.shutdown_time;
    let _ = tokio::time::timeout(patience, graceful.shutdown()).await;
}

/// The next connection, whichever address it comes to.
async fn accept(listeners: &[TcpListener]) -> std::io::Result<TcpStream> {
    poll_fn(|context| {
        let accepted = listeners.iter().find_map(|listener| match listener.poll_accept(context) {
            Poll::Ready(accepted) => Some(accepted.map(|(stream, _)| stream)),
            Poll::Pending => None,
        });
        accepted.map_or(Poll::Pending, Poll::Ready)
    })
    .await
}
