//! What holds for every request of a path or method that does not exist.

use schemas::Standing;

use crate::contract::{Aspect, Expected};
use crate::judge::is_web_page;
use crate::scenario::{CaseContext, Exchange};

/// Whether a request is refused, and not by a failure of the server.
pub(super) fn is_refused(cx: &mut CaseContext, exchange: &Exchange, what: &str) -> bool {
    cx.expecting(exchange.step, Expected::words("a refusal"));
    if !exchange.is_success() {
        return !exchange.is_server_error();
    }
    if is_web(exchange) && cx.api().rules().vocabulary == 0 {
        // The pages of a user interface, which a plain description says nothing of.
        is_page(cx, exchange);
        return false;
    }
    let message = format!("{what} was answered {}", exchange.status);
    cx.breach(exchange.step, Aspect::Accepted, message, Expected::words("a refusal")).place("/paths");
    false
}

/// Whether an answer is a web page, which no API client reads. Where the contract says nothing of errors, that is a note.
pub(super) fn is_page(cx: &mut CaseContext, exchange: &Exchange) -> bool {
    let page = is_web(exchange);
    if page {
        let rules = cx.api().rules();
        let standing = if rules.vocabulary == 0 { Standing::Assumed } else { Standing::Documented };
        let expected = Expected::words("no web page");
        cx.breach(exchange.step, Aspect::Other("page"), "a refusal is a web page", expected)
            .standing(standing)
            .place("/x-contract/errors/schema");
    }
    page
}

fn is_web(exchange: &Exchange) -> bool {
    let text = String::from_utf8_lossy(&exchange.bytes);
    exchange.media_type().as_deref() == Some("text/html") || is_web_page(&text)
}
