//! Valid bodies that differ from the plainest in one thing: a null, another alternative, another member, more items.

use schemas::Schema;
use serde_json::{Map, Value};

use super::valid::{Extent, Valid};

/// How deep a body is varied.
const DEEPEST: usize = 4;
/// Members of one list that are tried.
const MEMBERS: usize = 8;

/// One valid change of a valid body.
#[derive(Debug, Clone)]
pub(crate) struct Twist {
    /// The way to what is changed.
    pub(crate) way: Vec<String>,
    /// What is changed, for people.
    pub(crate) what: String,
    value: Value,
    /// What the body is given first, where it has nothing to change: the outermost property.
    host: Option<Value>,
}

impl Twist {
    /// Applies the change.
    pub(crate) fn apply(&self, body: &mut Value) {
        let Some((first, rest)) = self.way.split_first() else {
            *body = self.value.clone();
            return;
        };
        let Value::Object(map) = body else { return };
        let host = || self.host.clone().unwrap_or_default();
        let mut at = map.entry(first.clone()).or_insert_with(host);
        for step in rest {
            let next = match at {
                Value::Object(map) => Some(map.entry(step.clone()).or_insert(Value::Null)),
                Value::Array(items) => step.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
                _ => None,
            };
            match next {
                Some(next) => at = next,
                None => return,
            }
        }
        *at = self.value.clone();
    }

    /// Whether both can be applied to one body.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        !self.way.starts_with(&other.way) && !other.way.starts_with(&self.way)
    }
}

/// Every change of a body by which it stays valid.
pub(crate) fn twists(valid: &Valid<'_>, schema: &Schema, whole: &Value, extent: Extent) -> Vec<Twist> {
    let mut walk = Walk { valid, extent, whole, found: Vec::new() };
    walk.visit(schema, whole, &[]);
    let mut found = walk.found;
    found.retain(|twist| {
        let mut body = whole.clone();
        twist.apply(&mut body);
        body != *whole && schema.is_valid(&body)
    });
    found
}

/// Each optional property of a body by itself, however deep it stands in what is required, with the value that the whole body
/// has.
pub(crate) fn optional(schema: &Schema, whole: &Map<String, Value>) -> Vec<Twist> {
    let mut found = Vec::new();
    optional_in(schema, whole, &[], &mut found);
    found
}

fn optional_in(schema: &Schema, whole: &Map<String, Value>, way: &[String], found: &mut Vec<Twist>) {
    for property in schema.properties() {
        let Some(value) = whole.get(&property.name) else { continue };
        let way: Vec<String> = way.iter().cloned().chain([property.name.clone()]).collect();
        if !property.required {
            let what = format!("the optional {}", way.join("."));
            found.push(Twist { way, what, value: value.clone(), host: None });
        } else if let (Value::Object(inside), true) = (value, way.len() < DEEPEST) {
            optional_in(&property.schema, inside, &way, found);
        }
    }
}

struct Walk<'a> {
    valid: &'a Valid<'a>,
    extent: Extent,
    whole: &'a Value,
    found: Vec<Twist>,
}

impl Walk<'_> {
    fn add(&mut self, way: &[String], what: &str, value: Value) {
        let host = way.first().and_then(|first| self.whole.get(first)).cloned();
        let name = if way.is_empty() { "the body".to_owned() } else { way.join(".") };
        self.found.push(Twist { way: way.to_vec(), what: format!("{name} {what}"), value, host });
    }

    fn visit(&mut self, schema: &Schema, value: &Value, way: &[String]) {
        if way.len() > DEEPEST {
            return;
        }
        if !value.is_null() && schema.is_valid(&Value::Null) {
            self.add(way, "null", Value::Null);
        }
        for alternative in schema.alternatives() {
            if alternative.is_valid(value) {
                self.inside(&alternative, value, way);
            } else if let Some(other) = self.valid.whole(&alternative, self.extent) {
                self.add(way, "of another alternative", other);
            }
        }
        if let Some(members) = schema.keyword("enum").and_then(Value::as_array) {
            for member in members.iter().filter(|member| *member != value && !member.is_null()).take(MEMBERS)
            {
                self.add(way, &format!("of the member {member}"), member.clone());
            }
            return;
        }
        if let Value::Bool(other) = value {
            self.add(way, "the other way", Value::Bool(!other));
        }
        self.inside(schema, value, way);
    }

    /// What stands inside a value.
    fn inside(&mut self, schema: &Schema, value: &Value, way: &[String]) {
        let step = |name: &str| way.iter().cloned().chain([name.to_owned()]).collect::<Vec<_>>();
        match value {
            Value::Object(map) => {
                for property in schema.properties() {
                    if let Some(value) = map.get(&property.name) {
                        self.visit(&property.schema, value, &step(&property.name));
                    }
                }
            }
            Value::Array(items) => {
                let Some(of_items) = schema.items() else { return };
                if let Some(first) = items.first() {
                    self.visit(&of_items, first, &step("0"));
                    if let Some(second) = self.valid.whole(&of_items, self.extent) {
                        self.add(way, "of two items", Value::Array(vec![first.clone(), second]));
                    }
                }
                self.add(way, "without items", Value::Array(Vec::new()));
            }
            _ => {}
        }
    }
}
