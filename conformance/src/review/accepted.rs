//! Changes that somebody looked at and accepted, in a file.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::change::Change;
use super::filter::{Exclusion, Severity};
use super::report::told;
use super::side::SideError;

/// One change that is accepted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    fingerprint: String,
    reason: String,
    /// The last day on which it counts.
    #[serde(default, deserialize_with = "day")]
    expires: Option<jiff::civil::Date>,
    /// For the reader of the file; the fingerprint decides.
    #[serde(default, rename = "change")]
    _change: Option<String>,
}

fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<jiff::civil::Date>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let wrong = |_| serde::de::Error::custom(format!("{text} is no day; write it as in 2027-01-31"));
    text.parse().map(Some).map_err(wrong)
}

/// The accepted changes of a file.
#[derive(Debug, Default)]
pub struct Accepted {
    entries: Vec<(Entry, String)>,
    /// Verdicts of rules that are not the usual ones.
    pub severities: Vec<Severity>,
    /// What is left out.
    pub exclusions: Vec<Exclusion>,
}

const HELP: &str = "  help: write `changes:` with a list of {fingerprint, reason, expires}, or let --accept-all write it; \
    `severities:` with RULE: VERDICT; `exclude:` with a list of path=, tag= or rule=PATTERN";

impl Accepted {
    /// Reads the file.
    pub fn load(path: &Path) -> Result<Self, SideError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| SideError(format!("failed to read {name}: {error}\n{HELP}")))?;
        Self::parse(&name, &text)
    }

    fn parse(name: &str, text: &str) -> Result<Self, SideError> {
        let parsed = schemas::parse(name, text).map_err(|error| SideError(error.to_string()))?;
        let fail = |at: &str, why: &str| SideError(format!("{}: {why}\n{HELP}", parsed.locate(at)));
        let list = match &parsed.value {
            Value::Null => return Ok(Self::default()),
            Value::Object(map) => {
                let is_known = |key: &str| matches!(key, "changes" | "severities" | "exclude");
                if let Some(key) = map.keys().find(|key| !is_known(key)) {
                    return Err(fail(&schemas::pointer::join("", key), &format!("unknown key {key}")));
                }
                map.get("changes").cloned().unwrap_or_default()
            }
            _ => return Err(fail("", "this is no mapping")),
        };
        let list = match list {
            Value::Null => Vec::new(),
            Value::Array(list) => list,
            _ => return Err(fail("/changes", "this is no list")),
        };
        let mut known = HashSet::new();
        let mut entries = Vec::new();
        for (index, value) in list.into_iter().enumerate() {
            let at = format!("/changes/{index}");
            let entry: Entry =
                serde_json::from_value(value).map_err(|error| fail(&at, &error.to_string()))?;
            if entry.reason.trim().is_empty() {
                return Err(fail(&at, "the reason is empty"));
            }
            if !known.insert(entry.fingerprint.clone()) {
                return Err(fail(&at, &format!("{} is accepted twice", entry.fingerprint)));
            }
            entries.push((entry, parsed.locate(&at).to_string()));
        }
        let severities = match parsed.value.get("severities") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Object(map)) => map
                .iter()
                .map(|(rule, verdict)| {
                    let at = schemas::pointer::join("/severities", rule);
                    let word = verdict.as_str().map_or_else(|| verdict.to_string(), str::to_owned);
                    format!("{rule}={word}").parse().map_err(|why: String| fail(&at, &why))
                })
                .collect::<Result<_, _>>()?,
            Some(_) => return Err(fail("/severities", "this is no mapping")),
        };
        let exclusions = match parsed.value.get("exclude") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => list
                .iter()
                .enumerate()
                .map(|(index, text)| {
                    let text = text.as_str().unwrap_or_default();
                    text.parse().map_err(|why: String| fail(&format!("/exclude/{index}"), &why))
                })
                .collect::<Result<_, _>>()?,
            Some(_) => return Err(fail("/exclude", "this is no list")),
        };
        Ok(Self { entries, severities, exclusions })
    }

    /// Marks what is accepted; returns the acceptances that match nothing.
    pub fn apply(&self, changes: &mut [Change], today: jiff::civil::Date) -> Vec<String> {
        let mut notices = Vec::new();
        for (entry, place) in &self.entries {
            let print = &entry.fingerprint;
            let meant: Vec<&mut Change> =
                changes.iter_mut().filter(|change| change.fingerprint == *print).collect();
            match entry.expires.filter(|day| *day < today) {
                Some(day) => notices
                    .push(format!("{place}: the acceptance of {print} ended on {day} and no longer counts")),
                None if meant.is_empty() => {
                    notices.push(format!("{place}: {print} accepts a change that is not there; take it out"));
                }
                None => meant.into_iter().for_each(|change| change.accepted = Some(entry.reason.clone())),
            }
        }
        notices
    }

    /// Adds changes to the file, which is made where there is none.
    pub fn write(path: &Path, changes: &[&Change], reason: &str) -> Result<(), SideError> {
        let name = path.display().to_string();
        let fail = |error: &dyn std::fmt::Display| {
            SideError(format!("failed to write {name}: {error}\n  help: give another file by --accepted"))
        };
        let old = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(fail(&error)),
        };
        let known = Self::parse(&name, &old)?;
        let is_chosen = !known.severities.is_empty() || !known.exclusions.is_empty();
        let text = match (known.entries.is_empty(), is_chosen) {
            (true, true) => with(&format!("{}\nchanges:\n", old.trim_end()), false, changes, reason),
            (is_empty, _) => with(&old, is_empty, changes, reason),
        };
        // What was written by hand may be of a form that cannot be added to; then nothing is lost.
        Self::parse(&name, &text)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.map_or(Ok(()), std::fs::create_dir_all).map_err(|error| fail(&error))?;
        std::fs::write(path, text).map_err(|error| fail(&error))
    }
}

/// The text of a file with more entries at its end, in its own indentation.
fn with(old: &str, is_empty: bool, changes: &[&Change], reason: &str) -> String {
    let mut text = if is_empty {
        "# Changes of the contract or of behaviour that were looked at and accepted. One that has expired counts no longer.\nchanges:\n".to_owned()
    } else {
        old.trim_end().to_owned() + "\n"
    };
    let indent = old
        .lines()
        .find(|line| line.trim_start().starts_with("- "))
        .map_or(2, |line| line.len() - line.trim_start().len());
    let (first, other) = (" ".repeat(indent) + "- ", " ".repeat(indent + 2));
    let quoted = |text: &str| Value::from(text).to_string();
    for change in changes {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{first}fingerprint: '{}'", change.fingerprint);
        let _ = writeln!(text, "{other}reason: {}", quoted(reason));
        let _ = writeln!(text, "{other}change: {}", quoted(&told(change)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Seen;
    use crate::review::found::Found;
    use crate::review::owner::Owner;
    use crate::review::rules;

    fn change(subject: &str) -> Change {
        let rule = rules::find("parameter-removed").expect("a rule");
        let owner = Owner { id: "list-books".to_owned(), ..Owner::default() };
        Change::new(Found::new(rule, subject), Some(&owner), "a.yaml:1:1".to_owned(), Seen::Base)
    }

    fn day(text: &str) -> jiff::civil::Date {
        text.parse().expect("a day")
    }

    #[test]
    fn an_entry_counts_until_its_last_day_and_is_told_afterwards() {
        let mut changes = [change("a")];
        let print = changes[0].fingerprint.clone();
        let text = format!("changes:\n  - {{fingerprint: '{print}', reason: moved, expires: 2026-03-31}}\n");
        let accepted = Accepted::parse("a.yaml", &text).expect("is read");
        assert!(accepted.apply(&mut changes, day("2026-03-31")).is_empty());
        assert_eq!(changes[0].accepted.as_deref(), Some("moved"));
        let mut changes = [change("a")];
        let notices = accepted.apply(&mut changes, day("2026-04-01"));
        assert_eq!(changes[0].accepted, None);
        assert!(
            notices[0].contains("ended on 2026-03-31") && notices[0].starts_with("a.yaml:2:"),
            "{notices:?}"
        );
    }

    #[test]
    fn an_entry_without_a_change_is_told() {
        let accepted =
            Accepted::parse("a.yaml", "changes:\n- {fingerprint: 'x', reason: y}\n").expect("is read");
        let notices = accepted.apply(&mut [change("a")], day("2026-01-01"));
        assert!(notices[0].contains("not there"), "{notices:?}");
    }

    #[test]
    fn what_is_misspelt_is_refused_with_its_place() {
        for (text, why) in [
            ("change: []", "unknown key change"),
            ("changes: {}", "this is no list"),
            ("changes:\n- {fingerprint: 'x', reson: y}", "unknown field `reson`"),
            ("changes:\n- {fingerprint: 'x', reason: ' '}", "the reason is empty"),
            ("changes:\n- {fingerprint: 'x', reason: y, expires: soon}", "soon"),
            ("changes:\n- {fingerprint: 'x', reason: y}\n- {fingerprint: 'x', reason: y}", "accepted twice"),
            ("[]", "no mapping"),
            ("severities: {operation-moved: bad}", "bad is none of breaking"),
            ("severities: {operation-move: allowed}", "did you mean operation-moved?"),
            ("exclude: [path]", "path=PATTERN"),
        ] {
            let error = Accepted::parse("a.yaml", text).expect_err(text).to_string();
            assert!(
                error.contains(why) && error.starts_with("a.yaml:") && error.contains("help: "),
                "{error}"
            );
        }
    }

    #[test]
    fn what_is_chosen_stays_where_changes_are_added() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("accepted.yaml");
        let chosen = "severities:\n  operation-moved: unclear\nexclude: ['tag=internal']\n";
        std::fs::write(&file, chosen).expect("a file");
        Accepted::write(&file, &[&change("a")], "agreed").expect("is written");
        let accepted = Accepted::load(&file).expect("is read");
        assert_eq!((accepted.entries.len(), accepted.severities.len(), accepted.exclusions.len()), (1, 1, 1));
    }

    #[test]
    fn what_is_added_is_read_again_and_keeps_what_was_there() {
        let (one, other) = (change("a"), change("b"));
        let first = with("", true, &[&one], "it's \"fine\": yes");
        let second = with(&first, false, &[&other], "later");
        let accepted = Accepted::parse("a.yaml", &second).expect("is read");
        let reasons: Vec<&str> = accepted.entries.iter().map(|(entry, _)| entry.reason.as_str()).collect();
        assert_eq!(reasons, ["it's \"fine\": yes", "later"]);
        let flush = with("changes:\n- {fingerprint: 'x', reason: y}\n", false, &[&one], "z");
        assert_eq!(Accepted::parse("a.yaml", &flush).expect("is read").entries.len(), 2);
    }
}
