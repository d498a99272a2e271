//! Bodies and responses.

use std::fmt;

use serde_json::Value;

use super::style::Style;
use crate::schema::Schema;
use crate::vocabulary::Standing;

/// A request body.
#[derive(Debug, Clone)]
pub struct Body {
    /// A request without one is wrong.
    pub required: bool,
    /// The usual media type: `application/json` or one with the suffix `+json`, else a form, else the first that is stated.
    pub media_type: String,
    /// What it must be; readOnly properties are left out.
    pub schema: Schema,
    /// Named examples.
    pub examples: Vec<MediaExample>,
    /// How single properties of a form are written.
    pub encodings: Vec<Encoding>,
    /// What else it may be sent in, in the order of the description.
    pub other: Vec<Media>,
    /// Pointer of the body in the document.
    pub pointer: String,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Response {
    /// The statuses it is for.
    pub status: StatusPattern,
    /// How sure it is that this operation answers so.
    pub standing: Standing,
    /// The media type of its JSON body; `None` where the description states none.
    pub media_type: Option<String>,
    /// The schema of its JSON body; writeOnly properties are left out.
    pub schema: Option<Schema>,
    /// What its body may be beside JSON, in the order of the description.
    pub other: Vec<Media>,
    /// The headers it states.
    pub headers: Vec<Header>,
    /// Named examples of the body.
    pub examples: Vec<MediaExample>,
    /// Pointer of the response in the document.
    pub pointer: String,
}

/// A body in a media type.
#[derive(Debug, Clone)]
pub struct Media {
    /// The media type, which may be a range such as `image/*`.
    pub media_type: String,
    /// What it must be.
    pub schema: Option<Schema>,
    /// Named examples.
    pub examples: Vec<MediaExample>,
    /// How single properties of a form are written.
    pub encodings: Vec<Encoding>,
}

/// How one property of a form is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoding {
    /// The property.
    pub property: String,
    /// Its media type; several are parted by commas.
    pub content_type: Option<String>,
    /// As for a parameter of the query.
    pub style: Option<Style>,
    /// Whether the parts of its value are written one by one.
    pub explode: Option<bool>,
    /// Whether reserved characters stand for themselves.
    pub allow_reserved: bool,
}

/// A response header.
#[derive(Debug, Clone)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// A response without it is wrong.
    pub required: bool,
    /// What its value must be.
    pub schema: Option<Schema>,
    /// A value that the header itself states as an example.
    pub example: Option<Value>,
}

/// A named example.
#[derive(Debug, Clone, PartialEq)]
pub struct MediaExample {
    /// Its key; `default` for a single unnamed one.
    pub name: String,
    /// One line about it.
    pub summary: Option<String>,
    /// The body.
    pub value: Value,
    /// Pointer of the value in the document.
    pub pointer: String,
}

/// The statuses a response is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatusPattern {
    /// One status.
    Exact(u16),
    /// A class: `4XX` is `Class(4)`.
    Class(u16),
    /// Any that no other names.
    Default,
}

impl StatusPattern {
    /// Reads `200`, `4XX` or `default`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.as_bytes() {
            b"default" => Some(Self::Default),
            [class @ b'1'..=b'5', b'X' | b'x', b'X' | b'x'] => Some(Self::Class(u16::from(class - b'0'))),
            [b'1'..=b'5', _, _] => text.parse().ok().map(Self::Exact),
            _ => None,
        }
    }

    /// Whether a status is meant.
    pub fn matches(self, status: u16) -> bool {
        match self {
            Self::Exact(exact) => exact == status,
            Self::Class(class) => status / 100 == class,
            Self::Default => true,
        }
    }

    /// Whether it means success: 2xx.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Exact(200..=299) | Self::Class(2))
    }
}

impl fmt::Display for StatusPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(status) => write!(f, "{status}"),
            Self::Class(class) => write!(f, "{class}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}
