//! What the `x-contract…` keys say, side by side: a walk over both; a table says what each key means.

use schemas::{Standing, pointer};
use serde_json::{Map, Value};

use super::found::Found;
use super::rule::Rule;
use super::rules::{errors, standing, statements};
use super::table::{How, Table};

/// One side of a walk: what stands at a pointer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stated<'v> {
    pub(super) value: Option<&'v Value>,
    /// What holds it, for its standing.
    pub(super) holder: Option<&'v Value>,
    /// How sure the innermost thing around it is that says so.
    pub(super) around: Standing,
}

impl<'v> Stated<'v> {
    fn new(value: Option<&'v Value>, around: Standing) -> Self {
        Self { value, holder: None, around }
    }

    /// How sure what stands within this is, where it does not say so itself.
    fn within(self) -> Standing {
        read(self.value, "standing").unwrap_or(self.around)
    }

    fn member(self, key: &str) -> Self {
        Self { value: self.value.and_then(|value| value.get(key)), holder: self.value, around: self.within() }
    }
}

/// A walk over an extension on both sides.
pub(super) struct Semantics<'o> {
    pub(super) table: Table,
    /// What stands before the path.
    pub(super) subject: String,
    /// Pointers of the extension on each side.
    pub(super) base: String,
    pub(super) head: String,
    pub(super) out: &'o mut Vec<Found>,
}

impl Semantics<'_> {
    /// Compares the extension as a whole.
    pub(super) fn compare(&mut self, old: Option<&Value>, new: Option<&Value>) {
        let mut path = Vec::new();
        let sure = Standing::Documented;
        self.walk(&mut path, Stated::new(old, sure), Stated::new(new, sure));
    }

    fn walk<'v>(&mut self, path: &mut Vec<String>, old: Stated<'v>, new: Stated<'v>) {
        if old.value == new.value {
            return;
        }
        let key = path.last().cloned().unwrap_or_default();
        let table = self.table;
        for (_, how) in table.iter().filter(|(pattern, _)| fits(pattern, path)).collect::<Vec<_>>() {
            if self.by(*how, path, &key, old, new) {
                return;
            }
        }
        let (was, is) = (word(&key, old.value), word(&key, new.value));
        if let (Some(was), Some(is)) = (was, is) {
            let moved = standing::found(&self.named(path), was, is);
            self.out.extend(moved.map(|found| self.placed(found, path)));
            return;
        }
        if let (Some(Value::Object(left)), Some(Value::Object(right))) = (old.value, new.value) {
            let is_rejection = errors::is_rejection(left) && errors::is_rejection(right);
            if is_rejection {
                self.rejection(path, old, (left, right));
            }
            let keys = left.keys().chain(right.keys().filter(|key| !left.contains_key(*key)));
            for key in keys.filter(|key| !is_rejection || !errors::OWN.contains(&key.as_str())) {
                path.push(key.clone());
                self.walk(path, old.member(key), new.member(key));
                path.pop();
            }
            return;
        }
        let rule = match (old.value, new.value) {
            (None, _) => &statements::STATEMENT_ADDED,
            (_, None) => &statements::STATEMENT_WITHDRAWN,
            _ => &statements::STATEMENT_CHANGED,
        };
        self.tell(rule, path, &key, old, new);
    }

    fn rejection(
        &mut self,
        path: &mut Vec<String>,
        old: Stated<'_>,
        (left, right): (&Map<String, Value>, &Map<String, Value>),
    ) {
        let mut found = Vec::new();
        errors::rejection(left, right, &mut found);
        for (key, mut found) in found {
            path.push(key.to_owned());
            found.subject = self.named(path);
            found.standing = found.standing.weakest(old.around);
            let found = self.placed(found, path);
            path.pop();
            self.out.push(found);
        }
    }

    /// Tells a difference by the table; false where the walk has to go on.
    fn by<'v>(
        &mut self,
        how: How,
        path: &mut Vec<String>,
        key: &str,
        old: Stated<'v>,
        new: Stated<'v>,
    ) -> bool {
        let rule = match how {
            How::Elsewhere => return true,
            How::Changed(rule) => rule,
            How::There { added, removed } => match (old.value, new.value) {
                (None, _) => added,
                (_, None) => removed,
                _ => return false,
            },
            How::Number { lowered, raised } => {
                match (old.value.and_then(Value::as_f64), new.value.and_then(Value::as_f64)) {
                    (Some(old), Some(new)) if new < old => lowered,
                    (Some(_), Some(_)) => raised,
                    _ => return false,
                }
            }
            How::Flag { set, cleared } => {
                if new.value == Some(&Value::Bool(true)) {
                    set
                } else {
                    cleared
                }
            }
            How::Ranked { words: [low, high], up, down } => {
                match (old.value.and_then(Value::as_str), new.value.and_then(Value::as_str)) {
                    (Some(old), Some(new)) if old == low && new == high => up,
                    (Some(old), Some(new)) if old == high && new == low => down,
                    _ => return false,
                }
            }
            How::List(rule) => {
                let (Some(Value::Array(left)), Some(Value::Array(right))) = (old.value, new.value) else {
                    self.tell(rule, path, key, old, new);
                    return true;
                };
                if left.len() == right.len() {
                    for (index, (one, other)) in left.iter().zip(right).enumerate() {
                        path.push(index.to_string());
                        let (old, new) = (old.within(), new.within());
                        self.walk(path, Stated::new(Some(one), old), Stated::new(Some(other), new));
                        path.pop();
                    }
                    return true;
                }
                rule
            }
            How::Members { added, removed } => {
                const NONE: &[Value] = &[];
                let list =
                    |stated: Stated<'v>| stated.value.and_then(Value::as_array).map_or(NONE, Vec::as_slice);
                let (left, right) = (list(old), list(new));
                for member in left.iter().filter(|member| !right.contains(member)) {
                    self.tell_values(removed, path, key, (old, Some(member.clone())), (new, None));
                }
                for member in right.iter().filter(|member| !left.contains(member)) {
                    self.tell_values(added, path, key, (old, None), (new, Some(member.clone())));
                }
                return true;
            }
        };
        self.tell(rule, path, key, old, new);
        true
    }

    fn tell(&mut self, rule: &'static Rule, path: &[String], key: &str, old: Stated<'_>, new: Stated<'_>) {
        self.tell_values(rule, path, key, (old, old.value.cloned()), (new, new.value.cloned()));
    }

    fn tell_values(
        &mut self,
        rule: &'static Rule,
        path: &[String],
        key: &str,
        (old, before): (Stated<'_>, Option<Value>),
        (new, after): (Stated<'_>, Option<Value>),
    ) {
        let stated = if old.value.is_some() { old } else { new };
        let found =
            Found::new(rule, self.named(path)).values(before, after).standing(standing_of(key, stated));
        let found = self.placed(found, path);
        self.out.push(found);
    }

    fn named(&self, path: &[String]) -> String {
        match (self.subject.is_empty(), path.is_empty()) {
            (true, _) => path.join("."),
            (false, true) => self.subject.clone(),
            (false, false) => format!("{} {}", self.subject, path.join(".")),
        }
    }

    fn placed(&self, found: Found, path: &[String]) -> Found {
        let at = |root: &str| path.iter().fold(root.to_owned(), |at, key| pointer::join(&at, key));
        found.was_at(at(&self.base)).now_at(at(&self.head))
    }
}

fn fits(pattern: &[&str], path: &[String]) -> bool {
    pattern.len() == path.len()
        && pattern.iter().zip(path).all(|(pattern, key)| *pattern == "*" || *pattern == key)
}

/// A value as a standing; a standing that is not stated is documented.
fn word(key: &str, value: Option<&Value>) -> Option<Standing> {
    match value {
        None if key == "standing" || key.ends_with("_standing") => Some(Standing::Documented),
        None => None,
        Some(value) => serde_json::from_value(value.clone()).ok(),
    }
}

fn read(owner: Option<&Value>, key: &str) -> Option<Standing> {
    owner?.get(key).and_then(|word| serde_json::from_value(word.clone()).ok())
}

/// How sure a statement is: by being a standing, by a key within it or beside it, or by what is around it.
fn standing_of(key: &str, stated: Stated<'_>) -> Standing {
    let Stated { value, holder, around } = stated;
    value
        .and_then(|value| serde_json::from_value(value.clone()).ok())
        .or_else(|| read(value, "standing"))
        .or_else(|| read(holder, &format!("{key}_standing")))
        .or_else(|| read(holder, "standing"))
        .unwrap_or(around)
}
