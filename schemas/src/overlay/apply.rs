//! What an action does to a document.

use std::collections::HashMap;

use serde_json::Value;

use super::action::{Action, Deed, selected};
use crate::error::Problem;
use crate::pointer;
use crate::rule::Rule;
use crate::source::{Change, Document, Origin, Parsed};
use crate::versions::Moved;

/// Does an action where its target selects anything.
pub(super) fn apply(
    parsed: &Parsed,
    action: &mut Action,
    index: usize,
    document: &mut Document,
) -> Vec<Problem> {
    let targets = selected(&action.target, document.value());
    if targets.is_empty() {
        return Vec::new();
    }
    let at = format!("/actions/{index}");
    let (value, from) = match &action.deed {
        Deed::Remove => {
            action.done = true;
            document.change(|whole| remove(whole, &targets));
            return Vec::new();
        }
        Deed::Update(value) => (value.clone(), pointer::join(&at, "update")),
        Deed::Copy(path) => {
            let from = pointer::join(&at, "copy");
            match selected(path, document.value()).as_slice() {
                // It may be there once the description is converted.
                [] => return Vec::new(),
                [one] => (document.get(one).cloned().unwrap_or_default(), from),
                more => {
                    action.done = true;
                    let what = format!("copy selects {} values; it copies one", more.len());
                    let problem = Problem::new(Some(parsed.locate(&from)), from, what);
                    return vec![problem.with_help("Write the path of one value.").under(Rule::Overlay)];
                }
            }
        }
    };
    action.done = true;
    document.change(|whole| {
        let mut added = Added { parsed, parts: HashMap::new() };
        for target in &targets {
            if let Some(node) = whole.pointer_mut(target) {
                added.merge(node, &value, target, &from);
            }
        }
        vec![Change::Added(added.parts)]
    });
    Vec::new()
}

struct Added<'p> {
    parsed: &'p Parsed,
    parts: HashMap<String, Origin>,
}

impl Added<'_> {
    fn note(&mut self, at: &str, from: &str) {
        let origin = Origin::File(self.parsed.source().clone(), from.to_owned());
        self.parts.insert(at.to_owned(), origin);
    }

    /// Objects are merged member by member, arrays grow, anything else is replaced.
    fn merge(&mut self, node: &mut Value, value: &Value, at: &str, from: &str) {
        match (node, value) {
            (Value::Object(members), Value::Object(more)) => {
                for (key, new) in more {
                    let (at, from) = (pointer::join(at, key), pointer::join(from, key));
                    if let Some(known) = members.get_mut(key) {
                        self.merge(known, new, &at, &from);
                    } else {
                        members.insert(key.clone(), new.clone());
                        self.note(&at, &from);
                    }
                }
            }
            (Value::Array(items), Value::Array(more)) => {
                for (index, new) in more.iter().enumerate() {
                    self.note(
                        &pointer::join(at, &items.len().to_string()),
                        &pointer::join(from, &index.to_string()),
                    );
                    items.push(new.clone());
                }
            }
            (Value::Array(items), new) => {
                self.note(&pointer::join(at, &items.len().to_string()), from);
                items.push(new.clone());
            }
            (node, new) => {
                *node = new.clone();
                self.note(at, from);
            }
        }
    }
}

/// Takes values out, the last first, and remembers which items of arrays moved up.
fn remove(whole: &mut Value, targets: &[String]) -> Vec<Change> {
    let mut changes = Vec::new();
    for target in targets.iter().rev() {
        let Some((owner, token)) = target.rsplit_once('/') else { continue };
        match whole.pointer_mut(owner) {
            Some(Value::Object(members)) => {
                members.shift_remove(&pointer::unescape(token));
            }
            Some(Value::Array(items)) => {
                let Some(index) = token.parse::<usize>().ok().filter(|index| *index < items.len()) else {
                    continue;
                };
                items.remove(index);
                let mut moved = Moved::default();
                for new in index..items.len() {
                    moved.note(&format!("{owner}/{}", new + 1), &format!("{owner}/{new}"));
                }
                changes.push(Change::Moved(moved));
            }
            _ => {}
        }
    }
    changes
}
