//! Bodies: read whole, within bounds of size and time.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::EXPECT;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::{Instant, timeout_at};

/// How much of a body that is too large is still read, so that the client gets to read the answer.
const DRAINED: usize = 32 << 20;

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// Over the bound.
    TooLarge,
    /// Not whole in time.
    TooSlow,
    /// The client went away or broke HTTP.
    Broken,
}

/// The whole body.
pub(crate) async fn collect(
    mut body: Incoming,
    max_bytes: usize,
    time: Duration,
) -> Result<Bytes, BodyError> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let deadline = Instant::now() + time;
    if body.size_hint().lower() > max_bytes as u64 {
        drain_until(&mut body, deadline).await;
        return Err(BodyError::TooLarge);
    }
    let mut whole = BytesMut::new();
    let mut first: Option<Bytes> = None;
    loop {
        let frame = match timeout_at(deadline, body.frame()).await {
            Err(_) => return Err(BodyError::TooSlow),
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(BodyError::Broken),
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(data) = frame.into_data() else { continue };
        if whole.len() + first.as_ref().map_or(0, Bytes::len) + data.len() > max_bytes {
            drain_until(&mut body, deadline).await;
            return Err(BodyError::TooLarge);
        }
        // Most bodies are one frame: keep it as it is.
        match first.take() {
            None if whole.is_empty() => first = Some(data),
            earlier => {
                whole.extend_from_slice(earlier.as_deref().unwrap_or_default());
                whole.extend_from_slice(&data);
            }
        }
    }
    Ok(first.unwrap_or_else(|| whole.freeze()))
}

/// Reads a body nobody wants, within bounds; not one that the client holds back until it is asked for.
pub(crate) async fn drain(headers: &HeaderMap, mut body: Incoming, time: Duration) {
    if !body.is_end_stream() && !headers.contains_key(EXPECT) {
        drain_until(&mut body, Instant::now() + time).await;
    }
}

async fn drain_until(body: &mut Incoming, deadline: Instant) {
    let mut seen = 0;
    while let Ok(Some(Ok(frame))) = timeout_at(deadline, body.frame()).await {
        seen += frame.data_ref().map_or(0, Bytes::len);
        if seen > DRAINED {
            break;
        }
    }
}
