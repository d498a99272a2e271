//! What signals do: the first ends a run in good order, the second at once.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::exit;
use crate::session::open_ledgers;
use crate::shown::line;

/// Sets `stop` at the first signal and ends the process at the second.
pub(super) async fn watch(stop: Arc<AtomicBool>) {
    signal().await;
    stop.store(true, Ordering::Relaxed);
    let mut err = anstream::stderr();
    let _ = writeln!(err, "\ninterrupted: deleting what was created; once more to stop at once");
    signal().await;
    for (path, content) in open_ledgers() {
        let (path, header) = (path.display(), &content.header);
        let rows = content.rows.len() + content.unknown.len();
        let _ = writeln!(
            err,
            "{rows} rows are left; conformance cleanup --url {} --ledger {path} deletes them",
            line(&header.target),
        );
    }
    leave();
}

#[expect(clippy::exit, reason = "asked for twice, and nothing is left to be put in order")]
fn leave() {
    std::process::exit(i32::from(exit::INTERRUPTED));
}

async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
