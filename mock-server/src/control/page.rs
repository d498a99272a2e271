//! The page: files that are part of the program.

use bytes::Bytes;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};

use super::call::TEXT;
use crate::answer::Answer;

/// The page runs its own scripts and talks to its own server, nothing else.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'",
);

/// Every file: where it is, its media type, its text.
const FILES: [(&str, &str, &str); 9] = [
    ("/", "text/html; charset=utf-8", include_str!("../../page/index.html")),
    ("/page.css", "text/css; charset=utf-8", include_str!("../../page/page.css")),
    ("/page.js", SCRIPT, include_str!("../../page/page.js")),
    ("/common.js", SCRIPT, include_str!("../../page/common.js")),
    ("/requests.js", SCRIPT, include_str!("../../page/requests.js")),
    ("/data.js", SCRIPT, include_str!("../../page/data.js")),
    ("/faults.js", SCRIPT, include_str!("../../page/faults.js")),
    ("/operations.js", SCRIPT, include_str!("../../page/operations.js")),
    ("/workspaces.js", SCRIPT, include_str!("../../page/workspaces.js")),
];
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The file at a path below `/__mock`; nothing of it is a secret.
pub(super) fn asset(path: &str) -> Option<Answer> {
    let path = if path.is_empty() { "/" } else { path };
    let (_, media_type, text) = FILES.iter().find(|(known, ..)| *known == path)?;
    Some(file(media_type, text))
}

/// The description of the control API.
pub(super) fn description() -> Answer {
    file("application/yaml", TEXT)
}

fn file(media_type: &'static str, text: &'static str) -> Answer {
    let mut answer = Answer::json(StatusCode::OK, Bytes::from_static(text.as_bytes()));
    answer.headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    answer.headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    answer.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    answer
}
