//! From the text of an overlay to its actions.

use std::path::Path;

use serde_json::Value;
use serde_json_path::JsonPath;

use super::action::{Action, Deed};
use crate::error::{LoadError, Problem};
use crate::location::Location;
use crate::pointer;
use crate::rule::Rule;
use crate::source::{Files, Parsed, parse};

const KEYS: [&str; 4] = ["overlay", "info", "extends", "actions"];
const OF_ACTION: [&str; 5] = ["target", "description", "update", "copy", "remove"];

pub(super) fn read(name: &str, path: &Path, files: &dyn Files) -> Result<(Parsed, Vec<Action>), LoadError> {
    let text = files.text(path).map_err(|error| {
        let place = Location { file: name.into(), line: 1, column: 1 };
        let problem = Problem::new(Some(place), "", format!("cannot be read: {error}"));
        LoadError::one(
            name,
            problem.with_help("Give the path of an overlay in YAML or JSON.").under(Rule::Unreadable),
        )
    })?;
    let parsed = parse(name, &text).map_err(|error| error.under(Rule::Overlay))?;
    let mut reader = Reader { parsed: &parsed, problems: Vec::new() };
    let actions = reader.actions();
    let problems = reader.problems;
    if problems.is_empty() {
        Ok((parsed, actions))
    } else {
        Err(LoadError { subject: name.to_owned(), problems })
    }
}

struct Reader<'p> {
    parsed: &'p Parsed,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn wrong(&mut self, at: &str, what: impl Into<String>, help: &str) {
        let problem = Problem::new(Some(self.parsed.locate(at)), at, what);
        self.problems.push(problem.with_help(help).under(Rule::Overlay));
    }

    fn actions(&mut self) -> Vec<Action> {
        let parsed = self.parsed;
        let version = parsed.value.get("overlay");
        let Some(version) = version else {
            self.wrong("", "this is no overlay: it has no key overlay", "Begin it with `overlay: 1.0.0`.");
            return Vec::new();
        };
        let text = match version {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if !(text == "1" || text.starts_with("1.0") || text.starts_with("1.1")) {
            let what = format!("overlays of version {text} are not read");
            self.wrong("/overlay", what, "Write an overlay of version 1.0.0 or 1.1.0.");
            return Vec::new();
        }
        self.known("", &parsed.value, &KEYS, "an overlay");
        let Some(list) = parsed.value.get("actions").and_then(Value::as_array) else {
            self.wrong(
                "/actions",
                "there is no list of actions",
                "Write `actions:` with one action at least.",
            );
            return Vec::new();
        };
        let mut actions = Vec::new();
        for (index, value) in list.iter().enumerate() {
            actions.extend(self.action(&format!("/actions/{index}"), value));
        }
        actions
    }

    fn known(&mut self, at: &str, value: &Value, known: &[&str], whose: &str) {
        let keys = value.as_object().into_iter().flat_map(serde_json::Map::keys);
        let others: Vec<String> =
            keys.filter(|key| !key.starts_with("x-") && !known.contains(&key.as_str())).cloned().collect();
        for key in others {
            let what = format!("{key} is not a key of {whose}");
            self.wrong(&pointer::join(at, &key), what, &format!("It has {}.", known.join(", ")));
        }
    }

    fn action(&mut self, at: &str, value: &Value) -> Option<Action> {
        let help = "Write `target:` with a JSONPath, and `update:` or `remove: true`.";
        if !value.is_object() {
            self.wrong(at, "an action is an object", help);
            return None;
        }
        self.known(at, value, &OF_ACTION, "an action");
        let Some(shown) = value.get("target").and_then(Value::as_str) else {
            self.wrong(&pointer::join(at, "target"), "an action has no target", help);
            return None;
        };
        let target = self.path(&pointer::join(at, "target"), shown)?;
        let remove = match value.get("remove") {
            None | Some(Value::Bool(false)) => false,
            Some(Value::Bool(true)) => true,
            Some(other) => {
                let what = format!("remove is {other}, which is neither true nor false");
                self.wrong(&pointer::join(at, "remove"), what, help);
                return None;
            }
        };
        let deed = if remove {
            Deed::Remove
        } else if let Some(update) = value.get("update") {
            Deed::Update(update.clone())
        } else if let Some(from) = value.get("copy") {
            let here = pointer::join(at, "copy");
            let Some(text) = from.as_str() else {
                self.wrong(&here, "copy is no JSONPath", "Write the path of the one value to copy.");
                return None;
            };
            Deed::Copy(self.path(&here, text)?)
        } else {
            self.wrong(at, "an action says neither update nor remove", help);
            return None;
        };
        Some(Action { target, shown: shown.to_owned(), deed, done: false })
    }

    fn path(&mut self, at: &str, text: &str) -> Option<JsonPath> {
        match JsonPath::parse(text) {
            Ok(path) => Some(path),
            Err(error) => {
                let what = format!("{text} is no JSONPath: {}", error.message());
                let help = "Write it as RFC 9535 says, such as $.paths['/pets'].get.";
                self.wrong(at, what, help);
                None
            }
        }
    }
}
