//! Telling the listeners of a run what goes over the wire.

use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime};

use http::HeaderMap;

use super::call::Call;
use super::client::TransportFault;
use super::received::Received;
use crate::report::{Answer, Event, Redactor, Stream, Traffic};

/// Tells the listeners of a run what goes over the wire, without secrets.
#[derive(Debug)]
pub(crate) struct Watch {
    stream: Stream,
    redactor: Redactor,
    begun: Cell<usize>,
}

/// A request whose answer is awaited. When nobody waits any more, that is told as well.
pub(super) struct Awaited<'a> {
    watch: &'a Watch,
    begun: Instant,
    waited: Duration,
    traffic: Option<Traffic>,
}

impl Watch {
    pub(crate) fn new(stream: Stream, redactor: Redactor) -> Self {
        Self { stream, redactor, begun: Cell::new(0) }
    }

    /// A request goes out.
    pub(super) fn begin(&self, call: &Call, request: &reqwest::Request) -> Awaited<'_> {
        self.begun.set(self.begun.get() + 1);
        let body = request.body().and_then(reqwest::Body::as_bytes);
        let traffic = Traffic {
            number: self.begun.get(),
            operation: call.op.as_ref().map(|op| op.id.clone()),
            caller: call.credential.label(),
            method: request.method().to_string(),
            url: self.redactor.clean(request.url().as_str()),
            headers: self.headers(request.headers()),
            body: body.map(|bytes| self.redactor.clean(String::from_utf8_lossy(bytes))),
            begun: SystemTime::now(),
            took: Duration::ZERO,
            answer: Err("nobody waited for the answer".to_owned()),
        };
        Awaited { watch: self, begun: Instant::now(), waited: Duration::ZERO, traffic: Some(traffic) }
    }

    fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let told = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        headers
            .iter()
            .map(|(name, value)| {
                (self.redactor.clean(name.as_str()), self.redactor.header(name.as_str(), &told(value)))
            })
            .collect()
    }
}

impl Awaited<'_> {
    /// The head of the answer is there.
    pub(super) fn headed(&mut self) {
        self.waited = self.begun.elapsed();
    }

    /// The whole answer is there, or there will be none.
    pub(super) fn answered(&mut self, outcome: &Result<Received, TransportFault>) {
        let Some(mut traffic) = self.traffic.take() else { return };
        let redactor = &self.watch.redactor;
        traffic.answer = match outcome {
            Ok(received) => Ok(Answer {
                status: received.status,
                headers: self.watch.headers(&received.headers),
                body: redactor.clean(String::from_utf8_lossy(&received.bytes)),
                size: received.bytes.len(),
                waited: self.waited,
            }),
            Err(fault) => Err(redactor.clean(fault.to_string())),
        };
        self.tell(traffic);
    }

    fn tell(&self, mut traffic: Traffic) {
        traffic.took = self.begun.elapsed();
        self.watch.stream.emit(&Event::Exchanged(Box::new(traffic)));
    }
}

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        if let Some(traffic) = self.traffic.take() {
            self.tell(traffic);
        }
    }
}
