//! The request of a record: what is the same in every recording as it is, the rest by what it stands for.

use schemas::ParameterLocation;
use serde_json::Value;

use super::memory::Memory;
use super::placeholder::Numbers;
use crate::contract::{Api, PathSlot};
use crate::http::{Payload, Request};

/// Texts beyond this length are given by their length.
const LONGEST: usize = 60;
/// Lists of more items than this are given by their length.
const MOST: usize = 3;

/// Method and path, with the query.
pub(super) fn line(api: &Api, memory: &Memory, numbers: &mut Numbers, request: &Request) -> String {
    let target = request.target();
    let path = target.split('?').next().unwrap_or_default();
    let slots = slots(api, request);
    let segments: Vec<String> = path
        .split('/')
        .enumerate()
        .map(|(index, segment)| {
            let slot = slots.get(index).and_then(Option::as_deref);
            known(memory, numbers, segment, slot).unwrap_or_else(|| match segment {
                _ if slot.is_some() && segment.bytes().all(|byte| byte.is_ascii_digit()) => {
                    "<unknown number>".to_owned()
                }
                _ if memory.is_made_up(segment) => "<text>".to_owned(),
                _ => segment.to_owned(),
            })
        })
        .collect();
    let mut line = format!("{} {}", request.method, segments.join("/"));
    for (index, (name, value)) in request.query.iter().enumerate() {
        line.push(if index == 0 { '?' } else { '&' });
        line.push_str(name);
        line.push('=');
        let filter =
            request.op.as_ref().and_then(|op| op.parameter(ParameterLocation::Query, name)?.filter.as_ref());
        let names = filter.and_then(|filter| referred(api, request, &filter.field));
        line.push_str(&text(memory, numbers, value, names));
    }
    line
}

/// The body, where there is one.
pub(super) fn body(api: &Api, memory: &Memory, numbers: &mut Numbers, request: &Request) -> Option<Value> {
    match &request.payload {
        Payload::None => None,
        Payload::Raw(raw) => Some(Value::String(raw.clone())),
        Payload::Json(Value::Object(map)) => {
            let shown = map.iter().map(|(name, value)| {
                (name.clone(), shown(memory, numbers, value, referred(api, request, name)))
            });
            Some(Value::Object(shown.collect()))
        }
        Payload::Json(value) => Some(shown(memory, numbers, value, None)),
    }
}

/// The resource of which each segment of the path names a row.
fn slots(api: &Api, request: &Request) -> Vec<Option<String>> {
    let Some(op) = &request.op else { return Vec::new() };
    let of_slot = |segment: &str| {
        let name = segment.strip_prefix('{')?.strip_suffix('}')?;
        let (_, slot) = op.slots().find(|(slot, _)| *slot == name)?;
        let resource = match slot {
            PathSlot::Own => api.resource_of(op),
            PathSlot::Parent | PathSlot::Ancestor => api.owner_named(op, name),
            PathSlot::Free => None,
        };
        Some(resource?.name.clone())
    };
    op.path.as_str().split('/').map(of_slot).collect()
}

/// The resource of which a property names a row.
fn referred<'a>(api: &'a Api, request: &Request, name: &str) -> Option<&'a str> {
    let resource = api.resource_of(request.op.as_ref()?)?;
    let parent = resource
        .parent
        .as_ref()
        .filter(|parent| parent.field.as_deref() == Some(name))
        .map(|parent| &parent.resource);
    let reference =
        || resource.fields.get(name)?.rules.references.as_ref().map(|reference| &reference.resource);
    parent.or_else(reference).map(String::as_str)
}

fn shown(memory: &Memory, numbers: &mut Numbers, value: &Value, names: Option<&str>) -> Value {
    match value {
        Value::String(sent) => Value::String(text(memory, numbers, sent, names)),
        Value::Array(items) if items.len() > MOST => Value::String(format!("<{} items>", items.len())),
        Value::Array(items) => items.iter().map(|item| shown(memory, numbers, item, None)).collect(),
        Value::Object(map) => {
            let shown = map.iter().map(|(name, value)| (name.clone(), shown(memory, numbers, value, None)));
            Value::Object(shown.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn text(memory: &Memory, numbers: &mut Numbers, sent: &str, names: Option<&str>) -> String {
    if let Some(placeholder) = known(memory, numbers, sent, names) {
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
fn known(memory: &Memory, numbers: &mut Numbers, text: &str, names: Option<&str>) -> Option<String> {
    if memory.row(text).is_some() {
        return Some(numbers.of("id", text));
    }
    if let Some(resource) = names.filter(|resource| memory.is_display(resource, text)) {
        return Some(number(numbers, resource, text));
    }
    if memory.is_like_an_id(text) {
        return Some("<unknown id>".to_owned());
    }
    if memory.is_created(text) {
        return Some(numbers.of("date-time", &super::placeholder::instant_key(text)));
    }
    let made_up = memory.is_made_up(text);
    memory.property_of(text).filter(|_| made_up).map(|name| format!("<{name} of a row>"))
}

/// The number of a row: every resource counts its own.
pub(super) fn number(numbers: &mut Numbers, resource: &str, number: &str) -> String {
    numbers.of("number", &format!("{resource}/{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_two_resources_that_are_equal_by_chance_are_told_apart() {
        let mut numbers = Numbers::default();
        let mut shown = |resource: &str, text: &str| number(&mut numbers, resource, text);
        assert_eq!(
            [shown("shelf", "7"), shown("book", "7"), shown("shelf", "7")],
            ["<number#1>", "<number#2>", "<number#1>"]
        );
    }
}
