//! One line a request, the reason of a refusal beneath it, never a secret.

use std::fmt;
use std::io::Write as _;
use std::str::FromStr;

use anstyle::{AnsiColor, Style};
use serde_json::json;

use crate::clock::format_ms;
use crate::journal::Entry;

/// How requests are logged, to stderr.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people; coloured on a terminal.
    #[default]
    Pretty,
    /// One JSON object a line.
    Json,
    /// Not at all.
    Off,
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "pretty" => Ok(Self::Pretty),
            "json" => Ok(Self::Json),
            "off" => Ok(Self::Off),
            _ => Err(format!("`{text}` is none of pretty, json, off")),
        }
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pretty => "pretty",
            Self::Json => "json",
            Self::Off => "off",
        })
    }
}

impl LogFormat {
    /// Writes a request's line. A log that cannot be written is not worth failing for.
    pub(crate) fn write(self, entry: &Entry) {
        let text = match self {
            Self::Off => return,
            Self::Json => json_line(entry),
            Self::Pretty => pretty(entry),
        };
        let _ = anstream::stderr().lock().write_all(text.as_bytes());
    }
}

fn json_line(entry: &Entry) -> String {
    let line = json!({
        "at": format_ms(entry.at),
        "method": entry.method.as_str(),
        "target": &*entry.target,
        "operation": entry.operation.as_deref(),
        "workspace": entry.workspace.as_deref(),
        "status": entry.status,
        "reason": entry.reason.as_deref(),
        "micros": entry.micros,
    });
    format!("{line}\n")
}

fn pretty(entry: &Entry) -> String {
    let colour = match entry.status {
        200..=299 => AnsiColor::Green,
        300..=499 => AnsiColor::Yellow,
        _ => AnsiColor::Red,
    };
    let (status, dim) = (Style::new().fg_color(Some(colour.into())), Style::new().dimmed());
    let at = format_ms(entry.at);
    let time = at.get(11..23).unwrap_or(&at);
    let workspace = entry.workspace.as_deref().map(|name| format!("  {name}")).unwrap_or_default();
    let (whole, tenths) = (entry.micros / 1_000, entry.micros / 100 % 10);
    let mut text = format!(
        "{dim}{time}{dim:#} {status}{}{status:#} {:<6} {}  {dim}{whole}.{tenths} ms{workspace}{dim:#}\n",
        entry.status,
        entry.method.as_str(),
        printable(&entry.target),
    );
    if let Some(reason) = entry.reason.as_deref().filter(|_| entry.status >= 400) {
        text = format!("{text}             {dim}└{dim:#} {}\n", printable(reason));
    }
    text
}

/// Control characters would move the terminal's cursor.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
