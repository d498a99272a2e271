//! What holds for every request of a path or method that does not exist.

use crate::contract::{Aspect, Expected};
use crate::judge::is_web_page;
use crate::scenario::{CaseContext, Exchange};

/// Whether a request is refused, and not by a failure of the server.
pub(super) fn is_refused(cx: &mut CaseContext, exchange: &Exchange, what: &str) -> bool {
    cx.expecting(exchange.step, Expected::words("a refusal"));
    if !exchange.is_success() {
        return !exchange.is_server_error();
    }
    let message = format!("{what} was answered {}", exchange.status);
    cx.breach(exchange.step, Aspect::Accepted, message, Expected::words("a refusal")).place("/paths");
    false
}

/// Whether a refusal is a web page, which no API client reads.
pub(super) fn is_page(cx: &mut CaseContext, exchange: &Exchange) -> bool {
    let text = String::from_utf8_lossy(&exchange.bytes).into_owned();
    let page = exchange.media_type().as_deref() == Some("text/html") || is_web_page(&text);
    if page {
        let expected = Expected::words("no web page");
        cx.breach(exchange.step, Aspect::Other("page"), "a refusal is a web page", expected)
            .place("/x-contract/errors/schema");
    }
    page
}
