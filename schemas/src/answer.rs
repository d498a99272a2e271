//! Whether one answer is what the description says of it: its media type, its body, its error envelope. Whoever stands between
//! a client and a server asks these questions; the laws of the runner ask more.

use serde_json::Value;

use crate::codec::{essence, is_within};
use crate::model::{Operation, Response};
use crate::schema::{Fault, FaultKind};
use crate::vocabulary::{ErrorPointers, Rules, Standing};

/// Where the error envelope is stated.
const ENVELOPE: &str = "/x-contract/errors/schema";

/// What of an answer is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The status.
    pub status: u16,
    /// The media type without parameters, lower case.
    pub media_type: Option<&'a str>,
    /// The body, where it is JSON.
    pub json: Option<&'a Value>,
    /// There is no body.
    pub is_empty: bool,
}

impl Answer<'_> {
    /// 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// 5xx; 501 is the right word for a method nobody knows.
    pub fn is_server_error(&self) -> bool {
        self.status >= 500 && self.status != 501
    }

    /// Neither a success nor a server error.
    pub fn is_refusal(&self) -> bool {
        !self.is_success() && !self.is_server_error()
    }

    fn text(&self, pointer: &str) -> Option<&str> {
        self.json?.pointer(pointer)?.as_str()
    }

    /// Whether an error is in the envelope.
    pub fn is_in_envelope(&self, pointers: &ErrorPointers) -> bool {
        let text = |pointer: &str| self.text(pointer);
        let field = pointers.field.as_deref().and_then(|field| self.json?.pointer(field));
        pointers.kind.as_deref().is_none_or(|kind| text(kind).is_some())
            && pointers.code.as_deref().is_none_or(|code| text(code).is_some_and(|code| !code.is_empty()))
            && pointers.message.as_deref().is_none_or(|message| text(message).is_some())
            && field.is_none_or(|field| field.is_string() || field.is_null())
    }
}

/// What kind of thing is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerFaultKind {
    /// Another media type, or none.
    MediaType,
    /// The body is not JSON.
    NotJson,
    /// The body breaks a keyword of its schema, in a property where there is one.
    Schema {
        /// The keyword.
        keyword: String,
        /// The innermost property; items of arrays are none.
        property: Option<String>,
    },
    /// The body of a refusal breaks the schema that its operation states.
    ErrorSchema,
    /// A refusal is not in the error envelope.
    Envelope,
    /// The type in the envelope does not agree with the status.
    ErrorType,
    /// The status is a server error.
    ServerError,
    /// The status is described neither for the operation nor for errors as a whole.
    Status,
}

/// One thing that is wrong with an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerFault {
    /// What kind of thing.
    pub kind: AnswerFaultKind,
    /// How sure the description is of what it breaks.
    pub standing: Standing,
    /// Pointer of the statement in the document.
    pub place: String,
    /// What is wrong: a sentence without its full stop.
    pub message: String,
    /// What was expected, in words.
    pub expected: String,
}

impl AnswerFault {
    fn new(kind: AnswerFaultKind, place: &str, message: String, expected: impl Into<String>) -> Self {
        let (place, expected) = (place.to_owned(), expected.into());
        Self { kind, standing: Standing::Documented, place, message, expected }
    }
}

/// What one question comes to: `None` where nothing is stated that the answer could break.
pub type Held = Option<Vec<AnswerFault>>;

/// Whether the media type is one of those of the response; `who` names whoever answered.
pub fn media_type(answer: &Answer<'_>, operation: Option<&Operation>, rules: &Rules, who: &str) -> Held {
    let (stated, place) = match operation? {
        operation if answer.is_success() => {
            let response = operation.response(answer.status)?;
            let other = response.other.iter().map(|media| &media.media_type);
            let stated: Vec<String> = response.media_type.iter().chain(other).cloned().collect();
            if stated.is_empty() || matches!(answer.status, 204 | 205) {
                return None;
            }
            // What is empty and was never described further says nothing wrong.
            if answer.is_empty && response.schema.is_none() {
                return None;
            }
            (stated, response.pointer.clone())
        }
        _ if answer.is_refusal() && answer.is_in_envelope(&rules.errors.as_ref()?.pointers) => {
            (vec!["application/json".to_owned()], ENVELOPE.to_owned())
        }
        _ => return None,
    };
    let fits = |range: &String| {
        essence(range) == "*/*" || answer.media_type.is_some_and(|actual| is_within(actual, range))
    };
    if stated.iter().any(fits) {
        return Some(Vec::new());
    }
    let message = match answer.media_type {
        Some(actual) => format!("{who} answered with the content type {actual}"),
        None => format!("{who} answered without a content type"),
    };
    let expected = stated.iter().map(|range| essence(range)).collect::<Vec<_>>().join(" or ");
    Some(vec![AnswerFault::new(AnswerFaultKind::MediaType, &place, message, expected)])
}

/// Whether the answer has a media type that is stated beside the usual one: only that is held to a schema.
fn is_other(answer: &Answer<'_>, stated: &Response) -> bool {
    let Some(actual) = answer.media_type else { return false };
    let usual = stated.media_type.as_ref().is_some_and(|usual| is_within(actual, usual));
    !usual && stated.other.iter().any(|media| is_within(actual, &media.media_type))
}

/// Whether the body fits the schema of its response.
pub fn body(answer: &Answer<'_>, operation: Option<&Operation>, rules: &Rules, who: &str) -> Held {
    let stated = operation?.response(answer.status)?;
    if answer.is_success() {
        // A usual media type that is no JSON is not read here.
        stated.media_type.as_ref().filter(|usual| is_json(usual) && !is_other(answer, stated))?;
        let schema = stated.schema.as_ref()?;
        let Some(body) = answer.json else {
            let message = format!("the body of {who} is not JSON");
            return Some(vec![AnswerFault::new(
                AnswerFaultKind::NotJson,
                &stated.pointer,
                message,
                "a JSON body",
            )]);
        };
        if schema.is_valid(body) {
            return Some(Vec::new());
        }
        let mut faults: Vec<AnswerFault> = Vec::new();
        for fault in schema.faults(body) {
            let fault = of_schema(fault, who);
            if faults.iter().all(|known| known.kind != fault.kind) {
                faults.push(fault);
            }
        }
        return Some(faults);
    }
    (answer.is_refusal() && rules.errors.is_none()).then(|| refused_body(answer, stated, who))
}

fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence.ends_with("+json")
}

fn refused_body(answer: &Answer<'_>, stated: &Response, who: &str) -> Vec<AnswerFault> {
    let both = stated.schema.as_ref().zip(answer.json);
    let broken = both.is_some_and(|(schema, body)| !schema.is_valid(body));
    let message = format!("the {} of {who} breaks its schema", answer.status);
    let fault = || {
        AnswerFault::new(
            AnswerFaultKind::ErrorSchema,
            &stated.pointer,
            message,
            "a body that fits its schema",
        )
    };
    broken.then(fault).into_iter().collect()
}

fn of_schema(fault: Fault, who: &str) -> AnswerFault {
    let expected = match fault.kind {
        FaultKind::Missing => format!("{} present", fault.instance.rsplit('/').next().unwrap_or_default()),
        _ => fault.message.clone(),
    };
    let property = property_of(&fault);
    AnswerFault {
        kind: AnswerFaultKind::Schema { keyword: fault.keyword, property },
        standing: fault.standing,
        place: fault.place,
        message: format!("in the answer of {who}, {}", fault.message),
        expected,
    }
}

/// The innermost property that a fault is in; items of arrays are none.
fn property_of(fault: &Fault) -> Option<String> {
    let tokens = fault.instance.split('/');
    let named = |token: &&str| !token.is_empty() && token.parse::<u32>().is_err();
    tokens.rev().find(named).map(str::to_owned)
}

/// Whether a refusal is in the error envelope.
pub fn envelope(answer: &Answer<'_>, rules: &Rules, who: &str) -> Held {
    let errors = rules.errors.as_ref().filter(|_| answer.is_refusal())?;
    if answer.is_in_envelope(&errors.pointers) {
        return Some(Vec::new());
    }
    let message = format!("the {} of {who} is not in the error envelope", answer.status);
    let mut fault = AnswerFault::new(AnswerFaultKind::Envelope, ENVELOPE, message, "the error envelope");
    // A status that the contract does not know belongs to whatever stands in front of the service.
    fault.standing = errors.type_of(answer.status).map_or(Standing::Inferred, |kind| kind.standing);
    Some(vec![fault])
}

/// Whether the type in the error envelope agrees with the status.
pub fn error_type(answer: &Answer<'_>, rules: &Rules, who: &str) -> Held {
    let errors = rules.errors.as_ref().filter(|_| answer.is_refusal())?;
    let known = errors.type_of(answer.status).filter(|_| answer.is_in_envelope(&errors.pointers))?;
    let kind = answer.text(errors.pointers.kind.as_deref()?)?;
    if known.name == kind {
        return Some(Vec::new());
    }
    let message = format!("the {} of {who} has the type {kind}", answer.status);
    let place = format!("/x-contract/errors/types/{}", answer.status);
    let expected = format!("the type {}", known.name);
    let mut fault = AnswerFault::new(AnswerFaultKind::ErrorType, &place, message, expected);
    fault.standing = known.standing;
    Some(vec![fault])
}

/// Whether the status is no server error.
pub fn server_error(answer: &Answer<'_>, operation: Option<&Operation>, who: &str) -> Vec<AnswerFault> {
    let place = operation.map_or("", |operation| operation.pointer.as_str());
    let fault = || {
        let message = format!("{who} answered {}", answer.status);
        AnswerFault::new(AnswerFaultKind::ServerError, place, message, "no server error")
    };
    answer.is_server_error().then(fault).into_iter().collect()
}

/// Whether a status is described at all: for the operation, or as an error of the whole API.
pub fn status(answer: &Answer<'_>, operation: Option<&Operation>, rules: &Rules, who: &str) -> Held {
    let operation = operation?;
    let common = rules.errors.as_ref().is_some_and(|errors| errors.type_of(answer.status).is_some());
    if answer.is_server_error() || common || operation.response(answer.status).is_some() {
        return Some(Vec::new());
    }
    let message = format!("{who} answered {}, which is not described", answer.status);
    let place = format!("{}/responses", operation.pointer);
    Some(vec![AnswerFault::new(AnswerFaultKind::Status, &place, message, "a described status")])
}

/// Everything that is wrong with an answer to an operation; a path that is not described has only the envelope to break.
pub fn faults(
    answer: &Answer<'_>,
    operation: Option<&Operation>,
    rules: &Rules,
    who: &str,
) -> Vec<AnswerFault> {
    let mut all = server_error(answer, operation, who);
    let held = [
        status(answer, operation, rules, who),
        media_type(answer, operation, rules, who),
        body(answer, operation, rules, who),
        envelope(answer, rules, who),
        error_type(answer, rules, who),
    ];
    all.extend(held.into_iter().flatten().flatten());
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Contract;

    const JSON: Option<&str> = Some("application/json");

    fn kinds(
        operation: &str,
        status: u16,
        media_type: Option<&str>,
        json: Option<&Value>,
    ) -> Vec<AnswerFaultKind> {
        let contract = Contract::builtin().expect("the built-in description loads");
        let operation = contract.operation(operation).expect("a documented operation");
        let answer = Answer { status, media_type, json, is_empty: json.is_none() };
        let found = faults(&answer, Some(operation), contract.rules(), "it");
        found.into_iter().map(|fault| fault.kind).collect()
    }

    #[test]
    fn a_success_is_held_to_its_response() {
        let good = json!({"status": "ok", "timestamp": "2026-05-26T17:21:09.412Z"});
        assert_eq!(kinds("get-health", 200, JSON, Some(&good)), []);
        assert_eq!(kinds("get-health", 200, Some("text/html"), Some(&good)), [AnswerFaultKind::MediaType]);
        assert_eq!(kinds("get-health", 200, JSON, None), [AnswerFaultKind::NotJson]);
        assert_eq!(kinds("get-health", 203, JSON, Some(&good)), [AnswerFaultKind::Status]);
        let wrong = json!({"status": "ok", "timestamp": 7});
        let schema =
            AnswerFaultKind::Schema { keyword: "type".to_owned(), property: Some("timestamp".to_owned()) };
        assert_eq!(kinds("get-health", 200, JSON, Some(&wrong)), [schema]);
    }

    #[test]
    fn a_refusal_is_held_to_the_envelope() {
        let error =
            |kind: &str| json!({"error": {"type": kind, "code": "customer_not_found", "message": "no"}});
        assert_eq!(kinds("get-customer", 404, JSON, Some(&error("not_found"))), []);
        assert_eq!(kinds("get-customer", 404, JSON, Some(&error("conflict"))), [AnswerFaultKind::ErrorType]);
        assert_eq!(
            kinds("get-customer", 404, JSON, Some(&json!({"error": "no"}))),
            [AnswerFaultKind::Envelope]
        );
        assert_eq!(kinds("get-customer", 500, JSON, None), [AnswerFaultKind::ServerError]);
    }
}
