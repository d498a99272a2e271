//! Refusals in the contract's envelope.

use http::StatusCode;
use schemas::{Contract, Errors, Fault, Rejection, pointer};
use serde_json::json;

use crate::answer::{Answer, Refused};

/// Kinds of refusal with an entry in `x-contract.errors.rejections`, beside those of faults.
pub(crate) mod kind {
    pub(crate) const BODY_UNPARSABLE: &str = "body-unparsable";
    pub(crate) const BODY_TYPE: &str = "body-type";
    pub(crate) const BODY_TOO_LARGE: &str = "body-too-large";
    pub(crate) const BODY_TOO_SLOW: &str = "body-too-slow";
    pub(crate) const VALUE_FORMAT: &str = "value-format";
    pub(crate) const ROUTE_UNKNOWN: &str = "route-unknown";
    pub(crate) const METHOD_UNKNOWN: &str = "method-unknown";
    pub(crate) const ROW_UNKNOWN: &str = "row-unknown";
    pub(crate) const KEY_MISSING: &str = "key-missing";
    pub(crate) const VALUE_TAKEN: &str = "value-taken";
    pub(crate) const LIMIT_REACHED: &str = "limit-reached";
    pub(crate) const INTERNAL: &str = "internal";
}

/// Writes refusals.
#[derive(Debug)]
pub(crate) struct Refusals {
    errors: Option<Errors>,
}

impl Refusals {
    pub(crate) fn new(contract: &Contract) -> Self {
        Self { errors: contract.rules().errors.clone() }
    }

    /// A refusal of a kind; `status` is for descriptions that do not state it.
    pub(crate) fn of_kind(&self, kind: &str, status: u16, message: &str) -> Answer {
        match self.errors.as_ref().and_then(|errors| errors.rejection(kind)) {
            Some(rejection) => self.of(rejection, message, None),
            None => self.write(status, &kind.replace('-', "_"), message, None),
        }
    }

    /// A refusal as the contract states it.
    pub(crate) fn of(&self, rejection: &Rejection, message: &str, field: Option<&str>) -> Answer {
        let word = self.error_type(rejection.status);
        let code = rejection.code.as_deref().unwrap_or(&word);
        self.write(rejection.status, code, message, field.filter(|_| rejection.field))
    }

    /// A refusal for a value that breaks its schema. `over` is a rejection stated for this very parameter.
    pub(crate) fn of_fault(&self, fault: &Fault, field: Option<&str>, over: Option<&Rejection>) -> Answer {
        let stated = self.errors.as_ref().and_then(|errors| errors.rejection(fault.kind.rejection()));
        match over.or(stated) {
            Some(rejection) => self.of(rejection, &fault.message, field),
            None => self.write(400, &fault.kind.rejection().replace('-', "_"), &fault.message, field),
        }
    }

    /// The envelope of a status nobody asked for by name: for `Prefer: code=…`.
    pub(crate) fn of_status(&self, status: u16) -> Answer {
        let word = self.error_type(status);
        self.write(status, &word, "Asked for by the request.", None)
    }

    /// Whether the contract gives a status an error type.
    pub(crate) fn knows_status(&self, status: u16) -> bool {
        self.errors.as_ref().is_some_and(|errors| errors.type_of(status).is_some())
    }

    /// Whether the contract says what refusals look like.
    pub(crate) fn has_rules(&self) -> bool {
        self.errors.is_some()
    }

    fn error_type(&self, status: u16) -> String {
        let stated = self.errors.as_ref().and_then(|errors| errors.type_of(status));
        stated.map_or_else(|| fallback_type(status).to_owned(), |stated| stated.name.clone())
    }

    fn write(&self, status: u16, code: &str, message: &str, field: Option<&str>) -> Answer {
        let mut body = json!({});
        let word = self.error_type(status);
        if let Some(errors) = &self.errors {
            let at = &errors.pointers;
            let parts = [
                (&at.kind, Some(word.as_str())),
                (&at.code, Some(code)),
                (&at.message, Some(message)),
                (&at.field, field),
            ];
            for (at, text) in parts {
                if let (Some(at), Some(text)) = (at, text) {
                    pointer::set(&mut body, at, json!(text));
                }
            }
        } else {
            body = json!({"error": {"type": word, "code": code, "message": message}});
            if let Some(field) = field {
                pointer::set(&mut body, "/error/field", json!(field));
            }
        }
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = Answer::json(status, body.to_string());
        answer.refused = Some(Box::new(Refused {
            code: code.to_owned(),
            message: message.to_owned(),
            field: field.map(str::to_owned),
        }));
        answer.reason = Some(match field {
            Some(field) => format!("{code} ({field}): {message}").into(),
            None => format!("{code}: {message}").into(),
        });
        answer
    }
}

fn fallback_type(status: u16) -> &'static str {
    match status {
        404 => "not_found",
        409 => "conflict",
        500..=599 => "internal_error",
        _ => "invalid_request_error",
    }
}
