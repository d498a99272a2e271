//! Statements as an OpenAPI Overlay: what somebody keeps, edits and gives back.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::statement::Statement;
use crate::pointer;
use crate::printable::printable;
use crate::source::Document;

/// An overlay with every statement, its reason beside it.
pub(crate) fn overlay(document: &Document, title: &str, statements: &[Statement]) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "overlay: 1.0.0");
    let title = format!("What {title} implies");
    let _ = writeln!(text, "info: {{title: {}, version: 1.0.0}}", scalar(&Value::from(title)));
    if statements.is_empty() {
        text.push_str("# Nothing: no kind of rows is created, and read or listed.\nactions: []\n");
        return text;
    }
    text.push_str("actions:\n");
    let mut targets: Vec<&str> = Vec::new();
    for statement in statements {
        if !targets.contains(&statement.target.as_str()) {
            targets.push(&statement.target);
        }
    }
    for target in targets {
        let own: Vec<&Statement> = statements.iter().filter(|one| one.target == target).collect();
        let _ = writeln!(text, "  - target: {}", scalar(&Value::from(path(document, target))));
        text.push_str("    update:\n");
        action(&mut text, &own);
    }
    text
}

/// The keys of one target, each below its reason.
fn action(text: &mut String, statements: &[&Statement]) {
    let mut root = Value::Object(Map::new());
    for one in statements {
        pointer::set(&mut root, &one.key, one.value.clone());
    }
    members(text, &root, "", 6, statements);
}

fn members(text: &mut String, value: &Value, at: &str, indent: usize, statements: &[&Statement]) {
    for (key, member) in value.as_object().into_iter().flatten() {
        let here = pointer::join(at, key);
        let reasons = statements.iter().filter(|one| one.key == here);
        for one in reasons {
            let _ = writeln!(text, "{:indent$}# {}: {}", "", one.standing, printable(&one.reason));
        }
        let below = format!("{here}/");
        let name = scalar(&Value::from(key.as_str()));
        let parted = statements.iter().any(|one| one.key.starts_with(&below));
        if parted || wide(member) {
            let _ = writeln!(text, "{:indent$}{name}:", "");
            members(text, member, &here, indent + 2, statements);
        } else {
            let _ = writeln!(text, "{:indent$}{name}: {}", "", flow(member));
        }
    }
}

/// Whether a value is too much for a line.
fn wide(value: &Value) -> bool {
    value.as_object().is_some_and(|members| !members.is_empty()) && flow(value).len() > 100
}

/// A value on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let parts: Vec<String> = members
                .iter()
                .map(|(key, member)| format!("{}: {}", scalar(&Value::from(key.as_str())), flow(member)))
                .collect();
            format!("{{{}}}", parts.join(", "))
        }
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", parts.join(", "))
        }
        other => scalar(other),
    }
}

/// A text in quotes wherever YAML could take it for anything else.
fn scalar(value: &Value) -> String {
    let Value::String(text) = value else { return value.to_string() };
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_' || first == '$');
    let plain = text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-.$".contains(letter));
    let lower = text.to_ascii_lowercase();
    let word = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&lower.as_str());
    if begins && plain && !word { text.clone() } else { Value::from(text.as_str()).to_string() }
}

/// The path (RFC 9535) of a pointer. A parameter is found by its name: it reads better, and stays right when others come.
fn path(document: &Document, target: &str) -> String {
    let mut path = "$".to_owned();
    let mut at = String::new();
    for token in pointer::tokens(target) {
        let list = document.get(&at).is_some_and(Value::is_array);
        pointer::push(&mut at, &token);
        let parameter = document.get(&at).filter(|_| list && at.contains("/parameters/"));
        let named =
            parameter.and_then(|value| Some((value.get("name")?.as_str()?, value.get("in")?.as_str()?)));
        if let Some((name, place)) = named {
            let _ = write!(path, "[?@.name=={} && @.in=={}]", quoted(name), quoted(place));
        } else if list {
            let _ = write!(path, "[{token}]");
        } else if token.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && token.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        {
            let _ = write!(path, ".{token}");
        } else {
            let _ = write!(path, "[{}]", quoted(&token));
        }
    }
    path
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("'");
    for letter in text.chars() {
        match letter {
            '\'' => quoted.push_str("\\'"),
            '\\' => quoted.push_str("\\\\"),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}
