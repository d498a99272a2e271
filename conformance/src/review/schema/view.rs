//! A schema as one side of the wire sees it: references followed, `allOf` folded in.

use std::collections::HashSet;

use schemas::{Document, Side, pointer};
use serde_json::{Map, Value};

use super::admitted::constants;
use super::standings::{Context, Contexts};

/// A schema to be looked at: where it stands, and what is said outside of how sure it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::review) struct Start {
    pub(in crate::review) pointer: String,
    pub(in crate::review) context: Context,
    /// The one alternative of it that is looked at, where it is not all of them.
    pub(in crate::review) picked: Option<String>,
}

impl Start {
    /// A schema with all its alternatives.
    pub(in crate::review) fn new(pointer: impl Into<String>, context: Context) -> Self {
        Self { pointer: pointer.into(), context, picked: None }
    }
}

/// One object that takes part in what a schema says.
#[derive(Debug)]
pub(in crate::review) struct Part<'d> {
    pub(in crate::review) pointer: String,
    pub(in crate::review) map: &'d Map<String, Value>,
    pub(in crate::review) context: Context,
    /// It stands beside an alternative `null`.
    pub(in crate::review) or_null: bool,
    /// The keywords whose alternatives are folded in.
    pub(in crate::review) folded: Vec<&'static str>,
    /// The values it lists, as an enum, a constant, or alternatives that are constants.
    pub(in crate::review) listed: Option<Vec<&'d Value>>,
}

/// What several schemas say together.
#[derive(Debug)]
pub(in crate::review) struct View<'d> {
    pub(in crate::review) document: &'d Document,
    pub(in crate::review) side: Side,
    pub(in crate::review) starts: Vec<Start>,
    pub(in crate::review) parts: Vec<Part<'d>>,
    /// It admits nothing.
    pub(in crate::review) never: bool,
    /// What the schema itself says of how sure it is, from nothing outside.
    pub(in crate::review) own: Context,
    /// The context of the innermost part.
    pub(in crate::review) context: Context,
    seen: HashSet<String>,
    /// The alternative to be folded in, of the first union that is met.
    picked: Option<String>,
}

/// What a schema is as a parameter: one value, or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) enum Items {
    /// One value that is neither a list nor an object.
    Scalar,
    /// A list that may hold one value alone, with the place of its items.
    Of(String),
    /// Anything else, or nothing certain.
    Other,
}

/// A property in sight.
#[derive(Debug, Default)]
pub(in crate::review) struct Member {
    pub(in crate::review) starts: Vec<Start>,
    pub(in crate::review) hidden: bool,
}

impl<'d> View<'d> {
    /// Looks at what all the schemas say together.
    pub(in crate::review) fn new(
        document: &'d Document,
        side: Side,
        starts: Vec<Start>,
        contexts: &mut Contexts,
    ) -> Self {
        let first = starts.first().map_or(Context::default(), |start| start.context);
        let mut view = Self {
            document,
            side,
            parts: Vec::new(),
            never: false,
            own: Context::default(),
            context: first,
            starts: Vec::new(),
            seen: HashSet::new(),
            picked: None,
        };
        for start in &starts {
            view.picked.clone_from(&start.picked);
            view.take(&start.pointer, start.context, false, contexts);
        }
        view.starts = starts;
        view
    }

    fn take(&mut self, at: &str, context: Context, or_null: bool, contexts: &mut Contexts) {
        let Some(value) = self.document.get(at) else { return };
        let Value::Object(map) = value else {
            self.never |= *value == Value::Bool(false);
            return;
        };
        if !self.seen.insert(at.to_owned()) {
            return;
        }
        let context = contexts.within(context, value);
        self.own = contexts.within(self.own, value);
        self.context = context;
        let index = self.parts.len();
        let mut listed = own_values(map);
        let mut folded = Vec::new();
        for keyword in ["anyOf", "oneOf"] {
            let alternatives = map.get(keyword);
            if let Some(values) =
                alternatives.and_then(|list| constants(self.document, list, keyword == "oneOf"))
            {
                folded.push(keyword);
                listed = Some(match listed {
                    Some(known) => known.into_iter().filter(|value| values.contains(value)).collect(),
                    None => values,
                });
            }
        }
        if let (true, Some(values)) = (or_null, &mut listed) {
            values.push(&Value::Null);
        }
        self.parts.push(Part { pointer: at.to_owned(), map, context, or_null, folded, listed });
        if let Some(target) = map.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference) {
            self.take(&target, context, or_null, contexts);
        }
        for branch in 0..map.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            self.take(&format!("{at}/allOf/{branch}"), context, or_null, contexts);
        }
        for keyword in ["anyOf", "oneOf"] {
            if self.parts[index].folded.contains(&keyword) {
                continue;
            }
            if let Some((branch, null)) = map.get(keyword).and_then(only_branch) {
                self.parts[index].folded.push(keyword);
                self.take(&format!("{at}/{keyword}/{branch}"), context, or_null || null, contexts);
            } else if map.contains_key(keyword)
                && let Some(picked) = self.picked.take()
            {
                self.parts[index].folded.push(keyword);
                self.take(&picked, context, or_null, contexts);
            }
        }
    }

    /// The first part that states a keyword, outside first.
    pub(in crate::review) fn stated(&self, keyword: &str) -> Option<(&Part<'d>, &'d Value)> {
        self.parts.iter().find_map(|part| Some((part, part.map.get(keyword)?)))
    }

    /// Every part that states a keyword.
    pub(in crate::review) fn all_stated(
        &self,
        keyword: &str,
    ) -> impl Iterator<Item = (&Part<'d>, &'d Value)> {
        self.parts.iter().filter_map(move |part| Some((part, part.map.get(keyword)?)))
    }

    /// Whether a flag is set anywhere.
    pub(in crate::review) fn has_flag(&self, keyword: &str) -> bool {
        self.all_stated(keyword).any(|(_, value)| *value == Value::Bool(true))
    }

    /// Where the schema stands: where its references lead, or where it was looked for.
    pub(in crate::review) fn place(&self) -> &str {
        let home = self.parts.iter().find(|part| !part.map.contains_key("$ref"));
        let start = || self.starts.first().map_or("", |start| start.pointer.as_str());
        home.map_or_else(start, |part| part.pointer.as_str())
    }

    /// Whether it is one value or a list of such.
    pub(in crate::review) fn items(&self) -> Items {
        let names: Vec<&str> = match self.stated("type") {
            Some((_, Value::String(name))) => vec![name],
            Some((_, Value::Array(names))) => names.iter().filter_map(Value::as_str).collect(),
            _ => return Items::Other,
        };
        let least = self.all_stated("minItems").filter_map(|(_, value)| value.as_f64()).fold(0.0, f64::max);
        match names.as_slice() {
            ["array"] if least <= 1.0 => match self.below("items").as_slice() {
                [items] => Items::Of(items.pointer.clone()),
                _ => Items::Other,
            },
            names if names.iter().all(|name| !matches!(*name, "array" | "object")) => Items::Scalar,
            _ => Items::Other,
        }
    }

    /// Where a keyword stands, else the schema.
    pub(in crate::review) fn place_of(&self, keyword: &str) -> String {
        self.stated(keyword)
            .map_or_else(|| self.place().to_owned(), |(part, _)| pointer::join(&part.pointer, keyword))
    }

    /// The properties by name, in the order of the description; those of the other side are marked as hidden.
    pub(in crate::review) fn members(&self) -> indexmap::IndexMap<&'d str, Member> {
        let mut members: indexmap::IndexMap<&'d str, Member> = indexmap::IndexMap::new();
        for (part, value) in self.all_stated("properties") {
            let at = pointer::join(&part.pointer, "properties");
            for (name, property) in value.as_object().into_iter().flatten() {
                let member = members.entry(name.as_str()).or_default();
                member.starts.push(Start::new(pointer::join(&at, name), part.context));
                member.hidden |= self.document.is_flagged(property, self.side.hidden());
            }
        }
        members
    }

    /// The names that must be there, with where that is said.
    pub(in crate::review) fn required(&self) -> indexmap::IndexMap<&'d str, String> {
        let mut names = indexmap::IndexMap::new();
        for (part, value) in self.all_stated("required") {
            for (index, name) in value.as_array().into_iter().flatten().enumerate() {
                if let Some(name) = name.as_str() {
                    names.entry(name).or_insert_with(|| format!("{}/required/{index}", part.pointer));
                }
            }
        }
        names
    }

    /// The schemas under a keyword of every part, where they are schemas.
    pub(in crate::review) fn below(&self, keyword: &str) -> Vec<Start> {
        self.all_stated(keyword)
            .filter(|(_, value)| value.is_object() || (keyword == "items" && **value == Value::Bool(false)))
            .map(|(part, _)| Start::new(pointer::join(&part.pointer, keyword), part.context))
            .collect()
    }
}

/// Of alternatives that are one schema, or one schema and null: which it is, and whether null is the other.
fn only_branch(alternatives: &Value) -> Option<(usize, bool)> {
    let list = alternatives.as_array()?;
    match list.as_slice() {
        [_] => Some((0, false)),
        [one, other] if is_null(other) && !is_null(one) => Some((0, true)),
        [one, other] if is_null(one) && !is_null(other) => Some((1, true)),
        _ => None,
    }
}

/// Whether a schema admits null alone.
pub(super) fn is_null(schema: &Value) -> bool {
    schema.as_object().is_some_and(|map| {
        map.get("type").is_some_and(|name| *name == "null" || *name == serde_json::json!(["null"]))
            || map.get("const") == Some(&Value::Null)
            || map.get("enum") == Some(&serde_json::json!([null]))
    })
}

/// The values that a schema itself lists.
fn own_values(map: &Map<String, Value>) -> Option<Vec<&Value>> {
    let listed = map.get("enum").and_then(Value::as_array).map(|values| values.iter().collect());
    match (map.get("const"), listed) {
        (Some(constant), _) => Some(vec![constant]),
        (None, listed) => listed,
    }
}
