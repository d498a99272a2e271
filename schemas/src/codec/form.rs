//! Bodies in `application/x-www-form-urlencoded`, and what multipart ones have in common with them.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::media::MediaKind;
use super::nested::{self, Leaf, Node};
use super::query::{query_pairs, query_text};
use super::scalar;
use super::unwritable::Unwritable;
use crate::model::{Encoding, Style};
use crate::schema::Schema;

/// The object of a form.
pub(super) fn read(schema: &Schema, encodings: &[Encoding], bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is no UTF-8".to_owned())?;
    let pairs = query_pairs(text).into_iter().map(|(name, text)| (name, Leaf { text, json: false }));
    Ok(gather(schema, encodings, pairs))
}

/// The object of named texts.
pub(super) fn gather(
    schema: &Schema,
    encodings: &[Encoding],
    pairs: impl Iterator<Item = (String, Leaf)>,
) -> Value {
    let mut members: IndexMap<String, Node> = IndexMap::new();
    for (key, mut leaf) in pairs {
        let encoding = of(encodings, &key);
        leaf.json |= encoding.is_some_and(Encoding::is_json);
        // Some describe a property that has brackets in its name.
        match nested::steps(&key).filter(|_| schema.property(&key).is_none()) {
            Some((name, steps)) => nested::insert(&mut members, name, &steps, leaf),
            None => match separator(schema, encoding, &key) {
                Some(separator) => {
                    for text in leaf.text.split(separator) {
                        let leaf = Leaf { text: text.to_owned(), json: false };
                        nested::insert(&mut members, &key, &[], leaf);
                    }
                }
                None => nested::insert(&mut members, &key, &[], leaf),
            },
        }
    }
    nested::object(Some(schema), &members)
}

fn of<'e>(encodings: &'e [Encoding], property: &str) -> Option<&'e Encoding> {
    encodings.iter().find(|encoding| encoding.property == property)
}

/// The text between the items of a list that is sent in one text.
fn separator(schema: &Schema, encoding: Option<&Encoding>, property: &str) -> Option<&'static str> {
    let encoding = encoding.filter(|encoding| !encoding.is_exploded() && !encoding.is_json())?;
    nested::member(schema, property)?.form_of("array")?;
    Some(encoding.style.unwrap_or(Style::Form).separator())
}

/// A form of an object.
pub(super) fn write(
    schema: &Schema,
    encodings: &[Encoding],
    map: &Map<String, Value>,
) -> Result<Vec<u8>, Unwritable> {
    let mut texts = Vec::new();
    for (name, value) in map {
        let encoding = of(encodings, name);
        let pairs = pairs(schema, encoding, name, value)?;
        let reserved = encoding.is_some_and(|encoding| encoding.allow_reserved);
        texts.push(query_text(&pairs, reserved));
    }
    Ok(texts.join("&").into_bytes())
}

fn pairs(
    schema: &Schema,
    encoding: Option<&Encoding>,
    name: &str,
    value: &Value,
) -> Result<Vec<(String, String)>, Unwritable> {
    if schema.property(name).is_none() && nested::steps(name).is_some() {
        return Err(Unwritable::new(format!("the name {name} has another meaning in a form")));
    }
    let one = |text: String| vec![(name.to_owned(), text)];
    if encoding.is_some_and(Encoding::is_json) {
        return Ok(one(value.to_string()));
    }
    let is_flat = |items: &[Value]| !items.iter().any(|item| item.is_array() || item.is_object());
    match value {
        Value::Array(items) if items.is_empty() => {
            Err(Unwritable::new(format!("the list {name} has no items, and is not sent")))
        }
        Value::Array(items) if is_flat(items) => {
            let texts: Vec<String> = items.iter().map(scalar::write).collect::<Result<_, _>>()?;
            if let Some(separator) = separator(schema, encoding, name) {
                if texts.iter().any(|text| text.contains(separator)) {
                    return Err(Unwritable::new(format!("an item of {name} has the separator in it")));
                }
                return Ok(one(texts.join(separator)));
            }
            let deep = encoding.is_some_and(|encoding| encoding.style == Some(Style::DeepObject));
            let key = |index| if deep { format!("{name}[{index}]") } else { name.to_owned() };
            Ok(texts.into_iter().enumerate().map(|(index, text)| (key(index), text)).collect())
        }
        Value::Array(_) | Value::Object(_) => {
            let mut pairs = Vec::new();
            nested::write(name, value, &mut pairs)?;
            Ok(pairs)
        }
        value => Ok(one(scalar::write(value)
            .map_err(|_| Unwritable::new(format!("{name} is null, which no form can say")))?)),
    }
}

impl Encoding {
    /// Whether the property is written as JSON.
    fn is_json(&self) -> bool {
        self.content_type.as_deref().is_some_and(|media| MediaKind::of(media) == MediaKind::Json)
    }

    /// Whether items are sent one by one.
    fn is_exploded(&self) -> bool {
        self.explode.unwrap_or(matches!(self.style, None | Some(Style::Form | Style::DeepObject)))
    }
}
