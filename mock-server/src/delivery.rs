//! How an answer reaches the client: whole, in part, slowly, or not at all.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body_util::channel::{Channel, Sender};
use http_body_util::{Either, Full};
use tokio::sync::watch;

use crate::answer::Answer;

/// A body as it is sent.
pub(crate) type Body = Either<Full<Bytes>, Channel<Bytes, Broken>>;

/// What goes wrong with a connection on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Disturbance {
    /// The connection is reset without an answer.
    Reset,
    /// The connection is closed without an answer.
    Close,
    /// No answer comes, and the connection stays open until the client gives up.
    Stall,
    /// The body breaks off in the middle.
    Truncate,
    /// The body comes in ten parts, a fifth of a second apart.
    Slow,
}

impl Disturbance {
    /// The name it is asked for by.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Close => "close",
            Self::Stall => "stall",
            Self::Truncate => "truncate",
            Self::Slow => "slow",
        }
    }

    /// Every one.
    pub(crate) const ALL: [Self; 5] = [Self::Reset, Self::Close, Self::Stall, Self::Truncate, Self::Slow];

    /// Whether the client gets no answer, so that nothing is to be done for the request.
    pub(crate) fn is_silent(self) -> bool {
        matches!(self, Self::Reset | Self::Close | Self::Stall)
    }
}

/// Why a body or a connection ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The connection is reset.
    Reset,
    /// The connection is closed.
    Closed,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ended on purpose")
    }
}

impl std::error::Error for Broken {}

/// In how many parts a slow body comes.
const PARTS: usize = 10;
/// How far apart they are.
const APART: Duration = Duration::from_millis(200);
/// What a body that breaks off waits for, so that its first half has left.
const SETTLE: Duration = Duration::from_millis(30);

/// Resolves when the server begins to stop.
pub(crate) async fn stopped(mut stopping: watch::Receiver<bool>) {
    // A sender that is gone has stopped as well.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// Puts an answer on its way, disturbed or not; an error ends the connection.
pub(crate) async fn deliver(
    answer: Answer,
    head_only: bool,
    disturbance: Option<Disturbance>,
    stopping: &watch::Sender<bool>,
) -> Result<Response<Body>, Broken> {
    match disturbance {
        None => Ok(answer.into_response(head_only).map(Either::Left)),
        Some(Disturbance::Reset) => Err(Broken::Reset),
        Some(Disturbance::Close) => Err(Broken::Closed),
        Some(Disturbance::Stall) => {
            stopped(stopping.subscribe()).await;
            Err(Broken::Closed)
        }
        Some(kind @ (Disturbance::Truncate | Disturbance::Slow)) => {
            let text = answer.body.clone();
            // The head tells the whole length.
            let told = answer.into_response(true);
            if head_only {
                return Ok(told.map(Either::Left));
            }
            let (sender, body) = Channel::new(1);
            tokio::spawn(disturb(sender, text, kind, stopping.subscribe()));
            Ok(told.map(|_| Either::Right(body)))
        }
    }
}

/// Sends a body in parts; one that is to break off ends after its first half.
async fn disturb(
    mut sender: Sender<Bytes, Broken>,
    text: Bytes,
    kind: Disturbance,
    stopping: watch::Receiver<bool>,
) {
    if kind == Disturbance::Truncate {
        let _ = sender.send_data(text.slice(..text.len() / 2)).await;
        tokio::time::sleep(SETTLE).await;
        sender.abort(Broken::Closed);
        return;
    }
    for part in 0..PARTS {
        let part = text.slice(text.len() * part / PARTS..text.len() * (part + 1) / PARTS);
        if sender.send_data(part).await.is_err() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(APART) => {}
            () = stopped(stopping.clone()) => {}
        }
    }
}
