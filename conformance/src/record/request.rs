//! The request of a record: what is the same in every recording as it is, the rest by what it stands for.

use serde_json::{Map, Value};

use super::memory::Memory;
use super::placeholder::Numbers;
use crate::probe::{Call, Payload};

/// Texts beyond this length are told by their length.
const LONGEST: usize = 60;

/// Method and path, with the query.
pub(super) fn line(memory: &Memory, numbers: &mut Numbers, call: &Call) -> String {
    let target = call.target();
    let path = target.split('?').next().unwrap_or_default();
    let fixed: Vec<&str> = call.op.iter().flat_map(|op| op.path.as_str().split('/')).collect();
    let segments: Vec<String> = path
        .split('/')
        .enumerate()
        .map(|(index, segment)| {
            let slot = fixed.get(index).is_some_and(|fixed| fixed.contains('{'));
            known(memory, numbers, segment).unwrap_or_else(|| match segment {
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
        line.push_str(&text(memory, numbers, value));
    }
    line
}

/// The body, where there is one.
pub(super) fn body(memory: &Memory, numbers: &mut Numbers, call: &Call) -> Option<Value> {
    match &call.payload {
        Payload::None => None,
        Payload::Raw(raw) => Some(Value::String(raw.clone())),
        Payload::Json(value) => Some(shown(memory, numbers, value)),
    }
}

fn shown(memory: &Memory, numbers: &mut Numbers, value: &Value) -> Value {
    match value {
        Value::String(sent) => Value::String(text(memory, numbers, sent)),
        Value::Number(number) if memory.is_display(&number.to_string()) => {
            Value::String(numbers.of("number", &number.to_string()))
        }
        Value::Array(items) if items.len() > 3 => Value::String(format!("<{} items>", items.len())),
        Value::Array(items) => items.iter().map(|item| shown(memory, numbers, item)).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(name, value)| (name.clone(), shown(memory, numbers, value)))
                .collect::<Map<_, _>>(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn text(memory: &Memory, numbers: &mut Numbers, sent: &str) -> String {
    if let Some(placeholder) = known(memory, numbers, sent) {
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
    match memory.property_of(&sent.to_lowercase()) {
        Some(name) => format!("<{name} of a row, in other case>"),
        None if sent.contains('@') => "<email>".to_owned(),
        None => "<text>".to_owned(),
    }
}

/// What a text names: a row by its id or number, a time a row was made, a value of a row.
fn known(memory: &Memory, numbers: &mut Numbers, text: &str) -> Option<String> {
    if memory.row(text).is_some() {
        return Some(numbers.of("id", text));
    }
    if memory.is_display(text) {
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
