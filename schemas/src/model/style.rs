//! How a parameter's value is written: `style` and `explode`.

use serde_json::{Map, Value};

use super::scalar::scalar;
use crate::schema::Schema;

/// How the value of a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// `a=1&a=2`, or `a=1,2`.
    Form,
    /// `1,2`, in paths and headers.
    Simple,
    /// `.1.2`, in paths.
    Label,
    /// `;a=1;a=2`, in paths.
    Matrix,
    /// `a=1%202`.
    SpaceDelimited,
    /// `a=1|2`.
    PipeDelimited,
    /// `a[x]=1&a[y]=2`.
    DeepObject,
    /// One JSON text, where the parameter states a media type of JSON.
    Json,
}

impl Style {
    /// The style a parameter states, else the usual one of its place; and whether it is exploded.
    pub(super) fn of(parameter: &Value) -> (Self, bool) {
        let content = parameter.get("content").and_then(Value::as_object);
        if content.and_then(|content| content.keys().next()).is_some_and(|media| media.contains("json")) {
            return (Self::Json, false);
        }
        let stated = match parameter.get("style").and_then(Value::as_str) {
            Some("form") => Some(Self::Form),
            Some("simple") => Some(Self::Simple),
            Some("label") => Some(Self::Label),
            Some("matrix") => Some(Self::Matrix),
            Some("spaceDelimited") => Some(Self::SpaceDelimited),
            Some("pipeDelimited") => Some(Self::PipeDelimited),
            Some("deepObject") => Some(Self::DeepObject),
            _ => None,
        };
        let style = stated.unwrap_or(match parameter.get("in").and_then(Value::as_str) {
            Some("path" | "header") => Self::Simple,
            _ => Self::Form,
        });
        let explode = parameter.get("explode").and_then(Value::as_bool);
        (style, explode.unwrap_or(style == Self::Form))
    }

    /// The text between the items of a list that is not exploded.
    fn separator(self) -> &'static str {
        match self {
            Self::SpaceDelimited => " ",
            Self::PipeDelimited => "|",
            Self::Label => ".",
            _ => ",",
        }
    }
}

/// The value of a parameter, from its texts as they were sent, decoded.
pub(super) fn read(name: &str, style: Style, explode: bool, schema: &Schema, texts: &[&str]) -> Value {
    let Some(first) = texts.first() else { return Value::Null };
    if style == Style::Json {
        return serde_json::from_str(first).unwrap_or_else(|_| Value::from(*first));
    }
    let first = match style {
        Style::Label => first.strip_prefix('.').unwrap_or(first),
        Style::Matrix => first.strip_prefix(';').unwrap_or(first),
        _ => first,
    };
    if let Some(list) = schema.form_of("array") {
        let items = list.items();
        let item = |text: &str| scalar(text, items.as_ref().unwrap_or(&list));
        return match style {
            // `;a=1;a=2` and `;a=1,2`
            Style::Matrix => {
                let named = format!("{name}=");
                let parts = first.split(if explode { ';' } else { ',' });
                parts.map(|part| item(part.strip_prefix(&named).unwrap_or(part))).collect()
            }
            _ if texts.len() > 1 => texts.iter().map(|text| item(text)).collect(),
            Style::Form if explode => Value::Array(vec![item(first)]),
            _ => split(first, style).map(item).collect(),
        };
    }
    if let Some(object) = schema.form_of("object").filter(|_| style != Style::DeepObject) {
        return members(name, style, explode, &object, first);
    }
    let text = match style {
        Style::Matrix => first.strip_prefix(&format!("{name}=")).unwrap_or(first),
        _ => first,
    };
    scalar(text, schema)
}

/// The items of a list; a blank and its escape both part those that blanks part.
fn split(text: &str, style: Style) -> impl Iterator<Item = &str> {
    text.split(style.separator())
}

/// An object written in one text: `x,1,y,2`, or `x=1,y=2` where it is exploded.
fn members(name: &str, style: Style, explode: bool, schema: &Schema, text: &str) -> Value {
    let separator = if style == Style::Matrix && explode { ";" } else { style.separator() };
    let text = if explode { text } else { text.strip_prefix(&format!("{name}=")).unwrap_or(text) };
    let parts: Vec<&str> = text.split(separator).collect();
    let pairs: Vec<(&str, &str)> = if explode {
        parts.iter().map(|part| part.split_once('=').unwrap_or((part, ""))).collect()
    } else {
        parts.chunks(2).map(|pair| (pair[0], pair.get(1).copied().unwrap_or_default())).collect()
    };
    object(schema, pairs.into_iter())
}

/// An object of named texts, each read by the schema of its property.
pub(super) fn object<'t>(schema: &Schema, pairs: impl Iterator<Item = (&'t str, &'t str)>) -> Value {
    let mut map = Map::new();
    for (key, text) in pairs {
        let property = schema.property(key);
        let lists = property.as_ref().and_then(|property| property.schema.form_of("array"));
        if let Some(list) = lists {
            let items = list.items();
            let item = scalar(text, items.as_ref().unwrap_or(&list));
            if let Value::Array(known) = map.entry(key).or_insert_with(|| Value::Array(Vec::new())) {
                known.push(item);
            }
            continue;
        }
        let value = property.map_or_else(|| Value::from(text), |property| scalar(text, &property.schema));
        map.insert(key.to_owned(), value);
    }
    Value::Object(map)
}
