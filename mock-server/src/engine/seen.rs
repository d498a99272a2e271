//! What is known of a request when it is answered.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::RETRY_AFTER;
use schemas::{Operation, ParameterLocation, nearest};
use serde_json::Value;

use crate::answer::Answer;
use crate::delivery::Disturbance;
use crate::gate::{Allowance, Caller, RateLimiter};
use crate::request::Parameters;

/// The header that names what was not known of a request, where that is told.
const IGNORED: &str = "Mock-Ignored";

/// What is known of a request when it is answered, for the answer's headers, the log and the journal.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) operation: Option<Arc<str>>,
    pub(super) caller: Option<Caller>,
    pub(super) allowance: Option<Allowance>,
    pub(super) body: Bytes,
    /// What answered.
    pub(super) rule: Cow<'static, str>,
    /// The answer was forced, by a fault or by the request.
    pub(super) forced: bool,
    /// What of the request nobody knows.
    pub(super) ignored: Vec<String>,
    /// Headers that were asked for.
    pub(super) headers: Vec<(String, String)>,
    pub(super) delay: Option<Duration>,
    pub(super) disturbance: Option<Disturbance>,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            operation: None,
            caller: None,
            allowance: None,
            body: Bytes::new(),
            rule: "refused".into(),
            forced: false,
            ignored: Vec::new(),
            headers: Vec::new(),
            delay: None,
            disturbance: None,
        }
    }
}

impl Seen {
    /// Notes what answered; where a fault was met, that is what matters.
    pub(super) fn answered_by(&mut self, rule: &'static str) {
        if !self.forced {
            self.rule = rule.into();
        }
    }

    /// The workspace of whoever calls.
    pub(super) fn workspace(&self) -> Option<&str> {
        self.caller.as_ref().map(|caller| &*caller.workspace.name)
    }

    /// The allowance that an answer tells: where it was forced to say that there were too many requests, none is left.
    pub(super) fn allowance_of(&self, answer: &Answer, limiter: &RateLimiter, now: i64) -> Option<Allowance> {
        let allowance = self.allowance?;
        if !self.forced || answer.status != StatusCode::TOO_MANY_REQUESTS {
            return Some(allowance);
        }
        let asked = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
        let told = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let seconds = asked.map(|(_, value)| value.as_str()).or(told).and_then(|text| text.parse().ok());
        Some(allowance.used_up(seconds.unwrap_or_else(|| limiter.window()), now))
    }

    /// The answer with the headers that were asked for, and with what was ignored.
    pub(super) fn tell(&self, answer: Answer) -> Answer {
        let mut answer =
            self.headers.iter().fold(answer, |answer, (name, value)| answer.with_header(name, value));
        if !self.ignored.is_empty() {
            answer = answer.with_header(IGNORED, &self.ignored.join(", "));
        }
        answer
    }
}

/// Query parameters and properties of a body that the description does not know, with the nearest that it does.
pub(super) fn ignored(operation: &Operation, parameters: &Parameters<'_>, body: &[u8]) -> Vec<String> {
    let mut told = BTreeSet::new();
    let queries: Vec<&str> =
        operation.parameters_in(ParameterLocation::Query).map(|parameter| parameter.name.as_str()).collect();
    // A parameter that is an object spreads over names of its properties, which the description need not list.
    let spreads = operation.parameters_in(ParameterLocation::Query).any(schemas::Parameter::is_spread);
    let odd = |name: &&String| {
        let bare = name.split('[').next().unwrap_or_default();
        !name.starts_with("__") && !queries.contains(&name.as_str()) && !queries.contains(&bare)
    };
    if !spreads {
        let unknown = parameters.query.iter().map(|(name, _)| name).filter(odd);
        told.extend(unknown.map(|name| format!("query {}", with_nearest(name, queries.iter().copied()))));
    }
    let described = operation.body.as_ref().map(|body| body.schema.properties()).unwrap_or_default();
    if !described.is_empty()
        && let Ok(Value::Object(sent)) = serde_json::from_slice(body)
    {
        let names: Vec<&str> = described.iter().map(|property| property.name.as_str()).collect();
        let unknown = sent.keys().filter(|name| !names.contains(&name.as_str()));
        told.extend(unknown.map(|name| format!("body {}", with_nearest(name, names.iter().copied()))));
    }
    told.into_iter().collect()
}

/// A name that fits a header, and the known one that is most like it.
fn with_nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let nearest = nearest(name, known);
    let name: String = name.chars().filter(|letter| (' '..='~').contains(letter)).take(100).collect();
    nearest.map_or(name.clone(), |nearest| format!("{name} (did you mean {nearest}?)"))
}
