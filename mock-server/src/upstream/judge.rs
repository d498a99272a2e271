//! Both directions held to the description.

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, Method};
use schemas::answer::Answer;
use schemas::{Contract, Operation};
use serde_json::Value;

use super::client::Sent;
use super::deviation::{Deviation, Side};
use crate::request::Parameters;

/// What is wrong with a request to an operation. `plain` says of each parameter whether it is always a text.
pub(super) fn request(
    operation: &Operation,
    plain: &[bool],
    parameters: &Parameters<'_>,
    bytes: &[u8],
) -> Vec<Deviation> {
    let deviation =
        |what: String| Deviation { side: Side::Request, what: format!("{}: {what}", operation.id) };
    let mut found = Vec::new();
    if let Some((parameter, fault)) = parameters.fault(operation, plain) {
        found.push(deviation(format!("the parameter {}: {}", parameter.name, fault.message)));
    }
    let Some(body) = &operation.body else { return found };
    if bytes.is_empty() {
        if body.required {
            found.push(deviation("the body is missing".to_owned()));
        }
        return found;
    }
    if !is_json(&body.media_type) || media_type(parameters.headers).is_some_and(|media| !is_json(&media)) {
        return found;
    }
    match serde_json::from_slice::<Value>(bytes) {
        Err(error) => found.push(deviation(format!("the body is not valid JSON: {error}"))),
        Ok(value) if !body.schema.is_valid(&value) => {
            found.extend(body.schema.faults(&value).into_iter().map(|fault| deviation(fault.message)));
        }
        Ok(_) => {}
    }
    found
}

/// What is wrong with an answer; the body comes with it, where it is JSON.
pub(super) fn answer(
    contract: &Contract,
    operation: Option<&Operation>,
    method: &Method,
    sent: &Sent,
) -> (Vec<Deviation>, Option<Value>) {
    let unread = sent.headers.get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity");
    let json = (!unread).then(|| serde_json::from_slice::<Value>(&sent.body).ok()).flatten();
    let media = media_type(&sent.headers);
    let answer = Answer {
        status: sent.status.as_u16(),
        media_type: media.as_deref(),
        json: json.as_ref(),
        is_empty: sent.body.is_empty(),
    };
    let Some(operation) = operation.filter(|_| sent.status != http::StatusCode::NOT_MODIFIED) else {
        return (Vec::new(), json);
    };
    let faults = if unread || method == Method::HEAD || sent.status.is_redirection() {
        // There is no body to judge.
        let mut faults = schemas::answer::server_error(&answer, Some(operation), &operation.id);
        let status = schemas::answer::status(&answer, Some(operation), contract.rules(), &operation.id);
        faults.extend(status.into_iter().flatten());
        faults
    } else {
        schemas::answer::faults(&answer, Some(operation), contract.rules(), &operation.id)
    };
    let deviations = faults.into_iter().map(|fault| {
        let place = contract.locate(&fault.place);
        Deviation { side: Side::Answer, what: format!("{} ({place})", fault.message) }
    });
    (deviations.collect(), json)
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

fn is_json(media: &str) -> bool {
    media == "application/json" || media.ends_with("+json")
}
