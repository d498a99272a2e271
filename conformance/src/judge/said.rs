//! What a refusal says, without what differs from request to request.

use serde_json::Value;

use crate::http::Response;

/// Members in which errors say what is wrong, the plainest first.
const TELLING: [&str; 9] =
    ["message", "detail", "error_description", "title", "error", "code", "reason", "msg", "description"];
/// How much of a text is looked at.
const MOST: usize = 80;

/// What an answer says, in words that are the same whenever it says so: its status and its message, without values.
pub(crate) fn said(response: &Response) -> String {
    let message = match &response.json {
        Some(json) => message(json, 0),
        None => std::str::from_utf8(&response.bytes).ok().and_then(|text| text.lines().next()),
    };
    format!("{} {}", response.status, message.map(plain).unwrap_or_default())
}

fn message(value: &Value, depth: usize) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ if depth > 3 => None,
        Value::Array(items) => items.iter().find_map(|item| message(item, depth + 1)),
        Value::Object(members) => {
            let named = TELLING.iter().filter_map(|name| members.get(*name));
            named.chain(members.values()).find_map(|member| message(member, depth + 1))
        }
        _ => None,
    }
}

/// A text without numbers and without what it quotes.
fn plain(text: &str) -> String {
    let mut quoted = false;
    let mut plain = String::new();
    for letter in text.chars().take(MOST) {
        match letter {
            '"' | '`' | '“' | '”' => quoted = !quoted,
            _ if quoted || letter.is_numeric() => {}
            _ if letter.is_alphabetic() => plain.extend(letter.to_lowercase()),
            _ if plain.ends_with(' ') => {}
            _ => plain.push(' '),
        }
    }
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    #[test]
    fn values_make_no_difference_and_words_do() {
        let of = |status: u16, body: &str| {
            said(&Response::new(status, HeaderMap::new(), body.as_bytes().to_vec().into()))
        };
        assert_eq!(
            of(404, r#"{"error":{"message":"no row 17"}}"#),
            of(404, r#"{"error":{"message":"No row 8"}}"#)
        );
        assert_eq!(of(400, r#"{"detail":"bad \"a\""}"#), of(400, r#"{"detail":"bad \"b\""}"#));
        assert_ne!(of(400, r#"{"e":"reason one"}"#), of(400, r#"{"e":"quite another"}"#));
        assert_ne!(of(400, "{}"), of(410, "{}"));
        assert_eq!(of(500, "Internal Server Error\nat 17"), "500 internal server error");
        assert_eq!(of(400, r#"{"errors":[{"msg":"x"}],"a":1}"#), "400 x");
    }
}
