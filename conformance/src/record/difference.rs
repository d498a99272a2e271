//! What sets two records apart, in words and line by line.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use super::format::{Record, is_placeholder};
use crate::shown::line;

/// Differences that are described in words; the lines show the rest.
const MOST: usize = 6;
/// Lines around a difference.
const CONTEXT: usize = 3;

/// What sets two records apart, in words.
pub(crate) fn words(before: &Record, now: &Record) -> Vec<String> {
    let mut found = Vec::new();
    if (&before.request, &before.sends) != (&now.request, &now.sends) {
        found.push("another request is sent: the contract changed, or what is recorded".to_owned());
    } else if before.class != now.class {
        found.push("the class has other words".to_owned());
    }
    if before.status != now.status {
        found.push(format!("the status was {} and is {}", before.status, now.status));
    }
    for name in
        before.headers.keys().chain(now.headers.keys().filter(|name| !before.headers.contains_key(*name)))
    {
        match (before.headers.get(name), now.headers.get(name)) {
            (Some(_), None) => found.push(format!("the header {name} is gone")),
            (None, Some(_)) => found.push(format!("the header {name} is new")),
            (Some(was), Some(is)) if was != is => {
                found.push(format!("the header {name} was {was} and is {is}"));
            }
            _ => {}
        }
    }
    match (&before.body, &now.body) {
        (Some(was), Some(is)) if are_strangers(was, is) => {
            found.push(match said(is) {
                Some(code) => format!("the body is another one altogether: {code}"),
                None => "the body is another one altogether".to_owned(),
            });
        }
        (Some(was), Some(is)) => walk("", was, is, &mut found),
        (Some(_), None) => found.push("the body is gone".to_owned()),
        (None, Some(_)) => found.push("there is a body now".to_owned()),
        (None, None) => {}
    }
    let more = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    if more > 0 {
        found.push(format!("and {more} more"));
    }
    found
}

/// Whether two bodies have no property in common.
fn are_strangers(was: &Value, is: &Value) -> bool {
    let (Some(was), Some(is)) = (was.as_object(), is.as_object()) else { return false };
    !was.is_empty() && !is.is_empty() && was.keys().all(|name| !is.contains_key(name))
}

/// The short texts of an error that are no placeholders: its type, its code, its field.
fn said(body: &Value) -> Option<String> {
    let map = body.as_object().filter(|map| map.len() == 1)?.values().next()?.as_object()?;
    let words = map.values().filter_map(Value::as_str).filter(|text| !is_placeholder(text));
    Some(words.collect::<Vec<_>>().join(" ")).filter(|words| !words.is_empty())
}

fn walk(at: &str, was: &Value, is: &Value, found: &mut Vec<String>) {
    let below = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    match (was, is) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, was) in old {
                match new.get(name) {
                    Some(is) => walk(&below(name), was, is, found),
                    None => found.push(format!("{} is gone", below(name))),
                }
            }
            for name in new.keys().filter(|name| !old.contains_key(*name)) {
                found.push(format!("{} is new", below(name)));
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (was, is)) in old.iter().zip(new).enumerate() {
                walk(&below(&index.to_string()), was, is, found);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            found.push(format!("{at} had {} and has {}", count(old.len()), count(new.len())));
        }
        _ if was != is => {
            let place = if at.is_empty() { "the body" } else { at };
            found.push(format!("{place} was {} and is {}", shown(was), shown(is)));
        }
        _ => {}
    }
}

fn count(items: usize) -> String {
    if items == 1 { "1 item".to_owned() } else { format!("{items} items") }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "an empty text".to_owned(),
        Value::String(text) => text.clone(),
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// The lines that differ with some around them, indented and coloured; `None` beside a record shows all of it.
pub(crate) fn lines(before: Option<&Record>, now: Option<&Record>) -> String {
    let text = |record: Option<&Record>| record.map(Record::render).unwrap_or_default();
    let (old, new) = (text(before), text(now));
    let diff = TextDiff::from_lines(&old, &new);
    let mut shown = String::new();
    for (index, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if index > 0 {
            let _ = writeln!(shown, "    …");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, style) = match change.tag() {
                ChangeTag::Delete => ('-', AnsiColor::Red.on_default()),
                ChangeTag::Insert => ('+', AnsiColor::Green.on_default()),
                ChangeTag::Equal => (' ', Style::new()),
            };
            let text = line(change.value().trim_end_matches('\n'));
            let _ = writeln!(shown, "    {style}{sign} {text}{style:#}");
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(text: &str) -> Record {
        Record::read(&format!("request: GET /a\nclass: plain\n{text}")).expect("a record")
    }

    #[test]
    fn differences_are_told_in_words() {
        let before = record(
            "status: 409\nheaders: {allow: GET}\nbody: {error: {code: a, field: b}, rows: [1], gone: true}\n",
        );
        let now = record(
            "status: 201\nheaders: {link: <text>}\nbody: {error: {code: c, field: b}, rows: [], new: ''}\n",
        );
        assert_eq!(
            words(&before, &now),
            [
                "the status was 409 and is 201",
                "the header allow is gone",
                "the header link is new",
                "error.code was a and is c",
                "rows had 1 item and has 0 items",
                "gone is gone",
                "and 1 more",
            ]
        );
        assert!(words(&before, &before).is_empty());
        let accepted = record("status: 201\nbody: {id: <id#1>}\n");
        let refused = record("status: 409\nbody: {error: {code: taken, message: <text>, field: slug}}\n");
        assert_eq!(
            words(&accepted, &refused),
            ["the status was 201 and is 409", "the body is another one altogether: taken slug"]
        );
    }

    #[test]
    fn the_lines_that_differ_are_shown_with_some_around_them() {
        let before = record("status: 409\nbody: {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6}\n");
        let now = record("status: 409\nbody: {a: 1, b: 2, c: 3, d: 4, e: 5, f: 7}\n");
        let shown = anstream::adapter::strip_str(&lines(Some(&before), Some(&now))).to_string();
        assert_eq!(shown, "        c: 3\n        d: 4\n        e: 5\n    -   f: 6\n    +   f: 7\n");
        assert!(lines(None, Some(&now)).contains("+ status: 409"));
    }
}
