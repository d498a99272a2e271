//! Who watches the traffic of a run, and what they get to see of it: never a secret.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime};

use ::http::{HeaderMap, HeaderValue};

use super::fault::TransportFault;
use super::properties::present;
use super::redaction::Redactor;
use super::request::Request;
use super::response::Response;
use super::shorten::start_of;
use super::traffic::{Answer, Traffic};

/// Bytes of a body that listeners receive.
const LONGEST_BODY: usize = 256 << 10;

/// Watches the traffic of a run. What it does with it is not the client's matter.
pub(crate) trait TrafficObserver: fmt::Debug {
    /// A request was sent: how many there are by now.
    fn sent(&self, requests: usize);
    /// A request was answered, or will not be.
    fn exchanged(&self, traffic: Traffic);
    /// The target asks for a wait.
    fn waiting(&self, seconds: u64);
}

/// Shows the traffic of one client to an observer, without secrets.
#[derive(Debug)]
pub(crate) struct TrafficWatch {
    observer: Rc<dyn TrafficObserver>,
    redactor: Redactor,
    begun: Cell<usize>,
}

/// A request that waits for its response. Where nobody waits any more, the observer gets to know that too.
pub(super) struct InFlight<'a> {
    watch: &'a TrafficWatch,
    begun: Instant,
    waited: Duration,
    traffic: Option<Traffic>,
}

impl TrafficWatch {
    pub(crate) fn new(observer: Rc<dyn TrafficObserver>, redactor: Redactor) -> Self {
        Self { observer, redactor, begun: Cell::new(0) }
    }

    /// A request goes out.
    pub(super) fn begin(&self, request: &Request, wire: &reqwest::Request) -> InFlight<'_> {
        self.begun.set(self.begun.get() + 1);
        let body = wire.body().and_then(reqwest::Body::as_bytes);
        let traffic = Traffic {
            number: self.begun.get(),
            operation: request.op.as_ref().map(|op| op.id.clone()),
            caller: request.credential.label(),
            method: wire.method().to_string(),
            url: self.redactor.clean(wire.url().as_str()),
            headers: self.headers(wire.headers()),
            body: body.map(|bytes| self.redactor.clean(String::from_utf8_lossy(bytes))),
            begun: SystemTime::now(),
            took: Duration::ZERO,
            answer: Err("nobody waited for the answer".to_owned()),
        };
        InFlight { watch: self, begun: Instant::now(), waited: Duration::ZERO, traffic: Some(traffic) }
    }

    fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        headers
            .iter()
            .map(|(name, value)| {
                (self.redactor.clean(name.as_str()), self.redactor.header(name.as_str(), &text(value)))
            })
            .collect()
    }
}

impl InFlight<'_> {
    /// The head of the response is there.
    pub(super) fn headed(&mut self) {
        self.waited = self.begun.elapsed();
    }

    /// The whole response is there, or there will be none.
    pub(super) fn answered(&mut self, outcome: &Result<Response, TransportFault>) {
        let Some(mut traffic) = self.traffic.take() else { return };
        let redactor = &self.watch.redactor;
        traffic.answer = match outcome {
            Ok(response) => {
                let (body, whole) = start_of(&response.bytes, LONGEST_BODY, redactor);
                let properties = response.json.as_ref().map(present).unwrap_or_default();
                Ok(Answer {
                    status: response.status,
                    headers: self.watch.headers(&response.headers),
                    body,
                    whole,
                    properties: properties.into_iter().map(|name| redactor.clean(name)).collect(),
                    size: response.bytes.len(),
                    waited: self.waited,
                })
            }
            Err(fault) => Err(redactor.clean(fault.to_string())),
        };
        self.finish(traffic);
    }

    fn finish(&self, mut traffic: Traffic) {
        traffic.took = self.begun.elapsed();
        self.watch.observer.exchanged(traffic);
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if let Some(traffic) = self.traffic.take() {
            self.finish(traffic);
        }
    }
}
