//! What a body says, by its content type.

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use schemas::{Body, Fault, MediaKind, Schema};
use serde_json::Value;

/// Why a body is not taken.
#[derive(Debug)]
pub(crate) enum ContentError {
    /// Not in this media type.
    NotTaken(String),
    /// It is not what its content type says.
    Unreadable(String),
    /// It breaks its schema.
    Invalid(Box<Fault>),
}

/// The value of a body, valid by its schema; `None` in a format that is not read. Where `any` is set, what is sent in another
/// media type is taken as usual.
pub(crate) fn read_body(
    body: &Body,
    headers: &HeaderMap,
    bytes: &[u8],
    any: bool,
) -> Result<Option<Value>, ContentError> {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let usual = || body.usual();
    let found = body.view_of(sent).or_else(|| (any && usual().kind() == MediaKind::Json).then(usual));
    let Some(view) = found else {
        let stated: Vec<&str> = body.views().map(|view| view.media_type).collect();
        let message = format!(
            "The body is {}, but this operation takes {}.",
            sent.unwrap_or_default(),
            stated.join(", ")
        );
        return Err(ContentError::NotTaken(message));
    };
    let value = view.read(sent.unwrap_or_default(), bytes).map_err(|why| {
        let form = match view.kind() {
            MediaKind::Json => "JSON",
            MediaKind::Form => "form",
            MediaKind::Multipart => "multipart body",
            MediaKind::Text | MediaKind::Binary | MediaKind::Other => "text",
        };
        ContentError::Unreadable(format!("The body is not valid {form}: {why}."))
    })?;
    match &value {
        Some(value) => valid(view.schema, value)?,
        None => return Ok(None),
    }
    Ok(value)
}

fn valid(schema: &Schema, value: &Value) -> Result<(), ContentError> {
    if schema.is_valid(value) {
        return Ok(());
    }
    match schema.faults(value).into_iter().next() {
        Some(fault) => Err(ContentError::Invalid(Box::new(fault))),
        None => Ok(()),
    }
}
