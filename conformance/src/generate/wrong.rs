//! Requests with exactly one thing wrong.

use schemas::{FaultKind, Property, Schema, Standing};
use serde_json::{Map, Value, json};

/// What is done to a valid body.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    /// The property is left out.
    Remove,
    /// It gets this value.
    Set(Value),
}

/// One thing that is wrong with a body.
#[derive(Debug, Clone)]
pub(crate) struct Wrong {
    /// The property that is changed.
    pub(crate) field: String,
    /// The way from there to the property inside it that is changed; empty where it is changed itself.
    pub(crate) inner: Vec<String>,
    /// A valid value of the property, for a body that has none to change inside.
    pub(crate) host: Value,
    /// The property to blame, as the contract writes it.
    pub(crate) blamed: String,
    /// A word for the case's name.
    pub(crate) label: String,
    /// What is done.
    pub(crate) change: Change,
    /// The kinds of breach it is, the first one foremost.
    pub(crate) kinds: Vec<FaultKind>,
    /// How sure it is that it is wrong.
    pub(crate) standing: Standing,
    /// Pointer of the broken keyword in the contract.
    pub(crate) place: String,
}

impl Wrong {
    /// Makes a valid body wrong.
    pub(crate) fn apply(&self, body: &mut Map<String, Value>) {
        self.apply_as(&self.change, body);
    }

    /// Makes a valid body wrong in the same place by another change.
    pub(crate) fn apply_as(&self, change: &Change, body: &mut Map<String, Value>) {
        let Some((last, way)) = self.inner.split_last() else {
            change.apply(body, &self.field);
            return;
        };
        let mut at = body.entry(self.field.clone()).or_insert_with(|| self.host.clone());
        for name in way {
            match at.get_mut(name) {
                Some(next) => at = next,
                None => return,
            }
        }
        if let Value::Object(map) = at {
            change.apply(map, last);
        }
    }

    /// The property that is changed, with the way to it.
    pub(crate) fn path(&self) -> String {
        std::iter::once(&self.field).chain(&self.inner).cloned().collect::<Vec<_>>().join(".")
    }
}

impl Change {
    /// Applies the change.
    fn apply(&self, body: &mut Map<String, Value>, field: &str) {
        match self {
            Self::Remove => {
                body.shift_remove(field);
            }
            Self::Set(value) => {
                body.insert(field.to_owned(), value.clone());
            }
        }
    }
}

/// How deep properties are made wrong.
const DEEPEST: usize = 3;

/// A property with the way to it.
struct Place {
    field: String,
    inner: Vec<String>,
    property: Property,
}

/// The properties of a schema and those inside them that are there in a body.
fn places(schema: &Schema, body: &Map<String, Value>) -> Vec<Place> {
    let mut found = Vec::new();
    for property in schema.properties() {
        let field = property.name.clone();
        let held = body.get(&field).cloned().unwrap_or_default();
        let inside = property.schema.clone();
        found.push(Place { field: field.clone(), inner: Vec::new(), property });
        inside_of(&field, &[], &inside, &held, &mut found);
    }
    // What stands outside comes first: most is plain.
    found.sort_by_key(|place| place.inner.len());
    found
}

fn inside_of(field: &str, way: &[String], schema: &Schema, value: &Value, found: &mut Vec<Place>) {
    let Value::Object(map) = value else { return };
    if way.len() >= DEEPEST {
        return;
    }
    for property in schema.properties() {
        let inner: Vec<String> = way.iter().cloned().chain([property.name.clone()]).collect();
        let held = map.get(&property.name).cloned().unwrap_or_default();
        let inside = property.schema.clone();
        found.push(Place { field: field.to_owned(), inner: inner.clone(), property });
        inside_of(field, &inner, &inside, &held, found);
    }
}

/// Everything that can be wrong with one property of a body, given a body in which nothing is, and one that has more in it.
pub(crate) fn wrongs(schema: &Schema, valid: &Map<String, Value>, whole: &Map<String, Value>) -> Vec<Wrong> {
    let mut found: Vec<Wrong> = Vec::new();
    for Place { field, inner, property } in places(schema, whole) {
        for (label, change) in changes(&property) {
            let mut wrong = Wrong {
                field: field.clone(),
                inner: inner.clone(),
                host: whole.get(&field).cloned().unwrap_or_default(),
                blamed: String::new(),
                label,
                change,
                kinds: Vec::new(),
                standing: Standing::Documented,
                place: String::new(),
            };
            let mut body = valid.clone();
            wrong.apply(&mut body);
            let faults = schema.faults(&Value::Object(body));
            // Elsewhere than where it was changed: the contract ties properties together, and more than one is wrong.
            let inside = faults.iter().all(|fault| {
                let mut way = schemas::pointer::tokens(&fault.instance);
                let missing = fault.kind == FaultKind::Missing;
                std::iter::once(&field).chain(&inner).all(|name| match way.next() {
                    Some(token) => token == name.as_str(),
                    None => missing,
                })
            });
            let Some(first) = faults.first().filter(|_| inside) else { continue };
            let mut kinds: Vec<FaultKind> = vec![first.kind];
            for fault in &faults[1..] {
                if !kinds.contains(&fault.kind) {
                    kinds.push(fault.kind);
                }
            }
            // A wrong type comes before what else is wrong because of it.
            kinds.sort_by_key(|kind| !matches!(kind, FaultKind::Null | FaultKind::Type));
            let standing =
                faults.iter().map(|fault| fault.standing).fold(Standing::Documented, Standing::weakest);
            let same =
                |known: &Wrong| known.field == field && known.inner == inner && known.change == wrong.change;
            if found.iter().any(same) {
                continue;
            }
            wrong.blamed = first.field.clone().unwrap_or_else(|| wrong.path());
            wrong.place.clone_from(&first.place);
            (wrong.kinds, wrong.standing) = (kinds, standing);
            found.push(wrong);
        }
    }
    found
}

fn changes(property: &Property) -> Vec<(String, Change)> {
    let mut changes: Vec<(String, Change)> = Vec::new();
    if property.required {
        changes.push(("missing".to_owned(), Change::Remove));
    }
    let values = std::iter::once(("null".to_owned(), Value::Null)).chain(wrong_values(&property.schema, 0));
    for (label, value) in values {
        if !property.schema.is_valid(&value) {
            changes.push((label, Change::Set(value)));
        }
    }
    changes
}

/// Values to try, wrong or not; the caller keeps the wrong ones.
fn wrong_values(schema: &Schema, depth: usize) -> Vec<(String, Value)> {
    let mut values = Vec::new();
    let mut add = |label: &str, value: Value| values.push((label.to_owned(), value));
    let types = schema.types();
    let is = |name: &str| types.contains(&name);
    if !types.is_empty() {
        let other = [json!(42), json!("12"), json!(true), json!({"a": 1})];
        let preferred = if is("string") { json!(42) } else { json!("12") };
        if let Some(value) = std::iter::once(preferred)
            .chain(other)
            .find(|value| !schema.is_valid(value) && !admits_type_of(&types, value))
        {
            add("type", value);
        }
    }
    if is("integer") && !is("number") {
        add("fraction", json!(1.5));
        add("boolean", json!(true));
    }
    if let Some(members) = schema.keyword("enum").and_then(Value::as_array) {
        // A member in capitals is no member.
        let other = members.iter().filter_map(Value::as_str).map(str::to_uppercase);
        if let Some(other) = other.map(Value::from).find(|other| !members.contains(other)) {
            add("member-in-capitals", other);
        }
        add("not-a-member", json!("no_such_value"));
        return values;
    }
    let size =
        |name: &str| schema.keyword(name).and_then(Value::as_u64).and_then(|size| usize::try_from(size).ok());
    if is("string") {
        if let Some(least) = size("minLength").filter(|least| *least > 0) {
            add("too-short", json!("a".repeat(least - 1)));
        }
        if let Some(most) = size("maxLength").filter(|most| *most < 100_000) {
            let end = if schema.keyword("format").and_then(Value::as_str) == Some("email") {
                "@example.com"
            } else {
                ""
            };
            add("too-long", json!(format!("{}{end}", "a".repeat((most + 1).saturating_sub(end.len())))));
        }
        if schema.keyword("format").is_some() {
            add("format", json!("not-in-the-format"));
        }
        if schema.keyword("pattern").is_some()
            && let Some(value) =
                ["!", "0", "a", " "].into_iter().map(Value::from).find(|value| !schema.is_valid(value))
        {
            add("pattern", value);
        }
    }
    if is("integer") || is("number") {
        for (keyword, label, step) in [
            ("minimum", "too-small", -1),
            ("maximum", "too-big", 1),
            ("exclusiveMinimum", "too-small", 0),
            ("exclusiveMaximum", "too-big", 0),
        ] {
            let Some(bound) = schema.keyword(keyword).and_then(Value::as_number) else { continue };
            let bound = bound.as_i128().and_then(|bound| serde_json::Number::from_i128(bound + step));
            // Beyond 64 bits there is no number that is kept as it is.
            if let Some(value) = bound.filter(|number| number.is_i64() || number.is_u64()) {
                add(label, Value::Number(value));
            }
        }
    }
    if let Some(step) = schema.keyword("multipleOf").and_then(Value::as_f64) {
        let least = schema.keyword("minimum").and_then(Value::as_f64).unwrap_or(0.0);
        let above = (least / step).ceil() * step;
        // Of whole numbers the next one lies between, unless every one is a step.
        let between = if is("number") { json!(above + step / 2.0) } else { json!(above + 1.0) };
        add("between-steps", between);
    }
    if is("array") && depth == 0 {
        let items = schema.items();
        let item = items
            .as_ref()
            .and_then(|items| schemas::Sampler::new(items).sample())
            .unwrap_or_else(|| json!("a"));
        if let Some(most) = size("maxItems").filter(|most| *most < 1_000) {
            add("too-many", json!(vec![item; most + 1]));
        }
        for (label, value) in items.iter().flat_map(|items| wrong_values(items, depth + 1)) {
            values.push((format!("item-{label}"), json!([value])));
        }
        if items.as_ref().is_some_and(|items| !items.is_valid(&Value::Null)) {
            values.push(("item-null".to_owned(), json!([null])));
        }
    }
    values
}

fn admits_type_of(types: &[&str], value: &Value) -> bool {
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    types.contains(&name) || (name == "integer" && types.contains(&"number"))
}
