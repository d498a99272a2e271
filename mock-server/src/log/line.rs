//! The text of a request in the log.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use schemas::{is_unprintable, printable};
use serde_json::{Value, json};

use crate::clock::format_ms;
use crate::journal::JournalEntry;

/// One JSON object.
pub(super) fn json_line(entry: &JournalEntry) -> String {
    one_line(&json!({
        "at": format_ms(entry.at),
        "method": entry.method.as_str(),
        "target": &*entry.target,
        "operation": entry.operation.as_deref(),
        "workspace": entry.workspace.as_deref(),
        "status": entry.status,
        "reason": entry.reason.as_deref(),
        "ignored": entry.ignored,
        "micros": entry.micros,
    }))
}

/// A line for people.
pub(super) fn pretty_line(entry: &JournalEntry, colours: bool) -> String {
    let colour = match entry.status {
        200..=299 => AnsiColor::Green,
        300..=499 => AnsiColor::Yellow,
        _ => AnsiColor::Red,
    };
    let (status, dim) = if colours {
        (Style::new().fg_color(Some(colour.into())), Style::new().dimmed())
    } else {
        (Style::new(), Style::new())
    };
    let at = format_ms(entry.at);
    let time = at.get(11..23).unwrap_or(&at);
    let workspace =
        entry.workspace.as_deref().map(|name| format!("  {}", printable(name))).unwrap_or_default();
    let (whole, tenths) = (entry.micros / 1_000, entry.micros / 100 % 10);
    let mut text = format!(
        "{dim}{time}{dim:#} {status}{}{status:#} {:<6} {}  {dim}{whole}.{tenths} ms{workspace}{dim:#}\n",
        entry.status,
        entry.method.as_str(),
        printable(&entry.target),
    );
    let reason = entry.reason.as_deref().filter(|_| entry.status >= 400 || entry.forced);
    let ignored = (!entry.ignored.is_empty()).then(|| format!("ignored: {}", entry.ignored.join(", ")));
    for note in reason.map(str::to_owned).into_iter().chain(ignored) {
        let _ = writeln!(text, "             {dim}└{dim:#} {}", printable(&note));
    }
    text
}

/// Something that happened beside the requests.
pub(super) fn notice_line(at: i64, what: &str, as_json: bool) -> String {
    if as_json {
        one_line(&json!({"at": format_ms(at), "notice": what}))
    } else {
        format!("{}\n", printable(what))
    }
}

/// What is said where lines are missing.
pub(super) fn dropped_line(count: u64, as_json: bool) -> String {
    let lines = if count == 1 { "line" } else { "lines" };
    let verb = if count == 1 { "was" } else { "were" };
    let said = format!("{count} {lines} of the log {verb} dropped");
    if as_json { one_line(&json!({"dropped": count, "reason": said})) } else { format!("{said}\n") }
}

/// A value on one line. JSON leaves some characters as they are that a terminal acts upon; all of them stand in texts.
fn one_line(value: &Value) -> String {
    let mut text = value.to_string();
    if text.contains(is_unprintable) {
        text = text.chars().fold(String::with_capacity(text.len() + 16), |mut shown, letter| {
            if is_unprintable(letter) {
                let _ = write!(shown, "\\u{:04x}", u32::from(letter));
            } else {
                shown.push(letter);
            }
            shown
        });
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn entry(target: &str) -> JournalEntry {
        JournalEntry {
            id: 0,
            at: 0,
            method: http::Method::GET,
            target: target.into(),
            operation: None,
            workspace: Some("demo".into()),
            headers: http::HeaderMap::new(),
            body: Bytes::new(),
            body_size: 0,
            status: 404,
            reason: Some(target.into()),
            rule: "refused".into(),
            forced: false,
            ignored: Vec::new(),
            answer_headers: http::HeaderMap::new(),
            answer: Bytes::new(),
            answer_size: 0,
            micros: 1_250,
        }
    }

    #[test]
    fn a_line_for_people_is_plain_without_colours() {
        let line = pretty_line(&entry("/a\u{1b}[2J\u{202e}\nb"), false);
        assert_eq!(
            line,
            "00:00:00.000 404 GET    /a\\u{1b}[2J\\u{202e}\\nb  1.2 ms  demo\n             └ /a\\u{1b}[2J\\u{202e}\\nb\n"
        );
        assert!(pretty_line(&entry("/a"), true).contains('\u{1b}'));
    }

    #[test]
    fn a_json_line_reads_back_as_it_was_and_holds_nothing_to_act_upon() {
        let target = "/a\u{1b}[2J\u{9b}\u{202e}\u{2028}\n\u{7f}\"b";
        let line = json_line(&entry(target));
        assert!(!line.trim_end_matches('\n').contains(is_unprintable), "{line}");
        let read: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(read["target"], target);
    }

    #[test]
    fn dropped_lines_are_counted_in_words_or_as_json() {
        assert_eq!(dropped_line(1, false), "1 line of the log was dropped\n");
        assert_eq!(dropped_line(7, true), "{\"dropped\":7,\"reason\":\"7 lines of the log were dropped\"}\n");
    }
}
