//! Laws that every answer is held to, whatever it was asked for.

use schemas::{Action, FaultKind, Standing};
use serde_json::Value;

use super::breach::{Breach, Expected};
use super::compare::instant;
use super::secrets;
use crate::contract::{Api, Operation};
use crate::law::id;
use crate::http::{Request, Credential, Keys, Response};

/// What the passive laws have to say of one answer.
#[derive(Debug, Default)]
pub(crate) struct Passive {
    /// The laws that were exercised.
    pub(crate) judged: Vec<&'static str>,
    /// Those that are broken.
    pub(crate) breaches: Vec<Breach>,
}

struct Observer<'a> {
    api: &'a Api,
    request: &'a Request,
    answer: &'a Response,
    operation: String,
    step: usize,
    seen: Passive,
}

/// Holds an answer to every passive law it can be held to.
pub(crate) fn observe(api: &Api, keys: &Keys, request: &Request, answer: &Response, step: usize) -> Passive {
    let operation =
        request.op.as_ref().map_or_else(|| format!("{} {}", request.method, request.target()), |op| op.id.clone());
    let mut observer = Observer { api, request, answer, operation, step, seen: Passive::default() };
    observer.server_error();
    observer.leaks(keys);
    match &request.op {
        Some(op) if answer.is_success() => observer.success(op),
        Some(op) if !answer.is_server_error() => observer.error(op),
        Some(_) | None => {}
    }
    if let Some(op) = &request.op {
        observer.rate(op);
    }
    observer.seen
}

impl Observer<'_> {
    fn breach(
        &mut self,
        law: &'static str,
        class: impl Into<String>,
        standing: Standing,
        place: impl Into<String>,
        message: impl Into<String>,
        expect: Expected,
    ) {
        self.seen.breaches.push(Breach {
            law,
            operation: self.operation.clone(),
            class: class.into(),
            subject: None,
            told: None,
            standing,
            place: place.into(),
            message: message.into(),
            expect,
            step: self.step,
        });
    }

    fn judging(&mut self, law: &'static str) {
        self.seen.judged.push(law);
    }

    fn place(&self) -> String {
        self.request.op.as_ref().map_or_else(String::new, |op| op.pointer.clone())
    }

    fn server_error(&mut self) {
        self.judging(id::NO_SERVER_ERROR);
        if self.answer.is_server_error() {
            let message = format!("{} answered {}", self.operation, self.answer.status);
            let place = self.place();
            self.breach(
                id::NO_SERVER_ERROR,
                "5xx",
                Standing::Documented,
                place,
                message,
                Expected::words("no server error"),
            );
        }
    }

    fn leaks(&mut self, keys: &Keys) {
        self.judging(id::NOTHING_LEAKS);
        let text = String::from_utf8_lossy(&self.answer.bytes);
        let place = self.place();
        if let Some(trace) = secrets::trace(&text) {
            let message = format!("an answer shows the inside of the server ({trace})");
            self.breach(
                id::NOTHING_LEAKS,
                "trace",
                Standing::Documented,
                place.clone(),
                message,
                Expected::words("no trace of a crash"),
            );
        }
        let echoes =
            keys.secrets().iter().any(|(secret, _)| secret.len() >= 8 && text.contains(secret.as_str()));
        // A body that carried the key may be told back; a header never.
        if echoes
            && !self.request.bytes().is_some_and(|sent| {
                keys.secrets().iter().any(|(secret, _)| String::from_utf8_lossy(&sent).contains(secret))
            })
        {
            self.breach(
                id::NOTHING_LEAKS,
                "key",
                Standing::Documented,
                place,
                "an answer shows a whole key",
                Expected::words("no key"),
            );
        }
    }

    fn success(&mut self, op: &Operation) {
        let Some(response) = op.response(self.answer.status) else { return };
        let (Some(media), Some(schema)) = (&response.media_type, &response.schema) else { return };
        self.content_type(media, &response.pointer);
        let Some(body) = &self.answer.json else {
            self.judging(id::RESPONSE_SCHEMA);
            let message = format!("the body of {} is not JSON", self.operation);
            self.breach(
                id::RESPONSE_SCHEMA,
                "not-json",
                Standing::Documented,
                response.pointer.clone(),
                message,
                Expected::words("a JSON body"),
            );
            return;
        };
        self.judging(id::RESPONSE_SCHEMA);
        if !schema.is_valid(body) {
            for fault in schema.faults(body) {
                let token = fault.instance.rsplit('/').next().unwrap_or_default().to_owned();
                let field = fault
                    .instance
                    .split('/')
                    .rfind(|token| !token.is_empty() && token.parse::<u32>().is_err());
                let subject = field.map(str::to_owned);
                let message = format!("in the answer of {}, {}", self.operation, fault.message);
                let wanted = match fault.kind {
                    FaultKind::Missing => format!("{token} present"),
                    _ => fault.message.clone(),
                };
                let class = format!("{}:{}", fault.keyword, subject.as_deref().unwrap_or_default());
                if self.seen.breaches.iter().any(|known| known.class == class) {
                    continue;
                }
                self.breach(
                    id::RESPONSE_SCHEMA,
                    class,
                    fault.standing,
                    fault.place,
                    message,
                    Expected::words(wanted),
                );
                if let Some(last) = self.seen.breaches.last_mut() {
                    last.subject = subject;
                }
            }
        }
        if op.action() == Action::List {
            self.order();
        }
    }

    fn error(&mut self, op: &Operation) {
        let Some(errors) = &self.api.rules().errors else {
            if let Some(response) = op.response(self.answer.status) {
                let (pointer, valid) = (
                    response.pointer.clone(),
                    response
                        .schema
                        .as_ref()
                        .zip(self.answer.json.as_ref())
                        .is_none_or(|(schema, body)| schema.is_valid(body)),
                );
                self.judging(id::RESPONSE_SCHEMA);
                if !valid {
                    let message =
                        format!("the {} of {} breaks its schema", self.answer.status, self.operation);
                    self.breach(
                        id::RESPONSE_SCHEMA,
                        "error",
                        Standing::Documented,
                        pointer,
                        message,
                        Expected::words("a body that fits its schema"),
                    );
                }
            }
            return;
        };
        let pointers = errors.pointers.clone();
        let known_type = errors.type_of(self.answer.status).cloned();
        let place = "/x-contract/errors/schema";
        self.judging(id::ERROR_ENVELOPE);
        let text = |pointer: &str| self.answer.at(pointer).and_then(Value::as_str).map(str::to_owned);
        let kind = text(&pointers.kind);
        let sound = kind.is_some()
            && text(&pointers.code).is_some_and(|code| !code.is_empty())
            && text(&pointers.message).is_some()
            && self.answer.at(&pointers.field).is_none_or(|field| field.is_string() || field.is_null());
        // A status the contract knows only by assumption belongs to whatever stands in front of the service.
        let standing = known_type.as_ref().map_or(Standing::Inferred, |kind| kind.standing);
        if !sound {
            let message =
                format!("the {} of {} is not in the error envelope", self.answer.status, self.operation);
            self.breach(
                id::ERROR_ENVELOPE,
                "envelope",
                standing,
                place,
                message,
                Expected::words("the error envelope"),
            );
            return;
        }
        self.content_type("application/json", place);
        if let (Some(known), Some(kind)) = (known_type, kind) {
            self.judging(id::ERROR_TYPE_AGREES);
            if known.name != kind {
                let place = format!("/x-contract/errors/types/{}", self.answer.status);
                let message = format!("the {} of {} has the type {kind}", self.answer.status, self.operation);
                let class = self.answer.status.to_string();
                self.breach(
                    id::ERROR_TYPE_AGREES,
                    class,
                    known.standing,
                    place,
                    message,
                    Expected::words(format!("the type {}", known.name)),
                );
            }
        }
    }

    fn content_type(&mut self, media: &str, place: &str) {
        self.judging(id::CONTENT_TYPE);
        let wanted = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let told = self.answer.media_type();
        if told.as_deref() != Some(wanted.as_str()) && wanted != "*/*" {
            let message = match told {
                Some(told) => format!("{} answered with the content type {told}", self.operation),
                None => format!("{} answered without a content type", self.operation),
            };
            self.breach(
                id::CONTENT_TYPE,
                "media",
                Standing::Documented,
                place,
                message,
                Expected::words(wanted),
            );
        }
    }

    fn order(&mut self) {
        let Some(paging) = &self.api.rules().pagination else { return };
        let Some(rows) = self.answer.at(&paging.envelope.rows).and_then(Value::as_array) else { return };
        self.judging(id::LIST_ORDER);
        let times: Option<Vec<_>> = rows
            .iter()
            .map(|row| row.get(&paging.order.field).and_then(Value::as_str).and_then(instant))
            .collect();
        let descending = paging.order.direction == "descending";
        let standing = paging.standing;
        let ordered = times.is_none_or(|times| {
            times.windows(2).all(|pair| if descending { pair[0] >= pair[1] } else { pair[0] <= pair[1] })
        });
        if !ordered {
            let (field, direction) = (paging.order.field.clone(), paging.order.direction.clone());
            let message = format!("the rows of {} are not in {direction} order of {field}", self.operation);
            self.breach(
                id::LIST_ORDER,
                "order",
                standing,
                "/x-contract/pagination/order",
                message,
                Expected::words(format!("{field} {direction}")),
            );
        }
    }

    fn rate(&mut self, op: &Operation) {
        let Some(rules) = self.api.rules().rate_limit.clone() else { return };
        if op.open || self.answer.is_server_error() {
            return;
        }
        // An allowance belongs to a key: whoever shows none that is known may well be told of none.
        let stands = if matches!(self.request.credential, Credential::Own | Credential::Other) {
            rules.standing
        } else {
            Standing::Assumed
        };
        self.judging(id::RATE_HEADERS);
        let place = "/x-contract/rate_limit/headers";
        let names = &rules.headers;
        let read = [&names.limit, &names.remaining, &names.reset]
            .map(|name| (name, self.answer.header(name).map(str::to_owned), self.answer.number(name)));
        for (name, text, number) in &read {
            let told = match text {
                None => format!("{} answered without {name}", self.operation),
                Some(text) if number.is_none_or(|number| number < 0) => {
                    format!("{} answered {name}: {text}", self.operation)
                }
                Some(_) => continue,
            };
            let class = if text.is_none() { "absent" } else { "form" };
            self.breach(
                id::RATE_HEADERS,
                class,
                stands,
                place,
                told,
                Expected::words(format!("{name} with a whole number")),
            );
        }
        if let [(_, _, Some(limit)), (_, _, Some(remaining)), (_, _, Some(reset))] = read {
            self.judging(id::RATE_COHERENT);
            self.coherent(limit, remaining, reset, &rules);
        }
        if self.answer.status == rules.rejection.status {
            self.throttled(&rules);
        }
    }

    fn coherent(&mut self, limit: i64, remaining: i64, reset: i64, rules: &schemas::RateLimit) {
        let place = "/x-contract/rate_limit/headers";
        if remaining > limit || limit < 1 {
            let message = format!("{} says that {remaining} of {limit} requests are left", self.operation);
            self.breach(
                id::RATE_COHERENT,
                "remaining",
                rules.standing,
                place,
                message,
                Expected::words("no more left than allowed"),
            );
        }
        // Epoch seconds: neither seconds from now nor milliseconds. Clocks may differ, by years in a test.
        if !(1_000_000_000..100_000_000_000).contains(&reset) {
            let message = format!(
                "{} says that the window frees up at {reset}, which is no instant in epoch seconds",
                self.operation
            );
            self.breach(
                id::RATE_COHERENT,
                "reset",
                rules.standing,
                place,
                message,
                Expected::words("epoch seconds"),
            );
        }
    }

    fn throttled(&mut self, rules: &schemas::RateLimit) {
        self.judging(id::RATE_REFUSAL);
        let place = "/x-contract/rate_limit/rejection";
        let pointers = self.api.rules().errors.as_ref().map(|errors| errors.pointers.clone());
        if let Some(deviation) =
            super::Refusal::new(rules.rejection.clone(), place).deviation(self.answer, pointers.as_ref())
        {
            let message = format!("a call over the allowance {}", deviation.what);
            self.breach(
                id::RATE_REFUSAL,
                deviation.class,
                deviation.standing,
                place,
                message,
                Expected::words(rules.rejection.code.clone().unwrap_or_default()),
            );
        }
        if self.answer.number(&rules.headers.retry_after).is_none_or(|seconds| seconds < 0) {
            let message = format!(
                "a call over the allowance is answered without {} in seconds",
                rules.headers.retry_after
            );
            self.breach(
                id::RATE_REFUSAL,
                "retry-after",
                rules.standing,
                place,
                message,
                Expected::words(rules.headers.retry_after.clone()),
            );
        }
    }
}
