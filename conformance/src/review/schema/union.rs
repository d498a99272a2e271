//! Alternatives: what `anyOf` and `oneOf` of a schema come to, those of alternatives that are unions themselves among them.

use std::collections::{BTreeSet, HashSet};

use schemas::{Document, pointer};
use serde_json::{Map, Value};

use super::admitted::{admitted, meant};
use super::equal::is_prose;
use super::view::{Start, View, is_null};

/// Alternatives of a schema.
#[derive(Debug)]
pub(in crate::review) struct Union<'d> {
    /// Where the keyword stands that names them.
    pub(in crate::review) keyword: &'static str,
    /// They do not exclude each other.
    pub(in crate::review) is_open: bool,
    pub(in crate::review) branches: Vec<Branch<'d>>,
    /// Null is one more.
    pub(in crate::review) or_null: bool,
    /// What tells them apart, where that is said.
    pub(in crate::review) discriminators: Vec<(String, &'d Value)>,
}

/// One alternative.
#[derive(Debug, Clone)]
pub(in crate::review) struct Branch<'d> {
    pub(in crate::review) start: Start,
    pub(in crate::review) value: &'d Value,
    /// The last word of its reference, its title, the value that tells it apart, its type, or its position.
    pub(in crate::review) name: String,
    pub(in crate::review) reference: Option<String>,
    /// The property that tells it from others, and its value.
    pub(in crate::review) mark: Option<(String, String)>,
    /// The types it names.
    pub(in crate::review) types: BTreeSet<&'static str>,
}

impl Branch<'_> {
    /// It says nothing of types: it is a condition, not a form of its own.
    pub(in crate::review) fn is_condition(&self) -> bool {
        self.types.len() > super::admitted::TYPES.len()
    }
}

/// The alternatives of a schema that are not folded into it.
pub(in crate::review) fn unions<'d>(view: &View<'d>) -> Vec<Union<'d>> {
    let mut unions = Vec::new();
    for part in &view.parts {
        for keyword in ["anyOf", "oneOf"] {
            if part.folded.contains(&keyword) || !part.map.get(keyword).is_some_and(Value::is_array) {
                continue;
            }
            let mut union = Union {
                keyword,
                is_open: true,
                branches: Vec::new(),
                or_null: part.or_null,
                discriminators: Vec::new(),
            };
            let mut within = HashSet::from([part.pointer.clone()]);
            union.take(view.document, (&part.pointer, part.map), keyword, part.context, &mut within);
            unions.push(union);
        }
    }
    unions
}

impl<'d> Union<'d> {
    fn take(
        &mut self,
        document: &'d Document,
        (owner, map): (&str, &'d Map<String, Value>),
        keyword: &'static str,
        context: super::Context,
        within: &mut HashSet<String>,
    ) {
        self.is_open &= keyword == "anyOf";
        if let Some(discriminator) = map.get("discriminator") {
            self.discriminators.push((pointer::join(owner, "discriminator"), discriminator));
        }
        for (index, value) in map.get(keyword).and_then(Value::as_array).into_iter().flatten().enumerate() {
            let at = format!("{owner}/{keyword}/{index}");
            if is_null(value) {
                self.or_null = true;
                continue;
            }
            if let Some((home, inner)) = meant(document, value)
                && let Some(keyword) = lone_union(inner)
            {
                let home = home.unwrap_or_else(|| at.clone());
                if within.insert(home.clone()) {
                    self.take(document, (&home, inner), keyword, context, within);
                    continue;
                }
            }
            let branch = branch(document, value, Start::new(at, context), self.branches.len());
            self.branches.push(branch);
        }
    }

    /// Whether what is at hand tells every alternative from every other: a discriminator, a property of one constant
    /// value each, or their types.
    pub(in crate::review) fn is_told_apart(&self) -> bool {
        let marks: HashSet<_> = self.branches.iter().filter_map(|branch| branch.mark.as_ref()).collect();
        let names: HashSet<&str> = marks.iter().map(|(name, _)| name.as_str()).collect();
        let by_marks = names.len() == 1 && marks.len() == self.branches.len();
        let mut seen = BTreeSet::new();
        let by_types = self.branches.iter().all(|branch| branch.types.iter().all(|name| seen.insert(*name)));
        !self.discriminators.is_empty() || by_marks || by_types
    }
}

/// The keyword of a schema that is alternatives, and nothing beside them.
fn lone_union(map: &Map<String, Value>) -> Option<&'static str> {
    let mut says = map.keys().filter(|key| !is_prose(key) && *key != "discriminator");
    match (says.next()?.as_str(), says.next()) {
        ("anyOf", None) => Some("anyOf"),
        ("oneOf", None) => Some("oneOf"),
        _ => None,
    }
}

fn branch<'d>(document: &'d Document, value: &'d Value, start: Start, position: usize) -> Branch<'d> {
    let reference = value.get("$ref").and_then(Value::as_str).map(str::to_owned);
    let types = admitted(document, value);
    let (home, map) = meant(document, value).map_or((None, None), |(home, map)| (home, Some(map)));
    let mark = map.and_then(|map| mark(document, map));
    let title = || map.and_then(|map| map.get("title")).and_then(Value::as_str).map(str::to_owned);
    let constant = || map.and_then(|map| map.get("const")).map(told);
    let of_types = || {
        let mut names = types.iter();
        names.next().filter(|_| names.next().is_none()).map(|name| (*name).to_owned())
    };
    let of_home = || home.as_deref().and_then(|home| pointer::tokens(home).last());
    let own_title = value.get("title").and_then(Value::as_str).map(str::to_owned);
    let name = own_title
        .or_else(|| {
            reference.as_deref().and_then(|reference| reference.rsplit('/').next()).map(str::to_owned)
        })
        .or_else(of_home)
        .or_else(title)
        .or_else(|| mark.as_ref().map(|(_, value)| value.clone()))
        .or_else(constant)
        .or_else(of_types)
        .unwrap_or_else(|| position.to_string());
    Branch { start, value, name, reference, mark, types }
}

fn told(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The first property that can have one value only, in the schema or in what it is made of.
fn mark(document: &Document, map: &Map<String, Value>) -> Option<(String, String)> {
    let of_property = |(name, property): (&String, &Value)| {
        let (_, property) = meant(document, property)?;
        let constant = property.get("const").or_else(|| match property.get("enum") {
            Some(Value::Array(values)) => values.first().filter(|_| values.len() == 1),
            _ => None,
        });
        Some((name.clone(), told(constant?)))
    };
    let own = map.get("properties").and_then(Value::as_object);
    own.into_iter().flatten().find_map(of_property).or_else(|| {
        let parts = map.get("allOf").and_then(Value::as_array);
        parts.into_iter().flatten().find_map(|part| {
            let (_, part) = meant(document, part)?;
            part.get("properties").and_then(Value::as_object)?.iter().find_map(of_property)
        })
    })
}
