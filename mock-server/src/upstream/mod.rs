//! A real server behind the mock: requests go there, and both directions are held to the description.

mod client;
mod deviation;
mod judge;
mod options;
mod record;
mod secrets;

use bytes::Bytes;
use http::HeaderName;
use http::header::HeaderValue;
use http::request::Parts;
use schemas::{Contract, Operation, Problem};

use crate::answer::Answer;
use crate::request::Parameters;
use client::Target;
pub(crate) use deviation::{Deviation, Deviations};
pub use options::UpstreamOptions;
use record::Recordable;

/// Which real server answered.
const ANSWERED_BY: HeaderName = HeaderName::from_static("mock-upstream");
/// What deviates from the description, one header each.
const DEVIATION: HeaderName = HeaderName::from_static("mock-deviation");
/// How many are told in headers; the log has all of them.
const MOST_HEADERS: usize = 8;

/// A real server.
#[derive(Debug)]
pub(crate) struct Upstream {
    target: Target,
    options: UpstreamOptions,
    pub(crate) deviations: Deviations,
}

/// A request on its way.
#[derive(Debug)]
pub(crate) struct Forwarded<'a> {
    pub(crate) head: &'a Parts,
    pub(crate) body: Bytes,
    /// The operation, where it is described, and of each parameter whether it is always a text.
    pub(crate) operation: Option<(&'a Operation, &'a [bool])>,
    pub(crate) parameters: &'a Parameters<'a>,
}

/// What came of a request.
#[derive(Debug)]
pub(crate) struct Relayed {
    pub(crate) answer: Answer,
    pub(crate) deviations: Vec<Deviation>,
    /// What kept an example from being recorded.
    pub(crate) unrecorded: Option<String>,
}

impl Upstream {
    /// Gets ready; nothing is sent yet.
    pub(crate) fn new(options: UpstreamOptions) -> Result<Self, Problem> {
        Ok(Self { target: Target::new(&options)?, options, deviations: Deviations::default() })
    }

    /// Whether described requests go there as well.
    pub(crate) fn takes_all(&self) -> bool {
        self.options.validate
    }

    /// Sends a request on and holds it and its answer to the description; an error says why there is none.
    pub(crate) async fn relay(&self, contract: &Contract, sent: Forwarded<'_>) -> Result<Relayed, String> {
        let operation = sent.operation.map(|(operation, _)| operation);
        let mut deviations = match sent.operation {
            Some((operation, plain)) => judge::request(operation, plain, sent.parameters, &sent.body),
            None if self.takes_all() => vec![Deviation {
                side: deviation::Side::Request,
                what: format!("{} {} is not described", sent.head.method, sent.head.uri.path()),
            }],
            None => Vec::new(),
        };
        let request_is_sound = deviations.is_empty();
        let base = operation.and_then(|operation| operation.base_path.as_deref());
        let base = base.unwrap_or_else(|| contract.base_path());
        let got = self.target.send(sent.head, sent.body.clone(), base).await;
        let got = got.map_err(|why| format!("{} did not answer: {why}", self.target.origin()))?;
        let (wrong, json) = judge::answer(contract, operation, &sent.head.method, &got);
        let mut unrecorded = None;
        if let (true, Some(folder), Some(operation)) = (wrong.is_empty(), &self.options.record, operation) {
            let recordable = Recordable {
                operation,
                parameters: sent.parameters,
                request_is_sound,
                body: &sent.body,
                status: got.status.as_u16(),
                headers: &got.headers,
                answer: json,
            };
            unrecorded = match recordable.example(folder) {
                Some(recording) => tokio::task::spawn_blocking(|| recording.write())
                    .await
                    .unwrap_or_else(|error| Err(error.to_string()))
                    .err(),
                None => Some(format!(
                    "an answer of {} is not recorded: without its secrets it is not as described",
                    operation.id
                )),
            };
        }
        deviations.extend(wrong);
        self.deviations.add(&deviations);
        let mut answer = Answer::empty(got.status);
        answer.headers = got.headers;
        answer.body = got.body;
        if let Ok(origin) = HeaderValue::from_str(self.target.origin()) {
            answer.headers.insert(ANSWERED_BY, origin);
        }
        for value in deviations.iter().take(MOST_HEADERS).filter_map(Deviation::header) {
            answer.headers.append(DEVIATION, value);
        }
        answer.reason = deviations.first().map(|first| first.to_string().into());
        Ok(Relayed { answer, deviations, unrecorded })
    }
}
