//! The page: operations of the contract, and the last requests as they come in.

use http::StatusCode;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use schemas::Contract;

use crate::answer::Answer;

const PAGE: &str = include_str!("page.html");
/// The page runs its own script and talks to its own server, nothing else.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'",
);

/// The page for a contract.
pub(super) fn page(contract: &Contract) -> Answer {
    let rows: Vec<String> = contract
        .operations()
        .iter()
        .map(|operation| {
            let statuses: Vec<String> =
                operation.responses.iter().map(|response| response.status.to_string()).collect();
            format!(
                "<tr><td>{}</td><td><code>{}{}</code></td><td>{}</td><td>{}</td></tr>\n",
                operation.method,
                escape(contract.base_path()),
                escape(operation.path.as_str()),
                escape(&operation.id),
                escape(&statuses.join(" ")),
            )
        })
        .collect();
    let text = PAGE.replace("{{title}}", &escape(contract.title())).replace("{{operations}}", &rows.concat());
    let mut answer = Answer::json(StatusCode::OK, text);
    answer.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    answer.headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    answer
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
