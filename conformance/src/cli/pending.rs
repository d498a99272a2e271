//! How records and what becomes of them are shown and named on the command line.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};

use super::error::UserError;
use crate::record::{Change, Record, RecordId, lines, load, words};
use crate::shown::line;

/// The records of a folder; none where there is no such folder.
pub(super) fn folder_of(dir: &Path) -> Result<BTreeMap<RecordId, Record>, UserError> {
    if !dir.exists() {
        return Ok(BTreeMap::new());
    }
    load(dir).map_err(UserError::from)
}

/// What became of a record: what it means in words, and the lines that differ. Nothing of one that is the same.
pub(super) fn described(dir: &Path, id: &RecordId, change: &Change) -> String {
    let (word, color, record) = match change {
        Change::Same => return String::new(),
        Change::New(record) => ("new", AnsiColor::Green, record),
        Change::Changed { now, .. } => ("changed", AnsiColor::Yellow, now.as_ref()),
        Change::Vanished(record) => ("vanished", AnsiColor::Red, record),
    };
    let (style, bold) = (color.on_default().bold(), Style::new().bold());
    let path = id.path(dir);
    let mut text = format!(
        "{style}{word}{style:#}  {bold}{}{bold:#}  {}\n",
        line(&id.to_string()),
        line(&path.display().to_string())
    );
    let _ = writeln!(text, "  {}: {}", line(&record.request), line(&record.class));
    match change {
        Change::Same => {}
        Change::New(record) => {
            let _ = writeln!(text, "  it is answered {}", record.status);
            text.push_str(&lines(None, Some(record)));
        }
        Change::Changed { before, now } => {
            for word in words(before, now) {
                let _ = writeln!(text, "  {}", line(&word));
            }
            text.push_str(&lines(Some(before), Some(now)));
        }
        Change::Vanished(_) => {
            text.push_str("  the contract has no such class of input any more\n");
        }
    }
    text
}

/// How many wait, in words.
pub(super) fn waiting(count: usize) -> String {
    if count == 1 {
        "1 record is pending review".to_owned()
    } else {
        format!("{count} records wait for review")
    }
}
