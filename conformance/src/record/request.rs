//! The request of a record: what is the same in every recording as it is, the rest by what it stands for.

use schemas::ParameterLocation;
use serde_json::Value;

use super::memory::Memory;
use super::placeholder::Numbers;
use crate::atlas::Atlas;
use crate::probe::{Call, Payload};

/// Texts beyond this length are told by their length.
const LONGEST: usize = 60;
/// Lists of more items than this are told by their length.
const MOST: usize = 3;

/// Method and path, with the query.
pub(super) fn line(atlas: &Atlas, memory: &Memory, numbers: &mut Numbers, call: &Call) -> String {
    let target = call.target();
    let path = target.split('?').next().unwrap_or_default();
    let fixed: Vec<&str> = call.op.iter().flat_map(|op| op.path.as_str().split('/')).collect();
    let segments: Vec<String> = path
        .split('/')
        .enumerate()
        .map(|(index, segment)| {
            let slot = fixed.get(index).is_some_and(|fixed| fixed.contains('{'));
            known(memory, numbers, segment, slot).unwrap_or_else(|| match segment {
                _ if slot && segment.bytes().all(|byte| byte.is_ascii_digit()) => {
                    "<unknown number>".to_owned()
                }
                _ if memory.is_made_up(segment) => "<text>".to_owned(),
                _ => segment.to_owned(),
            })
        })
        .collect();
    let mut line = format!("{} {}", call.method, segments.join("/"));
    for (index, (name, value)) in call.query.iter().enumerate() {
        line.push(if index == 0 { '?' } else { '&' });
        line.push_str(name);
        line.push('=');
        let filter =
            call.op.as_ref().and_then(|op| op.parameter(ParameterLocation::Query, name)?.filter.as_ref());
        let names_row = filter.is_some_and(|filter| is_reference(atlas, call, &filter.field));
        line.push_str(&text(memory, numbers, value, names_row));
    }
    line
}

/// The body, where there is one.
pub(super) fn body(atlas: &Atlas, memory: &Memory, numbers: &mut Numbers, call: &Call) -> Option<Value> {
    match &call.payload {
        Payload::None => None,
        Payload::Raw(raw) => Some(Value::String(raw.clone())),
        Payload::Json(Value::Object(map)) => {
            let shown = map.iter().map(|(name, value)| {
                let names_row = is_reference(atlas, call, name);
                (name.clone(), shown(memory, numbers, value, names_row))
            });
            Some(Value::Object(shown.collect()))
        }
        Payload::Json(value) => Some(shown(memory, numbers, value, false)),
    }
}

/// Whether a property names a row of another resource.
fn is_reference(atlas: &Atlas, call: &Call, name: &str) -> bool {
    let Some(kin) = call.op.as_ref().and_then(|op| atlas.kin_of(op)) else { return false };
    kin.parent.as_ref().is_some_and(|parent| parent.field == name)
        || kin.fields.get(name).is_some_and(|field| field.rules.references.is_some())
}

fn shown(memory: &Memory, numbers: &mut Numbers, value: &Value, names_row: bool) -> Value {
    match value {
        Value::String(sent) => Value::String(text(memory, numbers, sent, names_row)),
        Value::Array(items) if items.len() > MOST => Value::String(format!("<{} items>", items.len())),
        Value::Array(items) => items.iter().map(|item| shown(memory, numbers, item, false)).collect(),
        Value::Object(map) => {
            let shown = map.iter().map(|(name, value)| (name.clone(), shown(memory, numbers, value, false)));
            Value::Object(shown.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn text(memory: &Memory, numbers: &mut Numbers, sent: &str, names_row: bool) -> String {
    if let Some(placeholder) = known(memory, numbers, sent, names_row) {
        return placeholder;
    }
    let length = sent.chars().count();
    if length > LONGEST {
        return format!("<text of {length} characters>");
    }
    if !memory.is_made_up(sent) {
        return sent.to_owned();
    }
    // Only how it is written differs from a row's: that is what the request is about.
    match memory.property_of(&sent.trim().to_lowercase()) {
        Some(name) => format!("<{name} of a row, written otherwise>"),
        None if sent.contains('@') => "<email>".to_owned(),
        None => "<text>".to_owned(),
    }
}

/// What a text names: a row by its id or number, a time a row was made, a value of a row. Digits are the number of a row
/// only where one is to be named: elsewhere they may be the same by chance.
fn known(memory: &Memory, numbers: &mut Numbers, text: &str, names_row: bool) -> Option<String> {
    if memory.row(text).is_some() {
        return Some(numbers.of("id", text));
    }
    if names_row && memory.is_display(text) {
        return Some(numbers.of("number", text));
    }
    if memory.is_like_an_id(text) {
        return Some("<unknown id>".to_owned());
    }
    if memory.is_created(text) {
        return Some(numbers.of("date-time", &super::shape::instant_key(text)));
    }
    let made_up = memory.is_made_up(text);
    memory.property_of(text).filter(|_| made_up).map(|name| format!("<{name} of a row>"))
}
