//! A refusal in the form that a description gives it: its status, its media type, its properties.

use http::StatusCode;
use schemas::{Operation, Response, Schema, StatusPattern};
use serde_json::{Map, Value, json};

use super::described::{self, Content, Payload};
use crate::answer::{Answer, Refused};

/// Properties that say why, in a text.
const REASONS: [&str; 12] = [
    "message",
    "detail",
    "details",
    "error_description",
    "errorDescription",
    "error_message",
    "errorMessage",
    "description",
    "reason",
    "msg",
    "error",
    "title",
];
/// Properties that name what is wrong.
const FIELDS: [&str; 8] = ["field", "param", "parameter", "property", "path", "name", "attribute", "target"];
/// Properties that repeat the status.
const STATUSES: [&str; 5] = ["status", "statusCode", "status_code", "httpStatus", "code"];

/// The same refusal as an operation describes it; as it is where the operation says nothing about it.
pub(crate) fn as_described(operation: &Operation, answer: Answer) -> Answer {
    let Some(refused) = answer.refused.as_deref() else { return answer };
    let Some((response, status)) = response_for(operation, answer.status) else { return answer };
    let Some(payload) = described::bodies(response).into_iter().next().and_then(|one| one.payload) else {
        return Answer { status, ..answer };
    };
    let Payload { media_type, body } = payload;
    let text = match body {
        Content::Json(body) => {
            let place = place(operation, refused);
            let told = Told { refused, status, place };
            let schema = response.schema.as_ref();
            told.write(body, schema).to_string()
        }
        Content::Text(_) => refused.message.clone(),
    };
    let described = Answer::json(status, text).with_header("Content-Type", &media_type);
    let described = described::headers(response, &[])
        .iter()
        .fold(described, |answer, (name, value)| answer.with_header(name, value));
    Answer { reason: answer.reason, refused: answer.refused, ..described }
}

/// The response that a refusal is answered with: its own status, one that says the same, its class, `default`.
fn response_for(operation: &Operation, status: StatusCode) -> Option<(&Response, StatusCode)> {
    let exact = |wanted: u16| {
        let found =
            operation.responses.iter().find(|response| response.status == StatusPattern::Exact(wanted))?;
        Some((found, StatusCode::from_u16(wanted).ok()?))
    };
    let like = match status.as_u16() {
        400 => exact(422),
        415 => exact(400).or_else(|| exact(422)),
        // What is taken, and nobody says how that is told, is wrong in some way.
        409 => exact(422).or_else(|| exact(400)),
        _ => None,
    };
    let rest = |pattern: StatusPattern| {
        operation
            .responses
            .iter()
            .find(|response| response.status == pattern)
            .map(|response| (response, status))
    };
    exact(status.as_u16())
        .or(like)
        .or_else(|| rest(StatusPattern::Class(status.as_u16() / 100)))
        .or_else(|| rest(StatusPattern::Default))
}

/// Where what is wrong stands: `query`, `path`, `header`, `cookie` or `body`.
fn place(operation: &Operation, refused: &Refused) -> &'static str {
    use schemas::ParameterLocation as Location;
    let field = refused.field.as_deref().unwrap_or_default();
    let found = operation.parameters.iter().find(|parameter| parameter.name == field);
    match found.map(|parameter| parameter.location) {
        Some(Location::Path) => "path",
        Some(Location::Query) => "query",
        Some(Location::Header) => "header",
        Some(Location::Cookie) => "cookie",
        None => "body",
    }
}

struct Told<'a> {
    refused: &'a Refused,
    status: StatusCode,
    place: &'static str,
}

impl Told<'_> {
    /// The body with the reason in the properties where reasons go; one that would break the schema stays as it was.
    fn write(&self, mut body: Value, schema: Option<&Schema>) -> Value {
        let valid = |body: &Value| schema.is_none_or(|schema| schema.is_valid(body));
        let held = valid(&body);
        let mut places = Vec::new();
        self.places(&body, &mut String::new(), 0, &mut places);
        for (at, value) in places {
            let Some(slot) = body.pointer_mut(&at) else { continue };
            let before = std::mem::replace(slot, value);
            if held
                && !valid(&body)
                && let Some(slot) = body.pointer_mut(&at)
            {
                *slot = before;
            }
        }
        body
    }

    /// Where something is to be written, and what.
    fn places(&self, body: &Value, at: &mut String, depth: usize, places: &mut Vec<(String, Value)>) {
        let Value::Object(map) = body else { return };
        let length = at.len();
        for (name, value) in map {
            at.push('/');
            at.push_str(&schemas::pointer::escape(name));
            if let Some(value) = self.value(name, value, map) {
                places.push((at.clone(), value));
            }
            match value {
                Value::Object(_) if depth < 3 => self.places(value, at, depth + 1, places),
                Value::Array(items) if depth < 3 => {
                    let inner = at.len();
                    at.push_str("/0");
                    match items.first() {
                        Some(item @ Value::Object(_)) => self.places(item, at, depth + 1, places),
                        Some(Value::String(_))
                            if name.to_ascii_lowercase().contains("error")
                                || REASONS.contains(&name.as_str()) =>
                        {
                            places.push((at.clone(), json!(self.refused.message)));
                        }
                        _ => {}
                    }
                    at.truncate(inner);
                }
                _ => {}
            }
            at.truncate(length);
        }
    }

    fn value(&self, name: &str, value: &Value, owner: &Map<String, Value>) -> Option<Value> {
        let refused = self.refused;
        match value {
            Value::Number(_) if STATUSES.contains(&name) => Some(json!(self.status.as_u16())),
            Value::String(_) if name == "status" => Some(json!(self.status.as_u16().to_string())),
            Value::String(_) if name == "title" && owner.len() > 1 => {
                self.status.canonical_reason().map(Value::from)
            }
            Value::String(_) if REASONS.contains(&name) => Some(json!(refused.message)),
            Value::String(_) if matches!(name, "code" | "type" | "errorCode" | "error_code") => {
                Some(json!(refused.code))
            }
            Value::String(_) if FIELDS.contains(&name) => refused.field.as_ref().map(|field| json!(field)),
            Value::Array(_) if name == "loc" => {
                let inner = refused.field.iter().flat_map(|field| field.split('.'));
                let inner = inner.map(|part| part.parse::<u64>().map_or_else(|_| json!(part), Value::from));
                Some(std::iter::once(json!(self.place)).chain(inner).collect())
            }
            _ => None,
        }
    }
}
