//! Servers: where an API, a path or an operation is.

use serde_json::Value;

use crate::error::Problem;
use crate::pointer;
use crate::rule::Rule;
use crate::source::Document;

/// The path below which something is served, without a slash at the end; empty for the root. `None` where an owner states no
/// server.
pub(super) fn base_path(document: &Document, owner: &str, problems: &mut Vec<Problem>) -> Option<String> {
    let at = format!("{owner}/servers/0");
    let server = document.get(&at)?;
    let at = pointer::join(&at, "url");
    let mut tell = |what: String, help: &str| {
        problems.push(document.problem(&at, what).with_help(help).under(Rule::ServerForm));
    };
    let url = server.get("url").and_then(Value::as_str)?.trim();
    let filled = filled(url, server.get("variables"), &mut tell);
    let (path, odd) = path_of(&filled);
    if odd {
        tell(format!("{url} has no scheme; its first part is read as a host"), "Write https:// before it.");
    }
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    Some(if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") })
}

/// The URL with its variables' defaults.
fn filled(url: &str, variables: Option<&Value>, tell: &mut dyn FnMut(String, &str)) -> String {
    let mut filled = String::with_capacity(url.len());
    let mut rest = url;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        filled.push_str(before);
        let variable = variables.and_then(|variables| variables.get(name));
        let first = variable.and_then(|variable| variable.pointer("/enum/0"));
        match variable.and_then(|variable| variable.get("default")).or(first) {
            Some(Value::String(text)) => filled.push_str(text),
            Some(other) => filled.push_str(&other.to_string()),
            None => {
                let help = "Add the variable to `variables`, with a default.";
                tell(format!("the variable {name} has no default; its name stands for it"), help);
                filled.push_str(name);
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The path of a URL, which may be relative, and whether a host was guessed.
fn path_of(url: &str) -> (&str, bool) {
    let after_host = |rest: &'_ str| rest.find('/').unwrap_or(rest.len());
    if let Some((_, rest)) = url.split_once("://") {
        return (&rest[after_host(rest)..], false);
    }
    if let Some(rest) = url.strip_prefix("//") {
        return (&rest[after_host(rest)..], false);
    }
    let first = &url[..after_host(url)];
    let host = first == "localhost" || first.contains(':') || first.trim_start_matches('.').contains('.');
    if host { (&url[first.len()..], true) } else { (url.trim_start_matches('.'), false) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(servers: &Value) -> (Option<String>, usize) {
        let document =
            Document::from_text("a.json", &json!({ "servers": servers }).to_string()).expect("valid");
        let mut problems = Vec::new();
        (base_path(&document, "", &mut problems), problems.len())
    }

    #[test]
    fn the_path_of_a_server_is_found_however_its_url_is_written() {
        for (url, base, told) in [
            ("https://api.example/v1/", "/v1", 0),
            ("https://api.example", "", 0),
            ("//api.example/v1", "/v1", 0),
            ("/v1", "/v1", 0),
            ("v1", "/v1", 0),
            ("./v1", "/v1", 0),
            ("/", "", 0),
            ("api.example/v1", "/v1", 1),
            ("localhost:8080/v1", "/v1", 1),
            ("https://api.example/v1?x=/y#/z", "/v1", 0),
        ] {
            assert_eq!(read(&json!([{"url": url}])), (Some(base.to_owned()), told), "{url}");
        }
        assert_eq!(read(&json!([])), (None, 0));
    }

    #[test]
    fn variables_have_their_defaults() {
        let server = json!([{"url": "https://{region}.example/{version}/{more}", "variables":
            {"region": {"default": "eu"}, "version": {"enum": ["v2", "v1"]}}}]);
        assert_eq!(read(&server), (Some("/v2/more".to_owned()), 1));
    }
}
