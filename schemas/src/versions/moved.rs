//! Where the parts of a description went when it was rewritten.

use std::collections::HashMap;

use serde_json::Value;

use crate::pointer;
use crate::tree::Members;

/// Pointers before and after a rewriting. What is not named went along with what holds it.
#[derive(Debug, Default)]
pub(crate) struct Moved {
    to: HashMap<String, String>,
    from: HashMap<String, String>,
}

impl Moved {
    /// What stood at `old` stands at `new`.
    pub(crate) fn note(&mut self, old: &str, new: &str) {
        if old != new {
            self.to.entry(old.to_owned()).or_insert_with(|| new.to_owned());
            self.from.insert(new.to_owned(), old.to_owned());
        }
    }

    /// Where what stood at a pointer stands now.
    pub(super) fn to(&self, old: &str) -> String {
        follow(&self.to, old)
    }

    /// Where what stands at a pointer stood.
    pub(crate) fn from(&self, new: &str) -> String {
        follow(&self.from, new)
    }

    /// Makes the references of the rewritten description lead where their targets went.
    pub(super) fn rewrite(&self, value: &mut Value) {
        if !self.to.is_empty() {
            walk(self, value, Members::Keywords);
        }
    }
}

fn follow(table: &HashMap<String, String>, pointer: &str) -> String {
    let moved = pointer::ancestors(pointer)
        .find_map(|ancestor| Some(format!("{}{}", table.get(ancestor)?, &pointer[ancestor.len()..])));
    moved.unwrap_or_else(|| pointer.to_owned())
}

fn walk(moved: &Moved, value: &mut Value, members: Members) {
    match value {
        Value::Object(map) => {
            if members == Members::Keywords
                && let Some(Value::String(reference)) = map.get_mut("$ref")
                && let Some(old) = pointer::of_reference(reference)
            {
                let new = moved.to(&old);
                if new != old {
                    *reference = pointer::reference(&new);
                }
            }
            for (key, child) in map.iter_mut() {
                let below = members.below(key, child);
                if below != Members::Data {
                    walk(moved, child, below);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(moved, item, members)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
