//! What a request is answered with, before it is put on the wire.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Response, StatusCode};
use http_body_util::Full;

/// The media type of every body of the API.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Why a request was refused.
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    pub(crate) code: String,
    pub(crate) message: String,
    /// What of the request is wrong.
    pub(crate) field: Option<String>,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Why a request was refused: `code: message`, for the log.
    pub(crate) reason: Option<Box<str>>,
    /// The same in its parts, for descriptions that give refusals another form.
    pub(crate) refused: Option<Box<Refused>>,
}

impl Answer {
    /// A JSON body.
    pub(crate) fn json(status: StatusCode, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(CONTENT_TYPE, JSON);
        Self { status, headers, body: body.into(), reason: None, refused: None }
    }

    /// No body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new(), reason: None, refused: None }
    }

    /// The same answer with a header; one that cannot be written is left out.
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
        {
            self.headers.insert(name, value);
        }
        self
    }

    pub(crate) fn into_response(self, head_only: bool) -> Response<Full<Bytes>> {
        let length = self.body.len();
        let mut response = Response::new(Full::new(if head_only { Bytes::new() } else { self.body }));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if head_only {
            response.headers_mut().insert(http::header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        response
    }
}
