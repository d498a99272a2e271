//! Answers made from what the description says of a response: its examples, else values of its schema; its media type and
//! headers.

use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use schemas::{Header, Media, Response, Sampler, StatusPattern};
use serde_json::Value;

/// Headers that the server itself decides on: they say how a message is sent.
const OWN: [&str; 10] = [
    "content-type",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "date",
    "trailer",
    "upgrade",
    "preference-applied",
];

/// A body with its media type.
#[derive(Debug, Clone)]
pub(super) struct Payload {
    pub(super) media_type: String,
    pub(super) body: Content,
}

/// What a body holds.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Json(Value),
    Text(String),
}

/// One body that a response may have, with the name of its example.
pub(super) struct Described {
    pub(super) name: String,
    pub(super) payload: Option<Payload>,
}

/// The bodies a response may have, the usual one first; those of one media type beside each other.
pub(super) fn bodies(response: &Response) -> Vec<Described> {
    let usual = response.media_type.iter().flat_map(|media_type| json(response, &concrete(media_type)));
    let all: Vec<Described> = usual.chain(response.other.iter().flat_map(other)).collect();
    if all.is_empty() { vec![Described { name: "default".to_owned(), payload: None }] } else { all }
}

fn json(response: &Response, media_type: &str) -> Vec<Described> {
    let one = |name: &str, value: Value| Described {
        name: name.to_owned(),
        payload: Some(Payload { media_type: media_type.to_owned(), body: Content::Json(value) }),
    };
    let Some(schema) = &response.schema else {
        let examples = response.examples.iter().map(|example| one(&example.name, example.value.clone()));
        return examples.collect();
    };
    let mut bodies: Vec<Described> =
        response.examples.iter().map(|example| one(&example.name, example.value.clone())).collect();
    if response.examples.first().is_some_and(|example| schema.is_valid(&example.value)) {
        return bodies;
    }
    // An example that breaks its schema is good for what of it holds.
    let sampler = Sampler::new(schema);
    let valid = response.examples.iter().position(|example| schema.is_valid(&example.value));
    let mended = || {
        let first = response.examples.first()?;
        let (value, faults) = sampler.repaired(first.value.clone());
        let better = || sampler.best().filter(|made| schema.faults(made).len() < faults);
        Some(if faults == 0 { value } else { better().unwrap_or(value) })
    };
    let usual =
        valid.map(|index| response.examples[index].value.clone()).or_else(mended).or_else(|| sampler.best());
    if let Some(value) = usual {
        bodies.insert(0, one("generated", value));
    }
    bodies
}

fn other(media: &Media) -> Vec<Described> {
    let media_type = concrete(&media.media_type);
    let payload =
        |value: &Value| Payload { media_type: media_type.clone(), body: Content::Text(text(value)) };
    if media.examples.is_empty() {
        let made = media.schema.as_ref().and_then(|schema| Sampler::new(schema).best());
        let made = made.filter(|value| !value.is_object() && !value.is_array());
        let value = made.unwrap_or_else(|| Value::from("string"));
        return vec![Described { name: "generated".to_owned(), payload: Some(payload(&value)) }];
    }
    let named = |example: &schemas::MediaExample| Described {
        name: example.name.clone(),
        payload: Some(payload(&example.value)),
    };
    media.examples.iter().map(named).collect()
}

/// A range of media types as one of them.
fn concrete(media_type: &str) -> String {
    let essence = schemas::essence(media_type);
    match essence.as_str() {
        "*/*" | "application/*" => "application/json".to_owned(),
        "text/*" => "text/plain".to_owned(),
        "image/*" => "image/png".to_owned(),
        "audio/*" => "audio/mpeg".to_owned(),
        "video/*" => "video/mp4".to_owned(),
        _ => media_type.trim().to_owned(),
    }
}

/// The described headers with a value each.
pub(super) fn headers(response: &Response, skipped: &[String]) -> Vec<(String, String)> {
    let sent = response.headers.iter().filter(|header| {
        let is = |name: &str| header.name.eq_ignore_ascii_case(name);
        !OWN.iter().any(|name| is(name)) && !skipped.iter().any(|name| is(name))
    });
    sent.filter_map(|header| Some((header.name.clone(), header_text(header)?))).collect()
}

fn header_text(header: &Header) -> Option<String> {
    let fits = |value: &Value| header.schema.as_ref().is_none_or(|schema| schema.is_valid(value));
    let example = header.example.clone().filter(fits);
    let value = example.or_else(|| header.schema.as_ref().and_then(|schema| Sampler::new(schema).best()));
    let value = value.or_else(|| header.example.clone())?;
    // Where a text says nothing, an address of this server says more.
    let is_place = header.name.eq_ignore_ascii_case("location") && value == "string";
    Some(if is_place { "/".to_owned() } else { text_of_header(&value) })
}

fn text_of_header(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        Value::Object(map) => {
            let pairs = map.iter().flat_map(|(name, value)| [name.clone(), text(value)]);
            pairs.collect::<Vec<_>>().join(",")
        }
        other => {
            let text = text(other);
            // What no header can hold is escaped.
            if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
                text
            } else {
                utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string()
            }
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The status that a response is answered with when none is asked for.
pub(super) fn status(response: &Response) -> StatusCode {
    let status = match response.status {
        StatusPattern::Exact(status) => status,
        StatusPattern::Class(class) => class * 100,
        StatusPattern::Default => 500,
    };
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
