//! Taking secrets out of what is kept.

use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION};
use serde_json::Value;

/// What stands for a secret.
pub(super) const REMOVED: &str = "removed";
/// Parts of names whose values are secrets.
const NAMES: [&str; 8] =
    ["password", "passwd", "secret", "token", "apikey", "credential", "privatekey", "authorization"];
/// A shorter text is a part of any other by chance.
const SHORTEST: usize = 6;

/// Whether what goes by this name is a secret, however its words are joined.
pub(super) fn is_secret(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|letter| !matches!(letter, '_' | '-' | '.' | ' '))
        .collect::<String>()
        .to_lowercase();
    NAMES.iter().any(|part| plain.contains(part))
}

/// The secrets that a request brought: keys, cookies, and what goes by such a name in headers and query.
pub(super) fn brought(headers: &HeaderMap, query: &[(String, String)]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (name, value) in headers {
        let Ok(value) = value.to_str() else { continue };
        if *name == AUTHORIZATION || *name == PROXY_AUTHORIZATION {
            found.extend(value.split_whitespace().skip(1).map(str::to_owned));
            found.push(value.to_owned());
        } else if *name == COOKIE {
            let pairs = value.split(';').filter_map(|pair| pair.split_once('='));
            found.extend(pairs.map(|(_, value)| value.trim().trim_matches('"').to_owned()));
        } else if is_secret(name.as_str()) {
            found.push(value.to_owned());
        }
    }
    found.extend(query.iter().filter(|(name, _)| is_secret(name)).map(|(_, value)| value.clone()));
    found.retain(|secret| secret.len() >= SHORTEST);
    // What holds another goes first.
    found.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    found.dedup();
    found
}

/// A text without these secrets.
pub(super) fn clean(text: &str, secrets: &[String]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), REMOVED))
}

/// Takes secrets out of a value: these, and texts that go by the name of one.
pub(super) fn clean_value(value: &mut Value, secrets: &[String]) {
    match value {
        Value::String(text) => *text = clean(text, secrets),
        Value::Array(items) => items.iter_mut().for_each(|item| clean_value(item, secrets)),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if is_secret(name) && !text.is_empty() => REMOVED.clone_into(text),
                    Value::Number(_) if is_secret(name) => *member = Value::from(0),
                    _ => clean_value(member, secrets),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_brought_and_what_goes_by_such_a_name_is_removed() {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, "Bearer key_of_mine".parse().expect("a header"));
        headers.insert(COOKIE, "sid=\"session_77\"; a=b".parse().expect("a header"));
        headers.insert("x-api-key", "another_key".parse().expect("a header"));
        let query = [("access_token".to_owned(), "in_the_query".to_owned())];
        let secrets = brought(&headers, &query);
        let mut value = json!({
            "echo": ["Bearer key_of_mine", "key_of_mine!", "session_77", "another_key", "in_the_query"],
            "client_secret": "x", "Refresh-Token": "y", "apiKey": 7, "tokens": {"name": "kept"}, "password": null,
        });
        clean_value(&mut value, &secrets);
        assert_eq!(
            value,
            json!({
                "echo": ["removed", "removed!", "removed", "removed", "removed"],
                "client_secret": "removed", "Refresh-Token": "removed", "apiKey": 0, "tokens": {"name": "kept"},
                "password": null,
            })
        );
    }
}
