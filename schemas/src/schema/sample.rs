//! A plain value of a schema: what the mock answers where the description gives no example.

mod number;
mod text;
mod varied;

use std::cell::Cell;

use serde_json::{Map, Value, json};

use super::fault::Fault;
use super::handle::Schema;
use crate::pointer;

/// How deep optional parts are filled in; below, only what is required.
const OPTIONAL_DEPTH: usize = 3;
/// Where a circular schema that requires itself is given up.
const DEEPEST: usize = 24;
/// How many parts a value may have.
const MOST_PARTS: usize = 20_000;
/// How many parts are made before optional ones are left out.
const OPTIONAL_PARTS: usize = 2_000;
/// How many parts are made for all attempts at a value together.
const ALL_PARTS: usize = 100_000;
/// How many characters of text a value may have.
const MOST_TEXT: usize = 2 << 20;
/// How many alternatives of one place are tried.
const MOST_BRANCHES: usize = 12;

/// How often what is left is tried again: one part put right may show the next.
const ROUNDS: usize = 6;
/// How many faults of a value are looked at.
const MOST_FAULTS: usize = 64;

/// Makes one value of a schema, always the same: an example or default where stated, else the plainest value that fits.
#[derive(Debug)]
pub struct Sampler<'a> {
    schema: &'a Schema,
    /// Parts that may still be made: circular alternatives could double for ever.
    left: Cell<usize>,
    /// Parts that may still be made in all attempts, and characters of text.
    budget: Cell<usize>,
    text: Cell<usize>,
    /// Alternatives that may still be judged one by one.
    judged: Cell<usize>,
    /// Whether examples and defaults are taken.
    stated: Cell<bool>,
    /// Whether a required part that cannot be made is left out.
    gaps: Cell<bool>,
}

impl<'a> Sampler<'a> {
    /// For a schema of a contract.
    pub fn new(schema: &'a Schema) -> Self {
        Self {
            schema,
            left: Cell::new(MOST_PARTS),
            budget: Cell::new(ALL_PARTS),
            text: Cell::new(MOST_TEXT),
            judged: Cell::new(64),
            stated: Cell::new(true),
            gaps: Cell::new(false),
        }
    }

    /// A valid value, or `None` where none was found.
    pub fn sample(&self) -> Option<Value> {
        let value = self.attempt(true, false);
        if let Some(value) = &value
            && self.schema.is_valid(value)
        {
            return Some(value.clone());
        }
        let plain = self.attempt(false, false);
        let found = value.into_iter().chain(plain).map(|value| self.rounds(value));
        found.into_iter().find(|(_, faults)| *faults == 0).map(|(value, _)| value)
    }

    /// A valid value, else the one with the fewest faults: a part that no value fits does not empty the rest.
    pub fn best(&self) -> Option<Value> {
        let made = [(true, false), (false, false), (true, true)];
        let mut best: Option<(Value, usize)> = None;
        for (stated, gaps) in made {
            let Some(value) = self.attempt(stated, gaps) else { continue };
            let found = self.repaired(value);
            if best.as_ref().is_none_or(|(_, faults)| found.1 < *faults) {
                best = Some(found);
            }
            if matches!(best, Some((_, 0))) {
                break;
            }
        }
        best.map(|(value, _)| value)
    }

    /// A value, such as an example, with the parts replaced that the schema refuses, and how many faults are left.
    pub fn repaired(&self, value: Value) -> (Value, usize) {
        if self.schema.is_valid(&value) { (value, 0) } else { self.rounds(value) }
    }

    /// The value, its faults put right one after the other, and how many are left.
    fn rounds(&self, mut value: Value) -> (Value, usize) {
        let mut best = (value.clone(), usize::MAX);
        for _ in 0..ROUNDS {
            let faults = self.schema.faults(&value);
            if faults.len() < best.1 {
                best = (value.clone(), faults.len());
            }
            if faults.is_empty() {
                break;
            }
            // The deepest first: what holds them may be good then.
            let mut faults: Vec<Fault> = faults.into_iter().take(MOST_FAULTS).collect();
            faults.sort_by_key(|fault| std::cmp::Reverse(fault.instance.matches('/').count()));
            for fault in &faults {
                self.replace(&mut value, fault);
            }
        }
        best
    }

    /// Puts the part right that a fault is about.
    fn replace(&self, value: &mut Value, fault: &Fault) {
        let (owner, _) = fault.place.rsplit_once('/').unwrap_or_default();
        let depth = fault.instance.matches('/').count();
        match fault.keyword.as_str() {
            "required" => {
                let name = pointer::tokens(&fault.instance).last().unwrap_or_default();
                let made = self.member(owner, &name, depth).unwrap_or_else(|| Value::from("string"));
                let at = fault.instance.rsplit_once('/').map_or("", |(at, _)| at);
                if let Some(Value::Object(map)) = value.pointer_mut(at) {
                    map.entry(name).or_insert(made);
                }
            }
            "additionalProperties" | "unevaluatedProperties" | "not" | "false" => {
                remove(value, &fault.instance);
            }
            _ => {
                let made = self.plainly(owner, depth);
                match (made, value.pointer_mut(&fault.instance)) {
                    (Some(made), Some(old)) if *old != made => *old = made,
                    (None, Some(_)) => remove(value, &fault.instance),
                    _ => {}
                }
            }
        }
    }

    fn attempt(&self, stated: bool, gaps: bool) -> Option<Value> {
        self.left.set(MOST_PARTS);
        self.stated.set(stated);
        self.gaps.set(gaps);
        self.at(self.schema.pointer(), 0)
    }

    /// The value of a part, without examples and defaults.
    fn plainly(&self, at: &str, depth: usize) -> Option<Value> {
        self.left.set(MOST_PARTS);
        self.stated.set(false);
        self.at(at, depth)
    }

    /// The value of a property of the object schema at a pointer.
    fn member(&self, owner: &str, name: &str, depth: usize) -> Option<Value> {
        let at = pointer::join(&pointer::join(owner, "properties"), name);
        let more = pointer::join(owner, "additionalProperties");
        let document = self.schema.document();
        let at = if document.get(&at).is_some() { at } else { more };
        document.get(&at).filter(|schema| schema.is_object()).and_then(|_| self.plainly(&at, depth))
    }

    fn at(&self, at: &str, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        self.left.set(self.left.get().checked_sub(1)?);
        self.budget.set(self.budget.get().checked_sub(1)?);
        let (at, value) = self.schema.document().resolve(at)?;
        let schema = match value {
            Value::Bool(true) => return Some(json!({})),
            Value::Object(map) => map,
            Value::Bool(false) | Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                return None;
            }
        };
        if let Some(stated) = self.stated_in(schema) {
            return Some(stated);
        }
        if schema.contains_key("allOf") {
            return self.all_of(&at, schema, depth);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(value) = self.one_of(&at, schema, key, depth) {
                return Some(value);
            }
        }
        self.plain(&at, schema, depth)
    }

    fn stated_in(&self, schema: &Map<String, Value>) -> Option<Value> {
        let first =
            |key: &str| schema.get(key).and_then(Value::as_array).and_then(|list| list.first()).cloned();
        let said = || {
            schema
                .get("example")
                .cloned()
                .or_else(|| first("examples"))
                .or_else(|| schema.get("default").cloned())
        };
        let free = self.stated.get().then(said).flatten();
        schema.get("const").cloned().or(free).or_else(|| first("enum"))
    }

    fn one_of(&self, at: &str, schema: &Map<String, Value>, key: &str, depth: usize) -> Option<Value> {
        let branches = schema.get(key).and_then(Value::as_array)?;
        let mut first = None;
        for index in 0..branches.len().min(MOST_BRANCHES) {
            let branch = format!("{at}/{key}/{index}");
            let Some(mut value) = self.at(&branch, depth + 1) else { continue };
            self.fill(&mut value, at, schema, depth);
            self.discriminate(&mut value, schema, &branches[index], &branch);
            // The value of one alternative may be one of another as well, which `oneOf` does not want.
            let judged = self.judged.get().checked_sub(1).filter(|_| branches.len() > 1);
            let Some(left) = judged else { return Some(first.unwrap_or(value)) };
            self.judged.set(left);
            if self.schema.at(at).is_none_or(|schema| schema.is_valid(&value)) {
                return Some(value);
            }
            first = first.or(Some(value));
        }
        first
    }

    /// Says in a value which alternative it is of.
    fn discriminate(&self, value: &mut Value, schema: &Map<String, Value>, branch: &Value, at: &str) {
        let Some(discriminator) = schema.get("discriminator") else { return };
        let name = discriminator.get("propertyName").and_then(Value::as_str);
        let target = branch.get("$ref").and_then(Value::as_str);
        let (Some(name), Some(target), Value::Object(map)) = (name, target, value) else { return };
        let mapped = discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
        let own = target.rsplit('/').next().unwrap_or_default();
        let key = mapped
            .filter(|(_, to)| to.as_str().is_some_and(|to| to == target || to == own))
            .map(|(key, _)| key.as_str())
            .next()
            .unwrap_or(own);
        let property = self.schema.at(at).and_then(|schema| schema.property(name));
        if property.is_none_or(|property| property.schema.is_valid(&json!(key))) {
            map.insert(name.to_owned(), json!(key));
        }
    }

    fn all_of(&self, at: &str, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let mut whole = Map::new();
        self.gather(at, schema, 0, &mut whole);
        let kinds = kinds(&whole);
        if !kinds.is_empty() && !kinds.contains(&"object") && !kinds.contains(&"array") {
            return self.stated_in(&whole).or_else(|| self.plain(at, &whole, depth));
        }
        let mut merged: Option<Value> = None;
        for index in 0..schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            let place = format!("{at}/allOf/{index}");
            if self.is_silent(&place) {
                continue;
            }
            let part = match self.at(&place, depth + 1) {
                Some(part) => part,
                None if self.gaps.get() => continue,
                None => return None,
            };
            merged = Some(match (merged, part) {
                (Some(Value::Object(mut base)), Value::Object(more)) => {
                    base.extend(more);
                    Value::Object(base)
                }
                // What says more than that it is an object counts.
                (Some(base), Value::Object(more)) if more.is_empty() => base,
                (_, part) => part,
            });
        }
        let Some(mut merged) = merged else {
            return self.plain(at, &whole, depth);
        };
        self.fill(&mut merged, at, schema, depth);
        Some(merged)
    }

    /// Whether a part says nothing about which value to make.
    fn is_silent(&self, at: &str) -> bool {
        const SAYING: [&str; 15] = [
            "type",
            "properties",
            "required",
            "items",
            "prefixItems",
            "enum",
            "const",
            "oneOf",
            "anyOf",
            "allOf",
            "$ref",
            "example",
            "examples",
            "default",
            "additionalProperties",
        ];
        let part = self.schema.document().get(at);
        part.and_then(Value::as_object).is_some_and(|part| !SAYING.iter().any(|key| part.contains_key(*key)))
    }

    /// The keywords of a schema and of all parts of its `allOf`, the tighter of two bounds.
    fn gather(&self, at: &str, schema: &Map<String, Value>, depth: usize, whole: &mut Map<String, Value>) {
        for (key, value) in schema.iter().filter(|(key, _)| *key != "allOf") {
            let tighter = match (key.as_str(), whole.get(key).and_then(Value::as_f64), value.as_f64()) {
                (name, Some(known), Some(new)) if name.to_ascii_lowercase().contains("min") => new > known,
                (name, Some(known), Some(new)) if name.to_ascii_lowercase().contains("max") => new < known,
                ("enum", ..) => match (whole.get(key).and_then(Value::as_array), value.as_array()) {
                    (Some(known), Some(new)) => new.len() < known.len(),
                    _ => !whole.contains_key(key),
                },
                _ => !whole.contains_key(key),
            };
            if tighter {
                whole.insert(key.clone(), value.clone());
            }
        }
        for index in 0..schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            if let Some((at, Value::Object(part))) =
                self.schema.document().resolve(&format!("{at}/allOf/{index}"))
                && depth < 8
                && let Some(left) = self.budget.get().checked_sub(1)
            {
                self.budget.set(left);
                self.gather(&at, part, depth + 1, whole);
            }
        }
    }

    /// Adds an object schema's own properties to what its branches gave.
    fn fill(&self, value: &mut Value, at: &str, schema: &Map<String, Value>, depth: usize) {
        if let (Value::Object(target), Some(Value::Object(own))) = (value, self.object(at, schema, depth)) {
            for (name, member) in own {
                target.entry(name).or_insert(member);
            }
        }
    }

    fn plain(&self, at: &str, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let kinds = kinds(schema);
        match kinds.iter().find(|kind| **kind != "null").or(kinds.first()).copied().unwrap_or("object") {
            "object" => self.object(at, schema, depth),
            "array" => self.array(at, schema, depth),
            "string" => {
                let text = text::text(schema, self.text.get());
                self.text.set(self.text.get().saturating_sub(text.len()));
                Some(Value::String(text))
            }
            "integer" | "number" => Some(number::number(schema)),
            "boolean" => Some(Value::Bool(true)),
            _ => Some(Value::Null),
        }
    }

    fn object(&self, at: &str, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let mut object = Map::new();
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        let document = self.schema.document();
        let other_side = self.schema.side().hidden();
        let is_hidden = |name: &str| {
            let property = properties.and_then(|properties| properties.get(name));
            property.is_some_and(|property| document.is_flagged(property, other_side))
        };
        for name in properties.into_iter().flat_map(Map::keys).filter(|name| !is_hidden(name)) {
            let needed = required.contains(&name.as_str());
            let full = depth >= OPTIONAL_DEPTH || MOST_PARTS - self.left.get() > OPTIONAL_PARTS;
            if !needed && full {
                continue;
            }
            match self.at(&pointer::join(&pointer::join(at, "properties"), name), depth + 1) {
                Some(value) => {
                    object.insert(name.clone(), value);
                }
                None if needed && !self.gaps.get() => return None,
                None => {}
            }
        }
        let more = pointer::join(at, "additionalProperties");
        let other = || {
            let stated = document.get(&more).filter(|schema| schema.is_object());
            stated.and_then(|_| self.at(&more, depth + 1)).unwrap_or_else(|| json!("string"))
        };
        for name in required.into_iter().filter(|name| !is_hidden(name)) {
            if !object.contains_key(name)
                && !properties.is_some_and(|properties| properties.contains_key(name))
            {
                object.insert(name.to_owned(), other());
            }
        }
        let least = schema.get("minProperties").and_then(Value::as_u64).unwrap_or(0);
        for index in 1..=least.min(100) {
            if (object.len() as u64) < least {
                object.entry(format!("key{index}")).or_insert_with(other);
            }
        }
        Some(Value::Object(object))
    }

    fn array(&self, at: &str, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        let most = schema.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX);
        let wanted = if depth >= OPTIONAL_DEPTH { least } else { least.max(1) }.min(most);
        let prefix = schema.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
        let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let mut items: Vec<Value> = Vec::new();
        for index in 0..usize::try_from(wanted).unwrap_or(0).max(prefix).min(1_000) {
            let place =
                if index < prefix { format!("{at}/prefixItems/{index}") } else { format!("{at}/items") };
            let item = if self.schema.document().get(&place).is_some() || index < prefix {
                self.at(&place, depth + 1)
            } else {
                Some(json!({}))
            };
            match item {
                Some(item) if unique && items.contains(&item) => {
                    items.push(self.another(&place, &item, index));
                }
                Some(item) => items.push(item),
                None if (index as u64) < least && !self.gaps.get() => return None,
                None => break,
            }
        }
        Some(Value::Array(items))
    }

    /// An item unlike the first.
    fn another(&self, place: &str, item: &Value, index: usize) -> Value {
        let schema = self.schema.document().resolve(place).map(|(_, schema)| schema);
        let listed = schema.and_then(|schema| schema.get("enum")).and_then(|list| list.get(index));
        match (listed, item) {
            (Some(listed), _) => listed.clone(),
            (None, Value::Number(number)) if number.is_i64() => {
                json!(number.as_i64().unwrap_or(0) + i64::try_from(index).unwrap_or(0))
            }
            (None, Value::String(text)) => json!(format!("{text}{index}")),
            (None, Value::Bool(on)) => json!(!on),
            (None, Value::Object(map)) => {
                let mut map = map.clone();
                if let Some((_, member)) =
                    map.iter_mut().find(|(_, member)| member.is_string() || member.is_i64())
                {
                    *member = self.another("", member, index);
                }
                Value::Object(map)
            }
            (None, other) => other.clone(),
        }
    }
}

/// The types a schema admits: those it names, else those its keywords are about.
fn kinds(schema: &Map<String, Value>) -> Vec<&str> {
    const HINTS: [(&str, &[&str]); 4] = [
        ("object", &["properties", "required", "additionalProperties", "minProperties", "patternProperties"]),
        ("array", &["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]),
        ("string", &["pattern", "minLength", "maxLength", "format"]),
        ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    ];
    match schema.get("type") {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => HINTS
            .iter()
            .filter(|(_, keys)| keys.iter().any(|key| schema.contains_key(*key)))
            .map(|(kind, _)| *kind)
            .take(1)
            .collect(),
    }
}

/// Takes a part out of a value.
fn remove(value: &mut Value, at: &str) {
    let Some((owner, token)) = at.rsplit_once('/') else { return };
    match value.pointer_mut(owner) {
        Some(Value::Object(map)) => drop(Map::shift_remove(map, &pointer::unescape(token))),
        Some(Value::Array(items)) => {
            if let Some(index) = token.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}
