//! Bodies by their media type.

use serde_json::Value;

use super::media::{MediaKind, essence, is_within};
use super::scalar;
use super::unwritable::Unwritable;
use super::{form, multipart};
use crate::model::{Body, Encoding, Media};
use crate::schema::Schema;

/// A body in one of the media types it may be sent in.
#[derive(Debug, Clone, Copy)]
pub struct BodyView<'b> {
    /// The media type as described, which may be a range.
    pub media_type: &'b str,
    /// What it must be.
    pub schema: &'b Schema,
    encodings: &'b [Encoding],
}

/// A body ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its media type, with what a reader needs to know.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Body {
    /// The body in its usual media type.
    pub fn usual(&self) -> BodyView<'_> {
        BodyView { media_type: &self.media_type, schema: &self.schema, encodings: &self.encodings }
    }

    /// The body in each media type it may be sent in, the usual one first.
    pub fn views(&self) -> impl Iterator<Item = BodyView<'_>> {
        let others = self.other.iter().filter_map(|media| {
            let schema = media.schema.as_ref()?;
            Some(BodyView { media_type: &media.media_type, schema, encodings: &media.encodings })
        });
        std::iter::once(self.usual()).chain(others)
    }

    /// The body in the media type that a content type names; `None` where it is not taken so. Without a content type it is
    /// taken as usual, and all that is JSON is taken for JSON.
    pub fn view_of(&self, content_type: Option<&str>) -> Option<BodyView<'_>> {
        let Some(content_type) = content_type.filter(|text| !text.trim().is_empty()) else {
            return Some(self.usual());
        };
        let sent = essence(content_type);
        let find = |fits: &dyn Fn(&str) -> bool| self.views().find(|view| fits(view.media_type));
        find(&|stated| essence(stated) == sent).or_else(|| find(&|stated| is_within(&sent, stated))).or_else(
            || {
                let json = |media: &str| MediaKind::of(media) == MediaKind::Json;
                json(&sent).then(|| find(&json)).flatten()
            },
        )
    }
}

impl Media {
    /// A body in this media type; `None` where nothing is said of it.
    pub fn view(&self) -> Option<BodyView<'_>> {
        let schema = self.schema.as_ref()?;
        Some(BodyView { media_type: &self.media_type, schema, encodings: &self.encodings })
    }
}

impl BodyView<'_> {
    /// How it is read and written.
    pub fn kind(&self) -> MediaKind {
        MediaKind::of(self.media_type)
    }

    /// The value of a body; `None` in a format that is not read. The error is what is wrong with the bytes.
    pub fn read(&self, content_type: &str, bytes: &[u8]) -> Result<Option<Value>, String> {
        let sent = if content_type.trim().is_empty() { self.media_type } else { content_type };
        // A range says little; what was sent says which of it.
        let kind = match self.kind() {
            MediaKind::Json if self.media_type.contains('*') => MediaKind::of(sent),
            kind => kind,
        };
        match kind {
            MediaKind::Json => serde_json::from_slice(bytes).map(Some).map_err(|error| error.to_string()),
            MediaKind::Form => form::read(self.schema, self.encodings, bytes).map(Some),
            MediaKind::Multipart => multipart::read(self.schema, self.encodings, sent, bytes).map(Some),
            MediaKind::Text => {
                let text = std::str::from_utf8(bytes).map_err(|_| "it is no UTF-8".to_owned())?;
                Ok(Some(scalar::read(text, self.schema)))
            }
            MediaKind::Binary => Ok(Some(Value::from(String::from_utf8_lossy(bytes).into_owned()))),
            MediaKind::Other => Ok(None),
        }
    }

    /// A value as a body.
    pub fn write(&self, value: &Value) -> Result<Written, Unwritable> {
        let as_stated = |bytes: Vec<u8>, usual: &str| {
            let stated = Some(self.media_type).filter(|media| !media.contains('*') && !media.is_empty());
            Written { content_type: stated.unwrap_or(usual).to_owned(), bytes }
        };
        let object = || {
            let why = || Unwritable::new(format!("{} is for objects alone", self.media_type));
            value.as_object().ok_or_else(why)
        };
        match self.kind() {
            MediaKind::Json => Ok(as_stated(value.to_string().into_bytes(), "application/json")),
            MediaKind::Form => Ok(as_stated(form::write(self.schema, self.encodings, object()?)?, "")),
            MediaKind::Multipart => {
                let (content_type, bytes) = multipart::write(self.schema, self.encodings, object()?)?;
                Ok(Written { content_type, bytes })
            }
            MediaKind::Text => Ok(as_stated(scalar::write(value)?.into_bytes(), "text/plain")),
            MediaKind::Binary => {
                Ok(as_stated(scalar::write(value)?.into_bytes(), "application/octet-stream"))
            }
            MediaKind::Other => {
                Err(Unwritable::new(format!("bodies of the media type {} are not written", self.media_type)))
            }
        }
    }
}
