//! Cross-origin calls, for a browser app on another port.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderName, HeaderValue, ORIGIN, VARY,
};
use http::{HeaderMap, Method, StatusCode};

use crate::answer::Answer;

/// Chrome asks this before a public page calls a private address.
const REQUEST_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");
/// Preflights are remembered by the browser for ten minutes.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

const TRUE: HeaderValue = HeaderValue::from_static("true");

/// Writes the headers of cross-origin calls. Who calls is answered by name, so that calls with credentials are allowed too.
#[derive(Debug)]
pub(crate) struct Cors {
    /// Origins that may call; none for all.
    origins: Vec<HeaderValue>,
    methods: HeaderValue,
    exposed: HeaderValue,
}

impl Cors {
    /// `exposed` are response headers that a page may read besides the plain ones.
    pub(crate) fn new(exposed: &[&str], origins: &[String]) -> Self {
        let names: Vec<&str> = exposed
            .iter()
            .copied()
            .chain(["Preference-Applied", "Mock-Ignored", "Allow", "Location"])
            .collect();
        let origins = origins.iter().map(|origin| origin.trim_end_matches('/'));
        Self {
            origins: origins.filter_map(|origin| HeaderValue::from_str(origin).ok()).collect(),
            methods: HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
            exposed: HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static("*")),
        }
    }

    /// The answer to a preflight; `None` for any other request.
    pub(crate) fn preflight(&self, method: &Method, headers: &HeaderMap) -> Option<Answer> {
        let asked = headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD) && headers.contains_key(ORIGIN);
        if *method != Method::OPTIONS || !asked {
            return None;
        }
        let mut answer = Answer::empty(StatusCode::NO_CONTENT);
        let out = &mut answer.headers;
        out.insert(ACCESS_CONTROL_ALLOW_METHODS, self.methods.clone());
        // `*` does not cover Authorization: say what was asked for.
        if let Some(names) = headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
            out.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
        }
        if headers.contains_key(REQUEST_PRIVATE_NETWORK) {
            out.insert(ALLOW_PRIVATE_NETWORK, HeaderValue::from_static("true"));
        }
        out.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        out.insert(VARY, HeaderValue::from_static("Origin, Access-Control-Request-Headers"));
        Some(answer)
    }

    /// Lets a page of another origin read an answer, to a preflight too.
    pub(crate) fn open(&self, request: &HeaderMap, answer: &mut HeaderMap) {
        let Some(origin) = request.get(ORIGIN) else { return };
        answer.entry(VARY).or_insert(HeaderValue::from_static("Origin"));
        if !self.origins.is_empty() && !self.origins.contains(origin) {
            return;
        }
        answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        answer.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        answer.insert(ACCESS_CONTROL_EXPOSE_HEADERS, self.exposed.clone());
    }
}
