//! Which headers are part of the behaviour, and what of them.
//!
//! Part of it are those the contract describes for the answer, those of its rules on rates, and a few of HTTP's own that
//! tell a client what to do. Whatever a proxy, a framework or the transport adds is not.

use indexmap::IndexMap;
use serde_json::Value;

use crate::contract::Api;
use crate::http::Request;
use crate::judge::instant;
use crate::scenario::Exchange;

/// Headers that tell a client what to do, whoever describes them.
const TELLING: [&str; 9] = [
    "allow",
    "content-type",
    "deprecation",
    "link",
    "location",
    "preference-applied",
    "retry-after",
    "sunset",
    "www-authenticate",
];

/// The headers of an answer that are part of the behaviour, by name.
pub(super) fn headers(api: &Api, exchange: &Exchange) -> IndexMap<String, String> {
    let mut shown: Vec<(String, String)> = Vec::new();
    for name in exchange.headers.keys() {
        if is_part(api, &exchange.request, exchange.status, name.as_str()) {
            let value = exchange.headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
            let value = value.collect::<Vec<_>>().join(", ");
            shown.push((name.as_str().to_owned(), kind(exchange, name.as_str(), &value)));
        }
    }
    shown.sort();
    shown.into_iter().collect()
}

fn is_part(api: &Api, request: &Request, status: u16, name: &str) -> bool {
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    let rules = api.rules();
    let rate = rules.rate_limit.as_ref().map(|rule| &rule.headers).is_some_and(|headers| {
        [&headers.limit, &headers.remaining, &headers.reset, &headers.retry_after]
            .into_iter()
            .any(|other| is(other))
    });
    let described = request.op.as_ref().is_some_and(|op| {
        let answers = op.response(status).into_iter().chain(&op.responses);
        answers.flat_map(|response| &response.headers).any(|header| is(&header.name))
    });
    rate || described || TELLING.contains(&name) || name.starts_with("idempoten")
}

/// What of a value is behaviour: words that a client acts on as they are, of everything else its kind.
fn kind(exchange: &Exchange, name: &str, value: &str) -> String {
    match name {
        "content-type" => return exchange.media_type().unwrap_or_default(),
        "allow" => {
            let mut methods: Vec<&str> = value.split(',').map(str::trim).collect();
            methods.sort_unstable();
            return methods.join(", ");
        }
        "www-authenticate" => {
            let word = value.split_whitespace().next().unwrap_or_default();
            return if value.trim() == word { word.to_owned() } else { format!("{word} <parameters>") };
        }
        _ => {}
    }
    let stated =
        exchange.request.op.as_ref().and_then(|op| op.response(exchange.status)).and_then(|response| {
            response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?.schema.clone()
        });
    let listed = stated.is_some_and(|schema| {
        schema.keyword("enum").or_else(|| schema.keyword("const")).is_some()
            && schema.is_valid(&Value::String(value.to_owned()))
    });
    match value {
        _ if listed => value.to_owned(),
        "true" | "false" => value.to_owned(),
        _ if value.parse::<i64>().is_ok() => "<integer>".to_owned(),
        _ if value.parse::<f64>().is_ok() => "<number>".to_owned(),
        _ if instant(value).is_some() || value.ends_with(" GMT") => "<date-time>".to_owned(),
        _ => "<text>".to_owned(),
    }
}
